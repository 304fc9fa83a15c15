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

from mcescalate.analysis.estimation.estimate import LEVEL, estimate, labelled, normal_quantile
from mcescalate.analysis.estimation.events import WARS

if TYPE_CHECKING:
    import xarray as xr

ENDS = ("deterred", "settled", "mediated", "war")
"""How a chain may end before the horizon; "war" is its onset."""


def end_counts(result: "xr.Dataset") -> "xr.DataArray":
    """Chains by `end` and the `turn` in which it came; the rest are stalemates."""
    import xarray as xr

    last = result["last_turn_count"]
    counts = [last.sel(outcome=end, drop=True) for end in ENDS[:-1]] + [result["war_turn_count"]]
    return xr.concat(counts, xr.Variable("end", list(ENDS)), coords="minimal", compat="override")


def at_risk(result: "xr.Dataset") -> "xr.DataArray":
    """Chains without an end before each `turn`."""
    ended = end_counts(result).sum("end").cumsum("turn").shift(turn=1, fill_value=0)
    return result["n_chains"] - ended.assign_coords(turn=result["turn"])


def hazards(result: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """Hazard of each end in each turn, among chains still open: by `end`, `turn`."""
    return estimate(end_counts(result), at_risk(result), level=level)


def incidence(
    result: "xr.Dataset", *, of_crises: bool = False, level: float = LEVEL
) -> "xr.Dataset":
    """P(this end by this turn), by `end` and `turn`, and `surviving`: no end by then.

    Parameters
    ----------
    of_crises : leave deterred chains out, so that turn 1 begins with certainty

    Returns
    -------
    `probability`, `lower`, `upper` and the like by (end, turn); `surviving` with its
    interval by turn; `day` says which day a turn ends.
    """
    counts = end_counts(result)
    n = result["n_chains"]
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
    """Median first turn of war among the chains with war, with its interval, in turns and days.

    NaN without any war. The ends of the interval are order statistics, valid for any
    distribution; with fewer than six wars it is the whole range and covers less than 95 %.
    """
    return _median(result["war_turn_count"], days(result), level)


def time_to_end(result: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """Median last turn of the chains of each `outcome`; those at war all end at the horizon."""
    last = result["last_turn_count"]
    peaceful = [name for name in last["outcome"].values.tolist() if name not in WARS]
    return _median(last.sel(outcome=peaceful), days(result), level)


def entry_incidence(result: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """P(the actor has taken a side by this turn), by `actor` and `turn`; originators at 0."""
    entered = result["entry_turn_count"].cumsum("turn").assign_coords(turn=result["turn"])
    found = estimate(entered, result["n_chains"], level=level)
    return found.assign_coords(day=days(result))


def entry_time(result: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """Median turn of entry of each `actor` that joined after the incident."""
    later = result["entry_turn_count"].where(result["turn"] > 0, 0)
    return _median(later, days(result), level)


def days(result: "xr.Dataset") -> "xr.DataArray":
    """Day on which a turn ends, by `turn`, and by `point` in a sweep."""
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
        turn, on_day = count["turn"].isel(turn=place), day.isel(turn=place)
        variables["turns" + end] = turn.where(n > 0).drop_vars(["turn", "day"], errors="ignore")
        variables["days" + end] = on_day.where(n > 0).drop_vars(["turn", "day"], errors="ignore")
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
