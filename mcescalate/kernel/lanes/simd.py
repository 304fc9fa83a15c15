"""Eight float64 side by side, in one wide register of the processor where it has one.

Compilers do a loop over the few rungs of a ladder number by number. Told that eight of them are
one value, they need an instruction each time, and no branch. Uncompiled, an octet is an array
of numpy. Both round alike: no operation here is left to a compiler's choice of order. A
comparison of octets is 1 where it holds, and 0 elsewhere. `simd_code` has what is compiled in
place of the functions here.
"""

import numpy as np

OCTET = 8
"""How many numbers there are in an octet."""

WIDTH = 16
"""How many words are compared side by side."""

PLACES = np.arange(OCTET)


def load(array, at):
    """The octet that stands in `array` (float64, one dimension) from place `at` on."""
    return array[int(at) : int(at) + OCTET].copy()


def store(array, at, octet):
    """Write an octet into `array` from place `at` on."""
    array[int(at) : int(at) + OCTET] = octet


def same(number):
    """An octet of `number`, eight times."""
    return np.full(OCTET, number)


def counted_from(number):
    """An octet of `number`, the next one, and so on."""
    return float(number) + PLACES


def shifted(octet, lowest):
    """Each number one place further up: the last one falls out, and `lowest` comes first."""
    return np.concatenate(([lowest], octet[:-1]))


def last(octet):
    """The last number of an octet."""
    return octet[-1]


def greater(a, b):
    """The greater number of two octets, or of an octet and a number, in each place."""
    return np.where(a > b, a, b)


def total(octet):
    """The sum of an octet, half on half."""
    half = octet[:4] + octet[4:]
    quarter = half[:2] + half[2:]
    return quarter[0] + quarter[1]


def outside(words, at, lows, highs, place):
    """Which of sixteen words, in `words` from `at` on, are below their low or above their high.

    Lows and highs (uint32) stand in their arrays from `place` on. The answer is a number, whose
    bits stand for the words.
    """
    drawn = words[int(at) : int(at) + WIDTH]
    span = slice(int(place), int(place) + WIDTH)
    is_outside = (drawn < lows[span]) | (drawn > highs[span])
    return int(is_outside @ (1 << np.arange(WIDTH)))


def below(words, at, bound):
    """Which of sixteen words, in `words` from `at` on, are below `bound`, from 1 to 2^32.

    The answer is a number, whose bits stand for the words.
    """
    drawn = words[int(at) : int(at) + WIDTH].astype(np.int64)
    return int((drawn < bound) @ (1 << np.arange(WIDTH)))
