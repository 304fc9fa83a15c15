"""Where in a sweep an event is least and most likely, and whether the two points differ.

The two points are the extremes of many, so chance alone separates them. The interval of their
difference is therefore widened until the intervals of all pairs of points hold jointly
(Bonferroni).

Points that share random numbers are compared block by block: blocks of chains share no
random number, so the mean of their differences has Student's interval. Where counts are not
known by block, or points share nothing, the interval is that of separate chains (Newcombe),
which is conservative for points that share chains.
"""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mcescalate.analysis.estimation.difference import chains_to_detect, newcombe
from mcescalate.analysis.estimation.estimate import LEVEL
from mcescalate.analysis.estimation.pooling import event_trials
from mcescalate.analysis.sweeps.monte_carlo_error import response

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Extremes", "extremes"]


class Extremes(NamedTuple):
    """The points of a sweep at which an event is least and most likely.

    Parameters
    ----------
    least
        Place of the point with the smallest probability.
    most
        Place of the point with the largest one; equal to `least` where all points have one share.
    difference
        Difference of their probabilities.
    lower
        Lower end of its joint interval.
    upper
        Upper end of its joint interval.
    is_detected
        Whether the interval excludes 0.
    chains_to_detect
        About how many chains per point would detect such a difference,
        see `difference.chains_to_detect`; NaN without a difference.

    Examples
    --------
    >>> import mcescalate as mc
    >>> sweep = mc.Sweep("july-1914", axes={"response.gap": [0.2, 0.5, 1.0]}, chains=320, seed=7)
    >>> found = mc.analysis.extremes.extremes(mc.run_sweep(sweep, "gap"), "war")
    >>> round(found.difference, 3), found.is_detected
    (0.078, True)
    """

    least: int
    most: int
    difference: float
    lower: float
    upper: float
    is_detected: bool
    chains_to_detect: float


def extremes(sweep: "xr.Dataset", of: str, *, level: float = LEVEL) -> Extremes | None:
    """Find the points of a sweep at which an event is least and most likely, and compare them.

    Parameters
    ----------
    sweep
        Counts of a sweep, with the dim `point`.
    of
        An event, see `analysis.events.event_names`.
    level
        Level at which the intervals of all pairs of points hold at once.

    Returns
    -------
    Extremes or None
        None for fewer than two points with chains.

    Raises
    ------
    UsageError
        There is no such event, or `level` is not between 0 and 1.

    Examples
    --------
    >>> import mcescalate as mc
    >>> sweep = mc.Sweep("july-1914", axes={"response.gap": [0.2, 0.5, 1.0]}, chains=320, seed=7)
    >>> found = mc.analysis.extremes.extremes(mc.run_sweep(sweep, "gap"), "war")
    >>> found.least, found.most
    (0, 2)
    """
    count, n = event_trials(sweep, of)
    known = np.flatnonzero(n > 0)
    if known.size < 2:
        return None
    shares = count[known] / n[known]
    least, most = (int(known[place]) for place in (shares.argmin(), shares.argmax()))
    each = 1 - (1 - level) / (known.size * (known.size - 1) / 2)
    lower, upper = _by_block(sweep, of, least, most, each) or (
        float(end) for end in newcombe(count[least], count[most], n[least], each, n[most])
    )
    difference = float(shares.max() - shares.min())
    needed = chains_to_detect(difference, lower, upper, n[[least, most]].min(), each)
    return Extremes(least, most, difference, lower, upper, lower > 0, float(needed))


def _by_block(
    sweep: "xr.Dataset", of: str, least: int, most: int, level: float
) -> tuple[float, float] | None:
    """Student's interval of a difference on shared random numbers; None where it has none."""
    from scipy.special import stdtrit

    if not int(sweep.attrs.get("common_random_numbers", 0)):
        return None
    shares = response(sweep, of)
    if "block" not in shares.dims:
        return None
    low, high = (shares.isel(point=point).values for point in (least, most))
    gaps = (high - low)[~np.isnan(high - low)]
    if gaps.size < 2 or (spread := gaps.std(ddof=1)) == 0:
        return None
    half = stdtrit(gaps.size - 1, (1 + level) / 2) * spread / np.sqrt(gaps.size)
    return float(gaps.mean() - half), float(gaps.mean() + half)
