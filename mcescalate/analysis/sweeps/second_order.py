"""Second-order distributions: how sure is a probability, when parameters are not?

Each point of a sweep over uncertain parameters has its own probability. The spread of the
estimates is the spread due to the parameters plus Monte Carlo noise. This module separates
the two and removes the noise from the distribution.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mcescalate.analysis.estimation.estimate import LEVEL
from mcescalate.analysis.sweeps.monte_carlo_error import (
    Places,
    complete_blocks,
    estimate_with_interval,
    response,
    subtract_noise,
)
from mcescalate.errors import UsageError

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["second_order"]

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def second_order(
    result: "xr.Dataset",
    of: str = "war",
    *,
    quantiles: tuple[float, ...] = QUANTILES,
    level: float = LEVEL,
) -> "xr.Dataset":
    """Estimate the distribution of an event's probability over the points of a sweep.

    The noise-free values shrink the estimates towards their mean until their variance is that
    of the true probabilities (Louis 1984). Single values are then shrunk too little, but
    their distribution has the right width.

    Parameters
    ----------
    result
        Counts of a sweep whose points are a sample from the parameters' distribution.
    of
        An event, see `analysis.events.event_names`.
    quantiles
        Quantiles of the distribution, above 0 and below 1.
    level
        Level of the intervals, above 0 and below 1.

    Returns
    -------
    xarray.Dataset
        `mean` over points; `observed_variance`, `parameter_variance`, `noise_variance` and
        `noise_share` (of the observed one); `noise_free` by `point`; `value` by `quantile`. Those
        that end in `_lower` and `_upper` are ends of intervals, see `monte_carlo_error`.
        The attribute `noise` says how noise was separated.

    Raises
    ------
    UsageError
        There is no such event, there are fewer than two points, or one without chains.

    References
    ----------
    Louis, T. A. (1984). Estimating a population of parameter values using Bayes and
    empirical Bayes methods. Journal of the American Statistical Association 79, 393-398.

    Examples
    --------
    >>> import mcescalate as mc
    >>> sweep = mc.Sweep(
    ...     "july-1914",
    ...     axes={"response.gap": {"low": 0.1, "high": 1.0}},
    ...     design={"kind": "random", "size": 40, "seed": 1},
    ...     chains=320,
    ...     seed=7,
    ... )
    >>> found = mc.analysis.second_order.second_order(mc.run_sweep(sweep, "sample"), "war")
    >>> round(found["mean"].item(), 3)
    0.735
    >>> found["value"].sel(quantile=[0.05, 0.95]).round(2).values.tolist()
    [0.68, 0.76]
    """
    import xarray as xr

    estimates, blocks, noise_of = _separate(result, of)
    shares = np.array(quantiles, np.float64)

    def statistics(places: Places, chosen: Places) -> NDArray[np.float64]:
        values, mean, observed, parameter = _spread(estimates, noise_of, blocks, places, chosen)
        share = 1 - parameter / observed if observed > 0 else 0.0
        return np.array(
            [mean, observed, parameter, observed - parameter, share, *np.quantile(values, shares)]
        )

    n_blocks = 0 if blocks is None else blocks.shape[1]
    found, lower, upper = estimate_with_interval(statistics, len(estimates), n_blocks, level)
    variables: dict[str, Any] = {}
    names = ("mean", "observed_variance", "parameter_variance", "noise_variance", "noise_share")
    for suffix, values in (("", found), ("_lower", lower), ("_upper", upper)):
        for name, value in zip(names, values, strict=False):
            variables[name + suffix] = ((), value)
        variables["value" + suffix] = ("quantile", values[len(names) :])
    whole = np.arange(len(estimates)), np.arange(n_blocks)
    variables["noise_free"] = ("point", _spread(estimates, noise_of, blocks, *whole)[0])
    coords = {
        "quantile": shares,
        **{
            name: coord
            for name, coord in result.coords.items()
            if coord.dims == ("point",) and name not in variables
        },
    }
    method = (
        "blocks of chains" if blocks is not None else "binomial, too large if chains are shared"
    )
    return xr.Dataset(variables, coords, attrs={"event": of, "level": level, "noise": method})


def _separate(
    result: "xr.Dataset", of: str
) -> tuple[NDArray[np.float64], NDArray[np.float64] | None, NDArray[np.float64]]:
    """Estimates by point, the same by block if known, and the binomial variance of each."""
    if result.sizes.get("point", 1) < 2:
        raise UsageError("second order: expected a sweep of two points or more")
    n_chains = result["n_chains"].values
    if (n_chains < 2).any():
        raise UsageError("second order: a point has no chains; finish the sweep first")
    share = response(result, of)
    blocks = complete_blocks(share)
    share = share.mean("block") if "block" in share.dims else share
    estimates = share.values
    return estimates, blocks, estimates * (1 - estimates) / (n_chains - 1)


def _spread(
    estimates: NDArray[Any],
    noise_of: NDArray[Any],
    blocks: NDArray[Any] | None,
    places: Places,
    chosen: Places,
) -> tuple[NDArray[Any], float, float, float]:
    """Noise-free values of points by some blocks, their mean, and variance with and without."""
    if blocks is None:
        seen = estimates[places]
        observed = seen.var(ddof=1)
        parameter = observed - noise_of[places].mean()
    else:
        own = blocks[np.ix_(places, chosen)]
        seen = own.mean(axis=1)
        observed = seen.var(ddof=1)
        parameter = subtract_noise(observed, own.var(axis=0, ddof=1))
    parameter = max(float(parameter), 0.0)
    shrinking = np.sqrt(parameter / observed) if observed > 0 else 0.0
    values = np.clip(seen.mean() + shrinking * (seen - seen.mean()), 0.0, 1.0)
    return values, float(seen.mean()), float(observed), parameter
