"""Mediation, perception and response in one turn, all from the state at its start (5, 10)."""

import math

from .power import (
    assurance,
    bias,
    effective_tempo,
    encirclement,
    seen_balance,
)
from .state import OTHER, State
from .world import Model, normal_cdf

# ---- policy in a crisis (section 10) and mediation ----


def is_policy_on(model: Model, state: State) -> bool:
    """Whether the crisis has climbed as far as `policy.from_rung`."""
    return state.peak_now >= model.policy.from_rung


def mediation_probability(model: Model, state: State) -> float:
    """Chance that m = 1 this turn."""
    c, R = model.mediation, model.ladder.R
    highest = state.peak_now
    if highest == R or state.turn <= c.delay:
        return 0.0
    armed = max(state.arms[state.originator["A"]], state.arms[state.originator["B"]])
    share = armed / model.arms.levels if model.arms.levels > 0 else 0.0
    chance = c.rate * (1 + c.tension * highest / R) * (1 - c.arms * share)
    if is_policy_on(model, state):
        chance += model.policy.mediation
    return max(0.0, min(1.0, chance))


# ---- perception ----


def noise(model: Model, state: State, i: str, j: str) -> float:
    """sigma_ij, in rungs: consultation with anybody at all sharpens the view."""
    c = model.perception
    consulted = sum(model.promise(i, k, "consultation").strength for k in model.others(i))
    hidden = model.actors[j].opacity * (1 - model.dyad(i, j).channel)
    return (
        model.actors[i].noise
        * model.domains[state.domain].noise
        * (1 - c.channel_noise * model.dyad(i, j).channel)
        / (1 + c.sharing * min(1.0, consulted))
        * (1 + hidden)
    )


def F(model: Model, state: State, i: str, j: str, s: int, h: int) -> float:
    """F_ij(s|h): chance that i reads j, really on rung h, as at most s."""
    if s == model.ladder.R:
        return 1.0
    shift = bias(model, i, j) * (1 - model.perception.channel_bias * model.dyad(i, j).channel)
    distance = s + 0.5 - h - shift
    sigma = noise(model, state, i, j)
    if sigma == 0:
        return 1.0 if distance >= 0 else 0.0
    return normal_cdf(distance / sigma)


def G(model: Model, state: State, i: str, j: str, s: int) -> float:
    """G_ij(s|h_j): with j's exercises in it; war is unmistakable."""
    h, R = state.rung[j], model.ladder.R
    if h == R:
        return 1.0 if s == R else 0.0
    x = model.actors[j].exercise * (1 - model.dyad(i, j).channel)
    plain, inflated = F(model, state, i, j, s, h), F(model, state, i, j, s, min(h + 1, R))
    return (1 - x) * plain + x * inflated


def reading_cdf(model: Model, state: State, i: str, accurate: bool = False) -> list[float]:
    """P(reading of i <= s) for s = 0..R; `accurate`: had it seen every rung as it is."""
    opponents = state.members(OTHER[state.side[i]])
    cdf = []
    for s in range(model.ladder.R + 1):
        product = 1.0
        for j in opponents:
            truth = 1.0 if s >= state.rung[j] else 0.0
            below = truth if accurate else G(model, state, i, j, s)
            product *= 1 - model.dyad(i, j).reach * (1 - below)
        cdf.append(product)
    return cdf


def reading_law(model: Model, state: State, i: str, accurate: bool = False) -> list[float]:
    """P(reading of i = s) for s = 0..R."""
    cdf = reading_cdf(model, state, i, accurate)
    return [high - low for low, high in zip([0.0, *cdf], cdf, strict=False)]


def reading_at(cdf: list[float], u: float) -> int:
    """The smallest s with u <= cdf[s]."""
    return next(s for s, p in enumerate(cdf) if u <= p)


def coupled_readings(model: Model, state: State, i: str) -> list[tuple[int, int, float]]:
    """(reading, accurate reading, probability) when one uniform u1 gives both.

    Between two neighbouring values of either distribution function both are constant.
    """
    seen = reading_cdf(model, state, i)
    accurate = reading_cdf(model, state, i, accurate=True)
    law, low = [], 0.0
    for high in sorted(set(seen + accurate)):
        if high > low:
            law.append((reading_at(seen, high), reading_at(accurate, high), high - low))
            low = high
    return law


# ---- response ----


def consultation(model: Model, state: State, i: str) -> float:
    """cons_i: consultation with members of its own side."""
    partners = [k for k in state.members(state.side[i]) if k != i]
    return min(1.0, sum(model.promise(i, k, "consultation").strength for k in partners))


