"""Around each crisis of a chain of several: whether it comes, and what is counted and kept of it.

Chains of one crisis each pass through here too, and nothing is done for them but to count them.
"""

from mcescalate.model.chain.past import (
    begin_chain_of_crises,
    is_quiet_period,
    leave_behind,
    pass_time,
)
from mcescalate.model.chain.scoring import (
    score_chain_of_crises,
    score_credibility,
    score_credibility_of_file,
    score_crisis_of_chain,
    score_recurrence,
)
from mcescalate.model.jit import jitable
from mcescalate.model.world import is_sequence


@jitable
def open_period(world, past, state, tally, seed, chain, crisis):
    """Begin period `crisis` of a chain; whether it has a crisis. `world` is the file's."""
    if crisis == 0:
        begin_chain_of_crises(world, past, state)
    state.now.crisis = crisis
    if is_quiet_period(past, state, seed, chain):
        tally.quiet[crisis] += 1
        return False
    return True


@jitable
def close_period(world, past, state, tally, has_crisis):
    """Count the period that ends, keep what its crisis leaves, and let time pass."""
    if has_crisis:
        score_recurrence(past, state, tally)
        score_crisis_of_chain(past, state, tally)
        leave_behind(past, state)
    score_credibility(world, past, state, tally)
    if state.now.crisis == world.crises - 1:
        score_chain_of_crises(past, tally)
    else:
        pass_time(world, past)


@jitable
def count_chains(world, tally, n_chains):
    """Count chains that have been simulated."""
    tally.n_chains[0] += n_chains
    if is_sequence(world):
        score_credibility_of_file(world, tally, n_chains)
