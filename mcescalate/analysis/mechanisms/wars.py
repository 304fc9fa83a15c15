"""How long wars last, and who prevails, where wars can end (`war.rate` above 0).

The length of a war is the number of turns since its first one. A war that still goes on at the
horizon is censored: it lasts longer than seen. Lengths are therefore estimated as Kaplan and
Meier do (`survival`), for as long as any war is followed. The estimate takes wars that begin late,
and are cut off early, to last as long as others of the same length so far.

>>> import mcescalate as mc
>>> from mcescalate.analysis import wars
>>> scenario = mc.load_case("july-1914", settings=["war.rate=0.05"])
>>> result = mc.simulate(scenario, n_chains=2000, seed=1)
>>> length = wars.median_length(result)
>>> float(length["days_lower"]) <= float(length["days"]) <= float(length["days_upper"])
True
>>> wars.winners(result, of_ended=True)["winner"].values.tolist()
['initiator', 'target']
"""

from typing import TYPE_CHECKING

from mcescalate.analysis.estimation.estimate import LEVEL, estimate, labelled, unless_dependent
from mcescalate.analysis.estimation.survival import (
    first_at_or_below,
    kaplan_meier,
    survival_interval,
)
from mcescalate.analysis.mechanisms.timing import days
from mcescalate.errors import UsageError
from mcescalate.model.codes import AT_HORIZON, ENDED, SIDES, WAR_ENDS
from mcescalate.results.variables import is_exact

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["ends", "median_length", "survival", "winners"]


