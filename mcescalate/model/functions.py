"""Elementary functions that rules share."""

import math

from mcescalate.model.jit import inlined, jitable


@inlined
def logistic(x):
    """1 / (1 + e^-x), without overflow."""
    if x >= 0.0:
        return 1.0 / (1.0 + math.exp(-x))
    power = math.exp(x)
    return power / (1.0 + power)


@jitable
def normal_cdf(x):
    """Probability that a standard normal variable is at most `x`."""
    return 0.5 * math.erfc(-x / math.sqrt(2.0))


@inlined
def within(x, low, high):
    """`x` clipped to [low, high]."""
    return min(max(x, low), high)
