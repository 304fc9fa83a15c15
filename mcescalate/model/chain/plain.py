"""A chain simulated in the plainest way: every rule asked afresh, each turn, nothing remembered.

This is what the model says. It is the `python` backend, compiled it is the oracle with which
tests compare `kernel`, and `trace` describes it.
"""

import numpy as np

from mcescalate.model import words
from mcescalate.model.chain.draws import draw_blamed, draw_incident, draw_war_end, is_deterred
from mcescalate.model.chain.periods import close_period, count_chains, open_period
from mcescalate.model.chain.scoring import score, write_record
from mcescalate.model.chain.transition import apply_turn, open_crisis
from mcescalate.model.codes import (
    DETERRED,
    HOLD,
    INITIATOR,
    NEUTRAL,
    NOBODY,
    TREATY,
    UP,
)
from mcescalate.model.jit import jitable
from mcescalate.model.rules.background import arms_law, turnover_law
from mcescalate.model.rules.joining import (
    n_hazards,
    n_listeners,
    next_hazard,
    nth_impulse,
    nth_listener,
    onlooker_cause,
    review_share,
)
from mcescalate.model.rules.power import balance_of_power
from mcescalate.model.rules.response import mediation_probability, response_law
from mcescalate.model.state import (
    clear,
    clock,
    highest_rung,
    n_on,
    other,
    wipe_moves,
    write_entry,
    write_move,
)
from mcescalate.model.words import decide, draw_word, happens, threshold
from mcescalate.model.world import is_sequence


@jitable
def simulate_chain(world, state, seed, chain):
    """Simulate chain number `chain` (uint64) under `seed` (uint64) to its end, in `state`."""
    begin_chain(world, state, seed, chain)
    while state.now.over == 0:
        take_turn(world, state, seed, chain)


@jitable
def begin_chain(world, state, seed, chain):
    """Background, incident and deterrence test; `state.now.over` is 1 if it was deterred."""
    now = state.now
    clear(state)
    race(world, state, seed, chain)
    form_governments(world, state, seed, chain)
    challenge_word = draw_incident(world, state, seed, chain)
    open_crisis(world, state, now.drawn_initiator, now.drawn_target)
    if is_deterred(world, state, challenge_word, balance_of_power(world, state)):
        clear(state)
        now.over = 1
        now.outcome = DETERRED
        return
    blamed = draw_blamed(world, state, seed, chain)
    if blamed != NOBODY:
        target = now.target
        clear(state)
        now.misattributed = 1
        open_crisis(world, state, target, blamed)


@jitable
def race(world, state, seed, chain):
    """The arms race: all actors at once, period by period."""
    for i in range(world.n_actors):
        state.actors[i].arms = min(max(world.actors[i].arms, 0), world.arms_levels)
    for period in range(world.arms_periods):
        for i in range(world.n_actors):
            up, down = arms_law(world, state, i)
            turn = clock(state, period)
            word = draw_word(seed, chain, turn, words.ARMS, world.actors[i].key)
            state.actors[i].move = decide(word, threshold(up), threshold(down))
        for i in range(world.n_actors):
            state.actors[i].arms += state.actors[i].move
            state.actors[i].move = HOLD


@jitable
def form_governments(world, state, seed, chain):
    """Draw which governments are divided as the chain begins."""
    for i in range(world.n_actors):
        state.actors[i].divided = 0
        if world.actors[i].instability > 0.0:
            turn = clock(state, 0)
            word = draw_word(seed, chain, turn, words.STABILITY, world.actors[i].key)
            if happens(word, world.actors[i].instability):
                state.actors[i].divided = 1


@jitable
def redraw_governments(world, state, seed, chain):
    """Draw after a turn which governments change."""
    for i in range(world.n_actors):
        if world.actors[i].turnover > 0.0:
            turn = clock(state, state.now.turn)
            word = draw_word(seed, chain, turn, words.STABILITY, world.actors[i].key)
            if happens(word, turnover_law(world, i, state.actors[i].divided)):
                state.actors[i].divided = 1 - state.actors[i].divided


@jitable
def take_turn(world, state, seed, chain):
    """One turn: mediation, every response, every entry, all from the state at its start."""
    decide_turn(world, state, seed, chain)
    end_turn(world, state, seed, chain)


