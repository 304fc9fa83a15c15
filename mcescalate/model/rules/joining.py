"""docs/model.md 5, Joining: what draws neutrals into a crisis."""

from mcescalate.model.codes import BYSTANDER, OPPORTUNISM, TARGET
from mcescalate.model.coefficients import NEVER
from mcescalate.model.functions import logistic
from mcescalate.model.jit import inlined, jitable
from mcescalate.model.rules.background import effective_tempo
from mcescalate.model.rules.power import balance_seen, defence_due, offence_due
from mcescalate.model.state import is_divided, n_on, originator, other
from mcescalate.model.world import relation


@inlined
def obligation(world, state, k, j, side):
    """How far `k` is bound to fight beside `j`, who stands on `side`; in [0, 1]."""
    slack = world.coefficients.alliance_slack
    dyad = relation(world, k, j)
    defence = defence_due(world, state, k, j, side) * (1.0 - slack * dyad.defence_ambiguity)
    if side == TARGET:
        return defence
    offence = offence_due(world, state, k, j, side) * (1.0 - slack * dyad.offence_ambiguity)
    return min(1.0, defence * (1.0 - dyad.defence_conditional) + offence)


@inlined
def review_share(world, state):
    """Share of the joining hazards that counts in the present turn: all of it on news."""
    return 1.0 if state.now.news == 1 else quiet_share(world)


@inlined
def quiet_share(world):
    """Share of the joining hazards that counts in a turn without news."""
    return world.coefficients.alliance_review


@inlined
def tie_impulse(world, state, k, j, side, highest, balance):
    """Chance that neutral `k` comes in this turn for its promise to `j`, who stands on `side`.

    That is in a turn with news. `highest` is the other side's highest rung, `balance` side A's.
    Zero without a promise, or while `highest` is below `world.casus`.
    """
    if not may_honour(world, highest):
        return 0.0
    due = obligation(world, state, k, j, side)
    if due == 0.0:
        return 0.0
    seen = balance_seen(world, k, side, balance)
    own = world.actors[k].capability
    ally = world.actors[j].capability
    burden = max(0.0, (own - ally) / (own + ally))
    o = originator(state, other(side))
    followed = allies_in(world, state, k, j, side)
    chance = logistic(
        tie_logit(world, k, o, due, highest, seen, is_divided(state, k), burden, followed)
    )
    return joining_tempo(world, state, k) * chance * heard_share(world, k, j)


@inlined
def joining_tempo(world, state, k):
    """Chance that neutral `k` could come in this turn if it would."""
    delay = world.coefficients.alliance_divided_delay * is_divided(state, k)
    return effective_tempo(world, state, k) * (1.0 - delay)


@inlined
def heard_share(world, k, j):
    """Share of the calls of `j` that reach `k`."""
    return 1.0 - world.coefficients.alliance_loss * (1.0 - relation(world, k, j).consultation)


@inlined
def allies_in(world, state, k, j, side):
    """Strongest promise of neutral `k` to defend one that has joined `side`, `j` left out."""
    strongest = 0.0
    if world.coefficients.alliance_follow == 0.0:
        return strongest
    for e in range(n_on(state, side)):
        ally = state.sides[side, e]
        if ally != j and ally != originator(state, side):
            strongest = max(strongest, defence_due(world, state, k, ally, side))
    return strongest


@inlined
def tie_logit(world, k, o, due, highest, seen, divided, burden, followed):
    """Log-odds that neutral `k`, able to, comes in against originator `o` for what is `due`."""
    return readiness(world, k, o) + occasion(world, due, highest, seen, divided, burden, followed)


@inlined
def readiness(world, k, o):
    """The part of `tie_logit` that lasts: what `k` is to originator `o`."""
    c = world.coefficients
    enemy = relation(world, k, o)
    return (
        c.alliance_base
        + c.alliance_rivalry * enemy.rivalry
        + c.alliance_resolve * world.actors[k].resolve
        + c.alliance_reach * enemy.reach
        - c.alliance_pact * enemy.pact
        + c.alliance_capability * world.actors[k].log_share
    )


@inlined
def occasion(world, due, highest, seen, divided, burden, followed):
    """The part of `tie_logit` that changes: each argument adds a term of its own."""
    c = world.coefficients
    return (
        c.alliance_obligation * due
        + c.alliance_threat * (highest - world.casus)
        + c.alliance_balance * seen
        - c.alliance_divided * divided
        - c.alliance_burden * burden
        + c.alliance_follow * followed
        - c.alliance_short_of_war * (highest < world.top)
    )


@jitable
def highest_occasion(world):
    """The most that `occasion` can be, whatever happens in any crisis.

    Each argument is tried alone at both ends: it adds a term of its own.
    """
    casus, top = world.casus, world.top
    least = occasion(world, 0.0, casus, -1.0, 0, 0.0, 0.0)
    return (
        least
        + max(0.0, occasion(world, 1.0, casus, -1.0, 0, 0.0, 0.0) - least)
        + max(0.0, occasion(world, 0.0, top, -1.0, 0, 0.0, 0.0) - least)
        + max(0.0, occasion(world, 0.0, casus, 1.0, 0, 0.0, 0.0) - least)
        + max(0.0, occasion(world, 0.0, casus, -1.0, 1, 0.0, 0.0) - least)
        + max(0.0, occasion(world, 0.0, casus, -1.0, 0, 1.0, 0.0) - least)
        + max(0.0, occasion(world, 0.0, casus, -1.0, 0, 0.0, 1.0) - least)
    )


