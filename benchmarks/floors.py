"""Where the time of a chain and of a run goes; `scripts/bench --floors` calls this.

What each elementary step of the kernel costs in a loop of its own, times how often a chain takes
it, beside the time of a whole chain among many. Crises between two are played abreast, in steps of
their own (`abreast_steps`), all others alone (`kernel_steps`). The rest is what no step has by
itself. One part of it goes if the same is played again and again: branches that chance decides and
processors guess wrong, and data that have to be fetched. The other part is what stands around the
steps, and that each waits for what the one before has written: in a loop, many are under way.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import abreast_steps
import kernel_steps
import numpy as np
from abreast_steps import Front
from benchmark_scenarios import CASES
from kernel_steps import BEGINNING, GROUPS, SEED, TALLIES, Often, Place, Step, play_again
from numba import njit

from mcescalate.engine.backends import kernels_of
from mcescalate.engine.batches import run_chains
from mcescalate.model.abreast import RANK, Abreast
from mcescalate.model.jit import OPTIONS, short_loops
from mcescalate.model.rng import RNG_LAYOUT
from mcescalate.model.scoring import Tally, new_tally
from mcescalate.model.state import State
from mcescalate.model.world import World
from mcescalate.results.dataset import build_dataset
from mcescalate.results.store import save
from mcescalate.scenario.build import build_world
from mcescalate.scenario.reading import parse_scenario
from mcescalate.scenario.schema import Scenario

GUESSES = "wrong guesses, fetches (gone on replay)"
BETWEEN = "between the steps"

FIRST_CHAIN = """\
import os, sys
from mcescalate import api
from mcescalate.cli import main
play = api.run_chains
api.run_chains = lambda *words, **more: (play(*words, **more), os._exit(0))
main()
"""
"""The command line, in a process that ends as soon as all chains are played."""


class Size(NamedTuple):
    """How much is measured."""

    counted: int = 500
    """Chains in which steps are counted, ten times as many where they are played abreast."""
    timed: int = 500
    """Chains, or files of them, that are timed; of chains played alone they are those counted."""
    others: int = 20_000
    """Chains played before these, as in a long run: else processors would know what comes."""
    repeats: int = 20_000
    """Of a step."""
    plays: int = 200
    """Of each of those timed, again and again."""
    rounds: int = 7
    """Of all these the shortest counts."""


class Cost(NamedTuple):
    """What a step costs in a chain."""

    group: str
    step: str
    each: float
    """ns."""
    times: float
    """A chain."""

    @property
    def total(self) -> float:
        """ns a chain."""
        return self.each * self.times


class Floors(NamedTuple):
    """Where the time of a chain goes."""

    chain: float
    """ns, all in all."""
    guesses: float
    """ns of these that go if the same chain, or rank of chains, is played again and again."""
    often: Often
    costs: list[Cost]

    @property
    def between(self) -> float:
        """ns a chain that nothing else explains; below 0 if steps cost more alone than in it."""
        return self.chain - self.guesses - sum(cost.total for cost in self.costs)


class Runs(NamedTuple):
    """Seconds that whole runs took by the clock, from the checked scenario to the file."""

    chains: int
    one_worker: float
    two_workers: float
    output: float
    """Of these, of one worker: to label the result and write it."""


class Start(NamedTuple):
    """Seconds by the clock from the start of a process."""

    first_chain: float
    end: float
    """Of `mcescalate run` with one chain."""


def main() -> None:
    asked = parser().parse_args()
    found = {}
    for case in asked.case or CASES:
        print(f"measuring {case}", file=sys.stderr)
        scenario = parse_scenario(CASES[case]())
        floors = measure_chain(build_world(scenario), Size(rounds=asked.rounds))
        runs = measure_runs(scenario, asked.chains, rounds=3)
        start = measure_start(CASES[case](), rounds=asked.rounds)
        print(chain_table(case, floors), run_table(floors, runs, start), sep="\n\n", end="\n\n")
        found[case] = as_json(floors, runs, start)
    print(f"one core of {os.cpu_count()}, shortest round")
    if asked.json is not None:
        machine = platform.processor()
        asked.json.write_text(json.dumps({"machine": machine, "cases": found}, indent=2) + "\n")


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/bench --floors", description="Measure where the time of a chain goes."
    )
    parser.add_argument("--rounds", type=int, default=7, help="how often each step is measured")
    parser.add_argument("--chains", type=int, default=1_000_000, help="chains of a whole run")
    parser.add_argument("--case", action="append", choices=CASES, help="only this case")
    parser.add_argument("--json", type=Path, help="file to write")
    return parser


# ---------------------------------------------------------------- of a chain


class Bench(NamedTuple):
    """What is measured, and with what."""

    world: World
    state: State
    rank: Abreast
    count_batch: Callable
    """Plays chains."""
    compiled: Callable
    """A loop."""
    size: Size

    @property
    def at_once(self) -> int:
        """How many chains are played abreast."""
        return RANK if abreast_steps.is_played_abreast(self.rank) else 1


def measure_chain(world: World, size: Size, backend: str = "numba") -> Floors:
    """Measure steps and whole chains, by the thread's processor time.

    Parameters
    ----------
    backend : "python" leaves everything uncompiled
    """
    compiled = njit(**OPTIONS) if backend == "numba" else lambda function: function
    kernels = kernels_of(backend)._replace(has_tables=True)
    _, rank = kernels.new_room(world)
    state, now = kernel_steps.replaceable_state(world)
    bench = Bench(world, state, rank, kernels.count_batch, compiled, size)
    with short_loops():
        chain, again = cost_of_chains(bench)
        if bench.at_once > 1:
            often, costs = cost_abreast(bench)
        else:
            often, costs = cost_alone(bench, now)
    return Floors(chain, chain - again, often, costs)


def cost_of_chains(bench: Bench) -> tuple[float, float]:
    """ns of a chain: played in turn, and if what is played at once is played again and again.

    Both are measured round by round, so that other work on the machine meets both.
    """
    size, n = bench.size, bench.at_once
    loop = bench.compiled(play_again)
    tally = new_tally(bench.world)
    room = (bench.world, bench.state, bench.rank, tally)
    loop(*room, np.uint64(0), n, 1)
    n_timed = size.timed * n
    in_turn = call = float("inf")
    again = [float("inf")] * size.timed
    for _ in range(size.rounds):
        play(bench, tally, n_timed, size.others)
        in_turn = min(in_turn, shortest(lambda: play(bench, tally, 0, n_timed), 1))
        call = min(call, shortest(lambda: play(bench, tally, 0, 0), 1))
        for number in range(size.timed):
            arguments = (*room, np.uint64(number * n), n, size.plays)
            again[number] = min(again[number], shortest(lambda a=arguments: loop(*a), 1))
    return (in_turn - call) / n_timed * 1e9, sum(again) / size.plays / n_timed * 1e9


def play(bench: Bench, tally: Tally, first: int, n_chains: int) -> None:
    bench.count_batch(bench.world, bench.state, bench.rank, tally, SEED, np.uint64(first), n_chains)


def cost_alone(bench: Bench, now: np.ndarray) -> tuple[Often, list[Cost]]:
    """Measure the steps of chains that are played one after the other."""
    world, state, size = bench.world, bench.state, bench.size
    often = kernel_steps.count_steps(world, state, size.counted)
    scoring = cost_of_score(bench)
    at = kernel_steps.middle_of_a_chain(world, state, now, often)
    costs = cost_of_steps(bench, kernel_steps.STEPS, at, (*at.live, *state[1:]), often)
    begin = bench.compiled(kernel_steps.begin_chain)
    beginning = cost_of_loop(begin, (world, state, at), size)
    costs.append(Cost(BEGINNING, "beginning, seats included", beginning, 1.0))
    costs.append(Cost(TALLIES, "score", scoring, 1.0))
    return often, costs


def cost_abreast(bench: Bench) -> tuple[Often, list[Cost]]:
    """Measure the steps of chains that are played abreast."""
    world, state, rank = bench.world, bench.state, bench.rank
    often = abreast_steps.count_steps(world, state, rank, 10 * bench.size.counted)
    at = abreast_steps.middle_of_a_rank(world, rank)
    changing = tuple(array for array in rank if array is not rank.tables)
    return often, cost_of_steps(bench, abreast_steps.STEPS, at, changing, often)


def cost_of_steps(
    bench: Bench,
    steps: tuple[Step, ...],
    at: Place | Front,
    changing: tuple[np.ndarray, ...],
    often: Often,
) -> list[Cost]:
    """Measure every step that is taken, each from the same state: `changing` is put back."""
    kept = [array.copy() for array in changing]
    costs = []
    for step in steps:
        if often.steps[step.name] == 0.0:
            continue
        arguments = (bench.world, bench.state, at)
        for array, old in zip(changing, kept, strict=True):
            array[...] = old
        each = cost_of_loop(bench.compiled(step.loop), arguments, bench.size)
        if step.undo is not None:
            each -= cost_of_loop(bench.compiled(step.undo), arguments, bench.size)
        each /= step.per_repeat(bench.state, at)
        costs.append(Cost(step.group, step.name, each, often.steps[step.name]))
    return costs


def cost_of_score(bench: Bench) -> float:
    """ns in which a finished chain is counted: the mean over some."""
    tally = new_tally(bench.world)
    loop = bench.compiled(kernel_steps.score)
    total = 0.0
    for number in range(bench.size.timed):
        play(bench, tally, number, 1)
        total += cost_of_loop(loop, (bench.world, bench.state, tally), bench.size)
    return total / bench.size.timed


def cost_of_loop(loop: Callable, arguments: tuple, size: Size) -> float:
    """ns of a repeat."""
    loop(*arguments, 1)
    return shortest(lambda: loop(*arguments, size.repeats), size.rounds) / size.repeats * 1e9


def shortest(work: Callable[[], object], rounds: int) -> float:
    """Seconds of this thread's processor time, the shortest of some rounds."""
    best = float("inf")
    for _ in range(rounds):
        begin = time.thread_time()
        work()
        best = min(best, time.thread_time() - begin)
    return best


