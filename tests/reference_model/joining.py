"""How neutrals come in (section 5, Joining, and section 10)."""

import math

from .power import effective_tempo, in_force, neutrality, seen_balance
from .state import OTHER, Entry, State
from .world import Model, logistic


def obligation(model: Model, state: State, k: str, j: str) -> float:
    """ob: what neutral k owes j, a member of one of the sides."""
    slack, side = model.alliance.slack, state.side[j]
    d, o = model.promise(k, j, "defence"), model.promise(k, j, "offence")
    defence = in_force(state, d, side) * (1 - slack * d.ambiguity)
    if side == "B":
        return defence
    offence = in_force(state, o, side) * (1 - slack * o.ambiguity)
    return min(1.0, defence * (1 - d.conditional) + offence)


def review_factor(model: Model, state: State) -> float:
    """1 on news, `alliance.review` otherwise."""
    return 1.0 if state.news else model.alliance.review


def readiness(model: Model, state: State, k: str) -> float:
    """The factor of all hazards of k: its tempo, delayed while divided, and review off news."""
    delayed = 1 - model.alliance.divided_delay * state.divided[k]
    return effective_tempo(model, state.arms, k) * delayed * review_factor(model, state)


def relative_capability(model: Model, k: str) -> float:
    """L_k: 0 for a state that holds a hundredth of all capability."""
    share = model.actors[k].capability / model.system_capability
    return math.log(max(share, 1e-9) / 0.01)


def restraint_below_war(model: Model, state: State, side: str, coefficient: float) -> float:
    """`short_of_war` while no one on the side opposite `side` is at war, else 0."""
    return coefficient if state.top(OTHER[side]) < model.ladder.R else 0.0


def others_followed(model: Model, state: State, k: str, j: str) -> float:
    """The best of k's defence promises to joiners of j's side other than j."""
    side = state.side[j]
    joiners = [m for m in state.members(side) if m not in (j, *state.originator.values())]
    promises = [in_force(state, model.promise(k, m, "defence"), side) for m in joiners]
    return max(promises, default=0.0)


def tie_hazard(model: Model, state: State, k: str, j: str) -> float:
    """p_kj: neutral k comes in this turn for j's sake."""
    c, casus, side = model.alliance, model.ladder.casus, state.side[j]
    owed = obligation(model, state, k, j)
    threat = state.top(OTHER[side])
    if owed <= 0 or threat < casus:
        return 0.0
    foe = state.originator[OTHER[side]]
    own, ally = model.actors[k].capability, model.actors[j].capability
    score = (
        c.base
        + c.obligation * owed
        + c.threat * (threat - casus)
        + c.balance * seen_balance(model, state, k, side)
        + c.rivalry * model.dyad(k, foe).rivalry
        + c.resolve * model.actors[k].resolve
        + c.reach * model.dyad(k, foe).reach
        - c.pact * neutrality(model, k, foe)
        - c.divided * state.divided[k]
        - c.burden * max(0.0, (own - ally) / (own + ally))
        - restraint_below_war(model, state, side, c.short_of_war)
        + c.capability * relative_capability(model, k)
        + c.follow * others_followed(model, state, k, j)
    )
    heard = 1 - c.loss * (1 - model.promise(k, j, "consultation").strength)
    return heard * readiness(model, state, k) * logistic(score)


def opportunist_hazard(model: Model, state: State, k: str, side: str) -> float:
    """p_k*: neutral k comes in on `side` out of its own rivalry with the other originator."""
    c, foe = model.contagion, state.originator[OTHER[side]]
    rivalry = model.dyad(k, foe).rivalry
    if state.top(OTHER[side]) < model.ladder.R - 1 or rivalry <= 0:
        return 0.0
    score = (
        c.base
        + c.rivalry * rivalry
        + c.balance * seen_balance(model, state, k, side)
        + c.major * model.actors[k].major
        + c.reach * model.dyad(k, foe).reach
        - c.pact * neutrality(model, k, foe)
        - restraint_below_war(model, state, side, c.short_of_war)
        + c.capability * relative_capability(model, k)
    )
    return readiness(model, state, k) * logistic(score)


def bystander_hazard(model: Model, state: State, k: str, side: str) -> float:
    """p_k°: neutral k, no rival of the other originator, comes in on `side`."""
    c, foe = model.bystander, state.originator[OTHER[side]]
    is_rival = model.dyad(k, foe).rivalry > 0
    if c.base <= -100 or is_rival or state.top(OTHER[side]) < model.ladder.R - 1:
        return 0.0
    score = (
        c.base
        + c.capability * relative_capability(model, k)
        + c.major * model.actors[k].major
        + c.reach * model.dyad(k, foe).reach
        + c.balance * seen_balance(model, state, k, side)
        - c.pact * neutrality(model, k, foe)
        - restraint_below_war(model, state, side, c.short_of_war)
    )
    return readiness(model, state, k) * logistic(score)


def hazards(model: Model, state: State, k: str, side: str) -> list[tuple[str, str | None, float]]:
    """(cause, through whom, hazard) in the order in which they are asked, ties first, by id."""
    return [
        *(("treaty", j, tie_hazard(model, state, k, j)) for j in sorted(state.members(side))),
        ("opportunism", None, opportunist_hazard(model, state, k, side)),
        ("bystander", None, bystander_hazard(model, state, k, side)),
    ]


def drawn_probability(model: Model, state: State, k: str, side: str) -> float:
    """P(k is drawn to `side`), whatever the other side does."""
    stays = 1.0
    for _, _, hazard in hazards(model, state, k, side):
        stays *= 1 - hazard
    return 1 - stays


def cause_law(model: Model, state: State, k: str, side: str) -> dict[Entry, float]:
    """P(drawn to `side`, and this is the first hazard to fire), whatever the other side does."""
    law, none_yet = {}, 1.0
    for cause, via, hazard in hazards(model, state, k, side):
        if hazard > 0:
            law[Entry(side, cause, via, state.turn)] = none_yet * hazard
        none_yet *= 1 - hazard
    return law


def join_law(model: Model, state: State, k: str) -> dict[Entry | None, float]:
    """How neutral k comes in this turn; None: it stays out, also if drawn to both sides."""
    law = {}
    for side in ("A", "B"):
        free = 1 - drawn_probability(model, state, k, OTHER[side])
        for entry, p in cause_law(model, state, k, side).items():
            law[entry] = p * free
    return {None: 1 - sum(law.values())} | law
