"""Random words of `model.words`, many at a time: the same words, made side by side."""

import numpy as np

from mcescalate.model.jit import inlined, jitable
from mcescalate.model.words import BLOCK, MASK, SHIFT, philox

LANES = 16
"""Calls that are made side by side."""

WINDOW = 8
"""Turns whose words are made at a time, a multiple of `BLOCK`."""


@inlined
def fill_lane(words, to, chain, slot, key, seed):
    """Make the four words of a slot, for one lane: from place `to` on, `LANES` apart."""
    w0, w1, w2, w3 = philox(chain & MASK, chain >> SHIFT, slot, key, seed & MASK, seed >> SHIFT)
    words[to] = w0
    words[to + np.uint64(LANES)] = w1
    words[to + np.uint64(2 * LANES)] = w2
    words[to + np.uint64(3 * LANES)] = w3


@jitable
def fill_window(words, purposes, keys, known, n, seed, chain, first, end):
    """Make the words of lanes `known` to `n`, from turn or period `first` to the end of its window.

    A lane is a purpose and an actor's key. `first` is counted from 0; words of the same call as
    the first one are made too, and those from `end` on are not needed. Lanes are filled by `LANES`
    at a time, and there must be room for all of these; `place_of` tells where a word is.
    """
    window = first // WINDOW * (WINDOW // BLOCK)
    for group in range(known // LANES, (n + LANES - 1) // LANES):
        for b in range(first % WINDOW // BLOCK, n_blocks(first, end)):
            block = np.uint64(window + b) << np.uint64(8)
            lanes = np.uint64(group * LANES)
            row = np.uint64((group * WINDOW + BLOCK * b) * LANES)
            # Unsigned places and a loop of fixed length: compilers do eight lanes at once.
            for k in range(LANES):
                lane = lanes + np.uint64(k)
                slot = block | purposes[lane]
                fill_lane(words, row + np.uint64(k), chain, slot, keys[lane], seed)


@inlined
def n_blocks(first, end):
    """How many blocks of the window in which `first` is are needed, up to `end`."""
    return min(WINDOW // BLOCK, (end + BLOCK - 1) // BLOCK - first // WINDOW * (WINDOW // BLOCK))


@jitable
def fill_lane_of_window(words, lane, purpose, key, seed, chain, first, end):
    """Make the words of one lane alone, as `fill_window` does."""
    window = first // WINDOW * (WINDOW // BLOCK)
    for b in range(first % WINDOW // BLOCK, n_blocks(first, end)):
        slot = np.uint64(window + b) << np.uint64(8) | purpose
        fill_lane(words, np.uint64(place_of(BLOCK * b, lane)), chain, slot, key, seed)


@jitable
def fill_block(words, keys, n, seed, chain, block, purpose):
    """Make the words of one block and purpose for `n` actors' keys.

    As in `fill_window`, `LANES` at a time; `words` has `BLOCK` turns of each group of them.
    """
    slot = (np.uint64(block) << np.uint64(8)) | np.uint64(purpose)
    for group in range((n + LANES - 1) // LANES):
        lanes = np.uint64(group * LANES)
        row = np.uint64(group * BLOCK * LANES)
        for k in range(LANES):
            lane = np.uint64(k)
            fill_lane(words, row + lane, chain, slot, keys[lanes + lane], seed)


@jitable
def fill_lockstep(words, chains, keys, n, seed, block, purpose):
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
