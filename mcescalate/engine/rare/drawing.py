"""A turn drawn from its laws: free, or given that it crosses a threshold, or that it does not."""

import numpy as np

from mcescalate.engine.rare.laws import (
    ANYWAY,
    BALANCE,
    DOWN_LAW,
    MEDIATOR,
    MISREADING,
    crossing_climb,
    find_move,
    joins,
)
from mcescalate.engine.rare.thresholds import MISREAD
from mcescalate.model import words
from mcescalate.model.chain.draws import draw_war_end
from mcescalate.model.chain.plain import end_turn
from mcescalate.model.codes import DOWN, INITIATOR, NEUTRAL, NOBODY, TARGET, TREATY, UP
from mcescalate.model.jit import jitable
from mcescalate.model.rules.joining import (
    n_hazards,
    n_listeners,
    next_hazard,
    nth_impulse,
    nth_listener,
    onlooker_cause,
    review_share,
)
from mcescalate.model.state import highest_rung, n_on, other, wipe_moves, write_entry, write_move
from mcescalate.model.words import WORDS, draw_word

FREELY = 0
STAYING = 1
CROSSING = 2
"""How a turn is drawn."""

_NO_ONE = -1


@jitable
def share_of(seed, chain, turn, purpose, key):
    """A number between 0 and 1 for a draw of `turn`, from its word."""
    return (np.float64(draw_word(seed, chain, turn - 1, purpose, key)) + 0.5) / WORDS


@jitable
def draw_turn(world, state, laws, threshold, chances, how, seed, chain):
    """Draw and carry out the turn that `laws.weigh_turn` has begun."""
    now = state.now
    nobody = np.uint64(words.NO_ACTOR)
    wipe_moves(state)
    mediator = laws.turn[MEDIATOR]
    if how != FREELY:
        which = 0 if how == CROSSING else 1
        with_one = mediator * chances[1, which]
        without = (1.0 - mediator) * chances[0, which]
        mediator = with_one / (with_one + without)
    now.mediated = 1 if share_of(seed, chain, now.turn, words.MEDIATION, nobody) < mediator else 0
    mediated = now.mediated
    if now.war_turn > 0:
        draw_war_end(world, state, seed, chain, laws.turn[BALANCE])
    first = _NO_ONE
    if how == CROSSING:
        u = share_of(seed, chain, now.turn, words.CROSSING, nobody)
        first = first_to_cross(world, state, laws, threshold, mediated, u)
    for e in range(now.n_engaged):
        i = state.engaged[e]
        if state.actors[i].rung < world.top:
            if how == FREELY or laws.crosses[i] == 0:
                find_move(world, state, laws, i, mediated)
                rule = FREELY
            else:
                rule = rule_for(e, first, how)
            draw_move(state, laws, threshold, i, mediated, rule, how, seed, chain, world)
    for n in range(n_listeners(world, state)):
        k = nth_listener(world, state, n)
        if state.actors[k].side == NEUTRAL:
            rule = FREELY
            if how != FREELY and laws.crosses[k] == 1:
                rule = rule_for(now.n_engaged + n, first, how)
            draw_entry(world, state, laws, k, rule, seed, chain)
    end_turn(world, state, seed, chain)


@jitable
def rule_for(place, first, how):
    """How one decision that may cross is drawn: those before the first to cross do not."""
    if how == STAYING or place < first:
        return STAYING
    return CROSSING if place == first else FREELY


@jitable
def first_to_cross(world, state, laws, threshold, mediated, u):
    """Place of the first decision that crosses, given that one does; `u` picks it."""
    crossed, last = 0.0, _NO_ONE
    total = 0.0
    for step in range(2):
        crossed = 0.0
        for e in range(state.now.n_engaged):
            i = state.engaged[e]
            if laws.crosses[i] == 1:
                crossed += (1.0 - crossed) * crossing_climb(laws, threshold, i, mediated)
                if crossing_climb(laws, threshold, i, mediated) > 0.0:
                    last = e
                if step == 1 and u * total < crossed:
                    return e
        for n in range(n_listeners(world, state)):
            k = nth_listener(world, state, n)
            if state.actors[k].side == NEUTRAL and laws.crosses[k] == 1:
                crossed += (1.0 - crossed) * joins(laws, k)
                if joins(laws, k) > 0.0:
                    last = state.now.n_engaged + n
                if step == 1 and u * total < crossed:
                    return state.now.n_engaged + n
        total = crossed
    return last


@jitable
def draw_move(state, laws, threshold, i, mediated, rule, how, seed, chain, world):
    """Draw the move of engaged `i`, below war."""
    anyway = laws.moves[mediated, i, ANYWAY]
    misread = laws.moves[mediated, i, MISREADING]
    down = laws.moves[mediated, i, DOWN_LAW]
    if how == CROSSING and threshold.whose == MISREAD and laws.crosses[i] == 1:
        # No climb of this turn would have been made with an accurate reading.
        rest = 1.0 - anyway
        anyway, misread, down = 0.0, misread / rest, down / rest
    up = anyway + misread
    if rule == STAYING:
        rest = 1.0 - up
        anyway, misread, down = 0.0, 0.0, (down / rest if rest > 0.0 else 0.0)
    elif rule == CROSSING:
        anyway, misread, down = anyway / up, misread / up, 0.0
    u = share_of(seed, chain, state.now.turn, words.RESPONSE, world.actors[i].key)
    if rule == CROSSING or u < anyway + misread:
        write_move(state, i, UP, 0 if u < anyway else 1)
    elif u >= 1.0 - down:
        write_move(state, i, DOWN, 0)


@jitable
def draw_entry(world, state, laws, k, rule, seed, chain):
    """Draw whether neutral `k` comes in, and by what."""
    if rule == STAYING:
        return
    turn, key = state.now.turn, world.actors[k].key
    first = laws.entries[k, 0]
    second = laws.entries[k, 1]
    u = share_of(seed, chain, turn, words.JOIN_INITIATOR, key)
    v = share_of(seed, chain, turn, words.JOIN_TARGET, key)
    if rule == CROSSING:
        alone = first * (1.0 - second) / joins(laws, k)
        if u < alone:
            enter(world, state, laws, k, INITIATOR, v * first)
        else:
            enter(world, state, laws, k, TARGET, v * second)
        return
    if u < first:
        enter(world, state, laws, k, INITIATOR, u)
    if v < second:
        enter(world, state, laws, k, TARGET, v)


@jitable
def enter(world, state, laws, k, side, u):
    """Write down that neutral `k` is drawn to `side`, by the hazard that `u` picks."""
    highest = highest_rung(state, other(side))
    share = review_share(world, state)
    balance = laws.turn[BALANCE]
    out = 1.0
    cause, through = onlooker_cause(world, state, k, side), np.int64(NOBODY)
    for n in range(n_hazards(state, side)):
        impulse = nth_impulse(world, state, k, side, n, highest, balance)
        _, out = next_hazard(out, share, impulse)
        if u < 1.0 - out:
            if n < n_on(state, side):
                cause, through = TREATY, np.int64(state.sides[side, n])
            break
    write_entry(state, k, side, cause, through)
