"""The engine beside the same model in C; `scripts/bench --baseline` calls this.

One process and one worker each; the engine compiled before, through `mcescalate.simulate` with
all that it counts. Both are measured in turn, round by round, so that other work on the machine
meets both alike. What counts is processor time, and of each the shortest round.
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

from baselines import in_c
from benchmark_scenarios import CASES

import mcescalate as mc
from mcescalate.scenario.build import build_world
from mcescalate.scenario.reading import parse_scenario
from mcescalate.scenario.schema import Scenario

SECONDS = 0.5
"""Processor time that a round of one of them should take."""

FEWEST = 10_000
"""Chains with which to begin to find how many fill a round."""


class Row(NamedTuple):
    """What was measured of one way to simulate a case."""

    case: str
    way: str
    chains: int
    """A round."""
    seconds: float
    """The shortest of the rounds."""

    @property
    def rate(self) -> float:
        """Chains a second."""
        return self.chains / self.seconds


def main() -> None:
    asked = parser().parse_args()
    rows = []
    for case in asked.case or CASES:
        print(f"measuring {case}", file=sys.stderr)
        try:
            rows += measure(case, asked.rounds, asked.seconds)
        except in_c.CannotPlay as error:
            sys.exit(f"scripts/bench --baseline: {error}")
    print(table(rows))
    if asked.json is not None:
        found = [row._asdict() | {"chains_per_second": row.rate} for row in rows]
        asked.json.write_text(
            json.dumps({"machine": platform.processor(), "rows": found}, indent=2)
        )


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/bench --baseline",
        description="Measure the engine and the C baseline in turn.",
    )
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="length of a round")
    parser.add_argument("--case", action="append", choices=CASES, help="only this case")
    parser.add_argument("--json", type=Path, help="file to write")
    return parser


def simulators(scenario: Scenario) -> dict[str, Callable[[int, int], object]]:
    """For each way to simulate, a function of (chains, seed) from the checked scenario on."""

    def engine(n_chains: int, seed: int) -> object:
        return mc.simulate(scenario, n_chains=n_chains, seed=seed, workers=1)

    def c(n_chains: int, seed: int) -> object:
        return in_c.simulate(build_world(scenario), n_chains, seed)

    return {"engine": engine, "C": c}


def measure(case: str, rounds: int, seconds: float) -> list[Row]:
    """Measure every way to simulate a case, in turn."""
    scenario = parse_scenario(CASES[case]())
    ways = simulators(scenario)
    chains = {way: fitting(run, seconds) for way, run in ways.items()}
    best = dict.fromkeys(ways, float("inf"))
    for number in range(rounds):
        for way, run in ways.items():
            best[way] = min(best[way], timed(run, chains[way], number))
    return [Row(case, way, chains[way], best[way]) for way in ways]


def fitting(run: Callable[[int, int], object], seconds: float) -> int:
    """How many chains take about `seconds`; compiles and warms up on the way."""
    chains = FEWEST
    run(chains, 0)
    taken = timed(run, chains, 0)
    # Of a short run, most is what is done once a run: approached step by step.
    while taken < seconds / 2:
        chains = round(chains * min(4.0, seconds / taken))
        taken = timed(run, chains, 0)
    return max(FEWEST, round(chains * seconds / taken))


def timed(run: Callable[[int, int], object], n_chains: int, seed: int) -> float:
    """Processor time that a run takes."""
    begin = time.process_time()
    run(n_chains, seed)
    return time.process_time() - begin


def table(rows: list[Row]) -> str:
    """Rates, and how many times as fast as the baseline the engine is."""
    head = f"{'case':<14}{'':<8}{'chains/s':>12}{'engine / this':>16}"
    lines = [head, "-" * len(head)]
    engine = {row.case: row.rate for row in rows if row.way == "engine"}
    for row in rows:
        ratio = "" if row.way == "engine" else f"{engine[row.case] / row.rate:.2f}"
        lines.append(
            f"{row.case if row.way == 'engine' else '':<14}{row.way:<8}"
            f"{row.rate:>12,.0f}{ratio:>16}"
        )
    lines.append(f"one core each, processor time, shortest round; {os.cpu_count()} cores here")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
