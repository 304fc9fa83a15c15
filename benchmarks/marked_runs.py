"""Runs of 200 and of 1,200 chains of each case, between marks that callgrind sees.

`instructions` executes this file with the package of one revision on the path: first natively,
which compiles the kernels, then with the argument `--counted` under valgrind, which counts nothing
before the first run. `--terms` turns on all terms that are neutral by default.

A mark is a call of `getsid`, which nothing else calls; there callgrind writes what the calling
thread has executed since its last mark. The main thread marks where a run begins, the worker where
its batch begins and ends.
"""

import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from benchmark_scenarios import CASES, with_further_terms
from instructions import MANY, RUNS

import mcescalate as mc
from mcescalate.engine.batches import run_chains
from mcescalate.scenario.build import build_world
from mcescalate.scenario.schema import Scenario


def mark() -> None:
    os.getsid(0)


class Marks(threading.Event):
    """Asked by the worker, before each batch and after the last, whether it is to stop."""

    def is_set(self) -> bool:
        mark()
        return False


def main() -> None:
    print(Path(mc.__file__).resolve().parent)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scenario.toml"
        worlds = {}
        for case, text in CASES.items():
            path.write_text(text(), encoding="utf-8")
            scenario = mc.load_scenario(path)
            if "--terms" in sys.argv[1:]:
                scenario = Scenario.model_validate(with_further_terms(text()))
            worlds[case] = build_world(scenario)
    for world in worlds.values():
        simulate(world, 1, threading.Event())  # compiles, or reads compiled code
    if "--counted" in sys.argv[1:]:
        begin_to_count()
    for case, n_chains in RUNS:
        mark()
        simulate(worlds[case], n_chains, Marks())
    mark()


def begin_to_count() -> None:
    words = ["callgrind_control", "--instr=on", str(os.getpid())]
    control = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    while control.poll() is None:
        pass  # valgrind takes commands only between instructions, not within a wait
    if control.returncode:
        sys.exit("callgrind_control could not start the counting")


def simulate(world, n_chains: int, stop: threading.Event, backend: str = "numba") -> None:
    run_chains(
        world,
        seed=1914,
        first_chain=0,
        n_chains=n_chains,
        workers=1,
        backend=backend,
        batch_size=MANY,  # one batch, so that what a batch costs is the same in both runs
        stop=stop,
    )


if __name__ == "__main__":
    main()
