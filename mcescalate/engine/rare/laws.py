"""What may happen in a turn: chances of all decisions, and of those that cross a threshold.

Given the mediator, actors decide independently. So the chance that a threshold is crossed is
that at least one of certain decisions is taken, the *crossings*: climbs of engaged
actors, and entries of neutrals.
"""

from typing import NamedTuple

import numpy as np

from mcescalate.engine.rare.thresholds import (
    BEGAN_MISREAD,
    CONCERNING,
    CRISIS_MASK,
    GENERAL_MASK,
    HAS_AT_WAR,
    HAS_ENGAGED,
    HAS_ENTERED,
    HAS_OUTCOME,
    HAS_PEAK,
    IS_AT_WAR,
    MISREAD,
    NONE,
    OWN,
    UNFOUGHT,
    WAR_MASK,
)
from mcescalate.model.chain.scoring import n_at_war
from mcescalate.model.codes import GENERAL_WAR, NEUTRAL, NOBODY
from mcescalate.model.jit import jitable
from mcescalate.model.rules.joining import (
    n_hazards,
    n_listeners,
    next_hazard,
    nth_impulse,
    nth_listener,
    review_share,
)
from mcescalate.model.rules.outcome import final_outcome
from mcescalate.model.rules.power import balance_of_power
from mcescalate.model.rules.response import mediation_probability, response_law
from mcescalate.model.state import highest_rung, other

ANYWAY, MISREADING, DOWN_LAW = 0, 1, 2
"""Places in `Laws.moves`."""


class Laws(NamedTuple):
    """Laws of the present turn, as far as they have been asked for."""

    turn: np.ndarray
    """(2) chance of a mediator, and the balance of side A."""
    moves: np.ndarray
    """(mediated, actor, 3) chances to go up anyway, up by misreading alone, and down."""
    entries: np.ndarray
    """(actor, side) chances of neutrals to be drawn to each side."""
    crosses: np.ndarray
    """(actor) whether a climb or entry of it crosses the threshold."""


MEDIATOR, BALANCE = 0, 1
"""Places in `Laws.turn`."""


def new_laws(n_actors: int) -> Laws:
    """Room for the laws of a turn."""
    return Laws(
        turn=np.zeros(2),
        moves=np.zeros((2, n_actors, 3)),
        entries=np.zeros((n_actors, 2)),
        crosses=np.zeros(n_actors, np.int64),
    )


# ------------------------------------------------------------ reached, and occurred


@jitable
def is_reached(world, state, threshold):
    """Whether the state has reached a threshold."""
    now = state.now
    x = threshold.entrant
    if x != NOBODY and state.actors[x].side != NEUTRAL:
        # An originator has its own way to war: see CONCERNING.
        if threshold.whose == NONE or not is_originator(state, x):
            return True
    if threshold.n_engaged > 0 and now.n_engaged >= threshold.n_engaged:
        return True
    whose = threshold.whose
    if whose == NONE:
        return False
    if whose == MISREAD:
        return now.war_turn > 0 and now.war_began_misread == 1
    if whose == UNFOUGHT:
        n = n_at_war(world, state)
        if n != threshold.at_war:
            return n > threshold.at_war
        height = 0
        for e in range(now.n_engaged):
            rung = state.actors[state.engaged[e]].rung
            if rung < world.top:
                height = max(height, rung)
        return height >= threshold.rung
    if whose == OWN:
        return state.actors[threshold.actor].rung >= threshold.rung
    if whose == CONCERNING and is_originator(state, threshold.actor):
        height = state.actors[threshold.actor].rung
        opposite = other(state.actors[threshold.actor].side)
        return max(height, highest_rung(state, opposite)) >= threshold.rung
    return max(now.highest_initiator, now.highest_target) >= threshold.rung


@jitable
def is_originator(state, i):
    """Whether the crisis began with `i`."""
    return i == state.now.initiator or i == state.now.target


@jitable
def holds(world, state, terms):
    """Whether all conditions hold for good: most may as soon as they do, some at the end."""
    for t in range(terms.shape[0]):
        if not condition_holds(world, state, terms[t, 0], terms[t, 1]):
            return False
    return True


@jitable
def condition_holds(world, state, kind, number):
    """The same for one condition."""
    now = state.now
    if kind == HAS_PEAK:
        return max(now.highest_initiator, now.highest_target) >= number
    if kind == IS_AT_WAR:
        return state.actors[number].side != NEUTRAL and state.actors[number].rung == world.top
    if kind == HAS_ENTERED:
        return state.actors[number].side != NEUTRAL and not is_originator(state, number)
    if kind == HAS_AT_WAR:
        return n_at_war(world, state) >= number
    if kind == HAS_ENGAGED:
        return now.n_engaged >= number
    if kind == BEGAN_MISREAD:
        return now.war_turn > 0 and now.war_began_misread == 1
    if kind == HAS_OUTCOME:
        if number == CRISIS_MASK:
            return True
        if number == WAR_MASK:
            return now.war_turn > 0
        if number == GENERAL_MASK:
            return now.war_turn > 0 and final_outcome(world, state) == GENERAL_WAR
        return now.over == 1 and (number >> now.outcome) & 1 == 1
    return False


# ------------------------------------------------------------ the turn


