"""docs/model.md 5, Mediation and Response: one rung up, one down, or hold."""

import math
from typing import NamedTuple

from mcescalate.model.codes import INITIATOR, TARGET
from mcescalate.model.functions import within
from mcescalate.model.jit import inlined, jitable
from mcescalate.model.rules.background import effective_tempo
from mcescalate.model.rules.perception import accurate_reading_cdf, reading_cdf
from mcescalate.model.rules.power import assurance, balance_seen, encirclement
from mcescalate.model.rules.sequence import bitterness
from mcescalate.model.state import (
    allied_rung,
    highest_of_all,
    is_divided,
    n_on,
    originator,
    other,
    own_rung,
    side_of,
)
from mcescalate.model.world import relation


@inlined
def may_mediate(world, turn):
    """Whether a mediator may be heard in this turn (from 1)."""
    return turn > world.coefficients.mediation_delay


@inlined
def mediation_probability(world, state):
    """Chance that a mediator is heard in the present turn."""
    if not may_mediate(world, state.now.turn):
        return 0.0
    return mediation_chance(world, state)


@inlined
def mediation_chance(world, state):
    """The same in a turn in which a mediator may be heard."""
    c = world.coefficients
    highest = highest_of_all(state)
    if highest == world.top:
        return 0.0
    strain = 0.0
    if world.arms_levels > 0:
        arms = max(
            state.actors[originator(state, INITIATOR)].arms,
            state.actors[originator(state, TARGET)].arms,
        )
        strain = c.mediation_arms * (arms / world.arms_levels)
    urgency = 1.0 + c.mediation_tension * (highest / world.top)
    return within(
        c.mediation_rate * urgency * (1.0 - strain) + mediation_policy(world, state), 0.0, 1.0
    )


@inlined
def is_policy_on(world, highest):
    """Whether governments follow their policy for a crisis in which this is the highest rung."""
    return highest >= world.coefficients.policy_from_rung


@inlined
def mediation_policy(world, state):
    """What the policy adds to the chance of a mediator."""
    added = world.coefficients.policy_mediation
    return added if added > 0.0 and is_policy_on(world, highest_of_all(state)) else 0.0


@inlined
def restraint_policy(world, state):
    """What the policy takes off the logit of going up."""
    weight = world.coefficients.policy_restraint
    return weight if weight > 0.0 and is_policy_on(world, highest_of_all(state)) else 0.0


@inlined
def calm_policy(world, state):
    """What the policy adds to the logit of going down."""
    weight = world.coefficients.policy_calm
    return weight if weight > 0.0 and is_policy_on(world, highest_of_all(state)) else 0.0


@inlined
def consultation(world, state, i):
    """How far `i` is bound to consult with those on its own side, in [0, 1]."""
    side = side_of(state, i)
    total = 0.0
    if world.actors[i].consultation == 0.0:
        return total
    for e in range(n_on(state, side)):
        k = state.sides[side, e]
        if k != i:
            total += relation(world, i, k).consultation
    return min(1.0, total)


@inlined
def pledge(world, state, i):
    """Strongest defence promise of `i` to an actor on its own side."""
    side = side_of(state, i)
    strongest = 0.0
    if world.actors[i].defence == 0.0:
        return strongest
    for e in range(n_on(state, side)):
        strongest = max(strongest, relation(world, i, state.sides[side, e]).defence)
    return strongest


@inlined
def reassurance(world, state, i):
    """Strongest defence promise of `i` to an actor of its own side that stands higher."""
    side = side_of(state, i)
    strongest = 0.0
    for e in range(n_on(state, side)):
        j = state.sides[side, e]
        if allied_rung(state, j) > own_rung(state, i):
            strongest = max(strongest, relation(world, i, j).defence)
    return strongest


@inlined
def reassurance_felt(world, state, i, pledge):
    """`reassurance` of engaged `i`, whose strongest promise on its side is `pledge`."""
    return reassurance(world, state, i) if pledge > 0.0 else 0.0


