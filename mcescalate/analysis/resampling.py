"""Intervals of statistics over the points of a sweep, which have no formula of their own.

Two things leave them uncertain: which points were drawn, and Monte Carlo noise that points
have in common. The first is seen by resampling points (bootstrap), the second by leaving out
one block of chains at a time (jackknife). Where points share no chains, some of their noise
is counted in both, so the interval is rather too wide than too narrow.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from mcescalate.analysis.estimate import LEVEL, normal_quantile

RESAMPLES = 200
RESAMPLING_SEED = 20_140_628
"""Resampling draws nothing that matters, so it is always the same: results can be repeated."""

Places = NDArray[np.int64]
Statistic = Callable[[Places, Places], NDArray[np.float64]]


def with_interval(
    statistic: Statistic, n_items: int, n_blocks: int = 0, level: float = LEVEL
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """A statistic of all items and blocks, and both ends of its large-sample interval.

    Parameters
    ----------
    statistic : of some items and blocks, given by their places
    n_items : independent items, such as points
    n_blocks : blocks of chains; none where they are not known
    """
    z = normal_quantile(level)
    items, blocks = np.arange(n_items), np.arange(n_blocks)
    found = statistic(items, blocks)
    random = np.random.default_rng(RESAMPLING_SEED)
    drawn = [statistic(random.integers(0, n_items, n_items), blocks) for _ in range(RESAMPLES)]
    variance = np.var(drawn, axis=0, ddof=1)
    if n_blocks > 2:  # with one left out, two must be left to be set against each other
        without_one = [statistic(items, np.delete(blocks, block)) for block in blocks]
        variance = variance + (n_blocks - 1) * np.var(without_one, axis=0)
    half = z * np.sqrt(variance)
    return found, found - half, found + half
