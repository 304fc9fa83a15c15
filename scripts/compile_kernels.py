"""Compile all kernels, two at a time, before many processes ask for them at once.

    .venv/bin/python scripts/compile_kernels.py

Each process that finds no compiled code compiles its own. Called by `scripts/test` before all
tests; it does nothing where the code has been compiled before.
"""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

import mcescalate as mc
from mcescalate.calibration.likelihoods.joining import joins_of
from mcescalate.calibration.likelihoods.likelihood import ends_of
from mcescalate.calibration.likelihoods.observations import Outcome, observe
from mcescalate.engine.backend_numba import new_room
from mcescalate.engine.events import parse_event
from mcescalate.engine.rare.estimate import plan_for
from mcescalate.engine.rare.repetition import run_repetition
from mcescalate.scenario.build import build_world
from mcescalate.scenario.merged_rows import actor_order

ROOT = Path(__file__).resolve().parents[1]
TRIAD = ROOT / "docs" / "examples" / "triad.toml"


def compile_counting(backend: str, keep_chains: bool) -> None:
    """Compile the kernel that simulates chains, by simulating one."""
    scenario = mc.load_scenario(ROOT / "configs" / "july-1914.toml")
    mc.simulate(scenario, n_chains=1, seed=1, backend=backend, keep_chains=keep_chains, workers=1)


def compile_tables() -> None:
    """Compile the kernel for crises that stay between two, as none of July 1914 does."""
    ids = {"a": "A", "b": "B"}
    tables = {
        "schema_version": 1,
        "actors": [{"id": actor, "capability": 1.0} for actor in ids.values()],
        "dyads": [{**ids, "rivalry": 1.0}],
        "trigger": {"initiator": "A", "target": "B"},
    }
    new_room(build_world(mc.Scenario.model_validate(tables)))


def compile_exact() -> None:
    """Compile the loops of the exact solver, by solving something small in which wars end."""
    settings = ["run.horizon=6", "war.rate=0.1"]
    mc.solve(mc.load_scenario(TRIAD, settings=settings))


def compile_branches(backend: str) -> None:
    """Compile the kernel that goes on from a turn of a chain."""
    few = {"n_branches": 1, "workers": 1, "backend": backend}
    scenario = mc.load_scenario(TRIAD, settings=["trigger.accident=1"])
    mc.branch(scenario, chain=0, seed=1, from_turn=1, **few)


def compile_rare() -> None:
    """Compile the kernel that carries chains to a rare event."""
    scenario = mc.load_scenario(TRIAD)
    event = parse_event("war", scenario.ladder.rungs, actor_order(scenario))
    run_repetition(plan_for(build_world(scenario), event, "numba"), 6, seed=1, number=1)


def compile_fits() -> None:
    """Compile the chain of two, and who joins it, on which fits to recorded disputes rest."""
    scenario = mc.load_scenario(TRIAD, settings=["run.horizon=2"])
    dispute = observe(scenario, "A", "B", year=1950, outcome=Outcome())
    nothing_free = np.zeros((1, 0)), np.zeros((0, 2), np.int64)
    ends_of(dispute, *nothing_free)
    joins_of(dispute, np.ones(len(scenario.trigger.domains)), *nothing_free)


TASKS = (
    (compile_counting, "numba", False),
    (compile_exact,),
    (compile_counting, "numba", True),
    (compile_rare,),
    (compile_branches, "numba"),
    (compile_fits,),
    (compile_tables,),
    (compile_counting, "plain", False),
    (compile_counting, "plain", True),
    (compile_branches, "plain"),
)
"""Those that take longest come first."""


def main() -> None:
    """Compile in processes, for the compiler takes no more than one core of a process."""
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        for task in [pool.submit(*task) for task in TASKS]:
            task.result()


if __name__ == "__main__":
    main()
