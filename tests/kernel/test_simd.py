"""Wide values in Python, by hand; that they compile to the same is test_simd_compiled.py."""

import numpy as np

from mcescalate.kernel.lanes.simd import (
    OCTET,
    WIDTH,
    below,
    counted_from,
    greater,
    last,
    load,
    outside,
    same,
    shifted,
    store,
    total,
)
from mcescalate.kernel.lanes.words import LANES


def test_by_hand():
    assert load(np.arange(12.0), 3).tolist() == [3, 4, 5, 6, 7, 8, 9, 10]
    assert same(2.0).tolist() == [2.0] * OCTET
    assert counted_from(3).tolist() == [3, 4, 5, 6, 7, 8, 9, 10]
    assert (1.0 * (counted_from(0) < 3)).tolist() == [1, 1, 1, 0, 0, 0, 0, 0]
    assert shifted(np.arange(8.0), -1.0).tolist() == [-1, 0, 1, 2, 3, 4, 5, 6]
    assert last(np.arange(8.0)) == 7.0
    assert total(np.arange(8.0)) == 28.0
    assert greater(np.arange(8.0), 5.0).tolist() == [5, 5, 5, 5, 5, 5, 6, 7]
    array = np.zeros(10)
    store(array, 1, np.arange(8.0))
    assert array.tolist() == [0, 0, 1, 2, 3, 4, 5, 6, 7, 0]


def test_a_total_is_taken_half_on_half():
    # 1e16 + 1 is 1e16, so the order shows: (1e16 + -1e16) comes before the ones are lost.
    assert total(np.array([1e16, 1.0, 0.0, 1.0, -1e16, 1.0, 0.0, 1.0])) == 4.0
    assert total(np.array([1e16, 1.0, -1e16, 1.0, 1.0, 0.0, 0.0, 0.0])) == 2.0


def test_a_load_is_a_copy():
    array = np.arange(8.0)
    octet = load(array, 0)
    array[0] = 5.0
    assert octet[0] == 0.0


def test_words_below():
    words = np.full(20, 500, np.uint32)
    words[3], words[18] = 499, 2**32 - 1
    assert below(words, 3, 1) == below(words, 3, 499) == 0
    assert below(words, 3, 500) == 1
    assert below(words, 3, 2**32 - 1) == 2 ** (WIDTH - 1) - 1
    assert below(words, 3, 2**32) == 2**WIDTH - 1


def test_words_outside():
    # Of sixteen words from the fourth on, with bounds from place 8 on, the first is below its
    # low and the last above its high; the second is only just within.
    words = np.full(20, 500, np.uint32)
    lows, highs = np.zeros(24, np.uint32), np.full(24, 2**32 - 1, np.uint32)
    words[3], lows[8] = 2**31, 2**31 + 1
    words[4], lows[9] = 2**32 - 1, 2**32 - 1
    words[18], highs[23] = 2**32 - 1, 2**32 - 2
    assert outside(words, 3, lows, highs, 8) == 1 | 1 << (WIDTH - 1)
    lows[8:], highs[8:] = 1, 0
    assert outside(words, 3, lows, highs, 8) == 2**WIDTH - 1
    # Words are made in groups of as many as are compared at once.
    assert WIDTH == LANES
