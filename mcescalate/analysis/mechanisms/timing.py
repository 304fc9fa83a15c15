"""When crises end, when war begins, who enters when: competing risks over turns.

A chain that is not deterred continues until it is settled, mediated or at war; chains still
open at the horizon are stalemates. The first end excludes the others, so P(war by turn t) is
an Aalen-Johansen estimate: the hazard of each end at each turn among the chains still open,
accumulated over turns. No chain is censored before the horizon, so the estimate equals the
plain share of chains and has its interval.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from mcescalate.analysis.estimation.estimate import (
    LEVEL,
    are_dependent,
    crises,
    estimate,
    labelled,
    normal_quantile,
)
from mcescalate.engine.events import WARS

if TYPE_CHECKING:
    import xarray as xr

__all__ = [
    "at_risk",
    "days",
    "end_counts",
    "entry_incidence",
    "entry_time",
    "hazards",
    "incidence",
    "time_to_end",
    "time_to_war",
]

ENDS = ("deterred", "settled", "mediated", "war")
"""How a chain may end before the horizon; "war" is its onset."""


def end_counts(result: "xr.Dataset") -> "xr.DataArray":
    """Count chains by how and when they ended; the rest are stalemates.

    Parameters
    ----------
    result
        Counts of one run, or of a sweep with the dim `point`.

    Returns
    -------
    xarray.DataArray
        Number of chains by `end` (deterred, settled, mediated, war) and `turn`.

    Examples
    --------
    >>> import mcescalate as mc
    >>> result = mc.simulate(mc.load_case("july-1914"), n_chains=1000, seed=7)
    >>> mc.analysis.timing.end_counts(result).sel(end="war").sum().item()
    726
    """
    import xarray as xr

    last = result["last_turn_count"]
    counts = [last.sel(outcome=end, drop=True) for end in ENDS[:-1]] + [result["war_turn_count"]]
    return xr.concat(counts, xr.Variable("end", list(ENDS)), coords="minimal", compat="override")


def at_risk(result: "xr.Dataset") -> "xr.DataArray":
    """Count the chains that had not ended before each turn.

    Parameters
    ----------
    result
        Counts of one run, or of a sweep with the dim `point`.

    Returns
    -------
    xarray.DataArray
        Number of chains by `turn`.

    Examples
    --------
    >>> import mcescalate as mc
    >>> result = mc.simulate(mc.load_case("july-1914"), n_chains=1000, seed=7)
    >>> mc.analysis.timing.at_risk(result).sel(turn=[0, 1, 10]).values.tolist()
    [1000, 898, 680]
    """
    ended = end_counts(result).sum("end").cumsum("turn").shift(turn=1, fill_value=0)
    return crises(result) - ended.assign_coords(turn=result["turn"])


def hazards(result: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """Estimate the hazard of each end in each turn, among chains still open.

    Parameters
    ----------
    result
        Counts of one run, or of a sweep with the dim `point`.
    level
        Level of the intervals, above 0 and below 1.

    Returns
    -------
    xarray.Dataset
        `probability` per turn, `lower`, `upper` and the like, by `end` and `turn`; NaN once no
        chain is open.

    Raises
    ------
    UsageError
        `level` is not between 0 and 1.

    Examples
    --------
    >>> import mcescalate as mc
    >>> result = mc.simulate(mc.load_case("july-1914"), n_chains=1000, seed=7)
    >>> found = mc.analysis.timing.hazards(result)
    >>> round(found["probability"].sel(end="war", turn=5).item(), 4)
    0.0102
    """
    return estimate(end_counts(result), at_risk(result), level=level)


def incidence(
    result: "xr.Dataset", *, of_crises: bool = False, level: float = LEVEL
) -> "xr.Dataset":
    """Estimate P(this end by this turn): cumulative incidence with competing risks.

    No chain is censored before the horizon, so the Aalen-Johansen estimate equals the plain share
    of chains.

    Parameters
    ----------
    result
        Counts of one run, or of a sweep with the dim `point`.
    of_crises
        Whether to leave deterred chains out.
    level
        Level of the intervals, above 0 and below 1.

    Returns
    -------
    xarray.Dataset
        `probability`, `lower`, `upper` and the like by `end` and `turn`; `surviving` (no end by
        then) with its interval by `turn`; the coordinate `day`, on which a turn ends.

    Raises
    ------
    UsageError
        `level` is not between 0 and 1.

    References
    ----------
    Aalen, O. O. and Johansen, S. (1978). An empirical transition matrix for nonhomogeneous
    Markov chains based on censored observations. Scandinavian Journal of Statistics 5, 141-150.

    Examples
    --------
    >>> import mcescalate as mc
    >>> result = mc.simulate(mc.load_case("july-1914"), n_chains=1000, seed=7)
    >>> found = mc.analysis.timing.incidence(result)
    >>> found["probability"].sel(end="war", turn=10).item(), found["day"].sel(turn=10).item()
    (0.088, 30.0)
    """
    counts = end_counts(result)
    n = crises(result)
    if of_crises:
        n = n - counts.sel(end="deterred", drop=True).sum("turn")
        counts = counts.sel(end=list(ENDS[1:]))
    ended = counts.cumsum("turn").assign_coords(turn=result["turn"])
    found = estimate(ended, n, level=level)
    alive = estimate(n - ended.sum("end"), n, level=level)
    return found.assign(
        surviving=alive["probability"],
        surviving_lower=alive["lower"],
        surviving_upper=alive["upper"],
    ).assign_coords(day=days(result))


def time_to_war(result: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """Estimate the median first turn of war, among the chains with war.

    The ends of the interval are order statistics, valid for any distribution; with fewer than
    six wars it is the whole range and covers less than 95 %.

    Parameters
    ----------
    result
        Counts of one run, or of a sweep with the dim `point`.
    level
        Level of the interval, above 0 and below 1.

    Returns
    -------
    xarray.Dataset
        `turns` and `days`, each with `_lower` and `_upper` (NaN without any war), and `n`, the
        number of wars.

    Raises
    ------
    UsageError
        `level` is not between 0 and 1.

    Examples
    --------
    >>> import mcescalate as mc
    >>> result = mc.simulate(mc.load_case("july-1914"), n_chains=1000, seed=7)
    >>> found = mc.analysis.timing.time_to_war(result)
    >>> [found[name].item() for name in ("days", "days_lower", "days_upper")]
    [60.0, 57.0, 63.0]
    """
    return _median(result["war_turn_count"], days(result), level)


def time_to_end(result: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """Estimate the median last turn of the chains of each outcome without war.

    Parameters
    ----------
    result
        Counts of one run, or of a sweep with the dim `point`.
    level
        Level of the interval, above 0 and below 1.

    Returns
    -------
    xarray.Dataset
        `turns` and `days`, each with `_lower` and `_upper`, and `n`, by `outcome`. Chains at war
        all end at the horizon and are left out.

    Raises
    ------
    UsageError
        `level` is not between 0 and 1.

    Examples
    --------
    >>> import mcescalate as mc
    >>> result = mc.simulate(mc.load_case("july-1914"), n_chains=1000, seed=7)
    >>> mc.analysis.timing.time_to_end(result)["turns"].sel(outcome="settled").item()
    2.0
    """
    last = result["last_turn_count"]
    peaceful = [name for name in last["outcome"].values.tolist() if name not in WARS]
    return _median(last.sel(outcome=peaceful), days(result), level)


def entry_incidence(result: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """Estimate P(the actor has taken a side by this turn).

    Parameters
    ----------
    result
        Counts of one run, or of a sweep with the dim `point`.
    level
        Level of the intervals, above 0 and below 1.

    Returns
    -------
    xarray.Dataset
        `probability`, `lower`, `upper` and the like, by `actor` and `turn`; originators take a
        side at turn 0. The coordinate `day` is the day on which a turn ends.

    Raises
    ------
    UsageError
        `level` is not between 0 and 1.

    Examples
    --------
    >>> import mcescalate as mc
    >>> result = mc.simulate(mc.load_case("july-1914"), n_chains=1000, seed=7)
    >>> found = mc.analysis.timing.entry_incidence(result)
    >>> found["probability"].sel(actor="RUS", turn=[0, 5, 20]).values.tolist()
    [0.0, 0.03, 0.185]
    """
    entered = result["entry_turn_count"].cumsum("turn").assign_coords(turn=result["turn"])
    found = estimate(entered, crises(result), level=level)
    return found.assign_coords(day=days(result))


def entry_time(result: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """Estimate the median turn of entry of each actor that joined after the incident.

    Parameters
    ----------
    result
        Counts of one run, or of a sweep with the dim `point`.
    level
        Level of the interval, above 0 and below 1.

    Returns
    -------
    xarray.Dataset
        `turns` and `days`, each with `_lower` and `_upper` (NaN for an actor that never joined),
        and `n`, the number of entries, by `actor`.

    Raises
    ------
    UsageError
        `level` is not between 0 and 1.

    Examples
    --------
    >>> import mcescalate as mc
    >>> result = mc.simulate(mc.load_case("july-1914"), n_chains=1000, seed=7)
    >>> mc.analysis.timing.entry_time(result)["days"].sel(actor="GMY").item()
    84.0
    """
    later = result["entry_turn_count"].where(result["turn"] > 0, 0)
    return _median(later, days(result), level)


def days(result: "xr.Dataset") -> "xr.DataArray":
    """Find the day on which each turn ends.

    Parameters
    ----------
    result
        Counts of one run, or of a sweep with the dim `point`.

    Returns
    -------
    xarray.DataArray
        Days since the incident, by `turn`, and by `point` in a sweep.

    Examples
    --------
    >>> import mcescalate as mc
    >>> result = mc.simulate(mc.load_case("july-1914"), n_chains=100, seed=7)
    >>> mc.analysis.timing.days(result).sel(turn=10).item()
    30.0
    """
    if "day" in result.coords:
        return result["day"]
    return (result["turn"] * result["turn_days"]).assign_attrs(units="day")


def _median(count: "xr.DataArray", day: "xr.DataArray", level: float) -> "xr.Dataset":
    """Medians over `turn` of counts by turn, with the order statistics around them."""
    import xarray as xr

    n = count.sum("turn")
    first = xr.apply_ufunc(lambda n: _first_rank(n, level), n)
    ranks = {"": (n + 1) // 2, "_lower": first, "_upper": n + 1 - first}
    reached = count.cumsum("turn").assign_coords(turn=count["turn"])
    variables: dict[str, xr.DataArray] = {"n": n}
    for end, rank in ranks.items():
        place = (reached >= rank).argmax("turn")
        is_known = (n > 0) & ~are_dependent(n) if end else n > 0
        turn, on_day = count["turn"].isel(turn=place), day.isel(turn=place)
        variables["turns" + end] = turn.where(is_known).drop_vars(["turn", "day"], errors="ignore")
        variables["days" + end] = on_day.where(is_known).drop_vars(["turn", "day"], errors="ignore")
    return labelled(variables, {"level": level})


def _first_rank(n: NDArray[np.int64], level: float) -> NDArray[np.float64]:
    """Rank of the order statistic that begins the interval of a median of `n` values.

    The smallest k with P(Binomial(n, 1/2) <= k) above half of what the interval leaves out;
    the interval is symmetric in ranks.
    """
    from scipy.special import bdtr, bdtrik

    normal_quantile(level)  # refuses an invalid level
    tail = (1 - level) / 2
    rank = np.ceil(bdtrik(tail, n, 0.5))
    before = np.maximum(rank - 1, 0)
    rank = np.where(bdtr(before, n, 0.5) >= tail, before, rank)
    return np.maximum(np.nan_to_num(rank), 1)
