"""One chain: draw each decision from its rule, and carry it out.

No formula stands here. Every draw is one word of `rng`, compared with a probability of
`rules`; each loop runs over actors in the order of their ids.
"""

import numpy as np

from mcescalate.model import rng
from mcescalate.model.codes import (
    DETERRED,
    DOWN,
    HOLD,
    INITIATOR,
    NEUTRAL,
    NOBODY,
    OPPORTUNISM,
    TARGET,
    TREATY,
    UP,
)
from mcescalate.model.jit import jitable
from mcescalate.model.rng import choose, draw_slot, draw_word, happens, threshold
from mcescalate.model.rules import (
    apply_turn,
    arms_law,
    balance_of_power,
    blame_weight,
    challenge_probability,
    hazard_ceiling,
    highest_rung,
    mediation_probability,
    open_crisis,
    opportunist_hazard,
    response_law,
    tie_hazard,
    turnover_law,
)
from mcescalate.model.state import clear

_CEILING_SLACK = 1e-9
"""Keeps a bound a bound when both it and what it bounds are rounded."""


@jitable
def run_chain(world, state, seed, chain):
    """Play chain number `chain` (uint64) under `seed` (uint64) to its end, in `state`."""
    begin_chain(world, state, seed, chain)
    while state.now.over == 0:
        play_turn(world, state, seed, chain)


@jitable
def begin_chain(world, state, seed, chain):
    """Background, incident and deterrence test; `state.now.over` is 1 if it was deterred."""
    now = state.now
    clear(state)
    if world.arms_periods > 0:
        race(world, state, seed, chain)
    dyad_word, domain_word, accident_word, challenge_word = draw_slot(
        seed, chain, 0, rng.INCIDENT, np.uint64(rng.NO_ACTOR)
    )
    incident = choose(dyad_word, world.incidents.cumulative)
    now.drawn_initiator = world.incidents[incident].initiator
    now.drawn_target = world.incidents[incident].target
    now.domain = choose(domain_word, world.domains.cumulative)
    now.accident = 1 if happens(accident_word, world.accident) else 0
    now.misattributed = 0
    open_crisis(world, state, now.drawn_initiator, now.drawn_target)
    update_governments(world, state, seed, chain)
    if now.accident == 0:
        go_ahead = challenge_probability(world, state, present_balance(world, state))
        if not happens(challenge_word, go_ahead):
            clear(state)
            now.over = 1
            now.outcome = DETERRED
            return
    attribute(world, state, seed, chain)


@jitable
def race(world, state, seed, chain):
    """Run the arms race: all actors at once, period by period."""
    for i in range(world.n_actors):
        state.actors[i].arms = min(max(world.actors[i].arms, 0), world.arms_levels)
    for period in range(world.arms_periods):
        for i in range(world.n_actors):
            up, down = arms_law(world, state, i)
            word = draw_word(seed, chain, period, rng.ARMS, world.actors[i].key)
            state.actors[i].move = decide(word, threshold(up), threshold(down))
        for i in range(world.n_actors):
            state.actors[i].arms += state.actors[i].move


@jitable
def decide(word, up, down):
    """The move that `word` means: up below `up`, down from 2^32 - `down` on, else hold."""
    if float(word) < up:
        return UP
    if float(word) >= 4294967296.0 - down:
        return DOWN
    return HOLD


@jitable
def attribute(world, state, seed, chain):
    """Draw whether the target blames the wrong actor, and strikes back at that one."""
    now = state.now
    misattribution = world.domains[now.domain].misattribution
    if misattribution == 0.0:
        return
    blame_word, scapegoat_word, _, _ = draw_slot(
        seed, chain, 0, rng.ATTRIBUTION, np.uint64(rng.NO_ACTOR)
    )
    if not happens(blame_word, misattribution):
        return
    victim = now.target
    total = 0.0
    for r in range(world.actors[victim].regarded, world.actors[victim].regarded_end):
        total += blame_weight(world, now.initiator, victim, world.links[r])
    if total == 0.0:
        return
    blamed = NOBODY
    reached = 0.0
    for r in range(world.actors[victim].regarded, world.actors[victim].regarded_end):
        x = world.links[r]
        weight = blame_weight(world, now.initiator, victim, x)
        if weight > 0.0:
            reached += weight
            blamed = x
            if happens(scapegoat_word, reached / total):
                break
    clear(state)
    now.misattributed = 1
    open_crisis(world, state, victim, blamed)
    update_governments(world, state, seed, chain)


@jitable
def update_governments(world, state, seed, chain):
    """Bring `divided` of everybody concerned up to the turns played."""
    for e in range(state.now.n_engaged):
        update_government(world, state, seed, chain, state.engaged[e])
    for w in range(state.now.n_watching):
        update_government(world, state, seed, chain, state.watching[w])


