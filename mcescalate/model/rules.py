"""Every probability and transition of the model, once, in the order of docs/model.md.

Pure scalar functions of `(world, state, …)`: they never draw, allocate, print or raise, and
write nothing but the scratch and memory of `State` (the fill_… functions) and, in
`apply_turn`, the state itself. `chain` draws from them, the exact solver branches on them.

Actors are i (who decides), j (the other one) and k (a neutral).
"""

import math

import numpy as np

from mcescalate.model.codes import (
    DOWN,
    GENERAL_WAR,
    INITIATOR,
    LIMITED_WAR,
    MEDIATED,
    MOST_RUNGS,
    NEUTRAL,
    SETTLED,
    STALEMATE,
    TARGET,
)
from mcescalate.model.coefficients import SHARE_TOLERANCE
from mcescalate.model.jit import inlined, jitable
from mcescalate.model.state import (
    ACCURATE,
    DOWNS,
    EXPLOITING,
    HONOURING,
    PERCEIVED,
    UPS,
    enlist,
    law_row,
    n_on,
    originator,
    other,
    set_heights,
    watch,
)
from mcescalate.model.wide import (
    OCTET,
    first,
    greater,
    last,
    load,
    same,
    shifted,
    store,
    total,
)
from mcescalate.model.world import relation

_LARGE_LOGIT = 300.0
"""Odds of a logit beyond this are not multiplied: the logits are added, and shifted first."""


@inlined
def logistic(x):
    """1 / (1 + e^-x), without overflow."""
    if x >= 0.0:
        return 1.0 / (1.0 + math.exp(-x))
    power = math.exp(x)
    return power / (1.0 + power)


@inlined
def odds(logit):
    """e^logit; infinite where a product of two of them might overflow."""
    return math.exp(logit) if logit < _LARGE_LOGIT else math.inf


@jitable
def normal_cdf(x):
    """Chance that a standard normal variable is at most `x`."""
    return 0.5 * math.erfc(-x / math.sqrt(2.0))


@inlined
def within(x, low, high):
    """`x` clipped to [low, high]."""
    return min(max(x, low), high)


# ---------------------------------------------------------------- 2. background


@jitable
def perceived_bias(world, i, j):
    """Rungs by which `i` tends to overrate `j`: its own bias and its mistrust of `j`."""
    return world.actors[i].bias + relation(world, i, j).mistrust


@jitable
def arms_goal(world, state, i):
    """Level of arms to which `i` feels driven by the rival that presses it most."""
    goal = 0.0
    first = True
    for r in range(world.actors[i].regarded, world.actors[i].regarded_end):
        j = world.links[r]
        dyad = relation(world, i, j)
        drive = dyad.rivalry * (
            state.actors[j].arms + perceived_bias(world, i, j) * (1.0 - dyad.channel)
        )
        if first or drive > goal:
            goal = drive
            first = False
    return goal


@jitable
def arms_law(world, state, i):
    """Chances (up, down) of one arms period for `i`; otherwise it holds its level."""
    return arms_moves(world, state.actors[i].arms, arms_goal(world, state, i))


@inlined
def arms_moves(world, level, goal):
    """The same for one who has `level` and feels driven to `goal`."""
    c = world.coefficients
    gap = goal - level
    build = logistic(c.arms_base + c.arms_pull * gap)
    # A blocked build-up holds: being at the ceiling does not turn into disarming.
    up = build if level < world.arms_levels else 0.0
    down = (1.0 - build) * logistic(c.arms_decay - c.arms_fatigue * gap) if level > 0 else 0.0
    return up, down


@inlined
def effective_capability(world, state, i):
    """Capability of `i` with what its arms add."""
    return world.actors[i].capability * (
        1.0 + world.coefficients.arms_effect * state.actors[i].arms
    )


@inlined
def effective_tempo(world, state, i):
    """Chance that `i` can carry out a move in a turn, its arms counted."""
    return min(
        1.0, world.actors[i].tempo * (1.0 + world.coefficients.arms_tempo * state.actors[i].arms)
    )


@inlined
def turnover_law(world, i, divided):
    """Chance that the government of `i` changes between divided and united in a turn."""
    actor = world.actors[i]
    fresh = 1.0 - actor.instability if divided == 1 else actor.instability
    return actor.turnover * fresh


