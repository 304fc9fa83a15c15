"""Monte Carlo noise told apart from what differs between the points of a sweep.

A point's share of chains is its true probability and noise. With common random numbers the
noise of two points is alike, so a formula for independent samples would take too much away.
But chains of different blocks (chain number mod 32) share no random number. So products of
what one block says with what *another* block says hold no noise on average, whatever points
have in common: a variance, or any other sum of squares and products, is estimated without
noise by leaving each block's products with itself out.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mcescalate.analysis.estimation.estimate import LEVEL, normal_quantile
from mcescalate.analysis.estimation.events import block_event_count, event_count

if TYPE_CHECKING:
    import xarray as xr

RESAMPLES = 200
RESAMPLING_SEED = 20_140_628
"""Resampling draws nothing that matters, so it is always the same: results can be repeated."""

Places = NDArray[np.int64]
Statistic = Callable[[Places, Places], NDArray[np.float64]]


def subtract_noise(of_mean: ArrayLike, of_blocks: ArrayLike) -> NDArray[np.float64]:
    """A quadratic form of the mean over blocks, less what noise adds to it on average.

    Parameters
    ----------
    of_mean : (...) the form, quadratic and homogeneous, of the mean over blocks
    of_blocks : (..., block) the same form of each block
    """
    own = np.asarray(of_blocks, np.float64)
    n = own.shape[-1]
    return (n * n * np.asarray(of_mean, np.float64) - own.sum(axis=-1)) / (n * (n - 1))


def response(result: "xr.Dataset", of: str) -> "xr.DataArray":
    """Share of chains with the event `of`, by `point` and, where they are known, by `block`.

    Parameters
    ----------
    result : of a sweep
    of : an event, see `mcescalate.analysis.events`

    Raises
    ------
    UsageError
        There is no such event.
    """
    by_block = block_event_count(result, of)
    if by_block is None:
        share = event_count(result, of) / result["n_chains"]
    else:
        share = by_block / result["block_outcome_count"].sum("outcome")
    return share.rename(of)


def complete_blocks(response: "xr.DataArray") -> "NDArray[np.float64] | None":
    """A response by (point, block), of the blocks that have chains at every point.

    None where it is not known by block, or by no more than one: then noise cannot be told
    apart.
    """
    if "block" not in response.dims:
        return None
    blocks = response.transpose("point", "block").values
    filled = blocks[:, ~np.isnan(blocks).any(axis=0)]
    return filled if filled.shape[1] > 1 else None


def estimate_with_interval(
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
