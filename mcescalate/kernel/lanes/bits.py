"""Numbers by their bits."""

import numpy as np

from mcescalate.model.jit import inlined


@inlined
def bits_of(x):
    """The bits of a float64, as uint64; both zeros have the same."""
    return np.float64(x + 0.0).view(np.uint64)


@inlined
def highest_bit(number):
    """Place of the highest bit of `number`, an integer from 1 to 2^53."""
    # The exponent of a float64 says it without a branch.
    return np.int64(bits_of(number) >> np.uint64(52)) - 1023