@jitable
def update_government(world, state, seed, chain, i):
    """Draw the government of `i` at the start, and redraw it for each turn since."""
    actor = world.actors[i]
    if state.actors[i].divided_since < 0:
        state.actors[i].divided_since = 0
        state.actors[i].divided = 0
        if actor.instability > 0.0:
            word = draw_word(seed, chain, 0, rng.STABILITY, actor.key)
            if happens(word, actor.instability):
                state.actors[i].divided = 1
    while state.actors[i].divided_since < state.now.turn:
        state.actors[i].divided_since += 1
        if actor.turnover > 0.0:
            word = draw_word(seed, chain, state.actors[i].divided_since, rng.STABILITY, actor.key)
            if happens(word, turnover_law(world, i, state.actors[i].divided)):
                state.actors[i].divided = 1 - state.actors[i].divided
                state.now.balance_known = 0


@jitable
def present_balance(world, state):
    """Side A's balance, worked out anew only when sides or governments have changed."""
    if state.now.balance_known == 0:
        state.now.balance = balance_of_power(world, state)
        state.now.balance_known = 1
    return state.now.balance


@jitable
def play_turn(world, state, seed, chain):
    """One turn: a mediator or none, every response, every entry, all from its start."""
    now = state.now
    now.turn += 1
    now.mediated = 0
    chance = mediation_probability(world, state)
    if chance > 0.0:
        word = draw_word(seed, chain, now.turn - 1, rng.MEDIATION, np.uint64(rng.NO_ACTOR))
        if happens(word, chance):
            now.mediated = 1
    balance = present_balance(world, state)
    for e in range(now.n_engaged):
        respond(world, state, seed, chain, state.engaged[e], balance)
    against_initiator = highest_rung(state, INITIATOR)
    against_target = highest_rung(state, TARGET)
    for w in range(now.n_watching):
        consider(
            world, state, seed, chain, state.watching[w], balance, against_initiator, against_target
        )
    apply_turn(world, state)
    if now.over == 0:
        update_governments(world, state, seed, chain)


@jitable
def respond(world, state, seed, chain, i, balance):
    """Draw the move of engaged `i` into `state.move` and `state.is_misread`."""
    state.actors[i].move = HOLD
    state.actors[i].is_misread = 0
    if state.actors[i].rung == world.top:
        return
    anyway, misread, down = response_law(world, state, i, balance, state.now.mediated)
    word = draw_word(seed, chain, state.now.turn - 1, rng.RESPONSE, world.actors[i].key)
    state.actors[i].move = decide(word, threshold(anyway + misread), threshold(down))
    if state.actors[i].move == UP and float(word) >= threshold(anyway):
        state.actors[i].is_misread = 1


@jitable
def consider(world, state, seed, chain, k, balance, highest_initiator, highest_target):
    """Draw whether neutral `k` comes in, on which side and why, into `state.drawn_…`."""
    state.actors[k].drawn_to = NEUTRAL
    cause_initiator, through_initiator = draw_entry(
        world, state, seed, chain, k, INITIATOR, rng.JOIN_INITIATOR, highest_target, balance
    )
    cause_target, through_target = draw_entry(
        world, state, seed, chain, k, TARGET, rng.JOIN_TARGET, highest_initiator, balance
    )
    # Drawn to both sides at once, it stays out this turn.
    if cause_initiator != NOBODY and cause_target == NOBODY:
        state.actors[k].drawn_to = INITIATOR
        state.actors[k].drawn_cause = cause_initiator
        state.actors[k].drawn_through = through_initiator
    elif cause_target != NOBODY and cause_initiator == NOBODY:
        state.actors[k].drawn_to = TARGET
        state.actors[k].drawn_cause = cause_target
        state.actors[k].drawn_through = through_target


@jitable
def draw_entry(world, state, seed, chain, k, side, purpose, highest, balance):
    """(cause, through whom) that draws `k` to `side` this turn, or NOBODY twice.

    The word falls into the share of the first hazard to fire: ties in the order of the
    allies' ids, then opportunism.
    """
    ceiling = hazard_ceiling(world, state, k, side)
    if ceiling == 0.0 or highest < min(world.casus, world.top - 1):
        return NOBODY, NOBODY
    word = draw_word(seed, chain, state.now.turn - 1, purpose, world.actors[k].key)
    if float(word) >= threshold(ceiling + _CEILING_SLACK):
        return NOBODY, NOBODY
    out = 1.0
    for e in range(state.now.n_engaged):
        j = state.engaged[e]
        if state.actors[j].side != side:
            continue
        hazard = tie_hazard(world, state, k, j, side, highest, balance)
        if hazard > 0.0:
            out *= 1.0 - hazard
            if happens(word, 1.0 - out):
                return TREATY, j
    out *= 1.0 - opportunist_hazard(world, state, k, side, highest, balance)
    if happens(word, 1.0 - out):
        return OPPORTUNISM, NOBODY
    return NOBODY, NOBODY
