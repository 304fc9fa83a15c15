"""Intervals of statistics without a formula of their own: the percentile bootstrap."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from mcescalate.analysis.estimate import LEVEL, Interval, normal_quantile

RESAMPLES = 200
RESAMPLING_SEED = 20_140_628
"""Resampling draws nothing that matters, so it is always the same: results can be repeated."""


def bootstrap(
    statistic: Callable[[NDArray[np.int64]], NDArray[np.float64]],
    n_items: int,
    *,
    level: float = LEVEL,
    resamples: int = RESAMPLES,
) -> Interval:
    """Ends of the interval that holds the middle `level` of a statistic's resampled values.

    Parameters
    ----------
    statistic : of a sample, given by the places of its items, 0 to `n_items` - 1
    n_items : independent items in the sample
    resamples : samples drawn with replacement
    """
    normal_quantile(level)  # refuses what is no level
    random = np.random.default_rng(RESAMPLING_SEED)
    values = np.array([statistic(random.integers(0, n_items, n_items)) for _ in range(resamples)])
    lower, upper = np.quantile(values, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return lower, upper