@jitable
def decide_turn(world, state, seed, chain):
    """Draw and write down what everyone decides in the turn that begins."""
    now = state.now
    wipe_moves(state)
    now.turn += 1
    mediation_word = draw_word(
        seed, chain, clock(state, now.turn - 1), words.MEDIATION, np.uint64(words.NO_ACTOR)
    )
    now.mediated = 1 if happens(mediation_word, mediation_probability(world, state)) else 0
    balance = balance_of_power(world, state)
    if now.war_turn > 0:
        draw_war_end(world, state, seed, chain, balance)
    for e in range(now.n_engaged):
        i = state.engaged[e]
        if state.actors[i].rung < world.top:
            respond(world, state, seed, chain, i, balance)
    for n in range(n_listeners(world, state)):
        k = nth_listener(world, state, n)
        if state.actors[k].side == NEUTRAL:
            for side in range(2):
                hear_call(world, state, seed, chain, k, side, balance)


@jitable
def end_turn(world, state, seed, chain):
    """Carry out what is written down, and draw which governments change."""
    apply_turn(world, state)
    if state.now.over == 0:
        redraw_governments(world, state, seed, chain)


@jitable
def respond(world, state, seed, chain, i, balance):
    """Draw the move of engaged `i`."""
    now = state.now
    anyway, misread, down = response_law(world, state, i, balance, now.mediated)
    turn = clock(state, now.turn - 1)
    word = draw_word(seed, chain, turn, words.RESPONSE, world.actors[i].key)
    move = decide(word, threshold(anyway + misread), threshold(down))
    if move != HOLD:
        write_move(state, i, move, 1 if move == UP and not happens(word, anyway) else 0)


@jitable
def hear_call(world, state, seed, chain, k, side, balance):
    """Draw whether neutral `k` is drawn to `side`, and by the first of its hazards to fire."""
    purpose = words.JOIN_INITIATOR if side == INITIATOR else words.JOIN_TARGET
    turn = clock(state, state.now.turn - 1)
    word = draw_word(seed, chain, turn, purpose, world.actors[k].key)
    highest = highest_rung(state, other(side))
    share = review_share(world, state)
    out = 1.0
    for n in range(n_hazards(state, side)):
        impulse = nth_impulse(world, state, k, side, n, highest, balance)
        _, out = next_hazard(out, share, impulse)
        if happens(word, 1.0 - out):
            if n < n_on(state, side):
                write_entry(state, k, side, TREATY, state.sides[side, n])
            else:
                write_entry(state, k, side, onlooker_cause(world, state, k, side), NOBODY)
            return


@jitable
def count_batch(world, state, past, tally, seed, first_chain, n_chains):
    """Simulate and count chains `first_chain` (uint64) to `first_chain + n_chains - 1`."""
    count_periods(world, state, past, tally, seed, first_chain, 0, n_chains * world.crises)


@jitable
def count_periods(world, state, past, tally, seed, first_chain, crisis, n_periods):
    """Simulate and count `n_periods` periods, from number `crisis` of `first_chain` (uint64) on.

    A chain that is not at its beginning must be the one that `past` and `state` are of.
    """
    done = 0
    has_crisis = True
    for _ in range(n_periods):
        has_crisis = True
        chain = first_chain + np.uint64(done)
        if is_sequence(world):
            has_crisis = open_period(world, past, state, tally, seed, chain, crisis)
        if has_crisis:
            simulate_chain(past.world, state, seed, chain)
            score(past.world, state, tally, chain)
        if is_sequence(world):
            close_period(world, past, state, tally, has_crisis)
        crisis += 1
        if crisis == world.crises:
            crisis = 0
            done += 1
    count_chains(world, tally, done)
    return has_crisis


@jitable
def record_batch(world, state, past, tally, records, row, seed, first_chain, n_chains):
    """The same, and write each crisis into `records`, those of a chain together, from chain `row`
    on."""
    for c in range(n_chains):
        chain = first_chain + np.uint64(c)
        for crisis in range(world.crises):
            if count_periods(world, state, past, tally, seed, chain, crisis, 1):
                write_record(past.world, state, records, (row + c) * world.crises + crisis)