@inlined
def nuclear_threat(world, state, i):
    """How far nuclear forces opposite reach `i`, in [0, 1]."""
    opposite = other(side_of(state, i))
    strongest = 0.0
    for e in range(n_on(state, opposite)):
        j = state.sides[opposite, e]
        if world.actors[j].nuclear == 1:
            strongest = max(strongest, relation(world, i, j).reach)
    return strongest


class FixedTerms(NamedTuple):
    """What bears on the moves of an actor whatever the rungs."""

    up: float
    """Part of the logit of going up,"""
    down: float
    """and of going down."""
    consultation: float
    nuclear_threat: float
    pledge: float
    tempo: float
    display: float
    """Part of the logit of going up below the casus,"""
    last_step: float
    """and at the last step, to war."""


@inlined
def weighs_threats(world):
    """Whether moves rest on `encirclement`."""
    c = world.coefficients
    return c.response_encircle != 0.0 or c.response_display != 0.0


@inlined
def threat_felt(world, state, i):
    """`encirclement` of engaged `i`, where its moves rest on it."""
    return encirclement(world, state, i) if weighs_threats(world) else 0.0


@inlined
def assurance_felt(world, state, i):
    """`assurance` of engaged `i`, where its moves rest on it."""
    if world.coefficients.response_assurance == 0.0:
        return 0.0
    return assurance(world, state, i)


@inlined
def fixed_terms(world, state, i, balance):
    """The `FixedTerms` of engaged `i`; `balance` is side A's."""
    return fixed_terms_among(
        world, state, i, balance, threat_felt(world, state, i), assurance_felt(world, state, i)
    )


@inlined
def fixed_terms_among(world, state, i, balance, threat, assured):
    """The same for the threat that `i` feels, and how far it is assured."""
    c = world.coefficients
    me = world.actors[i]
    side = side_of(state, i)
    o = originator(state, other(side))
    dyad = relation(world, i, o)
    confidence = (
        me.weight_security * (c.response_balance * balance_seen(world, i, side, balance))
        + me.resolve
    )
    stake = me.weight_influence * (c.response_stake * dyad.stake)
    up = (
        c.response_up
        + confidence
        + me.weight_influence * (c.response_rivalry * dyad.rivalry)
        + me.weight_influence * (c.response_diversion * is_divided(state, i))
        + stake
    )
    down = c.response_down - confidence + c.response_channel * dyad.channel - stake
    display = me.weight_influence * (c.response_display * threat)
    up += me.weight_security * (c.response_encircle * threat)
    up -= me.weight_security * (c.response_assurance * assured)
    if c.sequence_bitter != 0.0:
        up += bitterness(world, i, o)
    is_joiner = i != o and i != originator(state, side)
    last_step = me.weight_influence * (c.response_stake_war * dyad.stake) - me.weight_stability * (
        c.response_limited * is_joiner
    )
    return FixedTerms(
        up,
        down,
        consultation(world, state, i),
        nuclear_threat(world, state, i),
        pledge(world, state, i),
        effective_tempo(world, state, i),
        display,
        last_step,
    )


@inlined
def up_logit(world, state, i, fixed, reassured):
    """Logit of going up for `i` with these fixed terms, less `up_pull`."""
    c = world.coefficients
    me = world.actors[i]
    h = own_rung(state, i)
    caution = c.response_restraint + c.response_protocol * (h == world.mobilised - 1)
    dread = c.response_nuclear * (h == world.top - 1)
    logit = (
        fixed.up
        - me.weight_stability * (caution * fixed.consultation)
        - me.weight_stability * (dread * fixed.nuclear_threat)
    )
    if fixed.pledge > 0.0:
        logit += me.weight_influence * (c.response_reassure * reassured)
    if h < world.casus:
        logit += fixed.display
    if h == world.top - 1:
        logit += fixed.last_step
    return logit - restraint_policy(world, state)


@inlined
def down_logit(world, state, i, fixed, mediated):
    """Logit of going down for `i`, less `down_pull`; `mediated` is 0 or 1."""
    pull = world.coefficients.mediation_pull * mediated
    return fixed.down + pull + calm_policy(world, state)


