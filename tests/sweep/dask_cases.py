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


def simulate_into(*arguments, **options):
    """That of `sweep.conftest`."""
    from sweep import conftest

    return conftest.simulate_into(*arguments, **options)


def one_cluster(plan, out):
    """A cluster of this host: where it listens, a result that is lost, a worker that is killed.

    The flag of that worker is beside the plan.
    """
    from sweep import faulty_workers

    from mcescalate.sweep.run.executors import open_executor

    executor = open_executor("dask", 2)
    answer = {"addresses": addresses(), "lost": result_is_lost(executor)}
    simulate_into(out, plan, executor=executor, simulate=faulty_workers.dies_once)
    return answer


def addresses() -> list[str]:
    """Every address at which this process and its children listen."""
    import psutil  # which dask needs too

    family = [psutil.Process(), *psutil.Process().children(recursive=True)]
    return sorted(
        {
            socket.laddr.ip
            for process in family
            for socket in process.net_connections("inet")
            if socket.status == psutil.CONN_LISTEN
        }
    )


def result_is_lost(executor) -> str:
    """What becomes of a result that cannot be fetched, as its worker has died meanwhile."""
    fetch = executor._client._gather

    async def gone(futures, **options):
        raise OSError("gone with its worker")

    executor._client._gather = gone
    try:
        return repr(executor.submit(abs, -1).exception(timeout=300))
    finally:
        executor._client._gather = fetch


def shard_kills(plan, out):
    """Some shards kill every worker they are given to."""
    from sweep import faulty_workers

    _, status = simulate_into(
        out, plan, executor="dask", workers=1, simulate=faulty_workers.dies_always
    )
    return {"failed": len(status.failures), "written": status.shards_written}


def scheduler_goes(plan, out):
    """The scheduler ends while shards are simulated."""
    from sweep import conftest

    from mcescalate.errors import SchedulerLost
    from mcescalate.sweep.run.executors import open_executor

    executors_opened = []

    def opened(*arguments, **options):
        executors_opened.append(open_executor(*arguments, **options))
        return executors_opened[0]

    def end(status):
        if status.shards_written and status.shards_written < 8:
            cluster = executors_opened[0]._cluster
            cluster.loop.add_callback(cluster.scheduler.close)

    conftest.open_executor = opened
    try:
        simulate_into(out, plan, executor="dask", workers=1, progress=end, task_seconds=0.004)
    except SchedulerLost as error:
        return {"lost": str(error), "exit_code": error.exit_code}


if __name__ == "__main__":
    case, plan, out = sys.argv[1:]
    print(json.dumps(globals()[case](Path(plan), Path(out))), flush=True)
    if case == "scheduler_goes":
        os._exit(0)  # at its end dask would wait long for a scheduler that is gone
