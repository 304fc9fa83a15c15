"""Probabilities from counts, each with its interval.

A count of chains is binomial, so its share needs an interval. Three are available; unlike
the normal approximation, all have a positive width for a count of zero or of all chains:

- Wilson's score interval is the default: short, with its nominal coverage on average.
- Clopper and Pearson's never covers less than its level, and is wider for it.
- Jeffreys' is the shortest for very small counts, and has its nominal coverage on average
  over shares, though not at each share: its end for a count of zero is 2.5 / n, where
  Wilson's is 3.8 / n and the exact one 3.7 / n.
"""

from collections.abc import Callable
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mcescalate.errors import UsageError
from mcescalate.results.checks.counts import SEQUENCE_DIM, crises_in
from mcescalate.results.labels import PERIODS

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["chains_needed", "clopper_pearson", "crises", "estimate", "jeffreys", "shares", "wilson"]

LEVEL = 0.95
"""Default level of every interval."""

Interval = tuple[NDArray[np.float64], NDArray[np.float64]]


def normal_quantile(level: float) -> float:
    """Standard deviations to either side of the middle that hold `level` of a normal law.

    Raises
    ------
    UsageError
        `level` is not between 0 and 1.
    """
    if not 0.0 < level < 1.0:
        raise UsageError(f"level: expected a number above 0 and below 1, found {level}")
    return NormalDist().inv_cdf(0.5 + level / 2)


def wilson(count: ArrayLike, n: ArrayLike, level: float = LEVEL) -> Interval:
    """Wilson's score interval of a share `count` / `n`.

    Arguments broadcast; so do the results. The ends are exactly 0 for a count of 0 and
    exactly 1 for a count of `n`; without any trial (`n` = 0) the interval is [0, 1].

    Parameters
    ----------
    count
        Number of successes, 0 to `n`; any shape.
    n
        Number of trials, 0 or more.
    level
        Probability that the interval covers the true share, above 0 and below 1.

    Returns
    -------
    tuple of numpy.ndarray
        Lower and upper end, 0 to 1, in the broadcast shape of `count` and `n`.

    Raises
    ------
    UsageError
        `level` is not between 0 and 1.

    References
    ----------
    Wilson, E. B. (1927). Probable inference, the law of succession, and statistical
    inference. Journal of the American Statistical Association 22, 209-212.

    Examples
    --------
    >>> import mcescalate as mc
    >>> lower, upper = mc.analysis.estimate.wilson(3, 1000)
    >>> round(lower.item(), 5), round(upper.item(), 5)
    (0.00102, 0.00878)
    """
    successes, trials = _pair(count, n)
    z = normal_quantile(level)
    seen = np.maximum(trials, 1.0)
    share = successes / seen
    middle = (share + z * z / (2 * seen)) / (1 + z * z / seen)
    half = z * np.sqrt(share * (1 - share) / seen + (z / (2 * seen)) ** 2) / (1 + z * z / seen)
    return _closed(successes, trials, middle - half, middle + half)


def clopper_pearson(count: ArrayLike, n: ArrayLike, level: float = LEVEL) -> Interval:
    """Clopper and Pearson's exact interval: it covers at least `level`, whatever the share.

    Parameters
    ----------
    count
        Number of successes, 0 to `n`; any shape.
    n
        Number of trials, 0 or more.
    level
        Least probability that the interval covers the true share, above 0 and below 1.

    Returns
    -------
    tuple of numpy.ndarray
        Lower and upper end, 0 to 1, in the broadcast shape of `count` and `n`.

    Raises
    ------
    UsageError
        `level` is not between 0 and 1.

    References
    ----------
    Clopper, C. J. and Pearson, E. S. (1934). The use of confidence or fiducial limits
    illustrated in the case of the binomial. Biometrika 26, 404-413.

    Examples
    --------
    >>> import mcescalate as mc
    >>> lower, upper = mc.analysis.estimate.clopper_pearson(3, 1000)
    >>> round(lower.item(), 5), round(upper.item(), 5)
    (0.00062, 0.00874)
    """
    successes, trials = _pair(count, n)
    tail = _tail(level)
    failures = trials - successes
    lower = _beta_quantile(successes, failures + 1, tail)
    upper = _beta_quantile(successes + 1, failures, 1 - tail)
    return _closed(successes, trials, lower, upper)


