"""What chains count as they end: `scoring.score` asked about every end, in expectation.

Where a chain ends says who stands where; the solver also knows the turn, the outcome, the domain
and whether an accident began it. Of all else that has happened it carries what `CARRIED` names,
and nothing. So every count is either named there, or the same whatever else has happened. Which
is asked of each end that is met: a count that is neither is refused.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from mcescalate.engine.exact.turn.columns import ACCIDENT, ACCIDENT_MEDIATED, MEDIATED, PROBABILITY
from mcescalate.engine.exact.turn.crisis import Crisis
from mcescalate.engine.exact.turn.laws import open_configuration
from mcescalate.errors import Unsolvable
from mcescalate.model.chain.scoring import score
from mcescalate.model.chain.transition import open_crisis
from mcescalate.model.codes import (
    DETERRED,
    HOLD,
    INITIATOR,
    NOBODY,
    OPPORTUNISM,
    SETTLED,
    TREATY,
    UP,
)
from mcescalate.model.codes import MEDIATED as BY_MEDIATION
from mcescalate.model.counts import SWEEP_COUNTS, Tally, field_shapes, n_numbers, scope_of, tally_of
from mcescalate.model.jit import jitable
from mcescalate.model.rules.outcome import final_outcome
from mcescalate.model.state import clear, originator

AT_OPENING = ("incident", "misattributed")
"""Fields known before the first turn: no dropped state can add to them."""

CARRIED = (
    *AT_OPENING,
    *("misread", "actor_peak", "reciprocated"),  # columns
    *("entry", "entry_turn", "drawn_in", "chain_gang", "war_turn", "misread_war"),  # flows
    *("war_length", "winner"),
)
"""Fields of the tally that count what an end does not show; the solver carries them itself."""

_NOT_SOLVED = ("n_chains", *(count.field for count in SWEEP_COUNTS if not count.in_runs))


class Scores(NamedTuple):
    """Room to ask what the end of a chain counts."""

    unit: Tally
    numbers: np.ndarray
    """Those of `unit`, one after the other."""
    of_ends: np.ndarray
    """Places of the numbers that the end of a crisis says all about."""
    of_deterred: np.ndarray
    """Places of those that an incident deterred does."""
    before: np.ndarray
    """As `numbers`, of another past."""


def new_scores(world) -> Scores:
    """Room for chains of `world`."""
    shapes = field_shapes(scope_of(world))
    numbers = np.zeros(n_numbers(shapes), np.int64)
    return Scores(
        unit=tally_of(numbers, shapes),
        numbers=numbers,
        of_ends=_places(shapes, (*_NOT_SOLVED, *CARRIED)),
        of_deterred=_places(shapes, (*_NOT_SOLVED, *AT_OPENING)),
        before=np.zeros_like(numbers),
    )


def _places(shapes: Tally, left_out: tuple[str, ...]) -> np.ndarray:
    """Places of all numbers but those of the fields left out."""
    is_wanted = np.ones(n_numbers(shapes), np.bool_)
    wanted = tally_of(is_wanted, shapes)
    for field in left_out:
        getattr(wanted, field)[...] = False
    return np.flatnonzero(is_wanted)


def check_ends(
    world,
    state,
    find_past: Callable[..., Any],
    scores: Scores,
    crisis: Crisis,
    codes,
    is_calm,
    wanted,
) -> None:
    """Refuse counts whose probabilities cannot be known from the ends of the configurations wanted.

    Raises
    ------
    Unsolvable
        A count depends on more of the past than is carried, or is above 1 in one chain.
    """
    place = find_past(world, state, scores, crisis, codes, is_calm, wanted)
    if place < 0:
        return
    is_found = np.zeros(len(scores.numbers), np.bool_)
    is_found[place] = True
    marked = tally_of(is_found, field_shapes(scope_of(world)))._asdict()
    (field,) = (name for name, array in marked.items() if array.any())
    names = " and ".join(count.name for count in SWEEP_COUNTS if count.field == field)
    if scores.numbers[place] != scores.before[place]:
        raise Unsolvable(
            f"the exact solver cannot give {names}: it depends on the past of a chain, and an end "
            "shows only turn, outcome, domain, accident, sides, rungs and each side's highest "
            f'rung; carry it in columns or flows, and add "{field}" to CARRIED in '
            "engine/exact/turn/ends.py"
        )
    raise Unsolvable(
        f"the exact solver cannot give {names}: one chain may count more than 1, and then it is "
        "no probability; count chains by how many there are"
    )


# ------------------------------------------------------------ expectation


@jitable
def score_ends(world, state, scores, crisis, codes, is_calm, wanted, turn, ended, expected):
    """Count chains that end in `turn` in the configurations wanted, times their probabilities.

    `ended` is (configuration, column), `expected` the numbers of a tally in expectation.
    """
    for x in range(len(wanted)):
        s = wanted[x]
        open_configuration(world, state, crisis, codes, s)
        state.now.turn = turn
        probability = ended[s, PROBABILITY]
        by_accident = ended[s, ACCIDENT]
        if is_calm[s]:
            mediated = ended[s, MEDIATED]
            both = ended[s, ACCIDENT_MEDIATED]
            end(
                world,
                state,
                scores,
                SETTLED,
                0,
                probability - mediated - (by_accident - both),
                expected,
            )
            end(world, state, scores, SETTLED, 1, by_accident - both, expected)
            end(world, state, scores, BY_MEDIATION, 0, mediated - both, expected)
            end(world, state, scores, BY_MEDIATION, 1, both, expected)
        else:
            outcome = final_outcome(world, state)
            end(world, state, scores, outcome, 0, probability - by_accident, expected)
            end(world, state, scores, outcome, 1, by_accident, expected)


@jitable
def end(world, state, scores, outcome, accident, probability, expected):
    """Count the chain in `state`, so ended, times `probability`."""
    if probability > 0.0:
        state.now.outcome = outcome
        state.now.accident = accident
        add_score(world, state, scores, scores.of_ends, probability, expected)


@jitable
def score_deterred(world, state, scores, crisis, probability, expected):
    """Count an incident that deterrence stopped, times `probability`."""
    state.now.domain = crisis.domain
    clear(state)
    open_crisis(world, state, crisis.initiator, crisis.target)
    clear(state)
    state.now.drawn_initiator = crisis.initiator
    state.now.drawn_target = crisis.target
    state.now.misattributed = 0
    state.now.accident = 0
    state.now.outcome = DETERRED
    add_score(world, state, scores, scores.of_deterred, probability, expected)


@jitable
def add_score(world, state, scores, places, probability, expected):
    """Add what the chain in `state` counts, at the places named, times `probability`."""
    score(world, state, scores.unit, np.uint64(0))
    for c in range(len(places)):
        place = places[c]
        if scores.numbers[place] != 0:
            expected[place] += probability * scores.numbers[place]
    scores.numbers[:] = 0


# ------------------------------------------------------------ the past

PASTS = 11
"""Respects in which chains that end alike may have different pasts."""


@jitable
def find_past(world, state, scores, crisis, codes, is_calm, wanted):
    """Place of a number that depends on the past or is above 1, in those wanted; or -1.

    Pasts are varied in each respect alone, from two that differ in all. Where a place is found,
    `scores` has its numbers in two pasts.
    """
    for x in range(len(wanted)):
        s = wanted[x]
        open_configuration(world, state, crisis, codes, s)
        state.now.turn = world.horizon
        state.now.accident = 0
        state.now.outcome = SETTLED if is_calm[s] else final_outcome(world, state)
        scores.before[:] = -1
        for base in range(2):
            for flip in range(PASTS + 1):
                past = (base * ((1 << PASTS) - 1)) ^ ((1 << flip) >> 1)
                scores.numbers[:] = 0
                set_past(world, state, crisis, past)
                score(world, state, scores.unit, np.uint64(past & 1))
                for c in range(len(scores.of_ends)):
                    place = scores.of_ends[c]
                    if scores.before[place] < 0:
                        scores.before[place] = scores.numbers[place]
                    if scores.numbers[place] != scores.before[place] or scores.numbers[place] > 1:
                        return place
        set_past(world, state, crisis, 0)
    scores.numbers[:] = 0
    return -1


@jitable
def set_past(world, state, crisis, past):
    """Give the chain that ends in `state` a past: each bit of it is one respect."""
    now = state.now
    last = max(now.turn, 1)
    now.misreads = (past >> 1) & 1
    now.mediated = (past >> 2) & 1 if now.outcome != SETTLED else 0
    now.misattributed = 0
    now.drawn_initiator = now.initiator
    now.drawn_target = now.target
    if (past >> 3) & 1 == 1 and world.n_actors > 2:
        now.misattributed = 1
        now.drawn_target = now.initiator
        now.drawn_initiator = third_actor(now)
    now.war_turn = 0
    now.war_began_misread = 0
    for a in range(len(crisis.members)):
        i = crisis.members[a]
        if 0.0 < world.actors[i].instability < 1.0:
            state.actors[i].divided = (past >> 4) & 1
    for e in range(now.n_engaged):
        i = state.engaged[e]
        me = state.actors[i]
        if me.rung == world.top:
            now.war_turn = last if (past >> 5) & 1 == 1 else 1
            now.war_began_misread = (past >> 6) & 1
        highest = now.highest_initiator if me.side == INITIATOR else now.highest_target
        me.peak = highest if (past >> 7) & 1 == 1 else me.rung
        me.is_misread = (past >> 8) & 1
        me.move = UP if me.is_misread == 1 else HOLD
        if i != now.initiator and i != now.target:
            me.entry_turn = last if (past >> 9) & 1 == 1 else 1
            is_treaty = (past >> 10) & 1 == 1
            me.cause = TREATY if is_treaty else OPPORTUNISM
            me.through = originator(state, me.side) if is_treaty else NOBODY


@jitable
def third_actor(now):
    """The first actor that is no originator, where there are three."""
    third = 0
    while third == now.initiator or third == now.target:
        third += 1
    return third
