"""Counterfactuals: the effect of a change, crisis by crisis.

Two scenarios are simulated with common random numbers, chain by chain. A chain differs
between them only because of the change, so the difference of their probabilities has a far
smaller error than from separate runs, and the chains that differ are known: crises prevented
do not cancel against crises widened.

Which chains differ depends on the coupling: a decision is "yes" if the same random number
lies below its probability. Another coupling would pair other chains, with the same
differences of probabilities.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mcescalate.analysis.comparison.paired_runs import (
    DETERRED_REACH,
    NO_WAR_REACH,
    PERIOD_OUTCOMES,
    simulate_paired,
)
from mcescalate.analysis.estimation.difference import difference
from mcescalate.analysis.estimation.estimate import LEVEL, estimate
from mcescalate.engine.events import (
    AT_LEAST,
    ENGAGED_SIZE,
    ENTERED,
    MISREAD_WAR,
    PEAK,
    UNIONS,
    WAR_OF,
    WAR_SIZE,
    Event,
    Term,
    parse_event,
)
from mcescalate.errors import UsageError
from mcescalate.model.codes import OUTCOMES
from mcescalate.scenario.schema import Scenario, expect_scenario

if TYPE_CHECKING:
    import xarray as xr

__all__ = [
    "actor_differences",
    "compare",
    "crisis_differences",
    "differences",
    "event_difference",
    "splits",
]


def compare(first: Scenario, second: Scenario, **how: Any) -> "xr.Dataset":
    """Simulate two scenarios on the same chains and count the results of both.

    Parameters
    ----------
    first
        The baseline.
    second
        The scenario to compare it with; its ladder must have as many rungs.
    **how
        `n_chains`, `seed` and other arguments of `analysis.paired_runs.simulate_paired`.

    Returns
    -------
    xarray.Dataset
        Counts of chains by their result in the first and in the second run;
        `analysis.compare.differences`, `actor_differences` and `splits` turn them into estimates.

    Raises
    ------
    UsageError
        A scenario is of the wrong kind, a number is out of range, or the ladders differ.
    BackendUnavailable
        There is no such backend.
    ResourceError
        The counts need more memory than there is.
    Interrupted
        `stop` was set before the last chain.

    Examples
    --------
    >>> import mcescalate as mc
    >>> first = mc.load_case("july-1914")
    >>> second = mc.load_case("july-1914", settings=["ties.GMY-AUH.defence.strength=0"])
    >>> counts = mc.compare(first, second, n_chains=1000, seed=7)
    >>> change = mc.analysis.compare.differences(counts).sel(event="general_war")
    >>> round(change["difference"].item(), 3)
    -0.334
    """
    for scenario in (first, second):
        expect_scenario(scenario, "compare")
    return simulate_paired(first, {"second": second}, **how).isel(change=0, drop=True)


def differences(comparison: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """Estimate the change of the probability of every event.

    Parameters
    ----------
    comparison
        Counts as `compare` or `paired_runs.simulate_paired` return them.
    level
        Level of the intervals, above 0 and below 1.

    Returns
    -------
    xarray.Dataset
        By `event` (and `change`): what `analysis.difference.difference` returns, such as `first`,
        `second`, `difference`, `lower`, `upper` and `is_detected`.

    Raises
    ------
    UsageError
        `level` is not between 0 and 1.

    Examples
    --------
    >>> import mcescalate as mc
    >>> first = mc.load_case("july-1914")
    >>> second = mc.load_case("july-1914", overlays=["mediator"])
    >>> counts = mc.compare(first, second, n_chains=1000, seed=7)
    >>> change = mc.analysis.compare.differences(counts).sel(event="war")
    >>> [round(change[name].item(), 3) for name in ("difference", "lower", "upper")]
    [-0.199, -0.225, -0.175]
    """
    outcome, peak = comparison["outcome_pair_count"], comparison["peak_pair_count"]
    rungs = [str(rung) for rung in comparison["first_peak"].values]
    tables = {}
    for name in (*UNIONS, *OUTCOMES):
        members = list(UNIONS.get(name, (name,)))
        tables[name] = _two_by_two(
            outcome,
            outcome["first_outcome"].isin(members),
            outcome["second_outcome"].isin(members),
        )
    places = np.arange(len(rungs))
    for k, rung in enumerate(rungs[1:], 1):
        tables[f"{AT_LEAST}{rung}"] = _two_by_two(
            peak,
            peak["first_peak"].copy(data=places >= k),
            peak["second_peak"].copy(data=places >= k),
        )
    if "event_pair_count" in comparison:
        for name in comparison["event"].values:
            tables[str(name)] = _by_name(comparison, str(name))
    return _difference(tables, "event", comparison["n_chains"], level)


def event_difference(comparison: "xr.Dataset", of: str, level: float = LEVEL) -> "xr.Dataset":
    """Estimate the change of the probability of one event.

    Parameters
    ----------
    comparison
        Counts as `compare` or `paired_runs.simulate_paired` return them.
    of
        One of the events that `differences` lists, "war:ACTOR", "war_size>=N" or
        "engaged_size>=N"; or any other if the pairs were counted by it (`events` of
        `simulate_paired`).
    level
        Level of the interval, above 0 and below 1.

    Returns
    -------
    xarray.Dataset
        What `analysis.difference.difference` returns, by `change` if there are several.

    Raises
    ------
    UsageError
        There is no such event, pairs of chains are not counted by it, or `level` is invalid.

    Examples
    --------
    >>> import mcescalate as mc
    >>> first = mc.load_case("july-1914")
    >>> second = mc.load_case("july-1914", overlays=["mediator"])
    >>> counts = mc.compare(first, second, n_chains=1000, seed=7)
    >>> change = mc.analysis.compare.event_difference(counts, "war_size>=4")
    >>> bool(change["difference"] < 0)
    True
    """
    rungs = [str(rung) for rung in comparison["first_peak"].values]
    actors = [str(actor) for actor in comparison["actor"].values]
    text = parse_event(of, rungs, actors).text
    if "event_pair_count" in comparison and text in comparison["event"].values:
        tables = {text: _by_name(comparison, text)}
        return _difference(tables, "event", comparison["n_chains"], level).isel(event=0)
    term = pair_term(of, rungs, actors)
    if term.kind == WAR_OF:
        found = actor_differences(comparison, level)
        return found.sel(event="at_war", actor=actors[term.number], drop=True)
    if term.kind in (WAR_SIZE, ENGAGED_SIZE):
        name = "reach" if term.kind == WAR_SIZE else "size"
        count = comparison[f"{name}_pair_count"]
        first, second = (count[f"{run}_{name}"] >= term.number for run in ("first", "second"))
        tables = {of: _two_by_two(count, first, second)}
        return _difference(tables, "event", comparison["n_chains"], level).isel(event=0)
    name = f"{AT_LEAST}{rungs[term.number]}" if term.kind == PEAK else of.strip()
    return differences(comparison, level).sel(event=name)


def pair_term(of: str, rungs: Sequence[str], actors: Sequence[str]) -> Term:
    """The event of this name, if pairs of chains are always counted by it.

    Raises
    ------
    UsageError
        There is no such event, or pairs are counted by it only if that is asked for.
    """
    event = parse_event(of, rungs, actors)
    if not is_always_counted(event):
        raise UsageError(
            f"event: {of}: was not counted for these pairs of chains; simulate them with "
            f'events=["{event.text}"]'
        )
    return event.terms[0]


def is_always_counted(event: Event) -> bool:
    """Whether pairs of chains are counted by an event whether or not it is asked for."""
    term = event.terms[0]
    return not (
        len(event.terms) > 1
        or term.kind in (ENTERED, MISREAD_WAR)
        or (term.kind == PEAK and term.number == 0)
    )


def crisis_differences(comparison: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """Estimate the change of the probability of every event in each period.

    Parameters
    ----------
    comparison
        Counts as `compare` or `paired_runs.simulate_paired` return them, of chains of several
        crises, the same number in both scenarios.
    level
        Level of the intervals, above 0 and below 1.

    Returns
    -------
    xarray.Dataset
        By `event` ("war", "crisis", the outcomes and "quiet") and `crisis` (and `change`): what
        `analysis.difference.difference` returns; shares of all chains.

    Raises
    ------
    UsageError
        Chains are one crisis each, or differ in their number of periods; or `level` is not
        between 0 and 1.

    Examples
    --------
    >>> import mcescalate as mc
    >>> first = mc.load_case("july-1914", settings=["sequence.crises=2"])
    >>> second = mc.load_case("july-1914", settings=["sequence.crises=2", "sequence.loss=1"])
    >>> counts = mc.compare(first, second, n_chains=500, seed=7)
    >>> change = mc.analysis.compare.crisis_differences(counts).sel(event="crisis")
    >>> change["difference"].sel(crisis=0).item()
    0.0
    """
    if "crisis_outcome_pair_count" not in comparison:
        raise UsageError(
            "crisis_differences: expected the same number of crises, above 1, in both scenarios; "
            "set sequence.crises"
        )
    count = comparison["crisis_outcome_pair_count"]
    tables = {}
    for name in (*UNIONS, *PERIOD_OUTCOMES):
        members = list(UNIONS.get(name, (name,)))
        tables[name] = _two_by_two(
            count, count["first_period"].isin(members), count["second_period"].isin(members)
        )
    return _difference(tables, "event", comparison["n_chains"], level)


def actor_differences(comparison: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """Estimate the change of each actor's probability to take a side and to be at war.

    Parameters
    ----------
    comparison
        Counts as `compare` or `paired_runs.simulate_paired` return them.
    level
        Level of the intervals, above 0 and below 1.

    Returns
    -------
    xarray.Dataset
        By `event` ("engaged", "at_war") and `actor`: what `analysis.difference.difference`
        returns.

    Raises
    ------
    UsageError
        `level` is not between 0 and 1.

    Examples
    --------
    >>> import mcescalate as mc
    >>> first = mc.load_case("july-1914")
    >>> second = mc.load_case("july-1914", overlays=["july-1914-local"])
    >>> counts = mc.compare(first, second, n_chains=1000, seed=7)
    >>> change = mc.analysis.compare.actor_differences(counts).sel(event="at_war", actor="RUS")
    >>> round(change["difference"].item(), 3)
    -0.355
    """
    tables = {}
    for name in ("engaged", "at_war"):
        count = comparison[f"{name}_pair_count"]
        tables[name] = _two_by_two(count, count["first_did"], count["second_did"])
    return _difference(tables, "event", comparison["n_chains"], level)


def splits(comparison: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """Split the chains that the change affects by what it does to them.

    A chain may be in several splits: a prevented crisis that had led to war is a prevented war
    too.

    Parameters
    ----------
    comparison
        Counts as `compare` or `paired_runs.simulate_paired` return them.
    level
        Level of the intervals, above 0 and below 1.

    Returns
    -------
    xarray.Dataset
        Shares of all chains by `split`: crises prevented (deterred only with the change) and
        provoked (deterred only without it); wars prevented and caused; crises widened and
        narrowed (more or fewer took a side, in chains that are crises in both runs); wars
        widened and narrowed (more or fewer at war at the end, in chains with war in both).

    Raises
    ------
    UsageError
        `level` is not between 0 and 1.

    Examples
    --------
    >>> import mcescalate as mc
    >>> first = mc.load_case("july-1914")
    >>> second = mc.load_case("july-1914", overlays=["mediator"])
    >>> counts = mc.compare(first, second, n_chains=1000, seed=7)
    >>> mc.analysis.compare.splits(counts)["count"].sel(split="wars_prevented").item()
    199
    """
    reach, size = comparison["reach_pair_count"], comparison["size_pair_count"]
    first, second = reach["first_reach"], reach["second_reach"]
    crisis, crisis_then = first > DETERRED_REACH, second > DETERRED_REACH
    war, war_then = first > NO_WAR_REACH, second > NO_WAR_REACH
    counts = {
        "crises_prevented": _sum(reach, crisis & ~crisis_then),
        "crises_provoked": _sum(reach, ~crisis & crisis_then),
        "wars_prevented": _sum(reach, war & ~war_then),
        "wars_caused": _sum(reach, ~war & war_then),
        "crises_widened": _sum(
            size, (size["first_size"] > 0) & (size["second_size"] > size["first_size"])
        ),
        "crises_narrowed": _sum(
            size, (size["second_size"] > 0) & (size["second_size"] < size["first_size"])
        ),
        "wars_widened": _sum(reach, war & war_then & (second > first)),
        "wars_narrowed": _sum(reach, war & war_then & (second < first)),
    }
    return estimate(_stacked(counts, "split"), comparison["n_chains"], level=level)


def _by_name(
    comparison: "xr.Dataset", event: str
) -> "tuple[xr.DataArray, xr.DataArray, xr.DataArray]":
    """(both, first only, second only) of an event that pairs were counted by on demand."""
    count = comparison["event_pair_count"].sel(event=event, drop=True)
    return _two_by_two(count, count["first_did"], count["second_did"])


def _two_by_two(
    count: "xr.DataArray", first: "xr.DataArray", second: "xr.DataArray"
) -> "tuple[xr.DataArray, xr.DataArray, xr.DataArray]":
    """(both, first only, second only): counts where the event is, by both conditions.

    Each condition holds along one dim. There are many events, and arithmetic of xarray takes
    longer than to simulate a thousand chains, so that these sums are NumPy's.
    """
    dims = (*first.dims, *second.dims)
    rest = count.isel(dict.fromkeys(dims, 0), drop=True)
    counts = count.transpose(..., *dims).values
    ours, theirs = (np.asarray(condition.values, bool) for condition in (first, second))
    both, first_only, second_only = (
        rest.copy(data=np.einsum("...ij,i,j->...", counts, a, b))
        for a, b in ((ours, theirs), (ours, ~theirs), (~ours, theirs))
    )
    return both, first_only, second_only


def _sum(count: "xr.DataArray", where: "xr.DataArray") -> "xr.DataArray":
    """Counts where a condition on the first and second run holds, added up."""
    return count.where(where, 0).sum(where.dims)


def _difference(
    tables: "Mapping[str, tuple[xr.DataArray, xr.DataArray, xr.DataArray]]",
    dim: str,
    n: "xr.DataArray",
    level: float,
) -> "xr.Dataset":
    both, first_only, second_only = (
        _stacked({label: cells[k] for label, cells in tables.items()}, dim) for k in range(3)
    )
    return difference(both, first_only, second_only, n, level)


def _stacked(arrays: "dict[str, xr.DataArray]", dim: str) -> "xr.DataArray":
    import xarray as xr

    labels = xr.Variable(dim, np.array(list(arrays), object))
    return xr.concat(list(arrays.values()), labels, coords="minimal", compat="override")