def jeffreys(count: ArrayLike, n: ArrayLike, level: float = LEVEL) -> Interval:
    """Equal-tailed interval under Jeffreys' prior Beta(1/2, 1/2).

    For a count of 0 the lower end is 0, for one of `n` the upper end is 1.

    Parameters
    ----------
    count
        Number of successes, 0 to `n`; any shape.
    n
        Number of trials, 0 or more.
    level
        Posterior probability of the interval, above 0 and below 1.

    Returns
    -------
    tuple of numpy.ndarray
        Lower and upper end, 0 to 1, in the broadcast shape of `count` and `n`.

    Raises
    ------
    UsageError
        `level` is not between 0 and 1.

    References
    ----------
    Brown, L. D., Cai, T. T. and DasGupta, A. (2001). Interval estimation for a binomial
    proportion. Statistical Science 16, 101-133.

    Examples
    --------
    >>> import mcescalate as mc
    >>> lower, upper = mc.analysis.estimate.jeffreys([0, 3], 1000)
    >>> lower.round(5).tolist(), upper.round(5).tolist()
    ([0.0, 0.00085], [0.00251, 0.00798])
    """
    successes, trials = _pair(count, n)
    tail = _tail(level)
    failures = trials - successes
    lower = _beta_quantile(successes + 0.5, failures + 0.5, tail)
    upper = _beta_quantile(successes + 0.5, failures + 0.5, 1 - tail)
    return _closed(successes, trials, lower, upper)


INTERVALS: dict[str, Callable[[ArrayLike, ArrayLike, float], Interval]] = {
    "wilson": wilson,
    "clopper-pearson": clopper_pearson,
    "jeffreys": jeffreys,
}


def estimate(
    count: "xr.DataArray",
    n: "xr.DataArray | int",
    *,
    level: float = LEVEL,
    method: str = "wilson",
) -> "xr.Dataset":
    """Estimate a probability from each count, with its interval and Monte Carlo error.

    Parameters
    ----------
    count
        Number of successes, with any dims.
    n
        Number of trials; broadcasts against `count`.
    level
        Level of the intervals, above 0 and below 1.
    method
        "wilson", "clopper-pearson" or "jeffreys".

    Returns
    -------
    xarray.Dataset
        `count`, `n`, `probability` (NaN without trials), `lower`, `upper` and `error` (standard
        error), on the dims of `count` and `n`; shares from 0 to 1.

    Raises
    ------
    UsageError
        There is no such method, or `level` is not between 0 and 1.

    Examples
    --------
    >>> import mcescalate as mc
    >>> result = mc.simulate(mc.load_case("july-1914"), n_chains=1000, seed=7)
    >>> found = mc.analysis.estimate.estimate(result["accident_count"], result["n_chains"])
    >>> found["probability"].sum().item()
    0.0
    """
    import xarray as xr

    if method not in INTERVALS:
        raise UsageError(f"method: expected one of {', '.join(INTERVALS)}, found {method}")
    count, n = xr.broadcast(count, xr.zeros_like(count) + n)
    lower, upper = INTERVALS[method](count.values, n.values, level)
    lower, upper = (unless_dependent(end, count, n) for end in (lower, upper))
    trials = n.where(n > 0)
    probability = count / trials
    dims = count.dims
    return labelled(
        {
            "count": _described(count, "number of chains"),
            "n": _described(n, "number of chains counted"),
            "probability": _described(probability, "share of chains"),
            "lower": (dims, lower, {"long_name": f"lower end of the {level:.0%} interval"}),
            "upper": (dims, upper, {"long_name": f"upper end of the {level:.0%} interval"}),
            "error": _described(
                ((probability * (1 - probability) / trials) ** 0.5).where(~are_dependent(count, n)),
                "standard error of the share",
            ),
        },
        {"interval": method, "level": level},
    )


def are_dependent(*counts: "xr.DataArray") -> "xr.DataArray":
    """Whether counts are of crises of the same chains, pooled: no binomial interval holds for them.

    Counts by period are not: of each chain they have one crisis.
    """
    import xarray as xr

    periods = [count.coords[PERIODS] for count in counts if PERIODS in count.coords]
    if not periods or any(SEQUENCE_DIM in count.coords for count in counts):
        return xr.DataArray(False)
    return xr.zeros_like(counts[0], dtype=bool) | (periods[0] > 0).drop_vars(PERIODS)


def unless_dependent(values: Any, *counts: "xr.DataArray") -> NDArray[np.float64]:
    """Ends or errors that take `counts` as binomial, NaN where these are of pooled crises."""
    dependent = are_dependent(*counts)
    return np.where(dependent.values, np.nan, values)


def crises(result: "xr.Dataset") -> "xr.DataArray":
    """Count the crises of a result: one a chain, or one a period that is not quiet.

    Parameters
    ----------
    result
        Counts of one run, or of a sweep with the dim `point`.

    Returns
    -------
    xarray.DataArray
        Number of crises, by `point` in a sweep: what shares of pooled counts are of.

    Examples
    --------
    >>> import mcescalate as mc
    >>> scenario = mc.load_case("july-1914", settings=["sequence.crises=3"])
    >>> mc.analysis.estimate.crises(mc.simulate(scenario, n_chains=100, seed=7)).item()
    300
    """
    return result["n_chains"].copy(data=crises_in(result.variables))


def labelled(variables: dict[str, Any], attrs: dict[str, Any]) -> "xr.Dataset":
    """A dataset of `variables`, without coordinates that have the name of one of them.

    The axes of a sweep are coordinates, and an axis may have the name "n" or "days".
    """
    import xarray as xr

    return xr.Dataset(
        {
            name: values.drop_vars([c for c in values.coords if c in variables])
            if isinstance(values, xr.DataArray)
            else values
            for name, values in variables.items()
        },
        attrs=attrs,
    )