# ---------------------------------------------------------------- of a run


def measure_runs(scenario: Scenario, n_chains: int, *, rounds: int, backend: str = "numba") -> Runs:
    """Play one run with one worker and with two, in turn, and keep the shortest of each."""
    best = {1: (float("inf"), 0.0), 2: (float("inf"), 0.0)}
    for _ in range(rounds):
        for workers, before in best.items():
            best[workers] = min(before, timed_run(scenario, n_chains, workers, backend))
    return Runs(n_chains, best[1][0], best[2][0], best[1][1])


def timed_run(scenario: Scenario, n_chains: int, workers: int, backend: str) -> tuple[float, float]:
    """Seconds of a run, from the checked scenario to the file, and of its output alone."""
    begin = time.perf_counter()
    counts, _ = run_chains(
        build_world(scenario),
        seed=1914,
        first_chain=0,
        n_chains=n_chains,
        workers=workers,
        backend=backend,
    )
    played = time.perf_counter()
    dataset = build_dataset(scenario, counts, seed=1914, first_chain=0, rng_layout=RNG_LAYOUT)
    with tempfile.TemporaryDirectory() as folder:
        save(dataset, Path(folder) / "result.nc")
        end = time.perf_counter()
    return end - begin, end - played


def measure_start(text: str, *, rounds: int) -> Start:
    """Start processes that play one chain, with compiled code in the cache."""
    run = ("run", "case.toml", "-n", "1", "--seed", "1", "--force")
    programs = (("-c", FIRST_CHAIN, *run), ("-m", "mcescalate", *run))
    best = {words: float("inf") for words in programs}
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "case.toml").write_text(text, encoding="utf-8")
        for _ in range(rounds):
            for words in best:
                begin = time.perf_counter()
                subprocess.run(
                    [sys.executable, "-P", *words], cwd=folder, check=True, capture_output=True
                )
                best[words] = min(best[words], time.perf_counter() - begin)
    return Start(*best.values())


