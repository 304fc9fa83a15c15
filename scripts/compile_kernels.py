"""Compile all kernels, two at a time, before many processes ask for them at once.

    .venv/bin/python scripts/compile_kernels.py

Each process that finds no compiled code compiles its own. Called by `scripts/test` before all
tests; it does nothing where the code has been compiled before.
"""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import mcescalate as mc

ROOT = Path(__file__).resolve().parents[1]
KERNELS = (("numba", False), ("numba", True), ("plain", False), ("plain", True))
"""Backend, and whether chains are recorded; those that take longest come first."""


def compile_kernel(backend: str, keep_chains: bool) -> None:
    """Compile a kernel by using it."""
    scenario = mc.load_scenario(ROOT / "configs" / "july-1914.toml")
    mc.simulate(scenario, n_chains=1, seed=1, backend=backend, keep_chains=keep_chains, workers=1)


def main() -> None:
    """Compile in processes, for the compiler takes no more than one core of a process."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, context) as pool:
        list(pool.map(compile_kernel, *zip(*KERNELS, strict=True)))


if __name__ == "__main__":
    main()
