"""Simulate chains of a scenario and label their counts, without xarray."""

import threading
import time
from collections.abc import Callable

from mcescalate.engine.batches import run_chains
from mcescalate.limits import CHAIN_END, MOST_WORKERS, SEED_END, whole_number
from mcescalate.model.words import RNG_LAYOUT
from mcescalate.results.arrays import Arrays
from mcescalate.results.budget import estimate_run
from mcescalate.results.dataset import build_arrays
from mcescalate.scenario.build import build_world
from mcescalate.scenario.schema import Scenario


def simulate_arrays(
    scenario: Scenario,
    *,
    n_chains: int,
    seed: int,
    first_chain: int = 0,
    workers: int | None = None,
    backend: str = "numba",
    keep_chains: bool = False,
    progress: Callable[[int], None] | None = None,
    stop: threading.Event | None = None,
    meanwhile: Callable[[], None] | None = None,
) -> Arrays:
    """Simulate chains `first_chain` to `first_chain + n_chains - 1` and count their outcomes.

    Parameters are those of `mcescalate.simulate`.

    Parameters
    ----------
    meanwhile : called once while the workers are busy
    """
    first_chain = whole_number("first_chain", first_chain, 0, CHAIN_END - 1)
    n_chains = whole_number("n_chains", n_chains, 1, CHAIN_END - first_chain)
    seed = whole_number("seed", seed, 0, SEED_END - 1)
    if workers is not None:
        workers = whole_number("workers", workers, 1, MOST_WORKERS)
    if keep_chains:
        estimate_run(scenario, n_chains, workers=workers, keep_chains=True).check()
    begin = time.perf_counter()
    counts, records = run_chains(
        build_world(scenario),
        seed=seed,
        first_chain=first_chain,
        n_chains=n_chains,
        workers=workers,
        backend=backend,
        keep_chains=keep_chains,
        progress=progress,
        stop=stop,
        meanwhile=meanwhile,
    )
    return build_arrays(
        scenario,
        counts,
        seed=seed,
        first_chain=first_chain,
        rng_layout=RNG_LAYOUT,
        records=records,
        elapsed=time.perf_counter() - begin,
    )
