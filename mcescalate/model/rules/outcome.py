"""docs/model.md 6, Outcome: how a chain ends, and what became of promises."""

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
from mcescalate.model.jit import inlined
from mcescalate.model.rules.power import defence_due
from mcescalate.model.world import relation


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
