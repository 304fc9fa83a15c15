"""A result in one nested dict: counts with their probabilities and intervals, by name.

It is what `--json` prints and what the tables are made from, so both say the same.
"""

import json
from typing import TYPE_CHECKING, Any

from mcescalate.analysis.estimate import LEVEL, wilson
from mcescalate.results.expecting import expect_result

if TYPE_CHECKING:
    import xarray as xr

SUMMARY_VERSION = 1
"""Version of the keys below; raised when one goes or changes its meaning."""

WARS = ("limited_war", "general_war")


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
