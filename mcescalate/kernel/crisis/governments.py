"""Governments: drawn when an actor comes to matter, and redrawn as turns go by."""

from mcescalate.kernel.crisis.memory import forget, n_groups, set_bounds, take_slot
from mcescalate.kernel.lanes.bits import highest_bit
from mcescalate.kernel.lanes.words import LANES
from mcescalate.model import words
from mcescalate.model.codes import GOVERNMENTS
from mcescalate.model.jit import inlined
from mcescalate.model.rules.background import turnover_law
from mcescalate.model.state import first_block
from mcescalate.model.words import BLOCK, draw_slot, happens, threshold


@inlined
def learn_government(world, state, memory, seed, chain, i):
    """Draw the government of `i` at the start, and redraw it for each turn since."""
    now = state.now
    me = state.actors[i]
    actor = world.actors[i]
    memory.learnt[memory.known.n_learnt] = i
    memory.known.n_learnt += 1
    memory.actors[i].divided_since = now.turn
    me.divided = 0
    if actor.instability == 0.0 and actor.turnover == 0.0:
        return
    last = now.turn if actor.turnover > 0.0 else 0
    first = first_block(state)
    drawn = draw_slot(seed, chain, first, words.STABILITY, actor.key)
    for turn in range(last + 1):
        if turn % BLOCK == 0 and turn > 0:
            block = first + turn // BLOCK
            drawn = draw_slot(seed, chain, block, words.STABILITY, actor.key)
        chance = actor.instability if turn == 0 else turnover_law(world, i, me.divided)
        if happens(drawn[turn % BLOCK], chance):
            me.divided = 1 - me.divided
    if actor.turnover > 0.0:
        await_change(world, state, memory, i)


@inlined
def await_change(world, state, memory, i):
    """Give the government of `i`, known up to the present turn, a slot for its next change."""
    place = take_slot(memory, words.STABILITY, i, world.actors[i].key)
    memory.restless[place // LANES] |= 1 << place % LANES
    memory.apart[place // LANES] |= 1 << place % LANES
    bound_change(world, state, memory, i, place)


@inlined
def bound_change(world, state, memory, i, place):
    """Bound the words that change the government of `i`, whose slot is `place`."""
    law = turnover_law(world, i, state.actors[i].divided)
    set_bounds(memory, place, threshold(law), words.WORDS)


@inlined
def redraw_governments(world, state, memory):
    """Change those of the restless governments whose words say so after the last turn."""
    for group in range(n_groups(memory)):
        slots = memory.restless[group] & memory.due[group]
        while slots != 0:
            place = highest_bit(slots)
            slots ^= 1 << place
            change_government(world, state, memory, group * LANES + place)


@inlined
def change_government(world, state, memory, place):
    """Change the government of slot `place`, unless it has been drawn for this turn before."""
    i = memory.slots[place].actor
    me = state.actors[i]
    if memory.actors[i].divided_since < state.now.turn:
        memory.actors[i].divided_since = state.now.turn
        me.divided = 1 - me.divided
        bound_change(world, state, memory, i, place)
        forget(memory, GOVERNMENTS)
