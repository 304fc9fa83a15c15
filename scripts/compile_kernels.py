"""Compile all kernels, two at a time, before many processes ask for them at once.

    .venv/bin/python scripts/compile_kernels.py

Each process that finds no compiled code compiles its own. Called by `scripts/test` before all
tests; it does nothing where the code has been compiled before.
"""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import mcescalate as mc
from mcescalate.engine.backend_numba import new_room
from mcescalate.scenario.build import build_world

ROOT = Path(__file__).resolve().parents[1]


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
    mc.solve(mc.load_scenario(ROOT / "docs" / "examples" / "triad.toml", settings=settings))


TASKS = (
    (compile_counting, "numba", False),
    (compile_exact,),
    (compile_counting, "numba", True),
    (compile_tables,),
    (compile_counting, "plain", False),
    (compile_counting, "plain", True),
)
"""Those that take longest come first."""


def main() -> None:
    """Compile in processes, for the compiler takes no more than one core of a process."""
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        for task in [pool.submit(*task) for task in TASKS]:
            task.result()


if __name__ == "__main__":
    main()
