"""How far and how wide crises go: distributions over rungs, over states at war, by actor.

All are shares of all chains, deterred ones included, so they are comparable.
"""

from typing import TYPE_CHECKING

from mcescalate.analysis.estimation.estimate import LEVEL, crises, estimate
from mcescalate.model.codes import TREATY

if TYPE_CHECKING:
    import xarray as xr

__all__ = [
    "actor_peak_at_least",
    "actor_probabilities",
    "engaged_size_at_least",
    "peak_at_least",
    "war_size_at_least",
]


def peak_at_least(result: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """Estimate P(any actor reaches this rung or a higher one).

    Parameters
    ----------
    result
        Counts of one run, or of a sweep with the dim `point`.
    level
        Level of the intervals, above 0 and below 1.

    Returns
    -------
    xarray.Dataset
        `probability`, `lower`, `upper` and the like, by `rung`; shares of all chains.

    Raises
    ------
    UsageError
        `level` is not between 0 and 1.

    Examples
    --------
    >>> import mcescalate as mc
    >>> result = mc.simulate(mc.load_case("july-1914"), n_chains=1000, seed=7)
    >>> found = mc.analysis.distribution.peak_at_least(result)
    >>> found["probability"].sel(rung="mobilisation").item()
    0.743
    """
    return estimate(_at_least(result["peak_count"], "rung"), crises(result), level=level)


def war_size_at_least(result: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """Estimate P(this many states or more are at war at the end).

    Parameters
    ----------
    result
        Counts of one run, or of a sweep with the dim `point`.
    level
        Level of the intervals, above 0 and below 1.

    Returns
    -------
    xarray.Dataset
        `probability`, `lower`, `upper` and the like, by `n_actors`; shares of all chains.

    Raises
    ------
    UsageError
        `level` is not between 0 and 1.

    Examples
    --------
    >>> import mcescalate as mc
    >>> result = mc.simulate(mc.load_case("july-1914"), n_chains=1000, seed=7)
    >>> found = mc.analysis.distribution.war_size_at_least(result)
    >>> found["probability"].sel(n_actors=5).item()
    0.343
    """
    return estimate(_at_least(result["war_size_count"], "n_actors"), crises(result), level=level)


def engaged_size_at_least(result: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """Estimate P(this many states or more take a side).

    Parameters
    ----------
    result
        Counts of one run, or of a sweep with the dim `point`.
    level
        Level of the intervals, above 0 and below 1.

    Returns
    -------
    xarray.Dataset
        `probability`, `lower`, `upper` and the like, by `n_actors`; shares of all chains.

    Raises
    ------
    UsageError
        `level` is not between 0 and 1.

    Examples
    --------
    >>> import mcescalate as mc
    >>> result = mc.simulate(mc.load_case("july-1914"), n_chains=1000, seed=7)
    >>> found = mc.analysis.distribution.engaged_size_at_least(result)
    >>> found["probability"].sel(n_actors=3).item()
    0.518
    """
    count = _at_least(result["engaged_size_count"], "n_actors")
    return estimate(count, crises(result), level=level)


def actor_probabilities(result: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """Estimate how likely each actor is to take a side, to join, and to be at war at the end.

    Parameters
    ----------
    result
        Counts of one run, or of a sweep with the dim `point`.
    level
        Level of the intervals, above 0 and below 1.

    Returns
    -------
    xarray.Dataset
        `probability`, `lower`, `upper` and the like, by `actor` and `event`; shares of all
        chains. The event "engaged" includes originators; "joined" does not; "at_war" is
        being at war at the end.

    Raises
    ------
    UsageError
        `level` is not between 0 and 1.

    Examples
    --------
    >>> import mcescalate as mc
    >>> result = mc.simulate(mc.load_case("july-1914"), n_chains=1000, seed=7)
    >>> found = mc.analysis.distribution.actor_probabilities(result)
    >>> found["probability"].sel(actor="GMY", event="at_war").item()
    0.38
    """
    import xarray as xr

    counts = {
        "engaged": result["actor_engaged_count"].sum("side"),
        "joined": result["entry_count"].isel(cause=slice(TREATY, None)).sum("cause"),
        "at_war": result["actor_war_count"].sum("side"),
    }
    event = xr.Variable("event", list(counts))
    return estimate(xr.concat(list(counts.values()), event), crises(result), level=level)


def actor_peak_at_least(result: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """Estimate P(the actor reaches this rung or a higher one).

    Parameters
    ----------
    result
        Counts of one run, or of a sweep with the dim `point`.
    level
        Level of the intervals, above 0 and below 1.

    Returns
    -------
    xarray.Dataset
        `probability`, `lower`, `upper` and the like, by `actor` and `rung`; shares of all
        chains.

    Raises
    ------
    UsageError
        `level` is not between 0 and 1.

    Examples
    --------
    >>> import mcescalate as mc
    >>> result = mc.simulate(mc.load_case("july-1914"), n_chains=1000, seed=7)
    >>> found = mc.analysis.distribution.actor_peak_at_least(result)
    >>> found["probability"].sel(actor="RUS", rung="mobilisation").item()
    0.428
    """
    count = _at_least(result["actor_peak_count"], "rung")
    return estimate(count, crises(result), level=level)


def _at_least(count: "xr.DataArray", dim: str) -> "xr.DataArray":
    """Counts at this place of `dim` or a later one."""
    backwards = {dim: slice(None, None, -1)}
    return count.isel(backwards).cumsum(dim).isel(backwards).assign_coords({dim: count[dim]})
