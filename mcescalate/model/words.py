"""Random words as a function of (seed, chain, turn, actor, purpose), and of nothing else.

Philox4x32-10 (Salmon et al. 2011) in counter mode. Key: the 64-bit seed. Counter: chain
(low, high), slot, actor key. A slot is a block of four turns and a purpose, so that one
call serves four turns of one actor; the draws of the incident share the words of one slot.

A slot's bits: 0 to 7 the purpose, 8 to 19 the block, 20 to 31 the number of the crisis in its
chain, 0 for the first. So there is room for 4,096 crises of 16,384 turns. A clone or a branch
of a chain has a seed of its own: the words of one call on (seed, chain, stage, index).

Words are held in unsigned 64-bit lanes and masked to 32 bits. That makes the same source
right when it is compiled, when Python runs it, and on a device.

Codes of purposes are appended, never renumbered: they are part of `RNG_LAYOUT`.
"""

import math

import numpy as np

from mcescalate.model.codes import DOWN, HOLD, UP
from mcescalate.model.jit import inlined, jitable

RNG_LAYOUT = "philox4x32-10/1"
"""Name of this scheme: same layout, seed and scenario, same counts."""

# Purposes drawn once a chain; the second part of the name is the word within the slot.
INCIDENT = 0
WORD_DYAD, WORD_DOMAIN, WORD_ACCIDENT, WORD_CHALLENGE = 0, 1, 2, 3
ATTRIBUTION = 1
WORD_BLAME, WORD_SCAPEGOAT = 0, 1
# Purposes drawn by actor and turn (period for ARMS); turn 0 of STABILITY is the start.
STABILITY = 2
ARMS = 3
MEDIATION = 4
RESPONSE = 5
JOIN_INITIATOR = 6
JOIN_TARGET = 7
READING = 8
"""Used only to describe a chain: a reading drawn from its law given the move."""
# Drawn by turn for the whole crisis.
WAR_END = 9
WINNER = 10
FORK = 11
"""Makes the seed of a branch or a clone of a chain."""
# Drawn by turn for a clone of a chain: see `engine.rare`.
CROSSING = 12
RETENTION = 13
# Drawn by period of a chain of several crises.
QUIET = 14
PURPOSES = 15

NO_ACTOR = 0
"""Actor key of draws that belong to the whole chain."""

MASK = np.uint64(0xFFFFFFFF)
SHIFT = np.uint64(32)
_MULTIPLIER_0 = np.uint64(0xD2511F53)
_MULTIPLIER_1 = np.uint64(0xCD9E8D57)
_WEYL_0 = np.uint64(0x9E3779B9)
_WEYL_1 = np.uint64(0xBB67AE85)
_ROUNDS = 10
WORDS = 4294967296
"""How many words there are."""

BLOCK = 4
"""Turns that share one call."""

_BLOCK_SHIFT = np.uint64(8)
MOST_BLOCKS = 1 << 12
"""Of a crisis."""
TURNS_OF_CRISIS = BLOCK * MOST_BLOCKS
"""Turns by which the draws of one crisis of a chain stand after those of the one before."""


@inlined
def philox(c0, c1, c2, c3, k0, k1):
    """Four random 32-bit words, in uint64, for one counter and key (32-bit words in uint64)."""
    for _ in range(_ROUNDS):
        p0 = c0 * _MULTIPLIER_0
        p1 = c2 * _MULTIPLIER_1
        c0, c1, c2, c3 = (
            (p1 >> SHIFT) ^ c1 ^ k0,
            p1 & MASK,
            (p0 >> SHIFT) ^ c3 ^ k1,
            p0 & MASK,
        )
        k0 = (k0 + _WEYL_0) & MASK
        k1 = (k1 + _WEYL_1) & MASK
    return c0, c1, c2, c3


@jitable
def draw_slot(seed, chain, block, purpose, actor_key):
    """The four words of one slot; `seed`, `chain` and `actor_key` are uint64, the others small."""
    slot = (np.uint64(block) << _BLOCK_SHIFT) | np.uint64(purpose)
    return philox(chain & MASK, chain >> SHIFT, slot, actor_key, seed & MASK, seed >> SHIFT)


@jitable
def draw_word(seed, chain, index, purpose, actor_key):
    """The word for turn or period `index` (from 0) of one actor and purpose."""
    w0, w1, w2, w3 = draw_slot(seed, chain, index // BLOCK, purpose, actor_key)
    place = index % BLOCK
    if place == 0:
        return w0
    if place == 1:
        return w1
    if place == 2:
        return w2
    return w3


@jitable
def fork_seed(seed, chain, stage, index):
    """The seed (uint64) of number `index` among branches or clones that begin in one stage.

    `stage` is below 2^24, `index` below 2^32.
    """
    slot = (np.uint64(stage) << _BLOCK_SHIFT) | np.uint64(FORK)
    low, high, _, _ = philox(
        chain & MASK, chain >> SHIFT, slot, np.uint64(index), seed & MASK, seed >> SHIFT
    )
    return low | (high << SHIFT)


@jitable
def threshold(probability):
    """How many of the 2^32 words mean "yes" to `probability`: 0 to 2^32, a whole number.

    Rounding to 2^-32 is what makes a draw the same on every processor, although `exp` may
    differ there in its last bit. A chance below 2^-33 per draw therefore never happens.
    """
    return math.floor(probability * WORDS + 0.5)


@jitable
def happens(word, probability):
    """Whether `word` says yes to `probability`."""
    return np.int64(word) < threshold(probability)


@jitable
def choose(word, cumulative):
    """Index of the class that `word` picks from cumulative shares, the last of them 1."""
    low = 0
    high = len(cumulative) - 1
    while low < high:
        middle = (low + high) // 2
        if np.int64(word) < threshold(cumulative[middle]):
            high = middle
        else:
            low = middle + 1
    return low


@inlined
def decide(word, up, down):
    """The move that `word` means: up below `up`, down from 2^32 - `down` on, else hold."""
    if word < up:
        return UP
    if word >= WORDS - down:
        return DOWN
    return HOLD
