"""A batch of chains: the kernels that backends run."""

import numpy as np

from mcescalate.model.chain import run_chain
from mcescalate.model.jit import jitable
from mcescalate.model.scoring import score, write_record


@jitable
def count_batch(world, state, tally, seed, first_chain, n_chains):
    """Play and count chains `first_chain` (uint64) to `first_chain + n_chains - 1`."""
    for c in range(n_chains):
        chain = first_chain + np.uint64(c)
        run_chain(world, state, seed, chain)
        score(world, state, tally, chain)


@jitable
def record_batch(world, state, tally, records, row, seed, first_chain, n_chains):
    """The same, and write each chain into `records`, from `row` on."""
    for c in range(n_chains):
        chain = first_chain + np.uint64(c)
        run_chain(world, state, seed, chain)
        score(world, state, tally, chain)
        write_record(world, state, records, row + c)
