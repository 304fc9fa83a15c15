"""A batch of chains: the kernels that backends run."""

import numpy as np

from mcescalate.model.chain import run_chain
from mcescalate.model.jit import njit
from mcescalate.model.scoring import score, write_record


@njit
def count_batch(world, state, tally, seed, first_chain, n_chains):
    """Play and count chains `first_chain` (uint64) to `first_chain + n_chains - 1`."""
    for c in range(n_chains):
        run_chain(world, state, seed, first_chain + np.uint64(c))
        score(world, state, tally)


@njit
def record_batch(world, state, tally, records, row, seed, first_chain, n_chains):
    """The same, and write each chain into `records`, from `row` on."""
    for c in range(n_chains):
        run_chain(world, state, seed, first_chain + np.uint64(c))
        score(world, state, tally)
        write_record(world, state, records, row + c)
