"""Background, incident and deterrence, power and balance (sections 2 to 4)."""

import math

from .state import OTHER, State, opening_state
from .world import Model, Promise, logistic

# ---- section 2: background ----


def divided_law(model: Model, i: str) -> dict[int, float]:
    """z_i ~ Bernoulli(d_i)."""
    d = model.actors[i].instability
    return {0: 1 - d, 1: d}


def bias(model: Model, i: str, j: str) -> float:
    """b_ij = b_i + mistrust_ij, in rungs (section 1)."""
    return model.actors[i].bias + model.dyad(i, j).mistrust


def arms_pull(model: Model, arms: dict[str, int], i: str) -> float:
    """r_i = max_j v_ij (a_j + b_ij (1 - q_ij)) over rivals j (v_ij > 0); 0 without any."""
    pulls = [
        model.dyad(i, j).rivalry * (arms[j] + bias(model, i, j) * (1 - model.dyad(i, j).channel))
        for j in model.others(i)
        if model.dyad(i, j).rivalry > 0
    ]
    return max(pulls, default=0.0)


def arms_change_law(model: Model, arms: dict[str, int], i: str) -> dict[int, float]:
    """Law of the change of a_i in one period: +1, -1 or 0.

    Drawn up at the ceiling, or drawn down at 0, it holds.
    """
    c = model.arms
    r, a = arms_pull(model, arms, i), arms[i]
    drawn_up = logistic(c.base + c.pull * (r - a))
    drawn_down = (1 - drawn_up) * logistic(c.decay + c.fatigue * (a - r))
    up = drawn_up if a < c.levels else 0.0
    down = drawn_down if a > 0 else 0.0
    return {+1: up, -1: down, 0: 1 - up - down}


def arms_law(model: Model, arms: dict[str, int], i: str) -> dict[int, float]:
    """Law of the next level of `i`."""
    law = arms_change_law(model, arms, i)
    return {arms[i] + change: p for change, p in law.items() if p > 0}


def effective_capability(model: Model, arms: dict[str, int], i: str) -> float:
    """c~_i = c_i (1 + arms.effect a_i)."""
    return model.actors[i].capability * (1 + model.arms.effect * arms[i])


def effective_tempo(model: Model, arms: dict[str, int], i: str) -> float:
    """tau~_i = min(1, tau_i (1 + arms.tempo a_i))."""
    return min(1.0, model.actors[i].tempo * (1 + model.arms.tempo * arms[i]))


# ---- section 4: power and balance ----


def in_force(state: State, promise: Promise, ally_side: str) -> float:
    """Strength of a defence or offence promise to an ally on `ally_side`.

    Zero if the promise names its enemies and none of them is on the other side.
    """
    enemies = state.members(OTHER[ally_side])
    counts = not promise.against or any(enemy in enemies for enemy in promise.against)
    return promise.strength if counts else 0.0


def neutrality(model: Model, k: str, j: str) -> float:
    """X_kj: neutrality or nonaggression, whichever is stronger."""
    kinds = ("neutrality", "nonaggression")
    return max(model.promise(k, j, kind).strength for kind in kinds)


def weighed_strength(model: Model, state: State, k: str, x: str) -> float:
    """w_kx = c~_k g_kx."""
    return effective_capability(model, state.arms, k) * model.dyad(k, x).reach


def onlooker_factor(model: Model, state: State, k: str) -> float:
    """B_k = (1 - divided z_k)(1 + exercise e_k)."""
    c = model.deterrence
    return (1 - c.divided * state.divided[k]) * (1 + c.exercise * model.actors[k].exercise)


def credit_B(model: Model, state: State, k: str) -> float:
    """cr_B(k): what onlookers believe of neutral k's defence promise to o_B."""
    d = model.promise(k, state.originator["B"], "defence")
    believed = in_force(state, d, "B") * (1 - d.ambiguity) * d.credibility
    return min(1.0, believed * onlooker_factor(model, state, k))


def credit_A(model: Model, state: State, k: str) -> float:
    """cr_A(k): the same toward o_A; a conditional defence is void there, offence counts."""
    d = model.promise(k, state.originator["A"], "defence")
    o = model.promise(k, state.originator["A"], "offence")
    believed = (
        in_force(state, d, "A") * (1 - d.conditional) * (1 - d.ambiguity) * d.credibility
        + in_force(state, o, "A") * (1 - o.ambiguity) * o.credibility
    )
    return min(1.0, min(1.0, believed) * onlooker_factor(model, state, k))


def strongest_support(model: Model, state: State, k: str, side: str) -> float:
    """max of S_kj over the members j of a side."""
    return max(model.promise(k, j, "support").strength for j in state.members(side))


def power(model: Model, state: State, side: str) -> float:
    """P_side: its members' strength against the other originator, and the neutrals' share."""
    credit = {"A": credit_A, "B": credit_B}[side]
    opponent = state.originator[OTHER[side]]
    total = sum(weighed_strength(model, state, k, opponent) for k in state.members(side))
    for k in state.neutrals:
        latent = model.deterrence.latent * credit(model, state, k)
        aid = model.alliance.aid * strongest_support(model, state, k, side)
        total += min(1.0, latent + aid) * weighed_strength(model, state, k, opponent)
    return total


