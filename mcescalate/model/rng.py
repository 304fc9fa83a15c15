"""Random words as a function of (seed, chain, turn, actor, purpose), and of nothing else.

Philox4x32-10 (Salmon et al. 2011) in counter mode. Key: the 64-bit seed. Counter: chain
(low, high), slot, actor key. A slot is a block of four turns and a purpose, so that one
call serves four turns of one actor; the draws of the incident share the words of one slot.

Words are held in unsigned 64-bit lanes and masked to 32 bits. That makes the same source
right when it is compiled, when Python runs it, and on a device.

Codes of purposes are appended, never renumbered: they are part of `RNG_LAYOUT`.
"""

import math

import numpy as np

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
"""Used only to retell a chain: a reading drawn from its law given the move."""
PURPOSES = 9

NO_ACTOR = 0
"""Actor key of draws that belong to the whole chain."""

_MASK = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)
_MULTIPLIER_0 = np.uint64(0xD2511F53)
_MULTIPLIER_1 = np.uint64(0xCD9E8D57)
_WEYL_0 = np.uint64(0x9E3779B9)
_WEYL_1 = np.uint64(0xBB67AE85)
_ROUNDS = 10
WORDS = 4294967296
"""How many words there are."""

BLOCK = 4
"""Turns that share one call."""

LANES = 16
"""Calls that are made side by side."""

WINDOW = 8
"""Turns whose words are made at a time, a multiple of `BLOCK`."""


@inlined
def philox(c0, c1, c2, c3, k0, k1):
    """Four random 32-bit words, in uint64, for one counter and key (32-bit words in uint64)."""
    for _ in range(_ROUNDS):
        p0 = c0 * _MULTIPLIER_0
        p1 = c2 * _MULTIPLIER_1
        c0, c1, c2, c3 = (
            (p1 >> _SHIFT) ^ c1 ^ k0,
            p1 & _MASK,
            (p0 >> _SHIFT) ^ c3 ^ k1,
            p0 & _MASK,
        )
        k0 = (k0 + _WEYL_0) & _MASK
        k1 = (k1 + _WEYL_1) & _MASK
    return c0, c1, c2, c3


@jitable
def draw_slot(seed, chain, block, purpose, actor_key):
    """The four words of one slot; `seed`, `chain` and `actor_key` are uint64, the others small."""
    slot = (np.uint64(block) << np.uint64(8)) | np.uint64(purpose)
    return philox(chain & _MASK, chain >> _SHIFT, slot, actor_key, seed & _MASK, seed >> _SHIFT)


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


@inlined
def fill_lane(words, to, chain, slot, key, seed):
    """Make the four words of a slot, for one lane: from place `to` on, `LANES` apart."""
    w0, w1, w2, w3 = philox(chain & _MASK, chain >> _SHIFT, slot, key, seed & _MASK, seed >> _SHIFT)
    words[to] = w0
    words[to + np.uint64(LANES)] = w1
    words[to + np.uint64(2 * LANES)] = w2
    words[to + np.uint64(3 * LANES)] = w3


@jitable
def fill_window(words, purposes, keys, known, n, seed, chain, first):
    """Make the words of lanes `known` to `n`, from turn or period `first` to the end of its window.

    A lane is a purpose and an actor's key. `first` is counted from 0; words of the same call as
    the first one are made too. Lanes are filled by `LANES` at a time, and there must be room for
    all of these; `place_of` tells where a word is.
    """
    window = first // WINDOW * (WINDOW // BLOCK)
    for group in range(known // LANES, (n + LANES - 1) // LANES):
        for b in range(first % WINDOW // BLOCK, WINDOW // BLOCK):
            block = np.uint64(window + b) << np.uint64(8)
            lanes = np.uint64(group * LANES)
            row = np.uint64((group * WINDOW + BLOCK * b) * LANES)
            # Unsigned places and a loop of fixed length: compilers do eight lanes at once.
            for k in range(LANES):
                lane = lanes + np.uint64(k)
                slot = block | purposes[lane]
                fill_lane(words, row + np.uint64(k), chain, slot, keys[lane], seed)


@jitable
def fill_abreast(words, chains, keys, n, seed, block, purpose):
    """Make the words of one block and purpose for `n` chains (uint64) and actors' keys.

    As in `fill_window`, `LANES` at a time; `words` has `BLOCK` turns of each group of them.
    """
    slot = (np.uint64(block) << np.uint64(8)) | np.uint64(purpose)
    for group in range((n + LANES - 1) // LANES):
        lanes = np.uint64(group * LANES)
        row = np.uint64(group * BLOCK * LANES)
        for k in range(LANES):
            lane = lanes + np.uint64(k)
            fill_lane(words, row + np.uint64(k), chains[lane], slot, keys[lane], seed)


@inlined
def place_of(row, lane):
    """Where in a window the word of turn `row` (from its first) of `lane` is."""
    return (lane // LANES * WINDOW + row) * LANES + lane % LANES


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
