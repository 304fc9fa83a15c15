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

from mcescalate.analysis.estimation.estimate import LEVEL, crises, normal_quantile
from mcescalate.analysis.estimation.events import block_event_count, event_count

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["complete_blocks", "estimate_with_interval", "response", "subtract_noise"]

RESAMPLES = 200
RESAMPLING_SEED = 20_140_628
"""Fixed, so that intervals are reproducible."""

Places = NDArray[np.int64]
Statistic = Callable[[Places, Places], NDArray[np.float64]]


def subtract_noise(of_mean: ArrayLike, of_blocks: ArrayLike) -> NDArray[np.float64]:
    """Remove the expected contribution of noise from a quadratic form of a mean over blocks.

    Parameters
    ----------
    of_mean
        The form, quadratic and homogeneous, of the mean over blocks; any shape.
    of_blocks
        The same form of each block, along the last axis.

    Returns
    -------
    numpy.ndarray
        The form without noise, in the shape of `of_mean`.

    Examples
    --------
    >>> import mcescalate as mc
    >>> mc.analysis.monte_carlo_error.subtract_noise(1.0, [1.5, 0.9, 1.2]).round(3).item()
    0.9
    """
    own = np.asarray(of_blocks, np.float64)
    n = own.shape[-1]
    return (n * n * np.asarray(of_mean, np.float64) - own.sum(axis=-1)) / (n * (n - 1))


def response(result: "xr.Dataset", of: str) -> "xr.DataArray":
    """Compute the share of chains with an event at each point of a sweep.

    Parameters
    ----------
    result
        Counts of a sweep, with the dim `point`.
    of
        An event, see `analysis.events.event_names`.

    Returns
    -------
    xarray.DataArray
        Shares by `point` and, for events that consist of outcomes, by `block` of chains, from
        which noise can be separated.

    Raises
    ------
    UsageError
        There is no such event.

    Examples
    --------
    >>> import mcescalate as mc
    >>> sweep = mc.Sweep("july-1914", axes={"response.gap": [0.2, 0.5]}, chains=320, seed=7)
    >>> share = mc.analysis.monte_carlo_error.response(mc.run_sweep(sweep, "gap"), "war")
    >>> share.dims, share.mean("block").round(3).values.tolist()
    (('point', 'block'), [0.691, 0.747])
    """
    by_block = block_event_count(result, of)
    if by_block is None:
        share = event_count(result, of) / crises(result)
    else:
        share = by_block / result["block_outcome_count"].sum("outcome")
    return share.rename(of)


def complete_blocks(response: "xr.DataArray") -> "NDArray[np.float64] | None":
    """Take from a response the blocks that have chains at every point.

    Parameters
    ----------
    response
        By `point` and perhaps `block`, as from `response`.

    Returns
    -------
    numpy.ndarray or None
        (point, block) shares; None if fewer than two blocks are known: then noise cannot be
        separated.

    Examples
    --------
    >>> import mcescalate as mc
    >>> sweep = mc.Sweep("july-1914", axes={"response.gap": [0.2, 0.5]}, chains=320, seed=7)
    >>> share = mc.analysis.monte_carlo_error.response(mc.run_sweep(sweep, "gap"), "war")
    >>> mc.analysis.monte_carlo_error.complete_blocks(share).shape
    (2, 32)
    """
    if "block" not in response.dims:
        return None
    blocks = response.transpose("point", "block").values
    filled = blocks[:, ~np.isnan(blocks).any(axis=0)]
    return filled if filled.shape[1] > 1 else None


def estimate_with_interval(
    statistic: Statistic, n_items: int, n_blocks: int = 0, level: float = LEVEL
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Estimate a statistic of items and blocks, with a large-sample interval.

    The error has two parts: that of the sample of items, from resampling them (bootstrap), and
    that of the chains, from leaving out one block at a time (jackknife).

    Parameters
    ----------
    statistic
        Function of the places of some items and of some blocks; returns an array.
    n_items
        Number of independent items, such as points.
    n_blocks
        Number of blocks of chains; 0 if not known.
    level
        Level of the interval, above 0 and below 1.

    Returns
    -------
    tuple of numpy.ndarray
        The statistic of all items and blocks, and both ends of its interval.

    Raises
    ------
    UsageError
        `level` is not between 0 and 1.

    Examples
    --------
    >>> import numpy as np
    >>> import mcescalate as mc
    >>> values = np.arange(20.0)
    >>> mean, lower, upper = mc.analysis.monte_carlo_error.estimate_with_interval(
    ...     lambda items, blocks: np.array([values[items].mean()]), len(values)
    ... )
    >>> mean.item(), bool(lower < mean < upper)
    (9.5, True)
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
