"""Neutrals behind a side: what they have promised it, or give it, found once for all that asks.

Where neutrals threaten those whom they stand against, each engaged actor asks for the same few of
them as the balance of power. Where they do not, the balance alone asks, and nothing is kept.
"""

from mcescalate.model.codes import INITIATOR
from mcescalate.model.jit import inlined
from mcescalate.model.rules.power import (
    aid,
    balance_between,
    guarantee,
    lent_power,
    menace,
    own_power,
)
from mcescalate.model.state import other


@inlined
def find_backers(world, state, memory):
    """Find the neutrals behind both sides again."""
    for side in range(2):
        n = 0
        for w in range(state.now.n_watching):
            k = state.watching[w]
            promise, support = guarantee(world, state, k, side), aid(world, state, k, side)
            if promise != 0.0 or support != 0.0:
                memory.backers[side, n] = k
                memory.promises[side, k] = promise
                memory.supports[side, k] = support
                n += 1
        if side == INITIATOR:
            memory.known.n_initiator_backers = n
        else:
            memory.known.n_target_backers = n


@inlined
def n_backers(memory, side):
    """How many neutrals are behind `side`."""
    known = memory.known
    return known.n_initiator_backers if side == INITIATOR else known.n_target_backers


@inlined
def balance_among_backers(world, state, memory):
    """`balance_of_power` by the backers that are known."""
    ours = 0.0
    theirs = 0.0
    for side in range(2):
        ours = theirs
        theirs = power_with_backers(world, state, memory, side)
    return balance_between(ours, theirs)


@inlined
def power_with_backers(world, state, memory, side):
    """`power` of `side`: a neutral that is not behind it lends none."""
    lent = 0.0
    for n in range(n_backers(memory, side)):
        k = memory.backers[side, n]
        promise, support = memory.promises[side, k], memory.supports[side, k]
        lent += lent_power(world, state, k, side, promise, support)
    return own_power(world, state, side) + lent


@inlined
def threat_of_backers(world, state, memory, i):
    """`encirclement` of engaged `i` by the backers of the other side that are known."""
    opposite = other(state.actors[i].side)
    strongest = 0.0
    for n in range(n_backers(memory, opposite)):
        k = memory.backers[opposite, n]
        promise, support = memory.promises[opposite, k], memory.supports[opposite, k]
        strongest = max(strongest, menace(world, state, i, k, promise, support))
    return strongest