# ------------------------------------------------------- 3. incident and deterrence


@inlined
def challenge_probability(world, state, balance):
    """Chance that the initiator goes ahead, no accident pushing it; `balance` is side A's."""
    c = world.coefficients
    i = state.now.initiator
    j = state.now.target
    dyad = relation(world, i, j)
    return logistic(
        c.deterrence_base
        + c.deterrence_rivalry * dyad.rivalry
        + c.deterrence_balance * balance_seen(world, i, INITIATOR, balance)
        + world.actors[i].resolve
        + c.deterrence_diversion * state.actors[i].divided
        + c.deterrence_opportunity * state.actors[j].divided
        - c.deterrence_pact * dyad.pact
    )


@jitable
def blame_weight(world, initiator, target, x):
    """Weight with which the struck `target` blames `x` for what `initiator` did."""
    if x == initiator or x == target:
        return 0.0
    return relation(world, target, x).rivalry


# ------------------------------------------------------------ 4. power and balance


@inlined
def is_against(world, state, first, end, enemy_side):
    """Whether a promise with the adversaries [first, end) counts against `enemy_side`."""
    if first == end:
        return True
    for a in range(first, end):
        if state.actors[world.links[a]].side == enemy_side:
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
def credit(world, state, k, side):
    """How far onlookers count on neutral `k` to come in for the originator of `side`."""
    c = world.coefficients
    j = originator(state, side)
    dyad = relation(world, k, j)
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
    if promise == 0.0:
        return 0.0
    firmness = (1.0 - c.deterrence_divided * state.actors[k].divided) * (
        1.0 + c.deterrence_exercise * world.actors[k].exercise
    )
    return min(1.0, promise * firmness)


@inlined
def aid(world, state, k, side):
    """Strongest support short of war that `k` gives to anybody on `side`."""
    strongest = 0.0
    for e in range(n_on(state, side)):
        strongest = max(strongest, relation(world, k, state.sides[side, e]).support)
    return strongest


@inlined
def power(world, state, side):
    """Power that can reach the other originator: the side's own, and what neutrals lend it."""
    c = world.coefficients
    o = originator(state, other(side))
    total = 0.0
    for e in range(n_on(state, side)):
        k = state.sides[side, e]
        total += effective_capability(world, state, k) * relation(world, k, o).reach
    lent = 0.0
    for w in range(state.now.n_watching):
        k = state.watching[w]
        share = min(
            1.0,
            c.deterrence_latent * credit(world, state, k, side)
            + c.alliance_aid * aid(world, state, k, side),
        )
        if share > 0.0:
            lent += share * effective_capability(world, state, k) * relation(world, k, o).reach
    return total + lent


@inlined
def balance_of_power(world, state):
    """(P_A - P_B) / (P_A + P_B), in [-1, 1]; 0 when nobody can reach anybody."""
    ours = 0.0
    theirs = 0.0
    for side in range(2):
        ours = theirs
        theirs = power(world, state, side)
    if ours + theirs == 0.0:
        return 0.0
    return (ours - theirs) / (ours + theirs)


@inlined
def balance_seen(world, i, side, balance):
    """The balance as `i` sees it from `side`; `balance` is side A's."""
    own = balance if side == INITIATOR else -balance
    return within(own + world.actors[i].optimism, -1.0, 1.0)


# ------------------------------------------------------------------ 5. a turn


@inlined
def highest_rung(state, side):
    """Highest rung on which anybody of `side` stands."""
    highest = 0
    for e in range(n_on(state, side)):
        highest = max(highest, state.actors[state.sides[side, e]].rung)
    return highest


@inlined
def may_mediate(world, turn):
    """Whether a mediator may be heard in this turn (from 1)."""
    return turn > world.coefficients.mediation_delay


@inlined
def mediation_probability(world, state):
    """Chance that a mediator is heard in the turn in play."""
    c = world.coefficients
    highest = max(highest_rung(state, INITIATOR), highest_rung(state, TARGET))
    if highest == world.top or not may_mediate(world, state.now.turn):
        return 0.0
    strain = 0.0
    if world.arms_levels > 0:
        arms = max(state.actors[state.now.initiator].arms, state.actors[state.now.target].arms)
        strain = c.mediation_arms * (arms / world.arms_levels)
    urgency = 1.0 + c.mediation_tension * (highest / world.top)
    return within(c.mediation_rate * urgency * (1.0 - strain), 0.0, 1.0)


