"""One chain as the kernel simulates it: as `chain.plain` does, asking rules only where it must.

Most words decide nothing, whatever the exact probability: each slot (`memory`) has bounds on it
that are cheap to find, and the rules are asked only when a word falls within them.
"""

import numpy as np

from mcescalate.kernel.crisis.bystanders import bring_in_bystanders
from mcescalate.kernel.crisis.calls import hear_call
from mcescalate.kernel.crisis.laws import sound_chance
from mcescalate.kernel.crisis.memory import (
    ARMS_LAWS,
    forget_crisis,
    forget_moves,
    n_groups,
    word_at,
)
from mcescalate.kernel.crisis.schedule import give_common_slots, give_slots, make_words
from mcescalate.kernel.lanes.bits import bits_of, highest_bit
from mcescalate.kernel.lanes.words import LANES, WINDOW
from mcescalate.model import words
from mcescalate.model.chain.draws import draw_blamed, draw_incident, is_deterred
from mcescalate.model.chain.transition import apply_turn, open_crisis
from mcescalate.model.codes import DETERRED, DOWN, HOLD, MEDIATION, NOBODY, TURN, UP
from mcescalate.model.jit import inlined, jitable
from mcescalate.model.rules.background import arms_goal, arms_moves
from mcescalate.model.rules.power import balance_of_power
from mcescalate.model.state import clear, clock, wipe_moves, write_move
from mcescalate.model.words import decide, happens, threshold

# Steps of a chain before its first turn.
_DRAWN = 0
_ATTRIBUTED = 1

# Every function below that is used in each turn or chain is called at one place only: it is
# compiled into the kernel there, and a second place would make the kernel larger and slower.


@inlined
def begin_chain(world, state, memory, seed, chain):
    """Background, incident and deterrence test; `state.now.over` is 1 if it was deterred."""
    now = state.now
    clear(state)
    if world.arms_periods > 0:
        race(world, state, memory, seed, chain)
    challenge_word = draw_incident(world, state, seed, chain)
    initiator, target = now.drawn_initiator, now.drawn_target
    for step in (_DRAWN, _ATTRIBUTED):
        open_crisis(world, state, initiator, target)
        give_common_slots(world, memory)
        give_slots(world, state, memory, seed, chain)
        if step == _ATTRIBUTED:
            return
        memory.known.balance = balance_of_power(world, state)
        memory.known.has_balance = 0 if world.rests_on.balance & (TURN | MEDIATION) else 1
        if is_deterred(world, state, challenge_word, memory.known.balance):
            forget_crisis(memory)
            clear(state)
            now.over = 1
            now.outcome = DETERRED
            return
        blamed = draw_blamed(world, state, seed, chain)
        if blamed == NOBODY:
            return
        now.misattributed = 1
        initiator, target = target, blamed
        forget_crisis(memory)
        clear(state)


@jitable
def race(world, state, memory, seed, chain):
    """Run the arms race: all actors at once, period by period."""
    for i in range(world.n_actors):
        state.actors[i].arms = min(max(world.actors[i].arms, 0), world.arms_levels)
        memory.slot_lanes[0, i] = np.uint64(words.ARMS)
        memory.slot_lanes[1, i] = world.actors[i].key
    for period in range(world.arms_periods):
        if period % WINDOW == 0:
            last = clock(state, world.arms_periods)
            make_words(memory, 0, world.n_actors, seed, chain, clock(state, period), last)
        for i in range(world.n_actors):
            if period == 0:
                goal = first_goal(world, state, memory, i)
            else:
                goal = arms_goal(world, state, i)
            state.actors[i].move = arm(world, state, memory, period % WINDOW, i, goal)
        for i in range(world.n_actors):
            state.actors[i].arms += state.actors[i].move
            state.actors[i].move = HOLD


@inlined
def first_goal(world, state, memory, i):
    """The `arms_goal` of `i` as the race begins: always the same, unless arms are carried on."""
    me = memory.actors[i]
    if me.has_goal == 0 or world.carries_arms == 1:
        me.has_goal = 1
        me.first_goal = arms_goal(world, state, i)
    return me.first_goal


@inlined
def arm(world, state, memory, row, i, goal):
    """Draw what `i`, driven to `goal`, does `row` periods after the window's first."""
    level = state.actors[i].arms
    place = (bits_of(goal) >> np.uint64(46)) + np.uint64(level)
    law = memory.arms_laws[i, place % np.uint64(ARMS_LAWS)]
    if law.level != level or law.goal != goal:
        up, down = arms_moves(world, level, goal)
        law.level = level
        law.goal = goal
        law.up = threshold(up)
        law.down = threshold(down)
    return decide(word_at(memory, row, i), law.up, law.down)


@inlined
def take_turn(world, state, memory):
    """One turn that has been brought up to date: every response and entry, all from its start."""
    now = state.now
    row = now.turn - memory.known.words_from
    now.turn += 1
    wipe_moves(state)
    for group in range(n_groups(memory)):
        slots = memory.due[group] & ~memory.apart[group]
        while slots != 0:
            place = highest_bit(slots)
            slots ^= 1 << place
            act(world, state, memory, row, group * LANES + place)
    bring_in_bystanders(world, state, memory)
    apply_turn(world, state)
    forget_moves(memory, now.moved_initiator, now.moved_target)


@inlined
def act(world, state, memory, row, place):
    """Draw what is decided in slot `place`, whose word is within its bounds."""
    slot = memory.slots[place]
    word = word_at(memory, row, place)
    if slot.purpose == words.RESPONSE:
        respond(world, state, memory, slot.actor, word)
    else:
        hear_call(world, state, memory, place, word)


@inlined
def respond(world, state, memory, i, word):
    """Write down the move of `i`, which `word` means."""
    move, is_misread = DOWN, 0
    if word < memory.actors[i].up_below:
        move = UP
        is_misread = 0 if happens(word, sound_chance(world, state, memory, i)) else 1
    write_move(state, i, move, is_misread)
