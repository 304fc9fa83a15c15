"""Inadvertent war: how many wars would not occur without misperception?

Each mechanism of misperception is switched off in turn, and the same chains are simulated
again. The wars that vanish are those that would not have occurred without it. Shares of
mechanisms do not add up: one war may need two of them, or either.
"""

from typing import TYPE_CHECKING, Any

from mcescalate.analysis.comparison.paired_runs import NO_WAR_REACH, simulate_paired
from mcescalate.analysis.estimation.difference import ratio_interval
from mcescalate.analysis.estimation.estimate import LEVEL, estimate, wilson
from mcescalate.scenario.change.edits import edited
from mcescalate.scenario.schema import Scenario

if TYPE_CHECKING:
    import xarray as xr

_MISPERCEPTION = {
    "noise": ("noise:*",),
    "bias": ("bias:*", "mistrust:*-*"),
    "exercises": ("exercise:*",),
    "misattribution": ("misattribution",),
}

MECHANISMS: dict[str, tuple[str, ...]] = {
    **_MISPERCEPTION,
    "misperception": tuple(edit for edits in _MISPERCEPTION.values() for edit in edits),
    "accident": ("accident",),
    "all": (*(edit for edits in _MISPERCEPTION.values() for edit in edits), "accident"),
}
"""What is switched off, as edits; "misperception" is the first four together."""


def simulate_without(scenario: Scenario, **how: Any) -> "xr.Dataset":
    """Simulate a scenario, and again without each mechanism, on the same chains.

    Parameters
    ----------
    how : `n_chains`, `seed` and other arguments of `paired_runs.simulate_paired`

    Returns
    -------
    Counts as `paired_runs.simulate_paired` returns them, with `mechanism` for `change`.
    """
    seconds = {name: edited(scenario, off=edits) for name, edits in MECHANISMS.items()}
    return simulate_paired(scenario, seconds, **how).rename(change="mechanism")


def inadvertence(counts: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """Share of wars that vanish without each mechanism.

    Switching off exercises also removes the credibility that they give their hosts.

    Parameters
    ----------
    counts : from `simulate_without`

    Returns
    -------
    By `mechanism`: `vanishing`, the share of wars that do not occur without it; `appearing`,
    the number of wars that occur only without it, relative to all wars; and `net`, the net
    reduction of wars. `began_misread`, without the dim, is the share of wars in which every
    step into war was misread, as counted within each chain. Each has `_lower` and
    `_upper`; `wars` is their number.
    """
    import xarray as xr

    reach = counts["reach_pair_count"]
    dims = ("first_reach", "second_reach")
    first, second = (reach[dim] > NO_WAR_REACH for dim in dims)
    both = reach.where(first & second, 0).sum(dims)
    vanished = reach.where(first & ~second, 0).sum(dims)
    appeared = reach.where(~first & second, 0).sum(dims)
    wars = both + vanished
    there = wars.where(wars > 0)
    ratio_lower, ratio_upper = ratio_interval(both.values, vanished.values, appeared.values, level)
    gone = wilson(vanished.values, wars.values, level)
    come = wilson(appeared.values, counts["n_chains"].values, level)
    rate = counts["n_chains"] / there
    misread = estimate(counts["misread_war_count"], wars.isel(mechanism=0, drop=True), level=level)
    by = ("mechanism",)
    return xr.Dataset(
        {
            "wars": wars.isel(mechanism=0, drop=True),
            "vanishing": vanished / there,
            "vanishing_lower": (by, gone[0]),
            "vanishing_upper": (by, gone[1]),
            "appearing": appeared / there,
            "appearing_lower": rate * xr.DataArray(come[0], dims=by),
            "appearing_upper": rate * xr.DataArray(come[1], dims=by),
            "net": (vanished - appeared) / there,
            "net_lower": (by, 1 - ratio_upper),
            "net_upper": (by, 1 - ratio_lower),
            "began_misread": misread["probability"],
            "began_misread_lower": misread["lower"],
            "began_misread_upper": misread["upper"],
        },
        attrs={"level": level},
    )
