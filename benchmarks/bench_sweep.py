"""What a sweep costs beside its chains, and what a second worker is worth.

Work is measured in processor time of this process (all threads), so that other work on the
machine does not count. *Cost per point* is that of the sweep, from open folder to last shard,
less that of the bare kernel on the same chains, divided by points; `overhead` is the same as a
share of the kernel's. The efficiency of two workers is the time of one, divided by twice the
time of two, all of one run and in turn.
"""

import time
from pathlib import Path

import numpy as np

from mcescalate.engine.backends import kernels_of
from mcescalate.model.scoring import new_tally
from mcescalate.model.state import new_state
from mcescalate.scenario.build import build_world
from mcescalate.sweep.agenda import Agenda
from mcescalate.sweep.assemble import assemble
from mcescalate.sweep.execute import Execution
from mcescalate.sweep.executors import open_executor
from mcescalate.sweep.folder import Folder, open_folder
from mcescalate.sweep.reading import load_sweep
from mcescalate.sweep.shards import default_costs

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


def play(plan: Path, out: Path, workers: int) -> tuple[Folder, float, float]:
    """Play a plan; the folder, and how long it took by the clock and by the processor."""
    sweep = load_sweep(plan)
    crew = open_executor("threads", workers)
    begin, processor = time.perf_counter(), time.process_time()
    sweep.check()
    folder = open_folder(out, sweep, default_costs(sweep))
    agenda = Agenda(sweep, folder.costs, folder.stretches)
    standing = Execution(sweep, folder.costs, agenda, out, folder.digest, crew).run()
    spent = time.perf_counter() - begin, time.process_time() - processor
    crew.close()
    assert standing.points_ended == sweep.n_points
    return folder, *spent


def kernel_time(folder: Folder) -> float:
    """Processor time of the kernel alone for the same chains, one call for each point."""
    count_batch, _ = kernels_of("numba")
    worlds = [build_world(folder.sweep.scenario(p)) for p in range(folder.sweep.n_points)]
    ready = [(world, new_state(world), new_tally(world)) for world in worlds]
    seed, first, n_chains = np.uint64(1), np.uint64(0), folder.sweep.plan.chains
    begin = time.process_time()
    for world, state, tally in ready:
        count_batch(world, state, tally, seed, first, n_chains)
    return time.process_time() - begin


def test_sweep(benchmark, measuring, scale, tmp_path):
    points, chains = (round(N_POINTS * scale), N_CHAINS) if measuring else TINY
    (tmp_path / "four.toml").write_text(FOUR)
    plan = tmp_path / "plan.toml"
    plan.write_text(PLAN.format(points=max(points, 2), chains=chains))
    folder, _, _ = play(plan, tmp_path / "warm", 1)
    rounds = iter(range(10**6))
    one, two, kernel = [], [], []

    def round_of_all():
        k = next(rounds)
        one.append(play(plan, tmp_path / f"one{k}", 1)[1:])
        if measuring:
            two.append(play(plan, tmp_path / f"two{k}", 2)[1:])
            kernel.append(kernel_time(folder))

    benchmark.group = "sweep"
    benchmark.pedantic(round_of_all, rounds=ROUNDS if measuring else 1)
    begin = time.perf_counter()
    result = assemble(folder)
    assert result.sizes["point"] == max(points, 2)
    if measuring:
        bare = min(kernel)
        over = min(processor for _, processor in one) - bare
        efficiency = max(a / (2 * b) for (a, _), (b, _) in zip(one, two, strict=True))
        benchmark.extra_info["kernel_seconds_per_point"] = round(bare / points, 6)
        benchmark.extra_info["cost_seconds_per_point"] = round(over / points, 6)
        benchmark.extra_info["overhead"] = round(over / bare, 4)
        benchmark.extra_info["efficiency_of_2_workers"] = round(efficiency, 3)
        benchmark.extra_info["assemble_seconds_per_point"] = round(
            (time.perf_counter() - begin) / points, 6
        )
        print(f"\nsweep: {dict(benchmark.extra_info)}")
