"""A batch of chains: the kernels of the `numba` backend."""

import numpy as np

from mcescalate.kernel.crisis.memory import forget_crisis
from mcescalate.kernel.crisis.schedule import bring_up_to_date, pass_quiet_turns
from mcescalate.kernel.crisis.turn import begin_chain, take_turn
from mcescalate.kernel.lockstep import (
    LOCKSTEP,
    forget_opening,
    has_been_simulated,
    recall_chain,
    simulate_in_lockstep,
)
from mcescalate.model.chain.periods import close_period, count_chains, open_period
from mcescalate.model.chain.scoring import score, write_record
from mcescalate.model.jit import jitable
from mcescalate.model.world import is_sequence


@jitable
def count_batch(world, state, memory, lockstep, past, tally, seed, first_chain, n_chains):
    """Simulate and count chains `first_chain` (uint64) to `first_chain + n_chains - 1`.

    The end of the last one is left in `state`.
    """
    n_periods = n_chains * world.crises
    count_periods(world, state, memory, lockstep, past, tally, seed, first_chain, 0, n_periods)


@jitable
def count_periods(
    world, state, memory, lockstep, past, tally, seed, first_chain, crisis, n_periods
):
    """Simulate and count periods, from number `crisis` of `first_chain` (uint64) on.

    A chain that is not at its beginning must be the one that `past` and `state` are of. Returns
    whether the last period has a crisis.
    """
    own = past.world
    has_crisis = True
    done = 0
    for begin in range(0, n_periods, LOCKSTEP):
        n = min(LOCKSTEP, n_periods - begin)
        simulate_in_lockstep(world, lockstep, seed, first_chain + np.uint64(done), n)
        for k in range(n):
            chain = first_chain + np.uint64(done)
            if is_sequence(world):
                has_crisis = open_period(world, past, state, tally, seed, chain, crisis)
            if has_crisis:
                if has_been_simulated(lockstep, k):
                    recall_chain(world, state, lockstep, k, seed, chain)
                else:
                    forget_opening(state, lockstep)
                    begin_chain(own, state, memory, seed, chain)
                    while state.now.over == 0:
                        bring_up_to_date(own, state, memory, seed, chain)
                        take_turn(own, state, memory)
                        pass_quiet_turns(own, state, memory)
                    forget_crisis(memory)
                score(own, state, tally, chain)
            if is_sequence(world):
                close_period(world, past, state, tally, has_crisis)
            crisis += 1
            if crisis == world.crises:
                crisis = 0
                done += 1
    count_chains(world, tally, done)
    return has_crisis


@jitable
def record_batch(
    world, state, memory, lockstep, past, tally, records, row, seed, first_chain, n_chains
):
    """The same, and write each crisis into `records`, those of a chain together, from chain `row`
    on."""
    for c in range(n_chains):
        chain = first_chain + np.uint64(c)
        for crisis in range(world.crises):
            room = world, state, memory, lockstep, past, tally
            if count_periods(*room, seed, chain, crisis, 1):
                write_record(past.world, state, records, (row + c) * world.crises + crisis)
