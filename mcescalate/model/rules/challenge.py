"""docs/model.md 3, Incident and deterrence: whether the initiator goes ahead, who is blamed."""

from mcescalate.model.codes import INITIATOR
from mcescalate.model.functions import logistic
from mcescalate.model.jit import inlined, jitable
from mcescalate.model.rules.power import assurance, balance_seen, encirclement
from mcescalate.model.rules.sequence import firmness_shown
from mcescalate.model.state import is_divided, originator, other
from mcescalate.model.world import relation


@inlined
def challenge_probability(world, state, balance):
    """Chance that the initiator goes ahead, no accident pushing it; `balance` is side A's."""
    c = world.coefficients
    i = originator(state, INITIATOR)
    j = originator(state, other(INITIATOR))
    dyad = relation(world, i, j)
    logit = (
        c.deterrence_base
        + c.deterrence_rivalry * dyad.rivalry
        + c.deterrence_balance * balance_seen(world, i, INITIATOR, balance)
        + world.actors[i].resolve
        + c.deterrence_diversion * is_divided(state, i)
        + c.deterrence_opportunity * is_divided(state, j)
        - c.deterrence_pact * dyad.pact
        + c.deterrence_stake * dyad.stake
    )
    if c.deterrence_provocation != 0.0:
        logit += c.deterrence_provocation * encirclement(world, state, i)
    if c.deterrence_assurance != 0.0:
        logit -= c.deterrence_assurance * assurance(world, state, i)
    if c.sequence_firm != 0.0 or c.sequence_general != 0.0:
        logit -= firmness_shown(world, i, j)
    return logistic(logit)


@jitable
def blame_weight(world, initiator, target, x):
    """Weight with which the struck `target` blames `x` for what `initiator` did."""
    if x == initiator or x == target:
        return 0.0
    dyad = relation(world, target, x)
    is_ally = dyad.defence > 0.0 or relation(world, x, target).defence > 0.0
    suspicion = 0.0 if is_ally else world.blame * dyad.reach
    return dyad.rivalry + suspicion


@inlined
def n_suspects(world, target):
    """How many actors `target` may blame by mistake: all, or those it regards as rivals."""
    if world.blame > 0.0:
        return world.n_actors
    return world.actors[target].regarded_end - world.actors[target].regarded


@inlined
def nth_suspect(world, target, n):
    """The `n`-th of them, in rising order."""
    return n if world.blame > 0.0 else world.links[world.actors[target].regarded + n]
