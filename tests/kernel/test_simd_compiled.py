"""Wide values: what they are in Python is what they compile to, bit for bit."""

import numpy as np
import pytest
from numba import njit
from numba.core.errors import TypingError

import mcescalate.kernel.lanes.simd_code  # noqa: F401 - what these compile to
from mcescalate.kernel.lanes.simd import (
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
from mcescalate.model.jit import OPTIONS

ROW = [0.1, -2.5, 3.7, 0.0, 1e-300, 7e5, 0.3, -0.2]
OTHER = [0.7, -2.5, 1e-7, -0.0, 4.4, 7e-5, 1.0 / 3.0, 9.0]


@pytest.mark.parametrize(
    "of",
    [
        lambda a, b: a + b,
        lambda a, b: a - b,
        lambda a, b: a * b,
        lambda a, b: 1.0 / (1.0 + a * a + b * b),
        lambda a, b: 2 * a - b / 3.0,
        lambda a, b: greater(a, b),
        lambda a, b: greater(greater(a, 0.25), b),
        lambda a, b: shifted(a, 0.5) + last(b),
        lambda a, b: same(total(a * b)),
        lambda a, b: a * (counted_from(np.int64(2)) < np.int64(5)) + b * (a < b),
        lambda a, b: a - 0.3 * (b < 0.0),
    ],
)
def test_compiled_and_uncompiled_agree_to_the_bit(of):
    compiled_of = njit(**OPTIONS, forceinline=True)(of)

    def uncompiled(array, out):
        store(out, 1, of(load(array, 0), load(array, 8)))

    def compiled(array, out):
        store(out, np.uint64(1), compiled_of(load(array, np.uint64(0)), load(array, 8)))

    array = np.array(ROW + OTHER)
    by_python, by_numba = np.full(10, 7.0), np.full(10, 7.0)
    uncompiled(array, by_python)
    njit(**OPTIONS)(compiled)(array, by_numba)
    assert by_python.tobytes() == by_numba.tobytes()
    assert by_python[[0, 9]].tolist() == [7.0, 7.0]


def test_words_compiled():
    draws = np.random.default_rng(4)  # any will do
    words = draws.integers(0, 2**32, 64, np.uint32)
    lows = draws.integers(0, 2**32, 64, np.uint32)
    highs = draws.integers(0, 2**32, 64, np.uint32)
    # Bounds that a word just meets, and those that are met always and never.
    lows[8:13] = [words[8], words[9] + np.uint32(1), 0, 0, 1]
    highs[8:13] = [2**32 - 1, 2**32 - 1, words[10], 2**32 - 1, 0]

    def scan(words, at, lows, highs, place):
        return outside(words, at, lows, highs, place)

    compiled = njit(**OPTIONS)(scan)
    found = set()
    for at in (0, 8, 40, 48):
        for place in (np.int64(8), np.uint32(0), np.uint64(48)):
            expected = outside(words, at, lows, highs, place)
            assert compiled(words, at, lows, highs, place) == expected
            found.add(expected)
    assert len(found) >= 8


def test_words_below_compiled():
    words = np.random.default_rng(5).integers(0, 2**32, 32, np.uint32)  # any will do

    def scan(words, at, bound):
        return below(words, at, bound)

    compiled = njit(**OPTIONS)(scan)
    bounds = [1, 2**31, 2**32 - 1, 2**32, int(words[9]), int(words[9]) + 1]
    for at in (0, 9, 16):
        for bound in bounds:
            assert compiled(words, at, np.int64(bound)) == below(words, at, bound)
    assert compiled(words, 9, np.int64(bounds[-1])) & 1 == 1
    assert compiled(words, 9, np.int64(bounds[-2])) & 1 == 0


@pytest.mark.parametrize(
    "array", [np.zeros((8, 8)), np.zeros(16)[::2]], ids=["two dimensions", "every other place"]
)
def test_only_numbers_in_a_row_can_be_loaded(array):
    def load_them(array):
        return total(load(array, 0))

    with pytest.raises(TypingError, match="load"):
        njit(**OPTIONS)(load_them)(array)