@jitable
def perception_noise(world, i, j, domain):
    """Standard deviation, in rungs, of how `i` reads `j` in an incident of `domain`."""
    c = world.coefficients
    actor = world.actors[i]
    clarity = 1.0 - c.perception_channel_noise * relation(world, i, j).channel
    shared = 1.0 + c.perception_sharing * min(1.0, actor.consultation)
    return actor.noise * world.domains[domain].noise * clarity / shared


@jitable
def plain_sighting(world, i, j, domain, s, h):
    """Chance that `i` takes `j`, on rung `h`, to stand on rung `s` or below; no exercise on."""
    if s >= world.top:
        return 1.0
    c = world.coefficients
    bias = perceived_bias(world, i, j) * (
        1.0 - c.perception_channel_bias * relation(world, i, j).channel
    )
    margin = s + 0.5 - h - bias
    noise = perception_noise(world, i, j, domain)
    if noise == 0.0:
        return 1.0 if margin >= 0.0 else 0.0
    return normal_cdf(margin / noise)


@jitable
def sighting_probability(world, i, j, domain, s, h):
    """The same with exercises, which look one rung higher, and war, which is unmistakable."""
    if h == world.top:
        return 1.0 if s == world.top else 0.0
    plain = plain_sighting(world, i, j, domain, s, h)
    shown = world.actors[j].exercise * (1.0 - relation(world, i, j).channel)
    if shown == 0.0:
        return plain
    return (1.0 - shown) * plain + shown * plain_sighting(
        world, i, j, domain, s, min(h + 1, world.top)
    )


@inlined
def sighting_table(world, state, i, j):
    """Number of the table of `state.sighting` that says how `i` sights `j`."""
    return world.view_of[i, j] * len(world.domains) + state.now.domain


@inlined
def fill_tables(world, state, i):
    """Fill the tables that laws of engaged `i` rest on, those that are not filled yet."""
    if state.now.pulls_known == 0:
        fill_pulls(world, state)
    opposite = other(state.actors[i].side)
    for e in range(n_on(state, opposite)):
        j = state.sides[opposite, e]
        if state.is_sighted[sighting_table(world, state, i, j)] == 0:
            fill_sighting(world, state, i, j)


@jitable
def fill_sighting(world, state, i, j):
    """Fill a table of `state.sighting` with how `i`, and whoever sees likewise, sights `j`."""
    table = sighting_table(world, state, i, j)
    state.is_sighted[table] = 1
    reach = relation(world, i, j).reach
    rungs = world.top + 1
    for h in range(rungs):
        row = (table * rungs + h) * MOST_RUNGS
        for s in range(rungs):
            perceived = sighting_probability(world, i, j, state.now.domain, s, h)
            state.sighting[row + s] = 1.0 - reach * (1.0 - perceived)
        # Nobody is ever read higher than the ladder goes.
        for s in range(rungs, MOST_RUNGS):
            state.sighting[row + s] = 1.0


@inlined
def fill_readings(world, state, i):
    """Fill the CDF of the rung that `i` takes to face it, its tables filled.

    Of everybody opposite who is in reach, the highest threat counts.
    """
    opposite = other(state.actors[i].side)
    perceived = law_row(i, PERCEIVED)
    for s in range(0, world.top + 1, OCTET):
        reached = same(1.0)
        for e in range(n_on(state, opposite)):
            j = state.sides[opposite, e]
            row = sighting_table(world, state, i, j) * (world.top + 1) + state.actors[j].rung
            reached = reached * load(state.sighting, row * MOST_RUNGS + s)
        store(state.law, perceived + np.uint64(s), reached)


@inlined
def fill_accurate_readings(world, state, i):
    """Fill the CDF of the rung that `i` would take to face it if it saw everybody as they are."""
    opposite = other(state.actors[i].side)
    accurate = law_row(i, ACCURATE)
    for s in range(0, world.top + 1, OCTET):
        reached = same(1.0)
        for e in range(n_on(state, opposite)):
            j = state.sides[opposite, e]
            reached = reached * (
                1.0 - relation(world, i, j).reach * first(state.actors[j].rung - s)
            )
        store(state.law, accurate + np.uint64(s), reached)


