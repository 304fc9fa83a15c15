"""Monte Carlo error of statistics over the points of a sweep: its removal, and intervals.

The share of chains at a point is its true probability plus noise. Common random numbers
correlate the noise of the points, so a formula for independent samples would subtract too
much. Chains of different blocks (chain number mod 32) share no random number, so products of
the estimates of two *different* blocks are free of noise on average. Leaving out the product
of each block with itself therefore gives an unbiased variance, or any other quadratic form.

Two sources of error remain: the sample of points, estimated by resampling points (bootstrap),
and the noise that points share, estimated by leaving out one block at a time (jackknife). If
points share no chains, some noise counts twice, so the interval is conservative.
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
"""Fixed, so that intervals are reproducible."""

Places = NDArray[np.int64]
Statistic = Callable[[Places, Places], NDArray[np.float64]]


def subtract_noise(of_mean: ArrayLike, of_blocks: ArrayLike) -> NDArray[np.float64]:
    """A quadratic form of the mean over blocks, minus the expected contribution of noise.

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

    None if fewer than two blocks are known: then noise cannot be separated.
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
    n_blocks : blocks of chains; 0 if not known
    """
    z = normal_quantile(level)
    items, blocks = np.arange(n_items), np.arange(n_blocks)
    found = statistic(items, blocks)
    random = np.random.default_rng(RESAMPLING_SEED)
    drawn = [statistic(random.integers(0, n_items, n_items), blocks) for _ in range(RESAMPLES)]
    variance = np.var(drawn, axis=0, ddof=1)
    if n_blocks > 2:  # two must remain when one is left out
        without_one = [statistic(items, np.delete(blocks, block)) for block in blocks]
        variance = variance + (n_blocks - 1) * np.var(without_one, axis=0)
    half = z * np.sqrt(variance)
    return found, found - half, found + half
