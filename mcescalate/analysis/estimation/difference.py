"""Differences of two shares on the same chains, and the gain over separate chains.

Chains that have an event in both runs or in neither say nothing about the difference; it
rests on the discordant chains alone, `first_only` and `second_only`. The fewer they are, the
narrower the interval.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mcescalate.analysis.estimation.estimate import LEVEL, Interval, normal_quantile, wilson

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["chains_to_detect", "difference", "newcombe", "ratio_interval", "tango"]

POWER = 0.8
"""Probability with which `chains_to_detect` chains detect the change."""

_HALVINGS = 60
"""Enough to narrow an interval of length 2 down to rounding."""


def tango(
    first_only: ArrayLike, second_only: ArrayLike, n: ArrayLike, level: float = LEVEL
) -> Interval:
    """Tango's score interval of P(second) - P(first), from the discordant counts of `n` pairs.

    It holds its level for few discordant pairs and has a width without any. Arguments
    broadcast; without any pair the interval is [-1, 1].

    Parameters
    ----------
    first_only
        Pairs in which only the first run has the event; any shape.
    second_only
        Pairs in which only the second run has it.
    n
        All pairs, concordant ones included.
    level
        Level of the interval, above 0 and below 1.

    Returns
    -------
    tuple of numpy.ndarray
        Lower and upper end, -1 to 1.

    Raises
    ------
    UsageError
        `level` is not between 0 and 1.

    References
    ----------
    Tango, T. (1998). Equivalence test and confidence interval for the difference in
    proportions for the paired-sample design. Statistics in Medicine 17, 891-908.

    Examples
    --------
    >>> import mcescalate as mc
    >>> lower, upper = mc.analysis.difference.tango(first_only=12, second_only=2, n=1000)
    >>> round(lower.item(), 4), round(upper.item(), 4)
    (-0.0191, -0.0031)
    """
    first, second, pairs = np.broadcast_arrays(
        *(np.asarray(value, np.float64) for value in (first_only, second_only, n))
    )
    z = normal_quantile(level)
    seen = (second - first) / np.maximum(pairs, 1.0)
    lower = _where_score_is(z, first, second, pairs, np.full_like(seen, -1.0), seen)
    upper = _where_score_is(-z, first, second, pairs, seen, np.ones_like(seen))
    nothing = pairs == 0
    return np.where(nothing, -1.0, lower), np.where(nothing, 1.0, upper)


def _where_score_is(
    z: float,
    first: NDArray[Any],
    second: NDArray[Any],
    n: NDArray[Any],
    low: NDArray[Any],
    high: NDArray[Any],
) -> NDArray[np.float64]:
    """The difference between `low` and `high` at which the score, falling in it, is `z`."""
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        below = _score(middle, first, second, n) > z
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return (low + high) / 2


def _score(
    difference: NDArray[Any], first: NDArray[Any], second: NDArray[Any], n: NDArray[Any]
) -> NDArray[Any]:
    """Standard deviations by which the data lie above `difference`."""
    # Likeliest share of first-only pairs among those with this difference: a quadratic's root.
    b = (2 * n - second + first) * difference - first - second
    c = -first * difference * (1 - difference)
    share = (np.sqrt(np.maximum(b * b - 8 * n * c, 0.0)) - b) / np.maximum(4 * n, 1.0)
    variance = n * np.maximum(2 * share + difference * (1 - difference), 0.0)
    gap = second - first - n * difference
    spread = np.sqrt(variance)
    # Where the spread is 0 any gap is beyond all bounds.
    beyond = np.where(gap == 0, 0.0, np.copysign(np.inf, gap))
    return np.where(spread > 0, gap / np.where(spread > 0, spread, 1.0), beyond)


def newcombe(
    first: ArrayLike,
    second: ArrayLike,
    n: ArrayLike,
    level: float = LEVEL,
    n_second: ArrayLike | None = None,
) -> Interval:
    """Newcombe's interval of P(second) - P(first) for counts from separate chains.

    Both shares' Wilson intervals, squared and added.

    Parameters
    ----------
    first
        Chains of the first run with the event; any shape.
    second
        Chains of the second run with the event.
    n
        Chains of the first run, and of the second one unless `n_second` is given.
    level
        Level of the interval, above 0 and below 1.
    n_second
        Chains of the second run.

    Returns
    -------
    tuple of numpy.ndarray
        Lower and upper end, -1 to 1.

    Raises
    ------
    UsageError
        `level` is not between 0 and 1.

    References
    ----------
    Newcombe, R. G. (1998). Interval estimation for the difference between independent
    proportions: comparison of eleven methods. Statistics in Medicine 17, 873-890.

    Examples
    --------
    >>> import mcescalate as mc
    >>> lower, upper = mc.analysis.difference.newcombe(first=73, second=63, n=1000)
    >>> round(lower.item(), 4), round(upper.item(), 4)
    (-0.0323, 0.0122)
    """
    n_second = n if n_second is None else n_second
    a, b = (
        np.asarray(count) / np.maximum(np.asarray(trials, np.float64), 1.0)
        for count, trials in ((first, n), (second, n_second))
    )
    a_lower, a_upper = wilson(first, n, level)
    b_lower, b_upper = wilson(second, n_second, level)
    difference = b - a
    return (
        difference - np.hypot(b - b_lower, a_upper - a),
        difference + np.hypot(b_upper - b, a - a_lower),
    )


def ratio_interval(
    both: ArrayLike, first_only: ArrayLike, second_only: ArrayLike, level: float = LEVEL
) -> Interval:
    """Bonett and Price's interval of P(second) / P(first) on the same chains.

    Two Wilson intervals, narrowed by the pairing; [0, inf] if the event never occurred.

    Parameters
    ----------
    both
        Pairs in which both runs have the event; any shape.
    first_only
        Pairs in which only the first run has it.
    second_only
        Pairs in which only the second run has it.
    level
        Level of the interval, above 0 and below 1.

    Returns
    -------
    tuple of numpy.ndarray
        Lower and upper end, 0 or more.

    Raises
    ------
    UsageError
        `level` is not between 0 and 1.

    References
    ----------
    Bonett, D. G. and Price, R. M. (2006). Confidence intervals for a ratio of binomial
    proportions based on paired data. Statistics in Medicine 25, 3039-3047.

    Examples
    --------
    >>> import mcescalate as mc
    >>> lower, upper = mc.analysis.difference.ratio_interval(60, 13, 3)
    >>> round(lower.item(), 3), round(upper.item(), 3)
    (0.767, 0.972)
    """
    both, first_only, second_only = np.broadcast_arrays(
        *(np.asarray(value, np.float64) for value in (both, first_only, second_only))
    )
    n = both + first_only + second_only
    first, second = both + first_only, both + second_only
    joint = np.sqrt((first_only + second_only + 2) / ((first + 1) * (second + 1)))
    alone_first = np.sqrt((1 - (first + 1) / (n + 2)) / (first + 1))
    alone_second = np.sqrt((1 - (second + 1) / (n + 2)) / (second + 1))
    z = normal_quantile(level) * joint / (alone_first + alone_second)
    first_lower, first_upper = _wilson_at(z, first, n)
    second_lower, second_upper = _wilson_at(z, second, n)
    with np.errstate(divide="ignore"):
        lower, upper = second_lower / first_upper, second_upper / first_lower
    return np.where(n == 0, 0.0, lower), np.where(n == 0, np.inf, upper)


def _wilson_at(z: NDArray[Any], count: NDArray[Any], n: NDArray[Any]) -> Interval:
    """Wilson's interval where each share has a `z` of its own."""
    middle = 2 * count + z * z
    half = z * np.sqrt(z * z + 4 * count * (1 - count / np.maximum(n, 1.0)))
    scale = 2 * (np.maximum(n, 1.0) + z * z)
    lower = np.where(count == 0, 0.0, (middle - half) / scale)
    return np.maximum(lower, 0.0), np.minimum((middle + half) / scale, 1.0)


