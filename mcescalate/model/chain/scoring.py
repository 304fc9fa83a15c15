"""How a finished crisis, and a chain of several, are counted in the fields of `counts`; records."""

from typing import NamedTuple

import numpy as np

from mcescalate.model.chain.past import credibility_class, credibility_of
from mcescalate.model.codes import (
    AT_HORIZON,
    DETERRED,
    ENDED,
    MISREAD_CLASSES,
    NEUTRAL,
    NO_OUTCOME,
    NO_WAR,
    NOBODY,
    OTHER_PAIR,
    ROLES_REVERSED,
    SAME_INITIATOR,
    TREATY,
)
from mcescalate.model.counts import BLOCKS
from mcescalate.model.jit import inlined, jitable
from mcescalate.model.rules.outcome import is_invoked, tie_fate
from mcescalate.model.rules.sequence import side_that_yielded
from mcescalate.model.world import is_sequence


@inlined
def crisis_peak(state):
    """Highest rung that any actor reached."""
    if state.now.outcome == DETERRED:
        return 0
    return max(state.now.highest_initiator, state.now.highest_target)


@inlined
def n_at_war(world, state):
    """How many are at war now."""
    count = 0
    for e in range(state.now.n_engaged):
        if state.actors[state.engaged[e]].rung == world.top:
            count += 1
    return count


@inlined
def score(world, state, tally, chain):
    """Add the finished crisis of chain number `chain` (uint64), in `state`, to `tally`.

    Chains themselves are counted by `periods.count_chains`.
    """
    now = state.now
    outcome = now.outcome
    tally.outcome[outcome] += 1
    tally.block_outcome[chain % np.uint64(BLOCKS), outcome] += 1
    tally.incident[now.drawn_initiator, now.drawn_target] += 1
    tally.domain[now.domain, outcome] += 1
    if now.accident == 1:
        tally.accident[outcome] += 1
    tally.last_turn[outcome, now.turn] += 1
    tally.peak[crisis_peak(state)] += 1
    tally.engaged_size[now.n_engaged] += 1
    tally.war_size[n_at_war(world, state)] += 1
    tally.misread[min(now.misreads, MISREAD_CLASSES - 1)] += 1
    if outcome == DETERRED:
        return
    if now.misattributed == 1:
        tally.misattributed[0] += 1
    if state.actors[now.target].peak > 0:
        tally.reciprocated[0] += 1
    if now.war_turn > 0:
        tally.war_turn[now.war_turn] += 1
        tally.misread_war[0] += now.war_began_misread
        tally.war_length[now.turn - now.war_turn, ENDED if now.war_over == 1 else AT_HORIZON] += 1
        tally.winner[now.winner] += 1
    for e in range(now.n_engaged):
        score_actor(world, state, tally, state.engaged[e])


@inlined
def score_actor(world, state, tally, i):
    """Count how engaged `i` came in and fared, and the promises made to it."""
    side = state.actors[i].side
    tally.actor_engaged[i, side] += 1
    tally.entry[i, state.actors[i].cause] += 1
    tally.entry_turn[i, state.actors[i].entry_turn] += 1
    tally.actor_peak[i, state.actors[i].peak] += 1
    if state.actors[i].cause == TREATY:
        through = state.actors[i].through
        tally.drawn_in[through, i] += 1
        if state.actors[through].cause == TREATY:
            tally.chain_gang[i] += 1
    if state.actors[i].rung == world.top:
        tally.actor_war[i, side] += 1
        for t in range(world.actors[i].ties_to, world.actors[i].ties_to_end):
            tie = world.links[t]
            k = world.ties[tie].from_
            if is_invoked(world, state, k, i):
                tally.tie[tie_fate(world, state, k, i), tie] += 1


# ------------------------------------------------------------ chains of several crises


@inlined
def score_recurrence(past, state, tally):
    """Count how the drawn pair of the crisis in `state` stands to that of the one before."""
    chain = past.chain
    if chain.last_outcome == NOBODY:
        return
    initiator, target = state.now.drawn_initiator, state.now.drawn_target
    recurrence = OTHER_PAIR
    if initiator == chain.last_initiator and target == chain.last_target:
        recurrence = SAME_INITIATOR
    elif initiator == chain.last_target and target == chain.last_initiator:
        recurrence = ROLES_REVERSED
    tally.recurrence[chain.last_outcome, recurrence] += 1


@inlined
def score_crisis_of_chain(past, state, tally):
    """Count the finished crisis in `state` by its period."""
    now = state.now
    tally.crisis_outcome[now.crisis, now.outcome] += 1
    tally.crisis_incident[now.crisis, now.drawn_initiator, now.drawn_target] += 1
    past.outcomes[now.outcome] += 1