@inlined
def onlooker_impulse(world, state, k, side, highest, balance):
    """Chance that neutral `k` joins `side` this turn, with news, whatever it has promised.

    It strikes at its rival, or comes in as a bystander against one that is none.
    """
    if not may_exploit(world, highest):
        return 0.0
    o = originator(state, other(side))
    seen = balance_seen(world, k, side, balance)
    if relation(world, k, o).rivalry > 0.0:
        logit = opportunist_logit(world, k, o, highest, seen)
    elif may_stand_by(world):
        logit = bystander_logit(world, k, o, highest, seen)
    else:
        return 0.0
    return joining_tempo(world, state, k) * logistic(logit)


@inlined
def onlooker_cause(world, state, k, side):
    """The cause of an entry by `onlooker_impulse`."""
    o = originator(state, other(side))
    return OPPORTUNISM if relation(world, k, o).rivalry > 0.0 else BYSTANDER


@inlined
def opportunist_logit(world, k, o, highest, seen):
    """Log-odds that neutral `k`, able to, strikes at its rival, originator `o`."""
    c = world.coefficients
    enemy = relation(world, k, o)
    return (
        c.contagion_base
        + c.contagion_rivalry * enemy.rivalry
        + c.contagion_balance * seen
        + c.contagion_major * world.actors[k].major
        + c.contagion_reach * enemy.reach
        - c.contagion_pact * enemy.pact
        + c.contagion_capability * world.actors[k].log_share
        - c.contagion_short_of_war * (highest < world.top)
    )


@inlined
def bystander_logit(world, k, o, highest, seen):
    """Log-odds that neutral `k`, able to, comes in against originator `o`, no rival of its."""
    return bystander_readiness(world, k, o) + bystander_occasion(world, highest, seen)


@inlined
def bystander_readiness(world, k, o):
    """The part of `bystander_logit` that lasts: what `k` is to originator `o`."""
    c = world.coefficients
    enemy = relation(world, k, o)
    return (
        c.bystander_base
        + c.bystander_capability * world.actors[k].log_share
        + c.bystander_major * world.actors[k].major
        + c.bystander_reach * enemy.reach
        - c.bystander_pact * enemy.pact
    )


@inlined
def bystander_occasion(world, highest, seen):
    """The part of `bystander_logit` that changes: each argument adds a term of its own."""
    c = world.coefficients
    return c.bystander_balance * seen - c.bystander_short_of_war * (highest < world.top)


@inlined
def may_stand_by(world):
    """Whether neutrals come in at all that have neither promise nor rivalry."""
    return world.coefficients.bystander_base > NEVER


@inlined
def n_listeners(world, state):
    """How many actors may be drawn in while they are neutral: those concerned, or all."""
    return world.n_actors if may_stand_by(world) else state.now.n_watching


@inlined
def nth_listener(world, state, n):
    """The `n`-th of them, in rising order; it may have a side already."""
    return n if may_stand_by(world) else state.watching[n]


@jitable
def highest_opportunist_logit(world, k, o):
    """The most that `opportunist_logit` can be, whatever happens in the crisis."""
    highest = opportunist_logit(world, k, o, world.top, -1.0)
    highest = max(highest, opportunist_logit(world, k, o, world.top, 1.0))
    highest = max(highest, opportunist_logit(world, k, o, world.top - 1, -1.0))
    return max(highest, opportunist_logit(world, k, o, world.top - 1, 1.0))


@jitable
def highest_bystander_occasion(world):
    """The most that `bystander_occasion` can be, whatever happens in any crisis."""
    top = world.top
    at_war = max(bystander_occasion(world, top, -1.0), bystander_occasion(world, top, 1.0))
    below = max(bystander_occasion(world, top - 1, -1.0), bystander_occasion(world, top - 1, 1.0))
    return max(at_war, below)


@inlined
def may_honour(world, highest):
    """Whether promises can bring neutrals in against a side whose highest rung this is."""
    return highest >= world.casus


@inlined
def may_exploit(world, highest):
    """Whether rivals and bystanders can come in against a side whose highest rung this is."""
    return highest >= world.top - 1


@inlined
def n_hazards(state, side):
    """How many hazards may draw a neutral to `side`: one an ally, and that of an onlooker."""
    return n_on(state, side) + 1


@inlined
def nth_impulse(world, state, k, side, n, highest, balance):
    """The `n`-th hazard of neutral `k` on `side` in a turn with news: the first to fire counts.

    Ties stand in the order of the allies' ids, then `onlooker_impulse`.
    """
    if n < n_on(state, side):
        return tie_impulse(world, state, k, state.sides[side, n], side, highest, balance)
    return onlooker_impulse(world, state, k, side, highest, balance)


@inlined
def next_hazard(out, share, impulse):
    """One hazard more, of which `share` counts: chances that it fires first, and that none does.

    `out` is the chance that no hazard before it has fired.
    """
    hazard = share * impulse
    return out * hazard, out * (1.0 - hazard)