def chains_to_detect(
    change: ArrayLike, lower: ArrayLike, upper: ArrayLike, n: ArrayLike, level: float = LEVEL
) -> NDArray[np.float64]:
    """Estimate how many chains would detect a change as large as the one observed.

    From the interval [`lower`, `upper`] of a change d estimated from `n` chains. Let w be the
    distance from d to its end nearer 0. It shrinks with the root of the number of chains, so::

        n' = n (w / d)^2 ((z + z_p) / z)^2

    where z belongs to the level of the interval. With n (w / d)^2 chains the interval of such
    a change would end at 0 on average, and leave 0 out in every other run; z_p = 0.84 makes
    it four runs in five (`POWER`).

    Parameters
    ----------
    change
        The estimated change; any shape, any unit.
    lower
        Lower end of its interval, in the same unit.
    upper
        Upper end of its interval.
    n
        Number of chains that the estimate rests on.
    level
        Level of the interval, above 0 and below 1.

    Returns
    -------
    numpy.ndarray
        Number of chains; NaN if no change was observed.

    Raises
    ------
    UsageError
        `level` is not between 0 and 1.

    Examples
    --------
    >>> import mcescalate as mc
    >>> mc.analysis.difference.chains_to_detect(0.02, -0.01, 0.05, n=1000).round().item()
    4597.0
    """
    change, lower, upper = (np.asarray(value, np.float64) for value in (change, lower, upper))
    reach = np.where(change > 0, change - lower, upper - change)
    z, z_power = normal_quantile(level), normal_quantile(2 * POWER - 1)
    size = np.where(change == 0, np.nan, change)
    return np.asarray(n) * (reach / size) ** 2 * ((z + z_power) / z) ** 2