@inlined
def score_credibility(world, past, state, tally):
    """Count the credibility of ties that has moved; `world` is the file's.

    Those of all others are counted by `score_credibility_of_file`.
    """
    crisis = state.now.crisis
    for m in range(past.chain.n_moved):
        tie = past.moved[m]
        before = credibility_class(credibility_of(world, tie))
        after = credibility_class(credibility_of(past.world, tie))
        tally.credibility[crisis, tie, before] -= 1
        tally.credibility[crisis, tie, after] += 1


@jitable
def score_credibility_of_file(world, tally, n_chains):
    """Count the credibility that ties have in the file in all periods of `n_chains` chains."""
    for tie in range(len(world.ties)):
        place = credibility_class(credibility_of(world, tie))
        for crisis in range(world.crises):
            tally.credibility[crisis, tie, place] += n_chains


@inlined
def score_chain_of_crises(past, tally):
    """Count the crises of a finished chain by pairs."""
    for one in range(len(past.outcomes)):
        for other in range(len(past.outcomes)):
            tally.outcome_pair[one, other] += past.outcomes[one] * past.outcomes[other]


# ------------------------------------------------------------ records


class Records(NamedTuple):
    """One row for each crisis, in the order of chains and of their periods; actors in the world's
    order."""

    outcome: np.ndarray
    peak_rung: np.ndarray
    war_turn: np.ndarray
    last_turn: np.ndarray
    initiator: np.ndarray
    target: np.ndarray
    drawn_initiator: np.ndarray
    drawn_target: np.ndarray
    domain: np.ndarray
    accident: np.ndarray
    misattributed: np.ndarray
    n_engaged: np.ndarray
    n_at_war: np.ndarray
    misread_moves: np.ndarray
    war_began_misread: np.ndarray
    winner: np.ndarray
    yielded: np.ndarray
    reciprocated: np.ndarray
    side: np.ndarray
    actor_peak: np.ndarray
    entry_turn: np.ndarray
    cause: np.ndarray
    through: np.ndarray


def new_records(world, n_chains: int) -> Records:
    """Room for the records of `n_chains` chains, all periods quiet."""
    n = world.n_actors
    n_rows = n_chains * world.crises

    def scalar(dtype, fill=0):
        return np.full(n_rows, fill, dtype)

    def by_actor(dtype, fill):
        return np.full((n_rows, n), fill, dtype)

    return Records(
        outcome=scalar(np.uint8, NO_OUTCOME),
        peak_rung=scalar(np.uint8),
        war_turn=scalar(np.int16, -1),
        last_turn=scalar(np.int16),
        initiator=scalar(np.int32, NOBODY),
        target=scalar(np.int32, NOBODY),
        drawn_initiator=scalar(np.int32, NOBODY),
        drawn_target=scalar(np.int32, NOBODY),
        domain=scalar(np.int16, NOBODY),
        accident=scalar(np.uint8),
        misattributed=scalar(np.uint8),
        n_engaged=scalar(np.int32),
        n_at_war=scalar(np.int32),
        misread_moves=scalar(np.int32),
        war_began_misread=scalar(np.uint8),
        winner=scalar(np.int8, NO_WAR),
        yielded=scalar(np.int8, NEUTRAL),
        reciprocated=scalar(np.uint8),
        side=by_actor(np.int8, NEUTRAL),
        actor_peak=by_actor(np.uint8, 0),
        entry_turn=by_actor(np.int16, -1),
        cause=by_actor(np.int8, NOBODY),
        through=by_actor(np.int32, NOBODY),
    )


@inlined
def write_record(world, state, records, row):
    """Write the finished crisis in `state` into `row` of `records`."""
    now = state.now
    records.outcome[row] = now.outcome
    records.peak_rung[row] = crisis_peak(state)
    records.last_turn[row] = now.turn
    records.initiator[row] = now.initiator
    records.target[row] = now.target
    records.drawn_initiator[row] = now.drawn_initiator
    records.drawn_target[row] = now.drawn_target
    records.domain[row] = now.domain
    records.accident[row] = now.accident
    records.misattributed[row] = now.misattributed
    records.n_engaged[row] = now.n_engaged
    records.n_at_war[row] = n_at_war(world, state)
    records.misread_moves[row] = now.misreads
    records.war_began_misread[row] = now.war_began_misread
    if now.war_turn > 0:
        records.war_turn[row] = now.war_turn
        records.winner[row] = now.winner
    if now.n_engaged > 0 and state.actors[now.target].peak > 0:
        records.reciprocated[row] = 1
    if is_sequence(world) and now.n_engaged > 0:
        records.yielded[row] = side_that_yielded(state)
    for e in range(now.n_engaged):
        i = state.engaged[e]
        records.side[row, i] = state.actors[i].side
        records.actor_peak[row, i] = state.actors[i].peak
        records.entry_turn[row, i] = state.actors[i].entry_turn
        records.cause[row, i] = state.actors[i].cause
        records.through[row, i] = state.actors[i].through
