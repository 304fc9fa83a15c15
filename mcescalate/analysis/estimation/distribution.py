"""How far and how wide crises go: distributions over rungs, over states at war, by actor.

All are shares of all chains, deterred ones included, so they are comparable.
"""

from typing import TYPE_CHECKING

from mcescalate.analysis.estimation.estimate import LEVEL, estimate
from mcescalate.model.codes import TREATY

if TYPE_CHECKING:
    import xarray as xr


def peak_at_least(result: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """P(any actor reaches this rung or a higher one), by `rung`."""
    return estimate(_at_least(result["peak_count"], "rung"), result["n_chains"], level=level)


def war_size_at_least(result: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """P(this many states or more are at war at the end), by `n_actors`."""
    return estimate(
        _at_least(result["war_size_count"], "n_actors"), result["n_chains"], level=level
    )


def engaged_size_at_least(result: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """P(this many states or more take a side), by `n_actors`."""
    count = _at_least(result["engaged_size_count"], "n_actors")
    return estimate(count, result["n_chains"], level=level)


def actor_probabilities(result: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """By `actor` and `event`: P(takes a side), P(joins), P(at war at the end).

    "engaged" includes originators; "joined" does not.
    """
    import xarray as xr

    counts = {
        "engaged": result["actor_engaged_count"].sum("side"),
        "joined": result["entry_count"].isel(cause=slice(TREATY, None)).sum("cause"),
        "at_war": result["actor_war_count"].sum("side"),
    }
    event = xr.Variable("event", list(counts))
    return estimate(xr.concat(list(counts.values()), event), result["n_chains"], level=level)


def actor_peak_at_least(result: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """P(the actor reaches this rung or a higher one), by `actor` and `rung`."""
    count = _at_least(result["actor_peak_count"], "rung")
    return estimate(count, result["n_chains"], level=level)


def _at_least(count: "xr.DataArray", dim: str) -> "xr.DataArray":
    """Counts at this place of `dim` or a later one."""
    backwards = {dim: slice(None, None, -1)}
    return count.isel(backwards).cumsum(dim).isel(backwards).assign_coords({dim: count[dim]})
