"""Counterfactuals: the effect of a change, crisis by crisis.

Two scenarios are simulated with common random numbers, chain by chain. A chain differs
between them only because of the change, so the difference of their probabilities has a far
smaller error than from separate runs, and the chains that differ are known: crises prevented
do not cancel against crises widened.

Which chains differ depends on the coupling: a decision is "yes" if the same random number
lies below its probability. Another coupling would pair other chains, with the same
differences of probabilities.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from mcescalate.analysis.comparison.paired_runs import DETERRED_REACH, NO_WAR_REACH, simulate_paired
from mcescalate.analysis.estimation.difference import difference
from mcescalate.analysis.estimation.estimate import LEVEL, estimate
from mcescalate.analysis.estimation.events import AT_LEAST, UNIONS
from mcescalate.model.codes import OUTCOMES
from mcescalate.scenario.schema import Scenario, expect_scenario

if TYPE_CHECKING:
    import xarray as xr


def compare(first: Scenario, second: Scenario, **how: Any) -> "xr.Dataset":
    """Simulate two scenarios on the same chains and count what happens in each.

    Parameters
    ----------
    how : `n_chains`, `seed` and other arguments of `paired_runs.simulate_paired`

    Returns
    -------
    Counts by the result of a chain in the first and in the second run; `differences`,
    `actor_differences` and `splits` say what follows from them.
    """
    for scenario in (first, second):
        expect_scenario(scenario, "compare")
    return simulate_paired(first, {"second": second}, **how).isel(change=0, drop=True)


def differences(comparison: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """Change of the probability of every event, by `event`; see `difference.difference`.

    Parameters
    ----------
    comparison : counts as `compare` or `paired_runs.simulate_paired` return them
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
    return _difference(tables, "event", comparison["n_chains"], level)


def actor_differences(comparison: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """Change of each actor's probability to take a side and be at war: by `event`, `actor`."""
    tables = {}
    for name in ("engaged", "at_war"):
        count = comparison[f"{name}_pair_count"]
        tables[name] = _two_by_two(count, count["first_did"], count["second_did"])
    return _difference(tables, "event", comparison["n_chains"], level)


def splits(comparison: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """Chains that the change makes better or worse, by kind, as shares of all chains.

    By `split`: crises prevented (deterred only with the change) and provoked (deterred only
    without it); wars prevented and caused, whatever else became of the crisis; crises widened
    and narrowed (more or fewer took a side, in chains that are crises in both); wars widened
    and narrowed (more or fewer at war at the end, in chains with war in both). A chain may be
    in several of them: a prevented crisis that had led to war is a prevented war too.
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