@inlined
def consultation(world, state, i):
    """How far `i` is bound to consult with those on its own side, in [0, 1]."""
    side = state.actors[i].side
    total = 0.0
    for e in range(n_on(state, side)):
        k = state.sides[side, e]
        if k != i:
            total += relation(world, i, k).consultation
    return min(1.0, total)


@inlined
def pledge(world, state, i):
    """Strongest defence promise of `i` to anybody on its own side."""
    side = state.actors[i].side
    strongest = 0.0
    for e in range(n_on(state, side)):
        strongest = max(strongest, relation(world, i, state.sides[side, e]).defence)
    return strongest


@inlined
def reassurance(world, state, i):
    """Strongest defence promise of `i` to one of its own side who stands higher."""
    me = state.actors[i]
    strongest = 0.0
    for e in range(n_on(state, me.side)):
        j = state.sides[me.side, e]
        strongest = max(strongest, relation(world, i, j).defence * (state.actors[j].rung > me.rung))
    return strongest


@inlined
def nuclear_threat(world, state, i):
    """How far the nuclear forces of anybody opposite reach `i`, in [0, 1]."""
    opposite = other(state.actors[i].side)
    strongest = 0.0
    for e in range(n_on(state, opposite)):
        j = state.sides[opposite, e]
        if world.actors[j].nuclear == 1:
            strongest = max(strongest, relation(world, i, j).reach)
    return strongest


@inlined
def take_stance(world, state, i, balance):
    """Write down what in the logits of `i` holds whatever the rungs; `balance` is side A's."""
    c = world.coefficients
    me = state.actors[i]
    o = originator(state, other(me.side))
    confidence = (
        c.response_balance * balance_seen(world, i, me.side, balance) + world.actors[i].resolve
    )
    me.lean_up = (
        c.response_up
        + confidence
        + c.response_rivalry * relation(world, i, o).rivalry
        + c.response_diversion * me.divided
    )
    me.lean_down = c.response_down - confidence + c.response_channel * relation(world, i, o).channel
    me.consultation = consultation(world, state, i)
    me.nuclear_threat = nuclear_threat(world, state, i)
    me.pledge = pledge(world, state, i)
    me.tempo = effective_tempo(world, state, i)


@inlined
def up_logit(world, state, i):
    """Pull of `i` towards the next rung, its stance taken; without its own rung and its reading."""
    c = world.coefficients
    me = state.actors[i]
    caution = c.response_restraint + c.response_protocol * (me.rung == world.mobilised - 1)
    dread = c.response_nuclear * (me.rung == world.top - 1)
    logit = me.lean_up - caution * me.consultation - dread * me.nuclear_threat
    if me.pledge > 0.0:
        logit += c.response_reassure * reassurance(world, state, i)
    return logit


@inlined
def down_logit(world, state, i, mediated):
    """Pull of `i` towards the rung below, likewise."""
    return state.actors[i].lean_down + world.coefficients.mediation_pull * mediated


@jitable
def up_pull(world, h, s):
    """What standing on rung `h` and reading rung `s` adds to the logit of going up."""
    c = world.coefficients
    logit = c.response_gap * (s - h) - c.response_cost * h
    if h >= world.mobilised and s >= world.mobilised:
        logit += c.response_preempt
    if h == world.top - 1:
        logit -= c.response_war_cost
    return logit


@jitable
def down_pull(world, h, s):
    """What standing on rung `h` and reading rung `s` adds to the logit of going down."""
    c = world.coefficients
    return -c.response_gap * (s - h) - c.response_audience * h


@inlined
def set_odds(world, state, i, mediated):
    """Write down the odds of the moves of `i`, its stance taken, without its rung and reading."""
    me = state.actors[i]
    me.down_tempo = down_tempo(world, state, i)
    up = up_logit(world, state, i)
    down = down_logit(world, state, i, mediated)
    # Most moves change neither, and powers take long.
    if up != me.up_logit:
        me.up_logit = up
        me.up_odds = odds(up)
    if down != me.down_logit:
        me.down_logit = down
        me.down_odds = odds(down)