@jitable
def weigh_turn(world, state, laws, threshold, chances):
    """Begin a turn, and find the chances that it crosses a threshold, and that it may go on.

    `chances` are by mediator (0 and 1) and by (crossing, staying on this side of it). Both add up
    to 1, except where a chain can miss the threshold for good: a war that does not begin misread.
    Returns both over the mediator.
    """
    now = state.now
    now.turn += 1
    laws.turn[MEDIATOR] = mediation_probability(world, state)
    laws.turn[BALANCE] = balance_of_power(world, state)
    balance = laws.turn[BALANCE]
    is_due = False
    for e in range(now.n_engaged):
        i = state.engaged[e]
        laws.crosses[i] = 1 if climb_crosses(world, state, threshold, i) else 0
        is_due |= laws.crosses[i] == 1
    for n in range(n_listeners(world, state)):
        k = nth_listener(world, state, n)
        if state.actors[k].side == NEUTRAL:
            for side in range(2):
                laws.entries[k, side] = entry_chance(world, state, k, side, balance)
            laws.crosses[k] = 1 if entry_crosses(threshold, k) else 0
            is_due |= laws.crosses[k] == 1
    for mediated in range(2):
        chances[mediated, 0] = 0.0
        chances[mediated, 1] = 1.0
    if not is_due:
        return 0.0, 1.0
    for mediated in range(2):
        share = laws.turn[MEDIATOR] if mediated == 1 else 1.0 - laws.turn[MEDIATOR]
        if share > 0.0:
            cross_and_stay(world, state, laws, threshold, mediated, chances)
    p = laws.turn[MEDIATOR]
    return (
        p * chances[1, 0] + (1.0 - p) * chances[0, 0],
        p * chances[1, 1] + (1.0 - p) * chances[0, 1],
    )


@jitable
def cross_and_stay(world, state, laws, threshold, mediated, chances):
    """Fill `chances` for one answer of the mediator, and the laws of those who may cross."""
    crossed, none, sound = 0.0, 1.0, 1.0
    for e in range(state.now.n_engaged):
        i = state.engaged[e]
        if laws.crosses[i] == 1:
            find_move(world, state, laws, i, mediated)
            chance = crossing_climb(laws, threshold, i, mediated)
            crossed += (1.0 - crossed) * chance
            none *= 1.0 - climbs(laws, i, mediated)
            sound *= 1.0 - laws.moves[mediated, i, ANYWAY]
    for n in range(n_listeners(world, state)):
        k = nth_listener(world, state, n)
        if state.actors[k].side == NEUTRAL and laws.crosses[k] == 1:
            crossed += (1.0 - crossed) * joins(laws, k)
            none *= 1.0 - joins(laws, k)
    chances[mediated, 0] = crossed * sound if threshold.whose == MISREAD else crossed
    chances[mediated, 1] = max(0.0, none)


@jitable
def crossing_climb(laws, threshold, i, mediated):
    """Chance that engaged `i` climbs so that it crosses, no other climb ruling that out.

    War begins misread only if no climb would have been made with an accurate reading.
    """
    if threshold.whose != MISREAD:
        return climbs(laws, i, mediated)
    anyway = laws.moves[mediated, i, ANYWAY]
    return laws.moves[mediated, i, MISREADING] / (1.0 - anyway) if anyway < 1.0 else 0.0


@jitable
def find_move(world, state, laws, i, mediated):
    """Ask for the chances of the moves of engaged `i`, below war."""
    anyway, misread, down = response_law(world, state, i, laws.turn[BALANCE], mediated)
    laws.moves[mediated, i, ANYWAY] = anyway
    laws.moves[mediated, i, MISREADING] = misread
    laws.moves[mediated, i, DOWN_LAW] = down


@jitable
def climbs(laws, i, mediated):
    """Chance that engaged `i` goes up."""
    return laws.moves[mediated, i, ANYWAY] + laws.moves[mediated, i, MISREADING]


@jitable
def joins(laws, k):
    """Chance that neutral `k` comes in: it is drawn to one side and not to both."""
    a, b = laws.entries[k, 0], laws.entries[k, 1]
    return a * (1.0 - b) + b * (1.0 - a)


@jitable
def entry_chance(world, state, k, side, balance):
    """Chance that something draws neutral `k` to `side` in the present turn."""
    highest = highest_rung(state, other(side))
    share = review_share(world, state)
    drawn, out = 0.0, 1.0
    for n in range(n_hazards(state, side)):
        impulse = nth_impulse(world, state, k, side, n, highest, balance)
        first, out = next_hazard(out, share, impulse)
        drawn += first
    return drawn


@jitable
def climb_crosses(world, state, threshold, i):
    """Whether a step up of engaged `i` crosses the threshold, which has not been reached."""
    rung = state.actors[i].rung
    whose = threshold.whose
    if rung >= world.top or rung != threshold.rung - 1 or whose == NONE:
        return False
    if whose == OWN:
        return i == threshold.actor
    if whose == CONCERNING and is_originator(state, threshold.actor):
        return i == threshold.actor or state.actors[i].side != state.actors[threshold.actor].side
    return True


@jitable
def entry_crosses(threshold, k):
    """Whether the entry of neutral `k` crosses the threshold, which has not been reached."""
    if k == threshold.entrant or threshold.n_engaged > 0:
        return True
    return threshold.whose == UNFOUGHT and threshold.rung == 1
