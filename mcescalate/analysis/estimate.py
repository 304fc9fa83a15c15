"""Probabilities from counts, each with its interval.

A count of chains is binomial, so its share says nothing without the width that chance
alone gives it. Wilson's score interval is used throughout: it stays inside [0, 1], and it
has a width where the count is zero or full, the very places where the plain one has none.
"""

from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

LEVEL = 0.95
"""Level of every interval unless another one is asked for."""


def wilson(
    count: ArrayLike, n: ArrayLike, level: float = LEVEL
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lower and upper end of the score interval of a share `count` / `n`.

    Arguments broadcast; so do the results. The ends are exactly 0 for a count of 0 and
    exactly 1 for a count of `n`; without any trial (`n` = 0) the interval is [0, 1].

    Parameters
    ----------
    count : number of successes, 0 to `n`
    n : number of trials
    level : chance that the interval covers the true share, between 0 and 1

    References
    ----------
    Wilson, E. B. (1927). Probable inference, the law of succession, and statistical
    inference. Journal of the American Statistical Association 22, 209-212.
    """
    successes, trials = np.broadcast_arrays(
        np.asarray(count, np.float64), np.asarray(n, np.float64)
    )
    z = NormalDist().inv_cdf(0.5 + level / 2)
    seen = np.maximum(trials, 1.0)
    share = successes / seen
    middle = (share + z * z / (2 * seen)) / (1 + z * z / seen)
    half = z * np.sqrt(share * (1 - share) / seen + (z / (2 * seen)) ** 2) / (1 + z * z / seen)
    nothing, everything = successes == 0, successes == trials
    lower = np.where(nothing, 0.0, np.maximum(middle - half, 0.0))
    upper = np.where(everything, 1.0, np.minimum(middle + half, 1.0))
    return lower, upper