def balance(model: Model, state: State, side: str) -> float:
    """Bal_side in [-1, 1]; 0 if both sides are powerless."""
    own, other = power(model, state, side), power(model, state, OTHER[side])
    return (own - other) / (own + other) if own + other > 0 else 0.0


def seen_balance(model: Model, state: State, i: str, side: str) -> float:
    """Bal_i: the balance of `side` as actor i sees it."""
    return max(-1.0, min(1.0, balance(model, state, side) + model.actors[i].optimism))


# ---- section 10: guarantees against and for an actor ----


def threat_of_guarantee(model: Model, state: State, k: str, side: str) -> float:
    """t_k: how far k's promise to the originator of `side` is believed to bind."""
    ally = state.originator[side]
    d, o = model.promise(k, ally, "defence"), model.promise(k, ally, "offence")
    defence = in_force(state, d, side) * (1 - d.ambiguity) * d.credibility
    if side == "B":
        return defence
    return (1 - d.conditional) * defence + (
        in_force(state, o, side) * (1 - o.ambiguity) * o.credibility
    )


def encirclement(model: Model, state: State, i: str) -> float:
    """Enc_i: the worst of what neutral guarantors and helpers of the other side hold near i."""
    foes = OTHER[state.side[i]]
    own = effective_capability(model, state.arms, i)
    worst = 0.0
    for k in state.neutrals:
        theirs = effective_capability(model, state.arms, k)
        if theirs + own == 0:
            continue
        backing = threat_of_guarantee(model, state, k, foes)
        backing += strongest_support(model, state, k, foes)
        dyad = model.dyad(i, k)
        near = dyad.reach * (1 - dyad.channel) * (1 + model.actors[k].exercise)
        worst = max(worst, min(1.0, backing) * near * theirs / (theirs + own))
    return worst


def assurance(model: Model, state: State, i: str) -> float:
    """Ass_i: the best promise of defence to i, of neutrals and of its own side."""
    side = state.side[i]
    best = 0.0
    for k in model.others(i):
        if state.side[k] in (None, side):
            d = model.promise(k, i, "defence")
            best = max(best, in_force(state, d, side) * (1 - d.ambiguity) * d.credibility)
    return best


# ---- section 3: incident and deterrence ----


def deterrence_go_probability(
    model: Model, initiator: str, target: str, divided: dict[str, int], arms: dict[str, int]
) -> float:
    """Chance that the initiator goes ahead, given the background."""
    c = model.deterrence
    state = opening_state(model, initiator, target, divided=divided, arms=arms)
    return logistic(
        c.base
        + c.rivalry * model.dyad(initiator, target).rivalry
        + c.balance * seen_balance(model, state, initiator, "A")
        + model.actors[initiator].resolve
        + c.diversion * state.divided[initiator]
        + c.opportunity * state.divided[target]
        - c.pact * neutrality(model, initiator, target)
        + c.stake * model.dyad(initiator, target).stake
        + c.provocation * encirclement(model, state, initiator)
        - c.assurance * assurance(model, state, initiator)
        - firmness(model, initiator, target)
    )


def firmness(model: Model, initiator: str, target: str) -> float:
    """What the target's record of standing firm takes off the challenge (section 11)."""
    c, record = model.sequence, model.record
    others = [
        record.get((target, r), 0.0)
        for r in model.others(target)
        if r != initiator and model.dyad(target, r).rivalry > 0
    ]
    mean = sum(others) / len(others) if others else 0.0
    return c.firm * record.get((target, initiator), 0.0) + c.general * mean


def strike_back_weights(model: Model, initiator: str, target: str) -> dict[str, float]:
    """How readily the target J blames each third actor X (sections 3 and 10).

    v_JX, and for those to whom no defence promise ties it either way, blame times g_JX.
    """
    return {
        x: model.dyad(target, x).rivalry
        + (0.0 if _are_allies(model, target, x) else model.blame * model.dyad(target, x).reach)
        for x in model.others(target)
        if x != initiator
    }


def _are_allies(model: Model, j: str, x: str) -> bool:
    """Whether either has promised the other its defence, whomever it is against."""
    return any(model.promise(*pair, "defence").strength > 0 for pair in ((j, x), (x, j)))


def domain_law(model: Model) -> dict[str, float]:
    """Chances of the domains, over all incidents."""
    total = sum(weight for *_, weight in model.incidents)
    law = dict.fromkeys(model.domains, 0.0)
    for i, j, weight in model.incidents:
        dyad = model.dyads.get((i, j), model.dyad_default)
        one_is_major = model.actors[i].major or model.actors[j].major
        odds = {
            name: d.weight
            * math.exp(d.major * one_is_major + d.reach * dyad.reach + d.stake * dyad.stake)
            for name, d in model.domains.items()
        }
        for name, chance in odds.items():
            law[name] += weight / total * chance / sum(odds.values())
    return law


def strike_back_law(
    model: Model, initiator: str, target: str, domain: str
) -> dict[str | None, float]:
    """Whom the target strikes back at by mistake; None: it blames the right actor."""
    weights = strike_back_weights(model, initiator, target)
    total = sum(weights.values())
    if total == 0:
        return {None: 1.0}
    psi = model.domains[domain].misattribution
    return {None: 1 - psi} | {x: psi * w / total for x, w in weights.items() if w > 0}
