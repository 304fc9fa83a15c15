"""What the engine has worked out before, found again by name.

Everything a remembered answer depends on has a part in its name, of 128 bits. Facts of a small
number (who stands on which rung) have random names, and the exclusive or of them names a set
of facts; numbers are blended in by their bits. Two answers that ought to differ share a name
once in more looks than all machines together will take.

A memory is a table of fixed size; new answers take the place of old ones. What it holds never
changes a result: it is what the rules would say again.
"""

import functools

import numpy as np

from mcescalate.model.jit import inlined, jitable

NAME = np.dtype([("a", np.uint64), ("b", np.uint64)])

_PROBES = 4
_NO_NAME = np.uint64(0)
_LOW = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_FACTORS_A = (np.uint64(0xD2511F53), np.uint64(0xCD9E8D57))
_FACTORS_B = (np.uint64(0x9E3779B1), np.uint64(0x85EBCA77))


@functools.cache
def random_names(rows: int, columns: int) -> np.recarray:
    """(rows, columns) of NAME, always the same ones; nobody writes to them."""
    draw = np.random.Generator(np.random.Philox(key=1))
    names = np.empty((rows, columns), NAME)
    for half in ("a", "b"):
        names[half] = draw.integers(0, 1 << 64, size=(rows, columns), dtype=np.uint64)
    return names.view(np.recarray)


@inlined
def blend_a(name, bits):
    """The first half of the name of `name` and `bits` (uint64) together."""
    return _blend(name ^ bits, _FACTORS_A[0], _FACTORS_A[1])


@inlined
def blend_b(name, bits):
    """The second half of it."""
    return _blend(name ^ bits, _FACTORS_B[0], _FACTORS_B[1])


@inlined
def _blend(both, first, second):
    p = (both & _LOW) * first
    q = (both >> _HALF) * second
    return p ^ (q << _HALF) ^ (q >> _HALF)


@inlined
def bits_of(x):
    """The bits of a float64, as uint64; both zeros have the same."""
    return np.float64(x + 0.0).view(np.uint64)


@jitable
def find(memory, a, b):
    """(place, whether it is known) of the answer named (a, b) in `memory`.

    If it is not known, the place is where to put it; whatever is there goes.
    """
    last = np.uint64(len(memory) - 1)
    place = a & last
    for probe in range(_PROBES):
        place = (a + np.uint64(probe)) & last
        if memory[place].a == a and memory[place].b == b:
            return place, True
        if memory[place].a == _NO_NAME:
            break
    return place, False