@inlined
def down_tempo(world, state, i):
    """Chance that engaged `i`, its stance taken, could carry out a move down from where it is."""
    me = state.actors[i]
    bound = world.actors[i].rigidity * (me.rung >= world.mobilised)
    return me.tempo * (1.0 - bound) * (me.rung > 0)


@inlined
def fill_moves(world, state, i):
    """Fill the chances of `i`, its odds set, to go up and down, by the rung that it reads."""
    me = state.actors[i]
    up_tempo, down_tempo = me.tempo, me.down_tempo
    if max(abs(me.up_logit), abs(me.down_logit)) + state.now.pull_span < _LARGE_LOGIT:
        law = state.law
        up, down = me.up_odds, me.down_odds
        ups, downs = law_row(i, UPS), law_row(i, DOWNS)
        up_pulls, down_pulls = state.pulls[0, me.rung], state.pulls[1, me.rung]
        for s in range(0, world.top + 1, OCTET):
            rise = up * load(up_pulls, s)
            fall = down * load(down_pulls, s)
            share = 1.0 / (1.0 + rise + fall)
            store(law, ups + np.uint64(s), up_tempo * rise * share)
            store(law, downs + np.uint64(s), down_tempo * fall * share)
    else:
        fill_steep_moves(world, state, i, up_tempo, down_tempo)


@jitable
def fill_steep_moves(world, state, i, up_tempo, down_tempo):
    """The same where the odds might be too large to multiply."""
    me = state.actors[i]
    ups, downs = law_row(i, UPS), law_row(i, DOWNS)
    for s in range(world.top + 1):
        rise, fall = move_probabilities(
            me.up_logit + up_pull(world, me.rung, s), me.down_logit + down_pull(world, me.rung, s)
        )
        state.law[ups + np.uint64(s)] = up_tempo * rise
        state.law[downs + np.uint64(s)] = down_tempo * fall


@jitable
def move_probabilities(up, down):
    """Chances of the moves up and down with these logits, whatever their size."""
    shift = max(0.0, up, down)
    rise = math.exp(up - shift)
    fall = math.exp(down - shift)
    total = math.exp(-shift) + rise + fall
    return rise / total, fall / total


@jitable
def fill_pulls(world, state):
    """Fill `state.pulls`, the odds that belong to `up_pull` and `down_pull`."""
    now = state.now
    now.pulls_known = 1
    now.pulls_rise = 1
    for h in range(world.top + 1):
        for s in range(world.top + 1):
            up = up_pull(world, h, s)
            down = down_pull(world, h, s)
            state.pulls[0, h, s] = odds(up)
            state.pulls[1, h, s] = odds(down)
            now.pull_span = max(now.pull_span, abs(up), abs(down))
            if s > 0 and (up < up_pull(world, h, s - 1) or down > down_pull(world, h, s - 1)):
                now.pulls_rise = 0


@inlined
def move_law(world, state, i, mediated):
    """Chances (up, down) of engaged `i`, below war, its stance taken; readings are summed over.

    Leaves its readings and its chances by reading in `state.law`.
    """
    fill_tables(world, state, i)
    fill_readings(world, state, i)
    set_odds(world, state, i, mediated)
    return mean_moves(world, state, i)


@inlined
def mean_moves(world, state, i):
    """The same once its readings are filled and its odds are set."""
    fill_moves(world, state, i)
    perceived, ups, downs = law_row(i, PERCEIVED), law_row(i, UPS), law_row(i, DOWNS)
    up = 0.0
    down = 0.0
    below = 0.0
    for s in range(0, world.top + 1, OCTET):
        at = np.uint64(s)
        reached = load(state.law, perceived + at)
        chance = reached - shifted(reached, below)
        up += total(chance * load(state.law, ups + at))
        down += total(chance * load(state.law, downs + at))
        below = last(reached)
    return up, down


@inlined
def sound_chance(world, state, i):
    """Chance of `i` to go up, and to do so on the accurate reading too, after its `move_law`.

    Reading and accurate reading come from one uniform through their CDFs, the move from
    another one; both are summed over.
    """
    fill_accurate_readings(world, state, i)
    if state.now.pulls_rise == 0:
        return unordered_sound_chance(world, state, i)
    # It goes up anyway on the lower one of both readings, whose CDF is the greater one of both.
    perceived, accurate, ups = law_row(i, PERCEIVED), law_row(i, ACCURATE), law_row(i, UPS)
    anyway = 0.0
    below = 0.0
    for s in range(0, world.top + 1, OCTET):
        at = np.uint64(s)
        reached = greater(load(state.law, perceived + at), load(state.law, accurate + at))
        anyway += total((reached - shifted(reached, below)) * load(state.law, ups + at))
        below = last(reached)
    return anyway


