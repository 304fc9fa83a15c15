"""docs/model.md 4, Power and balance: what each side can bring to bear, as onlookers credit it."""

from mcescalate.model.codes import INITIATOR
from mcescalate.model.functions import within
from mcescalate.model.jit import inlined, jitable
from mcescalate.model.rules.background import effective_capability
from mcescalate.model.state import is_divided, n_on, originator, other, side_of
from mcescalate.model.world import relation


@inlined
def is_against(world, state, first, end, enemy_side):
    """Whether a promise with the adversaries [first, end) counts against `enemy_side`."""
    if first == end:
        return True
    for a in range(first, end):
        if side_of(state, world.links[a]) == enemy_side:
            return True
    return False


@inlined
def defence_due(world, state, k, j, side):
    """What `k` has promised to defend `j`, on `side`, against the side that stands there."""
    dyad = relation(world, k, j)
    if dyad.defence > 0.0 and is_against(
        world, state, dyad.defence_against, dyad.defence_against_end, other(side)
    ):
        return dyad.defence
    return 0.0


@inlined
def offence_due(world, state, k, j, side):
    """What `k` has promised to attack beside `j`, on `side`, against the side that stands there."""
    dyad = relation(world, k, j)
    if dyad.offence > 0.0 and is_against(
        world, state, dyad.offence_against, dyad.offence_against_end, other(side)
    ):
        return dyad.offence
    return 0.0


@inlined
def guarantee(world, state, k, side):
    """How far onlookers believe the promises of neutral `k` to the originator of `side`."""
    j = originator(state, side)
    dyad = relation(world, k, j)
    if dyad.defence == 0.0 and dyad.offence == 0.0:
        return 0.0
    promise = (
        defence_due(world, state, k, j, side)
        * (1.0 - dyad.defence_ambiguity)
        * dyad.defence_credibility
    )
    if side == INITIATOR:
        attack = (
            offence_due(world, state, k, j, side)
            * (1.0 - dyad.offence_ambiguity)
            * dyad.offence_credibility
        )
        promise = min(1.0, promise * (1.0 - dyad.defence_conditional) + attack)
    return promise


@inlined
def credited(world, state, k, promise):
    """How far onlookers count on neutral `k` to keep its `guarantee` to an originator."""
    c = world.coefficients
    if promise == 0.0:
        return 0.0
    firmness = (1.0 - c.deterrence_divided * is_divided(state, k)) * (
        1.0 + c.deterrence_exercise * world.actors[k].exercise
    )
    return min(1.0, promise * firmness)


@inlined
def aid(world, state, k, side):
    """Strongest support short of war that `k` gives to an actor on `side`."""
    strongest = 0.0
    if world.actors[k].support == 0.0:
        return strongest
    for e in range(n_on(state, side)):
        strongest = max(strongest, relation(world, k, state.sides[side, e]).support)
    return strongest


@inlined
def power(world, state, side):
    """Power that can reach the other originator: the side's own, and what neutrals lend it."""
    lent = 0.0
    for w in range(state.now.n_watching):
        k = state.watching[w]
        promise, support = guarantee(world, state, k, side), aid(world, state, k, side)
        if promise != 0.0 or support != 0.0:
            lent += lent_power(world, state, k, side, promise, support)
    return own_power(world, state, side) + lent


@inlined
def own_power(world, state, side):
    """Power of those on `side` that can reach the other originator."""
    o = originator(state, other(side))
    total = 0.0
    for e in range(n_on(state, side)):
        k = state.sides[side, e]
        total += effective_capability(world, state, k) * relation(world, k, o).reach
    return total


@inlined
def lent_power(world, state, k, side, promise, support):
    """Power that neutral `k` lends to `side` by its `guarantee` and its `aid`."""
    c = world.coefficients
    share = min(
        1.0,
        c.deterrence_latent * credited(world, state, k, promise) + c.alliance_aid * support,
    )
    if share == 0.0:
        return 0.0
    o = originator(state, other(side))
    return share * effective_capability(world, state, k) * relation(world, k, o).reach


@inlined
def balance_of_power(world, state):
    """(P_A - P_B) / (P_A + P_B), in [-1, 1]; 0 when neither side can reach the other."""
    ours = 0.0
    theirs = 0.0
    for side in range(2):
        ours = theirs
        theirs = power(world, state, side)
    return balance_between(ours, theirs)


@inlined
def balance_between(ours, theirs):
    """The same for these powers of the two sides."""
    if ours + theirs == 0.0:
        return 0.0
    return (ours - theirs) / (ours + theirs)


@inlined
def balance_seen(world, i, side, balance):
    """The balance as `i` sees it from `side`; `balance` is side A's."""
    own = balance if side == INITIATOR else -balance
    return within(own + world.actors[i].optimism, -1.0, 1.0)


@jitable
def encirclement(world, state, i):
    """How far neutrals behind the other side threaten engaged `i`: the strongest of them, up to 2.

    Each does by what it has promised or gives to that side, and by forces that reach `i`, exercise
    and cannot be inspected.
    """
    opposite = other(side_of(state, i))
    strongest = 0.0
    for w in range(state.now.n_watching):
        k = state.watching[w]
        promise, support = guarantee(world, state, k, opposite), aid(world, state, k, opposite)
        strongest = max(strongest, menace(world, state, i, k, promise, support))
    return strongest


@inlined
def menace(world, state, i, k, promise, support):
    """How far neutral `k` threatens engaged `i`: `promise` and `support` are to the other side."""
    backing = min(1.0, promise + support)
    own = effective_capability(world, state, i)
    forces = effective_capability(world, state, k)
    if backing == 0.0 or own + forces == 0.0:
        return 0.0
    dyad = relation(world, i, k)
    presence = dyad.reach * (1.0 - dyad.channel) * (1.0 + world.actors[k].exercise)
    return backing * presence * (forces / (forces + own))


@jitable
def assurance(world, state, i):
    """Strongest believed promise to defend engaged `i`, of an actor that is not opposite it."""
    side = side_of(state, i)
    strongest = 0.0
    for b in range(world.actors[i].backers, world.actors[i].backers_end):
        k = world.links[b]
        if side_of(state, k) != other(side):
            dyad = relation(world, k, i)
            strongest = max(
                strongest,
                defence_due(world, state, k, i, side)
                * (1.0 - dyad.defence_ambiguity)
                * dyad.defence_credibility,
            )
    return strongest
