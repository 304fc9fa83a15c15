"""What a sweep costs beside its chains, and what a second worker is worth.

The kernel's share is the processor time of the threads while they are in it; the rest of the
process's processor time, from the check of the points to the last shard, is the sweep's cost.
Both are of the same run, so other work on the machine slows both alike. The efficiency of two
workers is the time of one by the clock, divided by twice the time of two, in turn; on a machine
with other work, or where two cores share one unit, it says little.
"""

import time
from pathlib import Path
from typing import NamedTuple

import pytest

from mcescalate.engine.backends import Kernels, kernels_of
from mcescalate.results.files.store import load, save
from mcescalate.sweep.design.reading import load_sweep
from mcescalate.sweep.result.assemble import assemble
from mcescalate.sweep.run import worker as simulating
from mcescalate.sweep.run.executors import open_executor
from mcescalate.sweep.run.runner import ShardRunner
from mcescalate.sweep.schedule.queue import ShardQueue
from mcescalate.sweep.schedule.shards import default_costs
from mcescalate.sweep.store.folder import Folder, open_folder

N_POINTS, N_CHAINS = 300, 10_000
TINY = (4, 10)
ROUNDS = 3

FOUR = """\
schema_version = 1
title = "Two pairs"
actors = [
  { id = "A", capability = 0.3 },
  { id = "B", capability = 0.3 },
  { id = "C", capability = 0.2 },
  { id = "D", capability = 0.2 },
]
ties = [
  { from = "A", to = "C", kind = "defence" },
  { from = "B", to = "D", kind = "defence" },
]
dyads = [{ a = "A", b = "B", rivalry = 1.0 }]

[trigger]
initiator = "A"
target = "B"
"""

PLAN = """\
schema_version = 1
chains = {chains}
seed = 1

[[bases]]
scenario = "four.toml"

[[axes]]
address = "response.gap"
low = 0.2
high = 0.8
steps = {points}
"""


class Run(NamedTuple):
    """Seconds that a sweep took: by the clock, of the processor, and of that in the kernel."""

    clock: float
    processor: float
    kernel: float


def simulate(plan: Path, out: Path, workers: int) -> tuple[Folder, Run]:
    """Run a plan, and time it."""
    in_kernel: list[float] = []

    def timed_kernels(backend: str) -> Kernels:
        kernels = kernels_of(backend)

        def count(*arguments) -> None:
            begin = time.thread_time()
            kernels.count_batch(*arguments)
            in_kernel.append(time.thread_time() - begin)

        return kernels._replace(count_batch=count)

    sweep = load_sweep(plan)
    executor = open_executor("threads", workers)
    with pytest.MonkeyPatch.context() as during:
        during.setattr(simulating, "kernels_of", timed_kernels)
        begin, processor = time.perf_counter(), time.process_time()
        sweep.check()
        folder = open_folder(out, sweep, default_costs(sweep))
        queue = ShardQueue(sweep, folder.costs, folder.stretches)
        status = ShardRunner(sweep, folder.costs, queue, out, folder.digest, executor).run()
        clock, processor = time.perf_counter() - begin, time.process_time() - processor
    executor.close()
    assert status.points_ended == sweep.n_points
    return folder, Run(clock, processor, sum(in_kernel))


def test_sweep(benchmark, measuring, scale, tmp_path):
    points, chains = (round(N_POINTS * scale), N_CHAINS) if measuring else TINY
    (tmp_path / "four.toml").write_text(FOUR)
    plan = tmp_path / "plan.toml"
    plan.write_text(PLAN.format(points=max(points, 2), chains=chains))
    folder, _ = simulate(plan, tmp_path / "warm", 1)
    rounds = iter(range(10**6))
    one, two = [], []

    def round_of_both():
        k = next(rounds)
        one.append(simulate(plan, tmp_path / f"one{k}", 1)[1])
        if measuring:
            two.append(simulate(plan, tmp_path / f"two{k}", 2)[1])

    benchmark.group = "sweep"
    benchmark.pedantic(round_of_both, rounds=ROUNDS if measuring else 1)
    begin = time.process_time()
    result = assemble(folder)
    assembled = time.process_time() - begin
    save(result, tmp_path / "result.h5")
    begin = time.process_time()
    load(tmp_path / "result.h5")
    loaded = time.process_time() - begin
    assert result.sizes["point"] == max(points, 2)
    if measuring:
        best = min(one, key=lambda run: run.processor / run.kernel)
        efficiency = max(a.clock / (2 * b.clock) for a, b in zip(one, two, strict=True))
        over = best.processor - best.kernel
        benchmark.extra_info["kernel_seconds_per_point"] = round(best.kernel / points, 6)
        benchmark.extra_info["cost_seconds_per_point"] = round(over / points, 6)
        benchmark.extra_info["overhead"] = round(over / best.kernel, 4)
        benchmark.extra_info["efficiency_of_2_workers"] = round(efficiency, 3)
        benchmark.extra_info["assemble_seconds_per_point"] = round(assembled / points, 6)
        benchmark.extra_info["load_seconds"] = round(loaded, 3)
        print(f"\nsweep: {dict(benchmark.extra_info)}")
