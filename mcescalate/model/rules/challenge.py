"""docs/model.md 3, Incident and deterrence: whether the initiator goes ahead, who is blamed."""

from mcescalate.model.codes import INITIATOR
from mcescalate.model.functions import logistic
from mcescalate.model.jit import inlined, jitable
from mcescalate.model.rules.power import balance_seen
from mcescalate.model.state import is_divided, originator, other
from mcescalate.model.world import relation


@inlined
def challenge_probability(world, state, balance):
    """Chance that the initiator goes ahead, no accident pushing it; `balance` is side A's."""
    c = world.coefficients
    i = originator(state, INITIATOR)
    j = originator(state, other(INITIATOR))
    dyad = relation(world, i, j)
    return logistic(
        c.deterrence_base
        + c.deterrence_rivalry * dyad.rivalry
        + c.deterrence_balance * balance_seen(world, i, INITIATOR, balance)
        + world.actors[i].resolve
        + c.deterrence_diversion * is_divided(state, i)
        + c.deterrence_opportunity * is_divided(state, j)
        - c.deterrence_pact * dyad.pact
    )


@jitable
def blame_weight(world, initiator, target, x):
    """Weight with which the struck `target` blames `x` for what `initiator` did."""
    if x == initiator or x == target:
        return 0.0
    return relation(world, target, x).rivalry