def shares(
    result: "xr.Dataset", name: str, *, level: float = LEVEL, method: str = "wilson"
) -> "xr.Dataset":
    """Turn any count of a result into shares of all its chains.

    Where chains are several crises each, counts by period are shares of chains; others are shares
    of all crises, and have no interval, since crises of one chain are not independent
    (`analysis.sequences.pooled` gives those of outcomes theirs over chains).

    Parameters
    ----------
    result
        Counts of one run, or of a sweep with the dim `point`.
    name
        Variable of `result`, such as "outcome_count"; its dims are kept.
    level
        Level of the intervals, above 0 and below 1.
    method
        "wilson", "clopper-pearson" or "jeffreys".

    Returns
    -------
    xarray.Dataset
        As `estimate` returns it: `count`, `n`, `probability`, `lower`, `upper`, `error`.

    Raises
    ------
    UsageError
        `result` has no such count, or `level` or `method` is invalid.

    Examples
    --------
    >>> import mcescalate as mc
    >>> result = mc.simulate(mc.load_case("july-1914"), n_chains=1000, seed=7)
    >>> found = mc.analysis.estimate.shares(result, "outcome_count").sel(outcome="general_war")
    >>> [round(found[name].item(), 3) for name in ("probability", "lower", "upper")]
    [0.355, 0.326, 0.385]
    """
    if name not in result or not np.issubdtype(result[name].dtype, np.integer):
        raise UsageError(f'result: no count has the name "{name}"')
    count = result[name]
    n = result["n_chains"] if SEQUENCE_DIM in count.dims else crises(result)
    return estimate(count, n, level=level, method=method)


def chains_needed(
    probability: ArrayLike,
    half_width: ArrayLike,
    *,
    relative: bool = False,
    level: float = LEVEL,
) -> NDArray[np.int64]:
    """Find how many chains give a share near `probability` an interval of `half_width`.

    The number follows from Wilson's interval rather than its large-sample approximation, so it
    is valid for rare events.

    Parameters
    ----------
    probability
        The expected share, 0 to 1; any shape.
    half_width
        The half-width to reach, above 0 and below 1/2.
    relative
        Whether `half_width` is a share of `probability`.
    level
        Level of the interval, above 0 and below 1.

    Returns
    -------
    numpy.ndarray
        Number of chains, in the broadcast shape of `probability` and `half_width`.

    Raises
    ------
    UsageError
        A number is out of range.

    Examples
    --------
    >>> import mcescalate as mc
    >>> mc.analysis.estimate.chains_needed(0.3, 0.01).item()
    8064
    >>> mc.analysis.estimate.chains_needed([0.1, 0.001], 0.1, relative=True).tolist()
    [3461, 384714]
    """
    share = np.asarray(probability, np.float64)
    half = np.asarray(half_width, np.float64)
    if not ((share >= 0) & (share <= 1)).all():
        raise UsageError(f"probability: expected 0 to 1, found {np.asarray(probability)}")
    if relative:
        half = half * share
    if not ((half > 0) & (half < 0.5)).all():
        raise UsageError(
            "half_width: expected a half-width above 0 and below 0.5, "
            f"found {np.asarray(half_width)}"
        )
    # The half-width h solves (1 + y)^2 h^2 = y p(1-p) + y^2/4 with y = z^2/n: a quadratic in y.
    spread = share * (1 - share)
    a, b, c = half**2 - 0.25, 2 * half**2 - spread, half**2
    y = (-b - np.sqrt(b * b - 4 * a * c)) / (2 * a)
    z = normal_quantile(level)
    return np.ceil(z * z / y).astype(np.int64)


def _pair(count: ArrayLike, n: ArrayLike) -> Interval:
    successes, trials = np.broadcast_arrays(
        np.asarray(count, np.float64), np.asarray(n, np.float64)
    )
    return successes, trials


def _tail(level: float) -> float:
    normal_quantile(level)  # refuses an invalid level
    return (1 - level) / 2


def _beta_quantile(a: NDArray[Any], b: NDArray[Any], share: float) -> NDArray[np.float64]:
    from scipy.special import betaincinv

    # An end that is certain has a parameter of 0; `_closed` sets it.
    return betaincinv(np.maximum(a, 0.5), np.maximum(b, 0.5), share)


def _closed(
    successes: NDArray[Any], trials: NDArray[Any], lower: NDArray[Any], upper: NDArray[Any]
) -> Interval:
    """Ends within [0, 1], certain where every trial or none was a success."""
    return (
        np.where(successes == 0, 0.0, np.maximum(lower, 0.0)),
        np.where(successes == trials, 1.0, np.minimum(upper, 1.0)),
    )


def _described(values: "xr.DataArray", meaning: str) -> "xr.DataArray":
    return values.assign_attrs({"long_name": meaning, "units": "1"})
