"""Bystanders: neutrals that may come in without promise or rivalry, most of a large world.

None has a slot for it. Once they can come in on a side, the words of all actors for that side are
compared with one bound, that of the readiest of them all (`Memory.standing_by`), and rules are
asked for those whose words are below. Neutrals that have slots because of their promises are
left to these.
"""

import math

from mcescalate.kernel.crisis.calls import join_purpose, words_below
from mcescalate.kernel.crisis.governments import learn_government
from mcescalate.kernel.crisis.memory import NEWS, QUIET
from mcescalate.kernel.lanes.bits import highest_bit
from mcescalate.kernel.lanes.simd import below
from mcescalate.kernel.lanes.words import LANES, fill_block
from mcescalate.model.codes import INITIATOR, NEUTRAL, NOBODY
from mcescalate.model.functions import logistic
from mcescalate.model.jit import inlined, jitable
from mcescalate.model.rules.background import tempo_with
from mcescalate.model.rules.joining import (
    bystander_readiness,
    may_exploit,
    next_hazard,
    onlooker_cause,
    onlooker_impulse,
    quiet_share,
    review_share,
)
from mcescalate.model.state import first_block, highest_rung, originator, other, write_entry
from mcescalate.model.words import BLOCK, happens
from mcescalate.model.world import relation


@inlined
def draw_bystanders(world, state, memory, seed, chain):
    """Draw which bystanders come in in the present turn, laws and bounds being up to date."""
    memory.known.n_bystanders = 0
    for side in range(2):
        if may_exploit(world, highest_rung(state, other(side))):
            draw_bystanders_of(world, state, memory, side, seed, chain)


@inlined
def draw_bystanders_of(world, state, memory, side, seed, chain):
    """Draw which of them come in on `side`."""
    o = originator(state, other(side))
    if memory.standing_by[o, QUIET] < 0:
        fill_standing_by(world, memory, o)
    provide_bystander_words(world, state, memory, side, seed, chain)
    words = memory.bystander_words[side]
    bound = memory.standing_by[o, state.now.news]
    row = (state.now.turn - 1) % BLOCK
    for group in range((world.n_actors + LANES - 1) // LANES):
        at = (group * BLOCK + row) * LANES
        called = below(words, at, bound)
        while called != 0:
            place = highest_bit(called)
            called ^= 1 << place
            k = group * LANES + place
            if is_bystander(world, state, memory, k, side):
                hear(world, state, memory, k, side, words[at + place], seed, chain)


@inlined
def is_bystander(world, state, memory, k, side):
    """Whether `k`, a lane, is a neutral without promise or rivalry that bears on `side`."""
    if k >= world.n_actors or state.actors[k].side != NEUTRAL:
        return False
    if memory.slot_of[k, join_purpose(side)] >= 0:
        return False
    return relation(world, k, originator(state, other(side))).rivalry == 0.0


@jitable
def hear(world, state, memory, k, side, word, seed, chain):
    """Draw whether bystander `k` comes in on `side`: none of its other hazards is above 0."""
    if memory.actors[k].divided_since < 0:
        state.now.turn -= 1  # governments are those of the turn's start
        learn_government(world, state, memory, seed, chain, k)
        state.now.turn += 1
    highest = highest_rung(state, other(side))
    impulse = onlooker_impulse(world, state, k, side, highest, memory.known.balance)
    _, out = next_hazard(1.0, review_share(world, state), impulse)
    if happens(word, 1.0 - out):
        n = memory.known.n_bystanders
        memory.bystanders[0, n] = side
        memory.bystanders[1, n] = k
        memory.known.n_bystanders += 1


@inlined
def bring_in_bystanders(world, state, memory):
    """Write down the entries of those who were drawn for the present turn."""
    for n in range(memory.known.n_bystanders):
        side, k = memory.bystanders[0, n], memory.bystanders[1, n]
        write_entry(state, k, side, onlooker_cause(world, state, k, side), NOBODY)


@inlined
def provide_bystander_words(world, state, memory, side, seed, chain):
    """Make the words of all actors for coming in on `side`, if those of the turn are missing."""
    known = memory.known
    block = (state.now.turn - 1) // BLOCK
    if block + 1 == (known.initiator_block if side == INITIATOR else known.target_block):
        return
    if side == INITIATOR:
        known.initiator_block = block + 1
    else:
        known.target_block = block + 1
    words, keys = memory.bystander_words[side], memory.bystander_keys
    block += first_block(state)
    fill_block(words, keys, world.n_actors, seed, chain, block, join_purpose(side))


@jitable
def fill_standing_by(world, memory, o):
    """Fill the bound on bystanders against `o`: as able, and as ready, as any of them can be."""
    tempo = 0.0
    readiness = -math.inf
    for k in range(world.n_actors):
        if k != o and relation(world, k, o).rivalry == 0.0:
            tempo = max(tempo, tempo_with(world, k, world.arms_levels))
            readiness = max(readiness, bystander_readiness(world, k, o))
    most = tempo * logistic(readiness + memory.known.highest_bystander_occasion)
    memory.standing_by[o, QUIET] = words_below(world, quiet_share(world) * most)
    memory.standing_by[o, NEWS] = words_below(world, most)
