"""How long something lasts when not every end is seen: Kaplan and Meier's estimate from counts.

What still goes on when observation stops is censored: it is known to last longer than that. The
estimate multiplies, length by length, the share that does not end among those still followed.
Its standard error is Greenwood's, and its interval is symmetric on the scale log(-log S), so that
it stays between 0 and 1.

References
----------
Kaplan, E. L. and Meier, P. (1958). Nonparametric estimation from incomplete observations.
Journal of the American Statistical Association 53, 457-481. Greenwood, M. (1926). The natural
duration of cancer. Reports on Public Health and Medical Subjects 33. Kalbfleisch, J. D. and
Prentice, R. L. (1980). The Statistical Analysis of Failure Time Data. Wiley. Brookmeyer, R. and
Crowley, J. (1982). A confidence interval for the median survival time. Biometrics 38, 29-41.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from mcescalate.analysis.estimation.estimate import LEVEL, Interval, normal_quantile, wilson

__all__ = ["Survival", "kaplan_meier", "survival_interval"]

SLACK = 1e-12
"""Rounding error of a product of shares."""


class Survival(NamedTuple):
    """Kaplan and Meier's estimate, along the last axis of the counts.

    Parameters
    ----------
    at_risk
        How many are still followed at each length.
    surviving
        Share that lasts longer, 0 to 1; NaN where none is followed any more.
    error
        Greenwood's standard error.

    Examples
    --------
    >>> import numpy as np
    >>> import mcescalate as mc
    >>> ended, censored = np.array([0, 2, 1]), np.array([0, 0, 1])
    >>> mc.analysis.survival.kaplan_meier(ended, censored).at_risk.tolist()
    [4, 4, 2]
    """

    at_risk: NDArray[Any]
    surviving: NDArray[np.float64]
    error: NDArray[np.float64]


def kaplan_meier(ended: NDArray[Any], censored: NDArray[Any]) -> Survival:
    """Estimate how long something lasts when not every end is seen.

    Parameters
    ----------
    ended
        How many ended at each length, along the last axis, or their probability.
    censored
        How many still went on at each length when observation stopped; same shape.

    Returns
    -------
    Survival
        `at_risk`, `surviving` and `error`, in the shape of `ended`.

    References
    ----------
    Kaplan, E. L. and Meier, P. (1958). Nonparametric estimation from incomplete observations.
    Journal of the American Statistical Association 53, 457-481.

    Examples
    --------
    >>> import numpy as np
    >>> import mcescalate as mc
    >>> ended, censored = np.array([0, 2, 1]), np.array([0, 0, 1])
    >>> mc.analysis.survival.kaplan_meier(ended, censored).surviving.tolist()
    [1.0, 0.5, 0.25]
    """
    left = ended + censored
    at_risk = np.flip(np.flip(left, -1).cumsum(-1), -1)
    followed = np.where(at_risk > 0, at_risk, 1)
    surviving = (1.0 - ended / followed).cumprod(-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = ended / (followed * (followed - ended).astype(float))
        error = surviving * np.sqrt(np.where(ended > 0, spread, 0.0).cumsum(-1))
    is_known = (at_risk > 0) | (surviving == 0.0)
    unknown = np.where(is_known, 0.0, np.nan)
    return Survival(at_risk, surviving + unknown, error + unknown)


def survival_interval(found: Survival, level: float = LEVEL) -> Interval:
    """Pointwise interval of a survival curve, symmetric on the scale log(-log S).

    Where none, or all, have ended, that scale has no interval. The ends then come from Wilson's
    interval for those still followed.

    Parameters
    ----------
    found
        As `kaplan_meier` returns it.
    level
        Level of the interval, above 0 and below 1.

    Returns
    -------
    tuple of numpy.ndarray
        Lower and upper end, 0 to 1, in the shape of `found.surviving`.

    Raises
    ------
    UsageError
        `level` is not between 0 and 1.

    References
    ----------
    Kalbfleisch, J. D. and Prentice, R. L. (1980). The Statistical Analysis of Failure Time
    Data. Wiley.

    Examples
    --------
    >>> import numpy as np
    >>> import mcescalate as mc
    >>> found = mc.analysis.survival.kaplan_meier(np.array([0, 20, 10]), np.array([0, 0, 10]))
    >>> lower, upper = mc.analysis.survival.survival_interval(found)
    >>> lower.round(3).tolist(), upper.round(3).tolist()
    ([0.912, 0.338, 0.13], [1.0, 0.642, 0.39])
    """
    z = normal_quantile(level)
    at_risk, share, error = found
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = z * error / (share * np.abs(np.log(share)))
        lower, upper = share ** np.exp(reach), share ** np.exp(-reach)
    none_ended = share == 1.0
    lower = np.where(none_ended, wilson(at_risk, at_risk, level)[0], lower)
    upper = np.where(none_ended, 1.0, upper)
    # Once all have ended: those before may have lasted so long, and so many of the last ones more.
    before = np.concatenate([np.ones_like(upper[..., :1]), upper[..., :-1]], -1)
    last = np.where(at_risk > 0, before * wilson(0, at_risk, level)[1], np.inf)
    all_ended = share == 0.0
    upper = np.where(all_ended, np.fmin.accumulate(np.where(all_ended, last, np.inf), -1), upper)
    return np.where(all_ended, 0.0, lower), upper


def first_at_or_below(
    shares: NDArray[np.float64], share: float
) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Place along the last axis at which `shares` first come down to `share`, and if they do."""
    is_down = shares <= share + SLACK
    return is_down.argmax(-1), np.asarray(is_down.any(-1))
