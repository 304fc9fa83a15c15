"""A batch of chains: the kernels that backends run."""

import numpy as np

from mcescalate.model.abreast import (
    FILE,
    forget_scene,
    has_been_played,
    play_abreast,
    recall_chain,
)
from mcescalate.model.chain import run_chain
from mcescalate.model.jit import jitable
from mcescalate.model.scoring import score, write_record


@jitable
def count_batch(world, state, file, tally, seed, first_chain, n_chains):
    """Play and count chains `first_chain` (uint64) to `first_chain + n_chains - 1`."""
    for begin in range(0, n_chains, FILE):
        first = first_chain + np.uint64(begin)
        n = min(FILE, n_chains - begin)
        play_abreast(world, file, seed, first, n)
        for k in range(n):
            chain = first + np.uint64(k)
            if has_been_played(file, k):
                recall_chain(world, state, file, k)
            else:
                forget_scene(file)
                run_chain(world, state, seed, chain)
            score(world, state, tally, chain)


@jitable
def record_batch(world, state, tally, records, row, seed, first_chain, n_chains):
    """The same, each chain alone, and write each into `records`, from `row` on."""
    for c in range(n_chains):
        chain = first_chain + np.uint64(c)
        run_chain(world, state, seed, chain)
        score(world, state, tally, chain)
        write_record(world, state, records, row + c)