def survival(result: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """Estimate P(a war still goes on after this many turns).

    Parameters
    ----------
    result
        Counts of one run, or of a sweep with the dim `point`.
    level
        Level of the pointwise intervals, symmetric on the scale log(-log S).

    Returns
    -------
    xarray.Dataset
        By `turn`: `probability`, `lower`, `upper` and `error` (Greenwood's), NaN at lengths at
        which no war is followed; `at_risk`, the wars that last at least so long; `ended`, those
        that end at this length. The coordinate `day` gives the length in days.

    Raises
    ------
    UsageError
        The result does not count how wars end, or `level` is not between 0 and 1.

    References
    ----------
    Kaplan, E. L. and Meier, P. (1958). Nonparametric estimation from incomplete observations.
    Journal of the American Statistical Association 53, 457-481.

    Examples
    --------
    >>> import mcescalate as mc
    >>> scenario = mc.load_case("july-1914", settings=["war.rate=0.05"])
    >>> result = mc.simulate(scenario, n_chains=1000, seed=1)
    >>> found = mc.analysis.wars.survival(result)
    >>> round(found["probability"].sel(turn=10).item(), 3)
    0.603
    """
    count = _lengths(result)
    ended, censored = (count.sel(war_end=WAR_ENDS[end], drop=True) for end in (ENDED, AT_HORIZON))
    found = kaplan_meier(ended.values, censored.values)
    lower, upper = survival_interval(found, level)
    dims = ended.dims
    return labelled(
        {
            "probability": (dims, found.surviving),
            "lower": (dims, unless_dependent(lower, ended)),
            "upper": (dims, unless_dependent(upper, ended)),
            "error": (dims, unless_dependent(found.error, ended)),
            "at_risk": (dims, found.at_risk),
            "ended": ended,
        },
        {"level": level},
    ).assign_coords(day=days(result))


def median_length(result: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """Estimate the length that half of all wars exceed.

    The first length at which no more than half of the wars still go on; the ends of the interval
    are where those of the pointwise intervals come down to a half.

    Parameters
    ----------
    result
        Counts of one run, or of a sweep with the dim `point`.
    level
        Level of the interval, above 0 and below 1.

    Returns
    -------
    xarray.Dataset
        `turns`, `days`, each with `_lower` and `_upper`, and `n`, the number of wars. NaN where
        half of the wars are not seen to end: a median or an upper end that is not reached lies
        beyond the last length at which a war is followed.

    Raises
    ------
    UsageError
        The result does not count how wars end, or `level` is not between 0 and 1.

    References
    ----------
    Brookmeyer, R. and Crowley, J. (1982). A confidence interval for the median survival time.
    Biometrics 38, 29-41.

    Examples
    --------
    >>> import mcescalate as mc
    >>> scenario = mc.load_case("july-1914", settings=["war.rate=0.05"])
    >>> result = mc.simulate(scenario, n_chains=1000, seed=1)
    >>> mc.analysis.wars.median_length(result)["days"].item()
    42.0
    """
    found = survival(result, level)
    variables = {"n": found["at_risk"].isel(turn=0)}
    for end, name in (("", "probability"), ("_lower", "lower"), ("_upper", "upper")):
        shares = found[name].transpose(..., "turn")
        place, is_reached = first_at_or_below(shares.values, 0.5)
        at = found["at_risk"].isel(turn=0).copy(data=place)
        for unit, scale in (("turns", found["turn"]), ("days", found["day"])):
            variables[unit + end] = scale.isel(turn=at).where(at.copy(data=is_reached))
    return labelled(
        {
            name: values.drop_vars(["turn", "day"], errors="ignore")
            for name, values in variables.items()
        },
        {"level": level},
    )


def ends(result: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """Estimate the share of wars that end by the horizon, and of those that still go on there.

    Parameters
    ----------
    result
        Counts of one run, or of a sweep with the dim `point`.
    level
        Level of the intervals, above 0 and below 1.

    Returns
    -------
    xarray.Dataset
        `probability`, `lower`, `upper` and the like, by `war_end`; shares of all wars.

    Raises
    ------
    UsageError
        The result does not count how wars end, or `level` is not between 0 and 1.

    Examples
    --------
    >>> import mcescalate as mc
    >>> scenario = mc.load_case("july-1914", settings=["war.rate=0.05"])
    >>> result = mc.simulate(scenario, n_chains=1000, seed=1)
    >>> mc.analysis.wars.ends(result)["count"].to_series().to_dict()
    {'ended': 637, 'horizon': 117}
    """
    count = _lengths(result).sum("turn")
    return estimate(count, count.sum("war_end"), level=level)


def winners(result: "xr.Dataset", *, of_ended: bool = False, level: float = LEVEL) -> "xr.Dataset":
    """Estimate the share of wars in which each side prevails.

    Parameters
    ----------
    result
        Counts of one run, or of a sweep with the dim `point`.
    of_ended
        Whether to count only the wars that end, which leaves out "undecided".
    level
        Level of the intervals, above 0 and below 1.

    Returns
    -------
    xarray.Dataset
        `probability`, `lower`, `upper` and the like, by `winner`.

    Raises
    ------
    UsageError
        The result does not count how wars end, or `level` is not between 0 and 1.

    Examples
    --------
    >>> import mcescalate as mc
    >>> scenario = mc.load_case("july-1914", settings=["war.rate=0.05"])
    >>> result = mc.simulate(scenario, n_chains=1000, seed=1)
    >>> mc.analysis.wars.winners(result, of_ended=True)["count"].to_series().to_dict()
    {'initiator': 322, 'target': 315}
    """
    _check(result)
    count = result["winner_count"]
    if of_ended:
        count = count.sel(winner=list(SIDES))
    return estimate(count, count.sum("winner"), level=level)


def _lengths(result: "xr.Dataset") -> "xr.DataArray":
    """Wars by length and end, along `turn` last."""
    _check(result)
    return result["war_length_count"].transpose(..., "war_end", "turn")


def _check(result: "xr.Dataset") -> None:
    if is_exact(result):
        raise UsageError(
            "wars: expected counts of chains, found an exact solution; mcescalate show prints it"
        )
    if "war_length_count" not in result:
        raise UsageError(
            "wars: expected a result that counts how wars end, found one of format "
            f"{result.attrs.get('schema_version', 1)}, which does not; simulate its scenario anew"
        )
