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
from mcescalate.model.jit import inlined, jitable
from mcescalate.model.rng import choose, draw_slot, draw_word, happens, threshold
from mcescalate.model.rules import (
    apply_turn,
    arms_law,
    balance_of_power,
    blame_weight,
    challenge_probability,
    count_promises,
    entry_share,
    hazard_ceiling,
    mediation_probability,
    move_law,
    open_crisis,
    sound_law,
    take_stance,
    turnover_law,
)
from mcescalate.model.state import clear, originator, other, unsettle

MOST_BLOCKS = 4096
"""Blocks of four turns, at most, in a chain."""

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
            word = word_of(world, state, seed, chain, period, rng.ARMS, i)
            state.actors[i].move = decide(word, threshold(up), threshold(down))
        for i in range(world.n_actors):
            state.actors[i].arms += state.actors[i].move


@jitable
def decide(word, up, down):
    """The move that `word` means: up below `up`, down from 2^32 - `down` on, else hold."""
    if float(word) < up:
        return UP
    if float(word) >= rng.WORDS - down:
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


@inlined
def update_governments(world, state, seed, chain):
    """Bring `divided` of everybody concerned up to the turns played."""
    now = state.now
    now.n_restless = 0
    for e in range(now.n_engaged):
        update_government(world, state, seed, chain, state.engaged[e])
    for w in range(now.n_watching):
        update_government(world, state, seed, chain, state.watching[w])


@inlined
def update_government(world, state, seed, chain, i):
    """Draw the government of `i` at the start, and redraw it for each turn since."""
    actor = world.actors[i]
    me = state.actors[i]
    if actor.turnover > 0.0:
        state.restless[state.now.n_restless] = i
        state.now.n_restless += 1
    if me.divided_since < 0:
        me.divided_since = 0
        me.divided = 0
        if actor.instability > 0.0:
            word = word_of(world, state, seed, chain, 0, rng.STABILITY, i)
            if happens(word, actor.instability):
                me.divided = 1
    if actor.turnover > 0.0:
        redraw_government(world, state, seed, chain, i)


@inlined
def redraw_government(world, state, seed, chain, i):
    """Redraw the government of `i` for each turn played since this was last done."""
    me = state.actors[i]
    while me.divided_since < state.now.turn:
        me.divided_since += 1
        word = word_of(world, state, seed, chain, me.divided_since, rng.STABILITY, i)
        if happens(word, turnover_law(world, i, me.divided)):
            me.divided = 1 - me.divided
            unsettle(state)


@inlined
def word_of(world, state, seed, chain, index, purpose, i):
    """`rng.draw_word` for `i`, with the last block of four turns of each purpose remembered."""
    block = index // 4
    tag = state.now.serial * MOST_BLOCKS + block
    if state.words_of[i, purpose] != tag:
        state.words_of[i, purpose] = tag
        words = draw_slot(seed, chain, block, purpose, world.actors[i].key)
        state.words[i, purpose, 0] = words[0]
        state.words[i, purpose, 1] = words[1]
        state.words[i, purpose, 2] = words[2]
        state.words[i, purpose, 3] = words[3]
    return state.words[i, purpose, index % 4]


@inlined
def present_balance(world, state):
    """Side A's balance, worked out anew only when sides or governments have changed."""
    if state.now.balance_known == 0:
        state.now.balance = balance_of_power(world, state)
        state.now.balance_known = 1
    return state.now.balance


@inlined
def play_turn(world, state, seed, chain):
    """One turn: a mediator or none, every response, every entry, all from its start."""
    now = state.now
    now.turn += 1
    mediate(world, state, seed, chain)
    for e in range(now.n_engaged):
        respond(world, state, seed, chain, state.engaged[e])
    hear_calls(world, state, seed, chain)
    somebody_joined = apply_turn(world, state)
    if now.over == 1:
        return
    if somebody_joined:
        update_governments(world, state, seed, chain)
    else:
        for r in range(now.n_restless):
            redraw_government(world, state, seed, chain, state.restless[r])


@inlined
def mediate(world, state, seed, chain):
    """Draw whether a mediator is heard in the turn in play."""
    now = state.now
    now.mediated = 0
    if now.war_turn > 0:
        return
    chance = mediation_probability(world, state)
    if chance > 0.0:
        word = draw_word(seed, chain, now.turn - 1, rng.MEDIATION, np.uint64(rng.NO_ACTOR))
        if happens(word, chance):
            now.mediated = 1


