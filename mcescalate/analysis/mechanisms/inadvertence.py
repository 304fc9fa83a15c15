"""Inadvertent war: how many wars would not occur without misperception?

Each mechanism of misperception is switched off in turn, and the same chains are simulated
again. The wars that vanish are those that would not have occurred without it. Shares of
mechanisms do not add up: one war may need two of them, or either.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mcescalate.analysis.comparison.paired_runs import NO_WAR_REACH, simulate_paired
from mcescalate.analysis.estimation.difference import ratio_interval
from mcescalate.analysis.estimation.estimate import LEVEL, estimate, wilson
from mcescalate.analysis.tables.export import to_dict
from mcescalate.errors import UsageError
from mcescalate.results.checks.result import expect_result
from mcescalate.results.provenance.schema import restore_scenario, run_provenance
from mcescalate.results.variables import is_exact
from mcescalate.scenario.change.edits import edited
from mcescalate.scenario.schema import Scenario

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["inadvertence", "shares_without", "simulate_again", "simulate_without"]

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

N_RUNS = 1 + len(MECHANISMS)
"""Scenarios that are simulated: as it is, and without each mechanism."""

_PARTS = ("vanishing", "appearing", "net")


def simulate_without(scenario: Scenario, **how: Any) -> "xr.Dataset":
    """Simulate a scenario, and again without each mechanism of misperception, on the same chains.

    Parameters
    ----------
    scenario
        The scenario with its misperception.
    **how
        `n_chains`, `seed` and other arguments of `paired_runs.simulate_paired`.

    Returns
    -------
    xarray.Dataset
        Counts as `paired_runs.simulate_paired` returns them, with `mechanism` for `change`.

    Raises
    ------
    UsageError
        A number is out of range.
    BackendUnavailable
        There is no such backend.

    Examples
    --------
    >>> import mcescalate as mc
    >>> counts = mc.analysis.inadvertence.simulate_without(
    ...     mc.load_case("july-1914"), n_chains=1000, seed=7
    ... )
    >>> counts["mechanism"].values.tolist()
    ['noise', 'bias', 'exercises', 'misattribution', 'misperception', 'accident', 'all']
    """
    seconds = {name: edited(scenario, off=edits) for name, edits in MECHANISMS.items()}
    return simulate_paired(scenario, seconds, **how).rename(change="mechanism")


def simulate_again(
    result: "xr.Dataset", *, progress: Callable[[int], None] | None = None, **how: Any
) -> "xr.Dataset":
    """Simulate the chains of a result again, without each mechanism of misperception.

    Parameters
    ----------
    result
        Counts of one run; its provenance has the scenario and the seed.
    progress
        Called with the number of chains done so far, of all runs together.
    **how
        `workers`, `stop` and other arguments of `paired_runs.simulate_paired`.

    Returns
    -------
    xarray.Dataset
        As `simulate_without` returns it.

    Raises
    ------
    UsageError
        It is not the result of one run, or this version counts its chains differently.
    DataError
        It does not store its scenario.

    Examples
    --------
    >>> import mcescalate as mc
    >>> result = mc.simulate(mc.load_case("july-1914"), n_chains=1000, seed=7)
    >>> counts = mc.analysis.inadvertence.simulate_again(result)
    >>> counts["n_chains"].item()
    1000
    """
    expect_result(result, "simulate_again")
    if is_exact(result):
        raise UsageError("inadvertence: expected counts of chains, found an exact solution")
    origin = run_provenance(result, "inadvertence")
    scenario = restore_scenario(origin.parameters.scenario, "inadvertence")
    parts = []
    done = 0
    for first_chain, n_chains in origin.rng.chains:
        before = done

        def so_far(within: int, before: int = before) -> None:
            if progress:
                progress(before + within)

        parts.append(
            simulate_without(
                scenario,
                seed=int(origin.rng.seed),
                first_chain=first_chain,
                n_chains=n_chains,
                progress=so_far,
                **how,
            )
        )
        done += N_RUNS * n_chains
    first = parts[0]
    counts = first.assign({name: sum(part[name] for part in parts) for name in first.data_vars})
    counts = counts.assign_attrs(n_chains=int(counts["n_chains"]))
    again = counts["outcome_pair_count"].isel(mechanism=0, drop=True).sum("second_outcome")
    if again.values.tolist() != result["outcome_count"].values.tolist():
        raise UsageError(
            "inadvertence: its chains differ from those of the result, which version "
            f"{origin.software.version} made with random numbers {origin.rng.layout}; "
            "run its scenario with this version"
        )
    return counts


def inadvertence(counts: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """Estimate the share of wars that vanish without each mechanism of misperception.

    Switching off exercises also removes the credibility that they give their hosts.

    Parameters
    ----------
    counts
        From `simulate_without` or `simulate_again`.
    level
        Level of the intervals, above 0 and below 1.

    Returns
    -------
    xarray.Dataset
        By `mechanism`: `vanishing`, the share of wars that do not occur without it; `appearing`,
        the number of wars that occur only without it, relative to all wars; and `net`, the net
        reduction of wars. `began_misread`, without the dim, is the share of wars in which every
        step into war was misread, as counted within each chain. Each has `_lower` and
        `_upper`; `wars` is their number.

    Raises
    ------
    UsageError
        `level` is not between 0 and 1.

    Examples
    --------
    >>> import mcescalate as mc
    >>> counts = mc.analysis.inadvertence.simulate_without(
    ...     mc.load_case("july-1914"), n_chains=1000, seed=7
    ... )
    >>> found = mc.analysis.inadvertence.inadvertence(counts)
    >>> round(found["vanishing"].sel(mechanism="misperception").item(), 3)
    0.26
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


def shares_without(counts: "xr.Dataset", level: float = LEVEL) -> dict[str, Any]:
    """Summarise wars without misperception as one nested dict, ready for JSON.

    Parameters
    ----------
    counts
        From `simulate_without` or `simulate_again`.
    level
        Level of the intervals, above 0 and below 1.

    Returns
    -------
    dict
        `wars`, their number; `began_misread` and, under `mechanisms` by name, `vanishing`,
        `appearing` and `net`, each with `probability`, `lower` and `upper`. All are None without
        any war.

    Raises
    ------
    UsageError
        `level` is not between 0 and 1.

    Examples
    --------
    >>> import mcescalate as mc
    >>> counts = mc.analysis.inadvertence.simulate_without(
    ...     mc.load_case("july-1914"), n_chains=1000, seed=7
    ... )
    >>> found = mc.analysis.inadvertence.shares_without(counts)
    >>> found["wars"], round(found["mechanisms"]["noise"]["net"]["probability"], 3)
    (726, 0.23)
    """
    found = inadvertence(counts, level)
    parts = [*_PARTS, "began_misread"]
    rows = {
        mechanism: {
            part: {
                "probability": row[part],
                "lower": row[f"{part}_lower"],
                "upper": row[f"{part}_upper"],
            }
            for part in parts
        }
        for mechanism, row in to_dict(found, "mechanism").items()
    }
    began_misread = [row.pop("began_misread") for row in rows.values()]
    return {"wars": int(found["wars"]), "began_misread": began_misread[0], "mechanisms": rows}
