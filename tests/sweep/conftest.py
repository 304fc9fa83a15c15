"""A small plan, and a sweep of it simulated in this process."""

import hashlib
from pathlib import Path

import pytest

from mcescalate.sweep.design.reading import load_sweep
from mcescalate.sweep.run.executors import Executor, open_executor
from mcescalate.sweep.run.runner import ShardRunner, SweepStatus
from mcescalate.sweep.schedule.queue import ShardQueue
from mcescalate.sweep.schedule.shards import MOST_COUNTS, Costs
from mcescalate.sweep.store.folder import Folder, open_folder

SCENARIO = """\
schema_version = 1
title = "Two rivals and an ally"

[[actors]]
id = "BBB"
capability = 0.3

[[actors]]
id = "AAA"
capability = 0.2

[[actors]]
id = "CCC"
capability = 0.1

[[ties]]
from = "CCC"
to = "BBB"
kind = "defence"

[[dyads]]
a = "AAA"
b = "BBB"
rivalry = 1.0

[trigger]
initiator = "AAA"
target = "BBB"
accident = 0.5

[run]
horizon = 10
"""

PLAN = """\
schema_version = 1
title = "Gap and resolve"
chains = 200
seed = 11

[[bases]]
scenario = "small.toml"

[[axes]]
address = "response.gap"
values = [0.2, 0.5, 0.8]

[[axes]]
name = "resolve"
address = "actors.*.resolve"
change = "add"
low = -1.0
high = 1.0
steps = 3
"""


@pytest.fixture
def plan_file(tmp_path) -> Path:
    """A plan of nine points of 200 chains, beside its scenario."""
    (tmp_path / "small.toml").write_text(SCENARIO)
    path = tmp_path / "plan.toml"
    path.write_text(PLAN)
    return path


def simulate_into(
    out: Path,
    plan: Path,
    *,
    options=None,
    executor: str | Executor = "threads",
    workers: int = 2,
    part=(0, 1),
    shard_seconds: float = 0.003,
    shard_counts: int = MOST_COUNTS,
    **settings,
) -> tuple[Folder, SweepStatus]:
    """Run a plan in small shards; by default each of the nine points makes about one."""
    sweep = load_sweep(plan, options)
    folder = open_folder(out, sweep, Costs(shard=shard_seconds, counts=shard_counts))
    executor = open_executor(executor, workers) if isinstance(executor, str) else executor
    queue = ShardQueue(sweep, folder.costs, folder.stretches, part)
    try:
        runner = ShardRunner(sweep, folder.costs, queue, out, folder.digest, executor, **settings)
        return folder, runner.run()
    finally:
        executor.close()


def sums(out: Path) -> dict[str, str]:
    """sha256 of every shard in a folder."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((out / "shards").iterdir())
    }