# ---------------------------------------------------------------- tables


def chain_table(case: str, floors: Floors) -> str:
    """What the steps cost, by group."""
    often = floors.often
    lines = [
        f"{case}: {floors.chain:,.0f} ns a chain of {often.turns:.1f} turns,"
        f" {often.engaged:.1f} engaged in a turn; {often.chains} chains",
        f"{'':<46}{'ns each':>10}{'a chain':>10}{'ns a chain':>12}{'share':>8}",
    ]
    for group in GROUPS:
        costs = [cost for cost in floors.costs if cost.group == group]
        lines.append(line(group, sum(cost.total for cost in costs), floors.chain))
        lines += [
            line(
                f"  {cost.step}", cost.total, floors.chain, f"{cost.each:.1f}", f"{cost.times:.2f}"
            )
            for cost in costs
        ]
    lines.append(line(GUESSES, floors.guesses, floors.chain))
    lines.append(line(BETWEEN, floors.between, floors.chain))
    return "\n".join(lines)


def line(name: str, total: float, whole: float, each: str = "", times: str = "") -> str:
    return f"{name:<46}{each:>10}{times:>10}{total:>12,.0f}{total / whole:>8.1%}"


def run_table(floors: Floors, runs: Runs, start: Start) -> str:
    """What a run of many chains takes."""
    return "\n".join(
        [
            f"{runs.chains:,} chains: {runs.one_worker:.2f} s with one worker,"
            f" {runs.two_workers:.2f} s with two, {runs.one_worker / runs.two_workers:.2f} times"
            " as fast",
            f"tallies and output: {share_of_output(floors, runs):.1%} of the run with one worker",
            f"from the start of a process, compiled before: {start.first_chain:.2f} s to the first"
            f" chain, {start.end:.2f} s to the end of a run of one",
        ]
    )


def share_of_output(floors: Floors, runs: Runs) -> float:
    """Share of tallies, labelling and writing in a run with one worker."""
    tallies = sum(cost.total for cost in floors.costs if cost.group == TALLIES)
    return (tallies * 1e-9 * runs.chains + runs.output) / runs.one_worker


def as_json(floors: Floors, runs: Runs, start: Start) -> dict:
    return {
        "chain_ns": floors.chain,
        "turns": floors.often.turns,
        "engaged": floors.often.engaged,
        "steps": [cost._asdict() | {"total": cost.total} for cost in floors.costs],
        "guesses_ns": floors.guesses,
        "between_ns": floors.between,
        "runs": runs._asdict() | {"share_of_output": share_of_output(floors, runs)},
        "start": start._asdict(),
    }


if __name__ == "__main__":
    main()
