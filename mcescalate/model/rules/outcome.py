"""docs/model.md 6, Outcome: how a chain ends, and what became of promises."""

import math

from mcescalate.model.codes import (
    ABANDONED,
    BETRAYED,
    FOUGHT,
    GENERAL_WAR,
    INITIATOR,
    LIMITED_WAR,
    NEUTRAL,
    STALEMATE,
    STOOD_BY,
)
from mcescalate.model.coefficients import SHARE_TOLERANCE
from mcescalate.model.functions import logistic
from mcescalate.model.jit import inlined
from mcescalate.model.rules.power import defence_due
from mcescalate.model.world import relation

_LARGEST_EXPONENT = 700.0
"""Beyond it `exp` overflows."""


@inlined
def final_outcome(world, state):
    """Outcome of a crisis that is not settled at the horizon."""
    fighting = 0.0
    is_war = False
    for e in range(state.now.n_engaged):
        i = state.engaged[e]
        if state.actors[i].rung == world.top:
            is_war = True
            fighting += world.actors[i].capability
    if not is_war:
        return STALEMATE
    share = fighting / world.system_capability
    if share >= world.coefficients.outcome_general_share - SHARE_TOLERANCE:
        return GENERAL_WAR
    return LIMITED_WAR


@inlined
def is_invoked(world, state, k, j):
    """Whether the defence tie of `k` to `j` is put to the test by the war at the end."""
    if state.actors[j].rung != world.top or state.actors[j].side == NEUTRAL:
        return False
    if k == state.now.initiator or k == state.now.target:
        return False
    side = state.actors[j].side
    if side == INITIATOR and relation(world, k, j).defence_conditional >= 1.0:
        return False
    return defence_due(world, state, k, j, side) > 0.0


@inlined
def tie_fate(world, state, k, j):
    """What became of the invoked promise of `k` to defend `j`."""
    if state.actors[k].side == NEUTRAL:
        return ABANDONED
    if state.actors[k].side != state.actors[j].side:
        return BETRAYED
    return FOUGHT if state.actors[k].rung == world.top else STOOD_BY


@inlined
def war_end_chance(world, state, balance):
    """Chance that a war ends in the present turn, its first one left out; `balance` is side A's."""
    c = world.coefficients
    if c.war_rate == 0.0:
        return 0.0
    return min(1.0, c.war_rate * war_pace(world, state, balance))


@inlined
def war_pace(world, state, balance):
    """Factor on the rate at which a war ends."""
    balance_term = world.coefficients.war_balance * abs(balance)
    return math.exp(min(_LARGEST_EXPONENT, balance_term + war_age_term(world, state)))


@inlined
def war_age_term(world, state):
    """What the turns of war so far add to the log of that rate."""
    weight = world.coefficients.war_length
    return weight * (state.now.turn - state.now.war_turn) if weight != 0.0 else 0.0


@inlined
def initiator_prevails_chance(world, balance):
    """Chance that the initiator's side wins a war that ends; `balance` is side A's."""
    return logistic(world.coefficients.war_decisive * balance)