@jitable
def unordered_sound_chance(world, state, i):
    """The same where going up may be the less likely, the higher a reading is."""
    perceived, accurate = law_row(i, PERCEIVED), law_row(i, ACCURATE)
    ups = law_row(i, UPS)
    anyway = 0.0
    seen_from = 0.0
    for seen in range(world.top + 1):
        seen_to = state.law[perceived + np.uint64(seen)]
        up_if_seen = state.law[ups + np.uint64(seen)]
        true_from = 0.0
        for true in range(world.top + 1):
            true_to = state.law[accurate + np.uint64(true)]
            # How often this reading and that accurate one come together.
            share = max(0.0, min(seen_to, true_to) - max(seen_from, true_from))
            anyway += share * min(up_if_seen, state.law[ups + np.uint64(true)])
            true_from = true_to
        seen_from = seen_to
    return anyway


@jitable
def response_law(world, state, i, balance, mediated):
    """Chances of engaged `i`, below war: (up anyway, up only by misreading, down).

    "Anyway" means that the accurate reading would have moved up too. `balance` is side A's;
    `mediated` is 0 or 1.
    """
    take_stance(world, state, i, balance)
    up, down = move_law(world, state, i, mediated)
    anyway = min(up, sound_chance(world, state, i))
    return anyway, up - anyway, down


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
    """Share of the joining hazards that counts in the turn in play: all of it on news."""
    return 1.0 if state.now.news == 1 else world.coefficients.alliance_review


@jitable
def tie_hazard(world, state, k, j, side, highest, balance):
    """Chance that neutral `k` comes in this turn for its promise to `j`, who stands on `side`.

    `highest` is the other side's highest rung. In [0, 1], per turn; zero without a promise.
    """
    return review_share(world, state) * tie_impulse(world, state, k, j, side, highest, balance)


@inlined
def tie_impulse(world, state, k, j, side, highest, balance):
    """The same in a turn with news."""
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
    return effective_tempo(world, state, k) * logistic(
        tie_logit(world, k, o, due, highest, seen, state.actors[k].divided, burden)
    )


@inlined
def tie_logit(world, k, o, due, highest, seen, divided, burden):
    """Log-odds that neutral `k`, able to, comes in against originator `o` for what is `due`."""
    c = world.coefficients
    enemy = relation(world, k, o)
    return (
        c.alliance_base
        + c.alliance_obligation * due
        + c.alliance_threat * (highest - world.casus)
        + c.alliance_balance * seen
        + c.alliance_rivalry * enemy.rivalry
        + c.alliance_resolve * world.actors[k].resolve
        + c.alliance_reach * enemy.reach
        - c.alliance_pact * enemy.pact
        - c.alliance_divided * divided
        - c.alliance_burden * burden
    )


@jitable
def opportunist_hazard(world, state, k, side, highest, balance):
    """Chance that neutral `k` joins `side` this turn to strike at a rival. In [0, 1]."""
    return review_share(world, state) * opportunist_impulse(world, state, k, side, highest, balance)


@inlined
def opportunist_impulse(world, state, k, side, highest, balance):
    """The same in a turn with news."""
    o = originator(state, other(side))
    if not may_exploit(world, highest) or relation(world, k, o).rivalry <= 0.0:
        return 0.0
    return effective_tempo(world, state, k) * logistic(
        opportunist_logit(world, k, o, balance_seen(world, k, side, balance))
    )


@inlined
def opportunist_logit(world, k, o, seen):
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
    )


