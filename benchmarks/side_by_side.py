"""The engine beside the same model in C, NumPy and Mesa; `scripts/bench --baselines` calls this.

One process and one worker each; the engine compiled before, through `mcescalate.simulate` with
all that it counts. All are measured in turn, round by round, so that whatever else the machine
does meets all alike. What counts is processor time, and of each the shortest round.
"""

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from actor_turns import mean_actor_turns
from baselines import in_c, in_mesa, in_numpy
from benchmark_scenarios import CASES

import mcescalate as mc
from mcescalate.scenario.build import build_world
from mcescalate.scenario.reading import parse_scenario
from mcescalate.scenario.schema import Scenario

BASELINES = {"c": in_c.play, "numpy": in_numpy.play, "mesa": in_mesa.play}
NAMES = {"engine": "engine", "c": "C", "numpy": "NumPy", "mesa": "Mesa"}
SECONDS = 0.5
"""Processor time that a round of one of them should take."""

FEWEST = {"engine": 10_000, "c": 10_000, "numpy": in_numpy.BATCH, "mesa": 20}
"""Chains with which to begin to find how many fill a round."""


class Row(NamedTuple):
    """What was measured of one way to play a case."""

    case: str
    way: str
    chains: int
    """A round."""
    seconds: float
    """The shortest of the rounds."""
    actor_turns: float
    """A chain."""

    @property
    def rate(self) -> float:
        """Chains a second."""
        return self.chains / self.seconds


def main() -> None:
    asked = parser().parse_args()
    rows = []
    for case in asked.case or CASES:
        print(f"measuring {case}", file=sys.stderr)
        rows += measure(case, asked.rounds, asked.seconds)
    print(table(rows))
    if asked.json is not None:
        found = [row._asdict() | {"chains_per_second": row.rate} for row in rows]
        asked.json.write_text(
            json.dumps({"machine": platform.processor(), "rows": found}, indent=2)
        )


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/bench --baselines", description="Set the engine beside its baselines."
    )
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="length of a round")
    parser.add_argument("--case", action="append", choices=CASES, help="only this case")
    parser.add_argument("--json", type=Path, help="file to write")
    return parser


def players(scenario: Scenario) -> dict[str, Callable[[int, int], object]]:
    """For each way to play, a function of (chains, seed) from the checked scenario on."""

    def engine(n_chains: int, seed: int) -> object:
        return mc.simulate(scenario, n_chains=n_chains, seed=seed, workers=1)

    def baseline(play) -> Callable[[int, int], object]:
        return lambda n_chains, seed: play(build_world(scenario), n_chains, seed)

    ways = {"engine": engine} | {name: baseline(play) for name, play in BASELINES.items()}
    if in_c.compiler() is None:
        print("no gcc: the C baseline is left out", file=sys.stderr)
        del ways["c"]
    if not in_mesa.is_installed():
        print("no mesa: its baseline is left out", file=sys.stderr)
        del ways["mesa"]
    return ways


def measure(case: str, rounds: int, seconds: float) -> list[Row]:
    """Measure every way to play a case, in turn."""
    scenario = parse_scenario(CASES[case]())
    ways = players(scenario)
    turns = mean_actor_turns(scenario)
    chains = {way: fitting(way, play, seconds) for way, play in ways.items()}
    best = dict.fromkeys(ways, float("inf"))
    for number in range(rounds):
        for way, play in ways.items():
            best[way] = min(best[way], timed(play, chains[way], number))
    return [Row(case, way, chains[way], best[way], turns) for way in ways]


def fitting(way: str, play: Callable[[int, int], object], seconds: float) -> int:
    """How many chains take about `seconds`; compiles and warms up on the way."""
    chains = FEWEST[way]
    play(chains, 0)
    taken = timed(play, chains, 0)
    # Of a short run, most is what is done once a run: approached step by step.
    while taken < seconds / 2:
        chains = round(chains * min(4.0, seconds / taken))
        taken = timed(play, chains, 0)
    return max(FEWEST[way], round(chains * seconds / taken))


def timed(play: Callable[[int, int], object], n_chains: int, seed: int) -> float:
    """Processor time that a run takes."""
    begin = time.process_time()
    play(n_chains, seed)
    return time.process_time() - begin


def table(rows: list[Row]) -> str:
    """Rates, and how many times as fast as each other way the engine is."""
    head = f"{'case':<14}{'':<8}{'chains/s':>12}{'actor-turns/s':>16}{'engine / this':>16}"
    lines = [head, "-" * len(head)]
    engine = {row.case: row.rate for row in rows if row.way == "engine"}
    for row in rows:
        ratio = "" if row.way == "engine" else f"{engine[row.case] / row.rate:.2f}"
        lines.append(
            f"{row.case if row.way == 'engine' else '':<14}{NAMES[row.way]:<8}"
            f"{row.rate:>12,.0f}{row.rate * row.actor_turns:>16,.0f}{ratio:>16}"
        )
    lines.append(f"one core each, processor time, shortest round; {os.cpu_count()} cores here")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
