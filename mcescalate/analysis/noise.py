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
from numpy.typing import NDArray

from mcescalate.analysis.events import block_event_count, event_count

if TYPE_CHECKING:
    import xarray as xr

Quadratic = Callable[[NDArray[np.float64]], NDArray[np.float64]]


def without_noise(quadratic: Quadratic, blocks: NDArray[np.float64]) -> NDArray[np.float64]:
    """A quadratic form of the mean over blocks, less what noise adds to it on average.

    Parameters
    ----------
    quadratic : takes an array without the dim of blocks; quadratic and homogeneous in it
    blocks : (block, ...) estimates, each block's with the same expectation
    """
    n = len(blocks)
    own = sum(quadratic(block) for block in blocks)
    return (n * n * quadratic(blocks.mean(axis=0)) - own) / (n * (n - 1))


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


def has_blocks(response: "xr.DataArray") -> bool:
    """Whether a response is known by block, so that noise can be told apart."""
    return "block" in response.dims and response.sizes["block"] > 1
