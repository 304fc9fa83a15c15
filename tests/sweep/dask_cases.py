"""What happens with a dask cluster, each case in a process of its own.

A cluster warns and ends in threads of its own, which pytest would take for failures.
Called as `python -m sweep.dask_cases CASE PLAN OUT`; prints JSON.

Every worker that starts imports this module, and those that die start often: so what a worker
does not need is imported where it is used.
"""

import json
import os
import sys
from pathlib import Path


def play_into(*arguments, **options):
    """That of `sweep.conftest`."""
    from sweep import conftest

    return conftest.play_into(*arguments, **options)


def plain(plan, out):
    """Nothing happens."""
    play_into(out, plan, executor="dask")


def worker_dies(plan, out):
    """A worker is killed; the flag is beside the plan."""
    from sweep import players

    play_into(out, plan, executor="dask", player=players.dies_once)


def shard_kills(plan, out):
    """Some shards kill every worker they are given to."""
    from sweep import players

    _, standing = play_into(out, plan, executor="dask", player=players.dies_always)
    return {"failed": len(standing.failures), "written": standing.shards_written}


def scheduler_goes(plan, out):
    """The scheduler ends while shards are played."""
    from sweep import conftest

    from mcescalate.errors import SchedulerLost
    from mcescalate.sweep.run.executors import open_executor

    crews = []

    def opened(*arguments, **options):
        crews.append(open_executor(*arguments, **options))
        return crews[0]

    def end(standing):
        if standing.shards_written and standing.shards_written < 8:
            cluster = crews[0]._cluster
            cluster.loop.add_callback(cluster.scheduler.close)

    conftest.open_executor = opened
    try:
        play_into(out, plan, executor="dask", report=end, task_seconds=0.004)
    except SchedulerLost as error:
        return {"lost": str(error), "exit_code": error.exit_code}


def result_is_lost(plan, out):
    """A result that was there cannot be fetched: its worker has died meanwhile."""
    from mcescalate.sweep.run.executors import open_executor

    crew = open_executor("dask", 1)

    async def gone(futures, **options):
        raise OSError("gone with its worker")

    crew._client._gather = gone
    try:
        return repr(crew.submit(abs, -1).exception(timeout=60))
    finally:
        crew.close()


def addresses(plan, out):
    """Every address at which a cluster of this host, and its workers, listen."""
    import psutil  # which dask needs too

    from mcescalate.sweep.run.executors import open_executor

    crew = open_executor("dask", 1)
    family = [psutil.Process(), *psutil.Process().children(recursive=True)]
    found = {
        socket.laddr.ip
        for process in family
        for socket in process.net_connections("inet")
        if socket.status == psutil.CONN_LISTEN
    }
    crew.close()
    return sorted(found)


if __name__ == "__main__":
    case, plan, out = sys.argv[1:]
    print(json.dumps(globals()[case](Path(plan), Path(out))), flush=True)
    if case == "scheduler_goes":
        os._exit(0)  # at its end dask would wait long for a scheduler that is gone
