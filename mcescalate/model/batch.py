"""A batch of chains: the kernels that backends run."""

import numpy as np

from mcescalate.model.abreast import (
    RANK,
    forget_scene,
    has_been_played,
    play_abreast,
    recall_chain,
)
from mcescalate.model.chain import begin_chain, play_turn
from mcescalate.model.jit import jitable
from mcescalate.model.scoring import score, write_record
from mcescalate.model.settling import pass_quiet_turns, settle


@jitable
def count_batch(world, state, rank, tally, seed, first_chain, n_chains):
    """Play and count chains `first_chain` (uint64) to `first_chain + n_chains - 1`.

    The end of the last one is left in `state`.
    """
    for begin in range(0, n_chains, RANK):
        first = first_chain + np.uint64(begin)
        n = min(RANK, n_chains - begin)
        play_abreast(world, rank, seed, first, n)
        for k in range(n):
            chain = first + np.uint64(k)
            if has_been_played(rank, k):
                recall_chain(world, state, rank, k)
            else:
                # As in `chain.run_chain`, which would be optimised once more on its way here.
                forget_scene(state, rank)
                begin_chain(world, state, seed, chain)
                while state.now.over == 0:
                    settle(world, state, seed, chain)
                    if not pass_quiet_turns(world, state):
                        play_turn(world, state)
            score(world, state, tally, chain)


@jitable
def record_batch(world, state, rank, tally, records, row, seed, first_chain, n_chains):
    """The same, and write each chain into `records`, from `row` on."""
    for c in range(n_chains):
        count_batch(world, state, rank, tally, seed, first_chain + np.uint64(c), 1)
        write_record(world, state, records, row + c)
