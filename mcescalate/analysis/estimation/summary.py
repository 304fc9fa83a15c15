"""A result in one nested dict: counts with their probabilities and intervals, by name.

It is what `--json` prints and what the tables are made from, so both say the same.
"""

import json
from typing import TYPE_CHECKING, Any

from mcescalate.analysis.estimation.estimate import LEVEL, wilson
from mcescalate.analysis.estimation.events import WARS
from mcescalate.results.checks.result import expect_result

if TYPE_CHECKING:
    import xarray as xr

SUMMARY_VERSION = 1
"""Version of the keys of a summary of counts; raised when a key goes or changes its meaning."""

EXACT_SUMMARY_VERSION = 1
"""Version of the keys of a summary of an exact solution."""


def summarise(dataset: "xr.Dataset", level: float = LEVEL) -> dict[str, Any]:
    """Outcomes, peak rungs and actors of a result, each as count, probability and interval.

    Shares are of all chains, deterred ones too, except those under `wars`, which are of the
    chains that ended in war. `chains` holds the first number and the count of each stretch
    of chains. A seed is text: not every reader of JSON keeps 63 bits.

    Parameters
    ----------
    dataset : counts as `mcescalate.simulate` returns them
    level : level of the intervals
    """
    expect_result(dataset, "summarise")
    n_chains = int(dataset["n_chains"])

    def estimate(count: Any, n: int = n_chains) -> dict[str, Any]:
        lower, upper = wilson(int(count), n, level)
        return {
            "count": int(count),
            "probability": int(count) / n if n else None,
            "lower": float(lower),
            "upper": float(upper),
        }

    def along(counts: "xr.DataArray", dim: str, n: int = n_chains) -> dict[str, Any]:
        names = counts[dim].values.tolist()
        return {
            str(name): estimate(count, n) for name, count in zip(names, counts.values, strict=True)
        }

    war = int(dataset["outcome_count"].sel(outcome=list(WARS)).sum())
    return {
        "schema_version": SUMMARY_VERSION,
        "title": dataset.attrs.get("title", ""),
        "seed": str(dataset.attrs["seed"]),
        "chains": json.loads(dataset.attrs["provenance"])["rng"]["chains"],
        "n_chains": n_chains,
        "interval_level": level,
        "outcomes": along(dataset["outcome_count"], "outcome"),
        "war": estimate(war),
        "wars": {
            "general": estimate(dataset["outcome_count"].sel(outcome=WARS[1]), war),
            "began_misread": estimate(dataset["misread_war_count"], war),
        },
        "peak_rungs": along(dataset["peak_count"], "rung"),
        "actors": {
            str(actor): {
                "engaged": estimate(of_actor["actor_engaged_count"].sum()),
                "at_war": estimate(of_actor["actor_war_count"].sum()),
                "engaged_by_side": along(of_actor["actor_engaged_count"], "side"),
                "at_war_by_side": along(of_actor["actor_war_count"], "side"),
                "entered_by_cause": along(of_actor["entry_count"], "cause"),
            }
            for actor in dataset["actor"].values
            for of_actor in [dataset.sel(actor=actor)]
        },
    }


def summarise_exact(dataset: "xr.Dataset") -> dict[str, Any]:
    """Outcomes, peak rungs and actors of an exact solution, each as lower and upper bound.

    Shares are of all chains, deterred ones too, except those under `wars`, which are of the
    chains that end in war; they are left out if states were dropped, or if there is no war.

    Parameters
    ----------
    dataset : probabilities as `mcescalate.solve` returns them
    """
    expect_result(dataset, "summarise_exact")
    lost = float(dataset.attrs["mass_lost"])
    is_bounded = float(dataset.attrs["prune"]) > 0.0

    def values(name: str) -> "xr.DataArray":
        return dataset[f"{name}_probability" + ("_lower" if is_bounded else "")]

    def bounds(lower: Any) -> dict[str, float]:
        return {"lower": float(lower), "upper": min(float(lower) + lost, 1.0)}

    def along(probabilities: "xr.DataArray", dim: str) -> dict[str, Any]:
        names = probabilities[dim].values.tolist()
        pairs = zip(names, probabilities.values, strict=True)
        return {str(name): bounds(lower) for name, lower in pairs}

    outcomes = values("outcome").sel(outcome=list(WARS))
    war = float(outcomes.sum())
    summary = {
        "schema_version": EXACT_SUMMARY_VERSION,
        "title": dataset.attrs.get("title", ""),
        "kind": dataset.attrs["kind"],
        "prune": float(dataset.attrs["prune"]),
        "mass_lost": lost,
        "n_crises": int(dataset.attrs["n_crises"]),
        "n_states": int(dataset.attrs["n_states"]),
        "outcomes": along(values("outcome"), "outcome"),
        "war": bounds(war),
        "peak_rungs": along(values("peak"), "rung"),
        "actors": {
            str(actor): {
                "engaged": bounds(values("actor_engaged").sel(actor=actor).sum()),
                "at_war": bounds(values("actor_war").sel(actor=actor).sum()),
                "engaged_by_side": along(values("actor_engaged").sel(actor=actor), "side"),
                "at_war_by_side": along(values("actor_war").sel(actor=actor), "side"),
                "entered_by_cause": along(values("entry").sel(actor=actor), "cause"),
            }
            for actor in dataset["actor"].values
        },
    }
    if war > 0.0 and not is_bounded:
        summary["wars"] = {
            "general": float(outcomes.sel(outcome=WARS[1])) / war,
            "began_misread": float(values("misread_war")) / war,
        }
    return summary