@inlined
def down_tempo(world, state, i, fixed):
    """Chance that `i` could carry out a move down from where it is."""
    h = own_rung(state, i)
    bound = world.actors[i].rigidity * (h >= world.mobilised)
    return fixed.tempo * (1.0 - bound) * (h > 0)


@jitable
def up_pull(world, i, h, s):
    """What standing on rung `h` and reading rung `s` adds to the logit of `i` to go up."""
    c = world.coefficients
    security, stability = world.actors[i].weight_security, world.actors[i].weight_stability
    logit = security * (c.response_gap * (s - h)) - stability * (c.response_cost * h)
    if h >= world.mobilised and s >= world.mobilised:
        logit += security * c.response_preempt
    if h == world.top - 1:
        logit -= stability * c.response_war_cost
    return logit


@jitable
def down_pull(world, i, h, s):
    """What standing on rung `h` and reading rung `s` adds to the logit of `i` to go down."""
    c = world.coefficients
    costly = world.actors[i].weight_influence * world.actors[i].weight_audience
    return -(world.actors[i].weight_security * (c.response_gap * (s - h))) - costly * (
        c.response_audience * h
    )


@inlined
def move_chances(up_tempo, down_tempo, hold, up, down):
    """Chances of the moves up and down, given odds of holding, going up and going down.

    Odds are numbers, or vectors of them by rung read.
    """
    share = 1.0 / (hold + up + down)
    return up_tempo * up * share, down_tempo * down * share


@jitable
def move_law(world, state, i, fixed, mediated, s):
    """Chances (up, down) of engaged `i`, below war, once it takes the threat to be rung `s`."""
    h = own_rung(state, i)
    reassured = reassurance_felt(world, state, i, fixed.pledge)
    up = up_logit(world, state, i, fixed, reassured) + up_pull(world, i, h, s)
    down = down_logit(world, state, i, fixed, mediated) + down_pull(world, i, h, s)
    # Logits may be large: odds are taken relative to the largest of them.
    shift = max(0.0, up, down)
    return move_chances(
        fixed.tempo,
        down_tempo(world, state, i, fixed),
        math.exp(-shift),
        math.exp(up - shift),
        math.exp(down - shift),
    )


@jitable
def response_law(world, state, i, balance, mediated):
    """Chances of engaged `i`, below war: (up anyway, up only by misreading, down).

    "Anyway" means that the accurate reading would have moved up too: one uniform number gives
    the reading and the accurate reading through their distribution functions, another one the
    move. Between neighbouring steps of the two functions both readings stay the same.
    `balance` is side A's; `mediated` is 0 or 1.
    """
    fixed = fixed_terms(world, state, i, balance)
    anyway, up, down = 0.0, 0.0, 0.0
    seen, true = 0, 0
    seen_to = reading_cdf(world, state, i, seen)
    true_to = accurate_reading_cdf(world, state, i, true, 1.0)
    up_if_seen, down_if_seen = move_law(world, state, i, fixed, mediated, seen)
    up_if_true, _ = move_law(world, state, i, fixed, mediated, true)
    reached = 0.0
    while True:
        step = min(seen_to, true_to)
        share = max(0.0, step - reached)
        reached = step
        anyway += share * min(up_if_seen, up_if_true)
        up += share * up_if_seen
        down += share * down_if_seen
        is_seen_passed = seen_to <= step and seen < world.top
        is_true_passed = true_to <= step and true < world.top
        if is_seen_passed:
            seen += 1
            seen_to = reading_cdf(world, state, i, seen)
            up_if_seen, down_if_seen = move_law(world, state, i, fixed, mediated, seen)
        if is_true_passed:
            true += 1
            true_to = accurate_reading_cdf(world, state, i, true, 1.0)
            up_if_true, _ = move_law(world, state, i, fixed, mediated, true)
        if not (is_seen_passed or is_true_passed):
            return anyway, max(0.0, up - anyway), down
