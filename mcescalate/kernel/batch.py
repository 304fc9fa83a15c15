"""A batch of chains: the kernels of the `numba` backend."""

import numpy as np

from mcescalate.kernel.lockstep import (
    LOCKSTEP,
    forget_opening,
    has_been_simulated,
    recall_chain,
    simulate_in_lockstep,
)
from mcescalate.kernel.memory import forget_crisis
from mcescalate.kernel.schedule import bring_up_to_date, pass_quiet_turns
from mcescalate.kernel.turn import begin_chain, take_turn
from mcescalate.model.jit import jitable
from mcescalate.model.scoring import score, write_record


@jitable
def count_batch(world, state, memory, lockstep, tally, seed, first_chain, n_chains):
    """Simulate and count chains `first_chain` (uint64) to `first_chain + n_chains - 1`.

    The end of the last one is left in `state`.
    """
    for begin in range(0, n_chains, LOCKSTEP):
        first = first_chain + np.uint64(begin)
        n = min(LOCKSTEP, n_chains - begin)
        simulate_in_lockstep(world, lockstep, seed, first, n)
        for k in range(n):
            chain = first + np.uint64(k)
            if has_been_simulated(lockstep, k):
                recall_chain(world, state, lockstep, k, seed, chain)
            else:
                forget_opening(state, lockstep)
                begin_chain(world, state, memory, seed, chain)
                while state.now.over == 0:
                    bring_up_to_date(world, state, memory, seed, chain)
                    if not pass_quiet_turns(world, state, memory, seed, chain):
                        take_turn(world, state, memory)
                forget_crisis(memory)
            score(world, state, tally, chain)


@jitable
def record_batch(world, state, memory, lockstep, tally, records, row, seed, first_chain, n_chains):
    """The same, and write each chain into `records`, from `row` on."""
    for c in range(n_chains):
        chain = first_chain + np.uint64(c)
        count_batch(world, state, memory, lockstep, tally, seed, chain, 1)
        write_record(world, state, records, row + c)