def difference(
    both: "xr.DataArray",
    first_only: "xr.DataArray",
    second_only: "xr.DataArray",
    n: "xr.DataArray",
    level: float = LEVEL,
) -> "xr.Dataset":
    """Estimate the change from a first run to a second one on the same chains.

    Parameters
    ----------
    both
        Chains with the event in both runs, with any dims.
    first_only
        Chains with the event in the first run only.
    second_only
        Chains with the event in the second run only.
    n
        All chains; broadcasts against the counts.
    level
        Level of the intervals, above 0 and below 1.

    Returns
    -------
    xarray.Dataset
        `first` and `second` (shares of chains) with their ends; `difference`, second minus first,
        with its paired interval `lower`, `upper`; the interval from as many separate chains,
        `unpaired_lower`, `unpaired_upper`; `narrowing`, how many times narrower the
        paired one is, and `narrowing_limit`, the limit for any coupling;
        `saving`, how many times more separate chains would give the same width; `is_detected`,
        whether the paired interval excludes 0, and `chains_to_detect`, about how many chains
        would detect such a change; and the counts `both`, `first_only`, `second_only`.

    Raises
    ------
    UsageError
        `level` is not between 0 and 1.

    Notes
    -----
    Whatever the coupling, at least `|difference|` of the chains must be discordant. So pairing
    sharpens the estimate of a large change only a little: the limit is the ratio
    of the standard errors when no other chain is discordant.

    Examples
    --------
    >>> import mcescalate as mc
    >>> import xarray as xr
    >>> counts = [xr.DataArray(count) for count in (60, 13, 3, 1000)]
    >>> found = mc.analysis.difference.difference(*counts)
    >>> round(found["difference"].item(), 3), found["is_detected"].item()
    (-0.01, True)
    """
    import xarray as xr

    both, first_only, second_only, n = xr.broadcast(both, first_only, second_only, n)
    dims = both.dims
    first, second = both + first_only, both + second_only
    paired = tango(first_only.values, second_only.values, n.values, level)
    unpaired = newcombe(first.values, second.values, n.values, level)
    first_ends = wilson(first.values, n.values, level)
    second_ends = wilson(second.values, n.values, level)
    a, b = first / n, second / n
    gap = np.abs(b - a)
    least = (gap * (1 - gap)).where(gap > 0)
    narrowing = (unpaired[1] - unpaired[0]) / (paired[1] - paired[0])
    change = (second_only - first_only) / n
    return xr.Dataset(
        {
            "n": n,
            "both": both,
            "first_only": first_only,
            "second_only": second_only,
            "first": a,
            "first_lower": (dims, first_ends[0]),
            "first_upper": (dims, first_ends[1]),
            "second": b,
            "second_lower": (dims, second_ends[0]),
            "second_upper": (dims, second_ends[1]),
            "difference": change,
            "lower": (dims, paired[0]),
            "upper": (dims, paired[1]),
            "unpaired_lower": (dims, unpaired[0]),
            "unpaired_upper": (dims, unpaired[1]),
            "narrowing": (dims, narrowing),
            "narrowing_limit": np.sqrt((a * (1 - a) + b * (1 - b)) / least),
            "saving": (dims, narrowing**2),
            "is_detected": (dims, (paired[0] > 0) | (paired[1] < 0)),
            "chains_to_detect": (dims, chains_to_detect(change.values, *paired, n.values, level)),
        },
        attrs={"level": level, "interval": "tango", "unpaired_interval": "newcombe"},
    )
