"""An exact solution in one nested dict, with the names that a summary of counts has.

Each probability stands as `lower` and `upper`; they are equal unless states were dropped.
"""

from typing import TYPE_CHECKING, Any

from mcescalate.results.expecting import expect_result

if TYPE_CHECKING:
    import xarray as xr

EXACT_SUMMARY_VERSION = 1
"""Version of the keys below; raised when one goes or changes its meaning."""

WARS = ("limited_war", "general_war")


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
