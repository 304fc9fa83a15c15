"""Values of an axis from uniform numbers: the inverse of each distribution's law."""

import numpy as np

from mcescalate.sweep.design.plan import Axis, Distribution

_EDGE = 2.0**-53
"""Uniform numbers are kept this far from 0 and 1, so that every quantile is finite."""


def quantiles(axis: Axis, uniform: np.ndarray) -> np.ndarray:
    """Values of `axis` that uniform numbers in [0, 1) stand for."""
    u = np.clip(uniform, _EDGE, 1.0 - _EDGE)
    if axis.values is not None:
        places = np.minimum((uniform * len(axis.values)).astype(np.int64), len(axis.values) - 1)
        return np.array([float(value) for value in axis.values])[places]
    if axis.distribution is None:
        kind = "uniform" if axis.spacing == "even" else "log-uniform"
        return _of_law(Distribution(kind=kind, low=axis.low, high=axis.high), u)
    return _of_law(axis.distribution, u)


def _of_law(law: Distribution, u: np.ndarray) -> np.ndarray:
    from scipy import special

    match law.kind:
        case "uniform":
            return law.low + (law.high - law.low) * u
        case "log-uniform":
            return np.clip(law.low * (law.high / law.low) ** u, law.low, law.high)
        case "whole":
            return law.low + np.floor(u * (law.high - law.low + 1))
        case "beta":
            low, high = (0.0, 1.0) if law.low is None else (law.low, law.high)
            return low + (high - low) * special.betaincinv(law.a, law.b, u)
        case "triangular":
            rise, width = law.mode - law.low, law.high - law.low
            left = law.low + np.sqrt(u * width * rise)
            right = law.high - np.sqrt((1.0 - u) * width * (law.high - law.mode))
            return np.where(u * width < rise, left, right)
        case "normal":
            return _truncated(u, law.low, law.high, lambda x: (x - law.mean) / law.sd, law)
    return _truncated(u, law.low, law.high, lambda x: np.log(x / law.median) / law.spread, law)


def _truncated(u: np.ndarray, low, high, standard, law: Distribution) -> np.ndarray:
    """Quantiles of a normal or log-normal law cut off below `low` and above `high`."""
    from scipy import special

    first = 0.0 if low is None else special.ndtr(standard(low))
    last = 1.0 if high is None else special.ndtr(standard(high))
    z = special.ndtri(np.clip(first + (last - first) * u, _EDGE, 1.0 - _EDGE))
    values = law.mean + law.sd * z if law.kind == "normal" else law.median * np.exp(law.spread * z)
    return np.clip(values, low, high) if low is not None or high is not None else values