def go_up_score(model: Model, state: State, i: str, reading: int) -> float:
    """U_up of i at a given reading: each of its three goals weighs what stands under it."""
    c, ladder, actor = model.response, model.ladder, model.actors[i]
    side, h = state.side[i], state.rung[i]
    foe = state.originator[OTHER[side]]
    raised = [j for j in state.members(side) if state.rung[j] > h]
    reassured = max((model.promise(i, j, "defence").strength for j in raised), default=0.0)
    deterred_by = max(
        model.dyad(i, j).reach * model.actors[j].nuclear for j in state.members(OTHER[side])
    )
    stake = model.dyad(i, foe).stake
    encircled = encirclement(model, state, i)
    last_step = h == ladder.R - 1
    joined = i not in state.originator.values()

    security = c.gap * (reading - h)
    security += c.balance * seen_balance(model, state, i, side)
    security += c.encircle * encircled
    security -= c.assurance * assurance(model, state, i)
    if h >= ladder.mobilised and reading >= ladder.mobilised:
        security += c.preempt

    stability = -c.cost * h
    if last_step:
        stability -= c.war_cost + c.nuclear * deterred_by
        if joined:
            stability -= c.limited
    restraint = c.restraint
    if h == ladder.mobilised - 1:
        restraint += c.protocol
    stability -= restraint * consultation(model, state, i)

    influence = c.rivalry * model.dyad(i, foe).rivalry
    influence += c.diversion * state.divided[i]
    influence += c.reassure * reassured
    influence += c.stake * stake
    if last_step:
        influence += c.stake_war * stake
    if h < ladder.casus:
        influence += c.display * encircled

    return (
        c.up
        + actor.resolve
        + actor.weight_security * security
        + actor.weight_stability * stability
        + actor.weight_influence * influence
        + model.sequence.bitter * model.memory.get((i, foe), 0.0)
        - (model.policy.restraint if is_policy_on(model, state) else 0.0)
    )


def go_down_score(model: Model, state: State, i: str, reading: int, mediation: int) -> float:
    """U_down of i at a given reading, m = `mediation`."""
    c, h, side, actor = model.response, state.rung[i], state.side[i], model.actors[i]
    dyad = model.dyad(i, state.originator[OTHER[side]])
    security = -c.gap * (reading - h) - c.balance * seen_balance(model, state, i, side)
    influence = -c.stake * dyad.stake - actor.weight_audience * c.audience * h
    return (
        c.down
        - actor.resolve
        + actor.weight_security * security
        + actor.weight_influence * influence
        + c.channel * dyad.channel
        + model.mediation.pull * mediation
        + (model.policy.calm if is_policy_on(model, state) else 0.0)
    )


def move_probabilities(
    model: Model, state: State, i: str, reading: int, mediation: int
) -> tuple[float, float]:
    """P(up), P(down) of i (below war) at a given reading."""
    actor, h = model.actors[i], state.rung[i]
    up = go_up_score(model, state, i, reading)
    down = go_down_score(model, state, i, reading, mediation)
    top = max(0.0, up, down)
    z = math.exp(-top) + math.exp(up - top) + math.exp(down - top)
    tempo = effective_tempo(model, state.arms, i)
    p_up = tempo * math.exp(up - top) / z
    p_down = 0.0
    if h > 0:
        locked = actor.rigidity if h >= model.ladder.mobilised else 0.0
        p_down = tempo * (1 - locked) * math.exp(down - top) / z
    return p_up, p_down


def move_law(model: Model, state: State, i: str, mediation: int) -> dict[str, float]:
    """P(clear), P(misread) (both are moves up), P(down), P(hold), over all readings.

    Given reading and accurate reading, one u2 decides: up below P(up), and up for the
    accurate reading too below the smaller of the two.
    """
    law = {"clear": 0.0, "misread": 0.0, "down": 0.0, "hold": 0.0}
    if state.rung[i] == model.ladder.R:
        return law | {"hold": 1.0}
    for reading, accurate, weight in coupled_readings(model, state, i):
        up, down = move_probabilities(model, state, i, reading, mediation)
        accurate_up, _ = move_probabilities(model, state, i, accurate, mediation)
        law["clear"] += weight * min(up, accurate_up)
        law["misread"] += weight * max(0.0, up - accurate_up)
        law["down"] += weight * down
        law["hold"] += weight * (1 - up - down)
    return law


# ---- the end of the turn (section 2) ----


def turnover_law(model: Model, state: State, i: str) -> dict[int, float]:
    """Law of z_i after the turn: drawn anew with chance turnover_i."""
    t, d, z = model.actors[i].turnover, model.actors[i].instability, state.divided[i]
    return {1: t * d + (1 - t) * z, 0: t * (1 - d) + (1 - t) * (1 - z)}
