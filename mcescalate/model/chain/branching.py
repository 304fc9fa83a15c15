"""A chain that is left at a turn: followed so far, put into a changed world, and given orders."""

import numpy as np

from mcescalate.model.chain.plain import begin_chain, take_turn
from mcescalate.model.chain.transition import watch_for
from mcescalate.model.codes import HOLD, NEUTRAL, NOBODY, TREATY
from mcescalate.model.jit import jitable
from mcescalate.model.rules.joining import obligation, onlooker_cause
from mcescalate.model.state import n_on, originator, watch, write_entry, write_move

OWN_WORDS = -1
"""The branch that has the words of the chain itself."""

AS_DRAWN = 9
"""In a row of orders by actor: no order."""
JOIN = 2
"""The order to join the initiator's side; that to join the target's is one more."""


@jitable
def follow_chain(world, state, seed, chain, turn):
    """Simulate the chain up to the start of `turn`, or to its end if that is earlier."""
    begin_chain(world, state, seed, chain)
    while state.now.over == 0 and state.now.turn < turn - 1:
        take_turn(world, state, seed, chain)


@jitable
def watch_anew(world, state):
    """Let those neutrals watch whom the crisis concerns in `world`."""
    now = state.now
    for w in range(now.n_watching):
        state.actors[state.watching[w]].is_watching = 0
    now.n_watching = 0
    for e in range(now.n_engaged):
        watch_for(world, state, state.engaged[e])
    for side in range(2):
        o = originator(state, side)
        for r in range(world.actors[o].rivals, world.actors[o].rivals_end):
            watch(state, world.links[r])


@jitable
def obey(world, state, orders):
    """Put `orders` in place of what has been decided in the present turn."""
    for i in range(world.n_actors):
        order = orders[i]
        if order == AS_DRAWN:
            continue
        if state.actors[i].side == NEUTRAL:
            forget_entry(state, i)
            if order >= JOIN:
                cause, through = entry_reason(world, state, i, order - JOIN)
                write_entry(state, i, order - JOIN, cause, through)
        else:
            forget_move(state, i)
            if order != HOLD:
                write_move(state, i, order, 0)


@jitable
def forget_move(state, i):
    """Let engaged `i` hold."""
    n = 0
    for m in range(state.now.n_moved):
        if state.moved[m] != i:
            state.moved[n] = state.moved[m]
            n += 1
    state.now.n_moved = n
    state.actors[i].move = HOLD
    state.actors[i].is_misread = 0


@jitable
def forget_entry(state, k):
    """Let neutral `k` stay out."""
    n = 0
    for d in range(state.now.n_drawn):
        if state.drawn[d] != k:
            state.drawn[n] = state.drawn[d]
            n += 1
    state.now.n_drawn = n
    state.actors[k].drawn_to = NEUTRAL


@jitable
def entry_reason(world, state, k, side):
    """(cause, through whom): the strongest promise of `k` to one on `side`, else no promise."""
    strongest = 0.0
    ally = np.int64(NOBODY)
    for e in range(n_on(state, side)):
        j = state.sides[side, e]
        due = obligation(world, state, k, j, side)
        if due > strongest:
            strongest = due
            ally = np.int64(j)
    if ally != NOBODY:
        return TREATY, ally
    return onlooker_cause(world, state, k, side), NOBODY
