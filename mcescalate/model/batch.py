"""A batch of chains: the kernels that backends run."""

import numpy as np

from mcescalate.model.abreast import (
    RANK,
    forget_scene,
    has_been_played,
    play_abreast,
    recall_chain,
)
from mcescalate.model.chain import run_chain
from mcescalate.model.jit import inlined, jitable
from mcescalate.model.scoring import score, write_record


@jitable
def count_batch(world, state, rank, tally, seed, first_chain, n_chains):
    """Play and count chains `first_chain` (uint64) to `first_chain + n_chains - 1`."""
    for begin in range(0, n_chains, RANK):
        first = first_chain + np.uint64(begin)
        n = min(RANK, n_chains - begin)
        play_abreast(world, rank, seed, first, n)
        for k in range(n):
            chain = first + np.uint64(k)
            play_to_its_end(world, state, rank, seed, chain, k)
            score(world, state, tally, chain)


@jitable
def record_batch(world, state, rank, tally, records, row, seed, first_chain, n_chains):
    """The same, and write each chain into `records`, from `row` on."""
    for begin in range(0, n_chains, RANK):
        first = first_chain + np.uint64(begin)
        n = min(RANK, n_chains - begin)
        play_abreast(world, rank, seed, first, n)
        for k in range(n):
            chain = first + np.uint64(k)
            play_to_its_end(world, state, rank, seed, chain, k)
            score(world, state, tally, chain)
            write_record(world, state, records, row + begin + k)


@inlined
def play_to_its_end(world, state, rank, seed, chain, k):
    """Leave the end of the `k`-th chain of the rank, number `chain` (uint64), in `state`."""
    if has_been_played(rank, k):
        recall_chain(world, state, rank, k)
    else:
        forget_scene(rank)
        run_chain(world, state, seed, chain)
