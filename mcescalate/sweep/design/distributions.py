"""Values of an axis from uniform numbers, by the quantile functions of SciPy's distributions."""

import math
from collections.abc import Callable

import numpy as np

from mcescalate.sweep.design.plan import Axis, Distribution

_EDGE = 2.0**-53
"""Uniform numbers are kept this far from 0 and 1, so that every quantile is finite."""


def quantiles(axis: Axis, uniform: np.ndarray) -> np.ndarray:
    """Values of `axis` at uniform numbers in [0, 1): listed ones equally likely."""
    if axis.values is not None:
        places = np.minimum((uniform * len(axis.values)).astype(np.int64), len(axis.values) - 1)
        return np.array([float(value) for value in axis.values])[places]
    law = axis.distribution or Distribution(
        kind="uniform" if axis.spacing == "even" else "log-uniform", low=axis.low, high=axis.high
    )
    values = _quantiles_of(law, np.clip(uniform, _EDGE, 1.0 - _EDGE))
    if law.low is None and law.high is None:
        return values
    return np.clip(values, law.low, law.high)  # the last bit may lie outside


def _quantiles_of(law: Distribution, u: np.ndarray) -> np.ndarray:
    from scipy import stats

    of = law.parameters
    match law.kind:
        case "uniform":
            return stats.uniform(of["low"], of["high"] - of["low"]).ppf(u)
        case "log-uniform":
            return stats.loguniform(of["low"], of["high"]).ppf(u)
        case "whole":
            # Not `randint`: it puts a number on the edge of two strata into the lower one, which
            # unbalances Sobol' sequences, whose strata include their lower edge.
            return of["low"] + np.floor(u * (of["high"] - of["low"] + 1))
        case "beta":
            low, high = of.get("low", 0.0), of.get("high", 1.0)
            return stats.beta(of["a"], of["b"], low, high - low).ppf(u)
        case "triangular":
            width = of["high"] - of["low"]
            return stats.triang((of["mode"] - of["low"]) / width, of["low"], width).ppf(u)
        case "normal":
            mean, sd = of["mean"], of["sd"]
            return mean + sd * _z(law, u, lambda x: (x - mean) / sd)
    median, spread = of["median"], of["spread"]
    z = _z(law, u, lambda x: math.log(x / median) / spread)
    return median * np.exp(spread * z)


def _z(law: Distribution, u: np.ndarray, standardise: Callable[[float], float]) -> np.ndarray:
    """Standard normal quantiles, truncated where the law has a low or a high."""
    from scipy import stats

    if law.low is None and law.high is None:
        return stats.norm.ppf(u)
    low = -math.inf if law.low is None else standardise(law.low)
    high = math.inf if law.high is None else standardise(law.high)
    return stats.truncnorm(low, high).ppf(u)