@inlined
def respond(world, state, seed, chain, i):
    """Draw the move of engaged `i` into `move` and `is_misread`."""
    me = state.actors[i]
    me.move = HOLD
    me.is_misread = 0
    if me.rung == world.top:
        return
    mediated = state.now.mediated
    if me.law_known == 0 or me.law_mediated != mediated:
        if me.stance_known == 0:
            take_stance(world, state, i, present_balance(world, state))
            me.stance_known = 1
        up, down = move_law(world, state, i, mediated)
        me.up_below = threshold(up)
        me.down_from = rng.WORDS - threshold(down)
        me.law_known = 1
        me.law_mediated = mediated
    word = float(word_of(world, state, seed, chain, state.now.turn - 1, rng.RESPONSE, i))
    if word < me.up_below:
        me.move = UP
        me.is_misread = 1 if word >= threshold(sound_law(world, state, i)) else 0
    elif word >= me.down_from:
        me.move = DOWN


@inlined
def hear_calls(world, state, seed, chain):
    """Draw which neutrals come in, on which side and why, into `drawn_…`."""
    now = state.now
    if now.calls_known == 0:
        list_calls(world, state)
    if now.calls_priced == 0:
        price_calls(world, state)
    for c in range(now.n_calls):
        call = state.calls[c]
        if call.below == 0.0:
            continue
        purpose = rng.JOIN_INITIATOR if call.side == INITIATOR else rng.JOIN_TARGET
        word = float(word_of(world, state, seed, chain, now.turn - 1, purpose, call.actor))
        if word >= call.below:
            continue
        if call.is_exact == 0:
            everything = now.n_engaged
            call.below = threshold(share_of_call(world, state, call.actor, call.side, everything))
            call.is_exact = 1
        if word < call.below:
            draw_in(world, state, call.actor, call.side, word)


@jitable
def list_calls(world, state):
    """List who may come in on which side, for its promises or as a rival."""
    now = state.now
    now.calls_known = 1
    now.calls_priced = 0
    now.n_calls = 0
    for w in range(now.n_watching):
        k = state.watching[w]
        for side in (INITIATOR, TARGET):
            n_ties = count_promises(world, state, k, side)
            is_rival = 1 if world.dyads[k, originator(state, other(side))].rivalry > 0.0 else 0
            if n_ties + is_rival > 0:
                call = state.calls[now.n_calls]
                call.actor = k
                call.side = side
                call.n_ties = n_ties
                call.is_rival = is_rival
                now.n_calls += 1


@inlined
def price_calls(world, state):
    """Bound the chances of the calls by what is cheap to find."""
    now = state.now
    now.calls_priced = 1
    for c in range(now.n_calls):
        call = state.calls[c]
        highest = opposite_height(state, call.side)
        ceiling = hazard_ceiling(world, state, call.actor, call.n_ties, call.is_rival, highest)
        call.below = threshold(ceiling + _CEILING_SLACK) if ceiling > 0.0 else 0.0
        call.is_exact = 0


@jitable
def opposite_height(state, side):
    """The highest rung now of the side opposite to `side`."""
    return state.now.height_target if side == INITIATOR else state.now.height_initiator


@jitable
def share_of_call(world, state, k, side, last):
    """`rules.entry_share` as things stand."""
    return entry_share(
        world, state, k, side, opposite_height(state, side), present_balance(world, state), last
    )


@jitable
def draw_in(world, state, k, side, word):
    """Draw neutral `k` to `side`, by the first of its hazards to fire.

    Its word falls into the share of that hazard: ties in the order of the allies' ids, then
    opportunism.
    """
    me = state.actors[k]
    if me.drawn_to != NEUTRAL:
        # Drawn to both sides at once, it stays out this turn.
        me.drawn_to = NEUTRAL
        return
    me.drawn_to = side
    me.drawn_cause = OPPORTUNISM
    me.drawn_through = NOBODY
    for e in range(state.now.n_engaged):
        j = state.engaged[e]
        if state.actors[j].side != side:
            continue
        if word < threshold(share_of_call(world, state, k, side, e)):
            me.drawn_cause = TREATY
            me.drawn_through = j
            return