@inlined
def fill_entry_shares(world, state, k, side, highest, balance):
    """Fill `state.shares`: chances that one of the first hazards of neutral `k` draws it to `side`.

    Row 0 is for a turn without news, row 1 for one with news. Place e < n, the number on `side`,
    is for its promises to those up to the e-th, place n for opportunism too: there is the chance
    that it is drawn at all.
    """
    review = world.coefficients.alliance_review
    quiet = 1.0
    news = 1.0
    n = n_on(state, side)
    for e in range(n + 1):
        if e == n:
            impulse = opportunist_impulse(world, state, k, side, highest, balance)
        else:
            impulse = tie_impulse(world, state, k, state.sides[side, e], side, highest, balance)
        quiet *= 1.0 - review * impulse
        news *= 1.0 - impulse
        state.shares[0, e] = 1.0 - quiet
        state.shares[1, e] = 1.0 - news


@inlined
def entry_ceiling(world, state, k, side, n_ties, is_rival, is_news):
    """A bound, cheap to find, on the chance that neutral `k` is drawn to `side` this turn.

    `n_ties` promises might bring it in, and enmity too if `is_rival` is 1.
    """
    o = originator(state, other(side))
    if state.eagerness[o, k, HONOURING] == 0.0:
        fill_eagerness(world, state, k, o)
    eagerness = (
        n_ties * state.eagerness[o, k, HONOURING] + is_rival * state.eagerness[o, k, EXPLOITING]
    )
    share = 1.0 if is_news else world.coefficients.alliance_review
    return min(1.0, share * effective_tempo(world, state, k) * eagerness)


@jitable
def fill_eagerness(world, state, k, o):
    """Fill `state.eagerness` of neutral `k` against originator `o`: the most that it can be."""
    c = world.coefficients
    state.eagerness[o, k, HONOURING] = logistic(
        tie_logit(
            world,
            k,
            o,
            highest_of(c.alliance_obligation, 0.0, 1.0),
            highest_of(c.alliance_threat, world.casus, world.top),
            highest_of(c.alliance_balance, -1.0, 1.0),
            highest_of(-c.alliance_divided, 0.0, 1.0),
            highest_of(-c.alliance_burden, 0.0, 1.0),
        )
    )
    state.eagerness[o, k, EXPLOITING] = logistic(
        opportunist_logit(world, k, o, highest_of(c.contagion_balance, -1.0, 1.0))
    )


@inlined
def highest_of(weight, low, high):
    """Which of the two ends makes `weight` times it the higher."""
    return high if weight > 0.0 else low


@inlined
def may_honour(world, highest):
    """Whether promises can bring neutrals in against a side whose highest rung this is."""
    return highest >= world.casus


@inlined
def may_exploit(world, highest):
    """Whether rivals can come in against a side whose highest rung this is."""
    return highest >= world.top - 1


@inlined
def record_high(state, side, rung):
    """Raise the highest rung so far of `side`; True if `rung` is a new high."""
    now = state.now
    if side == INITIATOR:
        if rung > now.highest_initiator:
            now.highest_initiator = rung
            return True
    elif rung > now.highest_target:
        now.highest_target = rung
        return True
    return False


@inlined
def watch_for(world, state, j):
    """Let everybody watch the crisis who owes engaged `j` something; True if one is new."""
    is_new = False
    for b in range(world.actors[j].backers, world.actors[j].backers_end):
        is_new |= watch(state, world.links[b])
    return is_new


@inlined
def open_crisis(world, state, initiator, target):
    """Set the two originators against each other, and let those watch whom it concerns."""
    now = state.now
    now.initiator = initiator
    now.target = target
    now.turn = 0
    now.news = 1
    now.mediated = 0
    now.war_turn = 0
    now.misreads = 0
    now.war_began_misread = 0
    now.over = 0
    now.highest_initiator = world.domains[now.domain].rung
    now.highest_target = 0
    set_heights(state, now.highest_initiator, now.highest_target)
    for side in range(2):
        rung = now.highest_initiator if side == INITIATOR else now.highest_target
        enlist(state, originator(state, side), side, rung, 0, side, NEUTRAL)
    for side in range(2):
        o = originator(state, side)
        watch_for(world, state, o)
        for r in range(world.actors[o].rivals, world.actors[o].rivals_end):
            watch(state, world.links[r])


