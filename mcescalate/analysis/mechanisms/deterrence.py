"""Deterrence against entanglement: what a tie does to each step towards a wide war.

An incident becomes a crisis unless it is deterred; a crisis may become a war; a war has a
size. The expected number of states at war is the product of the three, so the effect of a tie
or any other parameter splits into three factors: deterrence, escalation and entanglement.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mcescalate.analysis.comparison.paired_runs import DETERRED_REACH, NO_WAR_REACH, simulate_paired
from mcescalate.analysis.estimation.difference import chains_to_detect
from mcescalate.analysis.estimation.estimate import (
    LEVEL,
    are_dependent,
    crises,
    labelled,
    normal_quantile,
    unless_dependent,
    wilson,
)
from mcescalate.engine.events import WARS
from mcescalate.scenario.change.addresses import assign
from mcescalate.scenario.change.values import Number
from mcescalate.scenario.schema import Scenario

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["factor_changes", "factors", "simulate_settings"]

FACTORS = ("challenge", "war_given_challenge", "size_given_war", "product")
"""P(challenge), P(war | challenge), E(number at war | war); their product E(number at war)."""

FACTOR_NAMES = {
    "challenge": "P(crisis)",
    "war_given_challenge": "P(war | crisis)",
    "size_given_war": "states at war | war",
    "product": "states at war",
}
"""Their names in tables and figures."""


def factors(result: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """Split the expected number of states at war into deterrence, escalation and entanglement.

    A challenge is any incident that was not deterred, accidents included; `chosen_challenge` is
    the share of challenges where there was a choice.

    Parameters
    ----------
    result
        Counts of one run, or of a sweep with the dim `point`.
    level
        Level of the intervals, above 0 and below 1.

    Returns
    -------
    xarray.Dataset
        By `factor`: P(challenge), P(war | challenge), the mean number at war given war, their
        product, and `chosen_challenge`. `value` (NaN if undefined), `lower`, `upper`, and `n`, the
        number of chains it is based on. Shares have Wilson's interval, means the large-sample one;
        where all chains are of one size, it allows for as many others as Wilson's would, one state
        larger or smaller.

    Raises
    ------
    UsageError
        `level` is not between 0 and 1.

    Examples
    --------
    >>> import mcescalate as mc
    >>> result = mc.simulate(mc.load_case("july-1914"), n_chains=1000, seed=7)
    >>> found = mc.analysis.deterrence.factors(result)
    >>> found["value"].sel(factor=["challenge", "war_given_challenge"]).values.round(3).tolist()
    [0.898, 0.808]
    """
    import xarray as xr

    n = crises(result)
    outcome = result["outcome_count"]
    begun = n - outcome.sel(outcome="deterred", drop=True)
    wars = outcome.sel(outcome=list(WARS)).sum("outcome")
    accidents = result["accident_count"].sum("outcome")
    found = {
        "challenge": _share(begun, n, level),
        "war_given_challenge": _share(wars, begun, level),
        "size_given_war": _mean(result["war_size_count"], wars, level),
        "product": _mean(result["war_size_count"], n, level),
        "chosen_challenge": _share(begun - accidents, n - accidents, level),
    }
    label = xr.Variable("factor", np.array(list(found), object))
    joined = xr.concat(list(found.values()), label, coords="minimal", compat="override")
    return joined.assign_attrs(level=level)


def simulate_settings(
    scenario: Scenario, address: str, values: Sequence[Number], **how: Any
) -> "xr.Dataset":
    """Simulate a scenario, and again with each value of a parameter, on the same chains.

    Parameters
    ----------
    scenario
        The baseline.
    address
        Address of the parameter, such as "ties.GMY-AUH.defence.ambiguity".
    values
        Values of the parameter, one scenario each.
    **how
        `n_chains`, `seed` and other arguments of `paired_runs.simulate_paired`.

    Returns
    -------
    xarray.Dataset
        Counts as `paired_runs.simulate_paired` returns them, with `setting` for `change` and the
        coordinate `value` on it; for `factor_changes` and for `compare.differences`.

    Raises
    ------
    ScenarioError
        Nothing has this address, or it cannot take one of the values.
    UsageError
        A number of chains or a seed is out of range.

    Examples
    --------
    >>> import mcescalate as mc
    >>> counts = mc.analysis.deterrence.simulate_settings(
    ...     mc.load_case("july-1914"),
    ...     "ties.GMY-AUH.defence.strength",
    ...     [0.0, 0.5],
    ...     n_chains=1000,
    ...     seed=7,
    ... )
    >>> counts["value"].values.tolist()
    [0.0, 0.5]
    """
    settings = {f"{address}={value}": assign(scenario, [(address, value)]) for value in values}
    counts = simulate_paired(scenario, settings, **how).rename(change="setting")
    return counts.assign_coords(value=("setting", list(dict.fromkeys(values))))


def factor_changes(comparison: "xr.Dataset", level: float = LEVEL) -> "xr.Dataset":
    """Estimate the ratio of each factor in the second run to the first, on the same chains.

    The ratios of the three factors multiply to the product's. Their intervals are
    large-sample ones of the logarithm, from the influence of each pair of chains.

    Parameters
    ----------
    comparison
        Counts of `compare`, `paired_runs.simulate_paired` or `simulate_settings`.
    level
        Level of the intervals, above 0 and below 1.

    Returns
    -------
    xarray.Dataset
        By `factor` (and `change`): `first`, `second`, `ratio`, `lower`, `upper`, and
        `narrowing`, how many times narrower the interval is (on the log scale) than from
        separate chains. NaN where a run has no crisis or no war. `is_detected` says whether the
        interval excludes 1, `chains_to_detect` about how many chains would detect such a ratio
        (`difference.chains_to_detect`, of logarithms). `n` is the number of chains of each run.

    Raises
    ------
    UsageError
        `level` is not between 0 and 1.

    Notes
    -----
    Where no chain differs, chains that do are still possible: up to the upper end u of
    Wilson's interval for none in n. One of them changes the numerator by one state or chain,
    so the interval reaches 1 + u / (mean of the numerator) either way.

    Examples
    --------
    >>> import mcescalate as mc
    >>> first = mc.load_case("july-1914")
    >>> second = mc.load_case("july-1914", settings=["ties.GMY-AUH.defence.strength=0"])
    >>> counts = mc.compare(first, second, n_chains=1000, seed=7)
    >>> found = mc.analysis.deterrence.factor_changes(counts)
    >>> round(found["ratio"].sel(factor="size_given_war").item(), 3)
    0.721
    """
    import xarray as xr

    count = comparison["reach_pair_count"]
    n = comparison["n_chains"]
    dims = ("first_reach", "second_reach")
    sides = [_over_and_under(count[dim]) for dim in dims]
    z = normal_quantile(level)
    unseen = float(wilson(0, float(n), level)[1])
    found = []
    for factor in FACTORS:
        parts, values, overs = [], [], []
        for side in sides:
            over, under = side[factor]
            mean_over, mean_under = ((count * x).sum(dims) / n for x in (over, under))
            mean_over, mean_under = (x.where(x > 0) for x in (mean_over, mean_under))
            parts.append(over / mean_over - under / mean_under)
            values.append(mean_over / mean_under)
            overs.append(mean_over)
        paired, *apart = (
            (count * influence**2).sum(dims, skipna=False) / n**2
            for influence in (parts[1] - parts[0], *parts)
        )
        ratio = values[1] / values[0]
        log_reach = (z * paired**0.5).where(paired != 0, np.log1p(unseen / overs[0]))
        reach = np.exp(log_reach)
        log_ratio = ratio.copy(data=np.log(ratio.values))
        ends = (log_ratio - log_reach).values, (log_ratio + log_reach).values
        found.append(
            xr.Dataset(
                {
                    "first": values[0],
                    "second": values[1],
                    "ratio": ratio,
                    "lower": ratio / reach,
                    "upper": ratio * reach,
                    "narrowing": np.sqrt(sum(apart) / paired.where(paired > 0)),
                    "is_detected": (ratio.dims, (ends[0] > 0) | (ends[1] < 0)),
                    "chains_to_detect": (
                        ratio.dims,
                        chains_to_detect(log_ratio.values, *ends, n.values, level),
                    ),
                }
            )
        )
    label = xr.Variable("factor", np.array(FACTORS, object))
    return xr.concat(found, label).assign(n=n).assign_attrs(level=level)


def _over_and_under(reach: "xr.DataArray") -> "dict[str, tuple[xr.DataArray, xr.DataArray]]":
    """Numerator and denominator of each factor, for chains that reached so far."""
    every = (reach >= DETERRED_REACH).astype(float)
    crisis = (reach > DETERRED_REACH).astype(float)
    war = (reach > NO_WAR_REACH).astype(float)
    size = reach.clip(NO_WAR_REACH).astype(float)
    return {
        "challenge": (crisis, every),
        "war_given_challenge": (war, crisis),
        "size_given_war": (size, war),
        "product": (size, every),
    }


def _share(count: "xr.DataArray", n: "xr.DataArray", level: float) -> "xr.Dataset":
    lower, upper = wilson(count.values, n.values, level)
    return labelled(
        {
            "value": count / n.where(n > 0),
            "lower": (count.dims, unless_dependent(lower, count)),
            "upper": (count.dims, unless_dependent(upper, count)),
            "n": n,
        },
        {},
    )


def _mean(count: "xr.DataArray", n: "xr.DataArray", level: float) -> "xr.Dataset":
    """Mean number at war over `n` chains; those that are not among the counted had none."""
    size = count["n_actors"]
    among = n.where(n > 0)
    mean = (count * size).sum("n_actors") / among
    square = (count * size**2).sum("n_actors") / among
    error = ((square - mean**2).clip(0) / among) ** 0.5
    # Where all are of one size, as many others as Wilson's interval allows, one state off.
    unseen = among.copy(data=wilson(0, n.values, level)[1])
    half = (normal_quantile(level) * error).where(error > 0, unseen)
    half = half.where(~are_dependent(mean))
    return labelled(
        {"value": mean, "lower": (mean - half).clip(0), "upper": mean + half, "n": n}, {}
    )
