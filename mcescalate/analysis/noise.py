"""Monte Carlo noise told apart from what differs between the points of a sweep.

A point's share of chains is its true probability and noise. With common random numbers the
noise of two points is alike, so a formula for independent samples would take too much away.
But chains of different blocks (chain number mod 32) share no random number. So products of
what one block says with what *another* block says hold no noise on average, whatever points
have in common: a variance, or any other sum of squares and products, is estimated without
noise by leaving each block's products with itself out.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mcescalate.analysis.events import block_event_count, event_count

if TYPE_CHECKING:
    import xarray as xr


def without_noise(of_mean: ArrayLike, of_blocks: ArrayLike) -> NDArray[np.float64]:
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


def full_blocks(response: "xr.DataArray") -> "NDArray[np.float64] | None":
    """A response by (point, block), of the blocks that have chains at every point.

    None where it is not known by block, or by no more than one: then noise cannot be told
    apart.
    """
    if "block" not in response.dims:
        return None
    blocks = response.transpose("point", "block").values
    filled = blocks[:, ~np.isnan(blocks).any(axis=0)]
    return filled if filled.shape[1] > 1 else None