@inlined
def apply_turn(world, state):
    """Carry out the decisions of the turn in play.

    Reads the moves that are written down (`state.write_move`), and `drawn_to`, `drawn_cause`,
    `drawn_through` of those watching if `now.somebody_drawn`. Then come moves, war to both,
    entries, news, and whether it is over. Governments are redrawn by the caller.
    """
    now = state.now
    moved_initiator = False
    moved_target = False
    somebody_joined = False
    if now.n_moved > 0:
        moved_initiator, moved_target = make_moves(world, state)
    if now.somebody_drawn == 1:
        now.somebody_drawn = 0
        somebody_joined = enter_the_drawn(state)
    is_news = somebody_joined
    is_calm = False
    if moved_initiator or moved_target or somebody_joined:
        is_calm = True
        now.laws_known = 0
        height_initiator = 0
        height_target = 0
        for e in range(now.n_engaged):
            me = state.actors[state.engaged[e]]
            if me.rung > 0:
                is_calm = False
            if me.side == INITIATOR:
                height_initiator = max(height_initiator, me.rung)
                face_moves(me, moved_initiator, moved_target)
            else:
                height_target = max(height_target, me.rung)
                face_moves(me, moved_target, moved_initiator)
        set_heights(state, height_initiator, height_target)
        if record_high(state, INITIATOR, height_initiator) and height_initiator >= world.casus:
            is_news = True
        if record_high(state, TARGET, height_target) and height_target >= world.casus:
            is_news = True
    if somebody_joined:
        for e in range(now.n_engaged):
            if state.actors[state.engaged[e]].entry_turn == now.turn:
                watch_for(world, state, state.engaged[e])
    close_turn(world, state, is_news, is_calm)


@inlined
def close_turn(world, state, is_news, is_calm):
    """End the turn in play, and the crisis if its time has come."""
    now = state.now
    now.news = 1 if is_news else 0
    if is_calm:
        now.over = 1
        now.outcome = MEDIATED if now.mediated == 1 else SETTLED
    elif now.turn == world.horizon:
        now.over = 1
        now.outcome = final_outcome(world, state)


@inlined
def make_moves(world, state):
    """Move everybody as decided, and bring war to both; whether anybody moved on either side."""
    now = state.now
    moved_initiator = False
    moved_target = False
    reached_war_initiator = False
    reached_war_target = False
    climbs = 0
    misread_climbs = 0
    for m in range(now.n_moved):
        me = state.actors[state.moved[m]]
        set_rung(me, me.rung + me.move)
        is_initiators = me.side == INITIATOR
        moved_initiator |= is_initiators
        moved_target |= not is_initiators
        if me.move == DOWN:
            continue
        now.misreads += me.is_misread
        if me.rung == world.top:
            climbs += 1
            misread_climbs += me.is_misread
            reached_war_initiator |= is_initiators
            reached_war_target |= not is_initiators
    if climbs > 0:
        if reached_war_target:
            moved_initiator |= drag(world, state, originator(state, INITIATOR))
        if reached_war_initiator:
            moved_target |= drag(world, state, originator(state, TARGET))
        if now.war_turn == 0:
            now.war_turn = now.turn
            now.war_began_misread = 1 if misread_climbs == climbs else 0
    return moved_initiator, moved_target


@inlined
def set_rung(me, rung):
    """Put an engaged actor on another rung."""
    me.rung = rung
    me.peak = max(me.peak, rung)
    me.odds_known = 0
    me.law_known = 0


@inlined
def face_moves(me, allies_moved, opposite_moved):
    """Forget what an engaged actor knew before others moved."""
    if opposite_moved:
        me.readings_known = 0
        me.law_known = 0
    if allies_moved and me.pledge > 0.0:
        me.odds_known = 0
        me.law_known = 0


@inlined
def drag(world, state, o):
    """War has come to the originator `o`; whether that moves it."""
    me = state.actors[o]
    if me.rung == world.top:
        return False
    set_rung(me, world.top)
    return True


@inlined
def enter_the_drawn(state):
    """Bring in the neutrals who were drawn to a side; returns whether there were any."""
    now = state.now
    somebody = False
    place = 0
    while place < now.n_watching:
        k = state.watching[place]
        side = state.actors[k].drawn_to
        if side == NEUTRAL:
            place += 1
            continue
        # Whoever enters leaves the list of those watching, so `place` is the next one's.
        enlist(
            state, k, side, 1, now.turn, state.actors[k].drawn_cause, state.actors[k].drawn_through
        )
        state.actors[k].drawn_to = NEUTRAL
        somebody = True
    return somebody


# --------------------------------------------------------------- 6. outcome


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
