"""The points of a sweep in one nested dict: values, counts, probabilities and intervals."""

import math
from typing import TYPE_CHECKING, Any

from mcescalate.analysis.estimation.estimate import wilson
from mcescalate.engine.events import WARS

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr

__all__ = ["summarise_points"]

SUMMARY_VERSION = 1
"""Version of the keys of a summary; raised when a key is removed or changes its meaning."""


def summarise_points(dataset: "xr.Dataset") -> dict[str, Any]:
    """Summarise every point of a sweep: its values and probabilities of war.

    If a precision was asked for, the summary also has the probability that it applies to.

    Parameters
    ----------
    dataset
        The result of a sweep, with the dim `point`.

    Returns
    -------
    dict
        Plain values, ready for JSON; the keys are those of `mcescalate sweep --json`.

    Examples
    --------
    >>> import mcescalate as mc
    >>> sweep = mc.Sweep("july-1914", axes={"response.gap": [0.2, 0.5]}, chains=320, seed=7)
    >>> summary = mc.analysis.points.summarise_points(mc.run_sweep(sweep, "gap"))
    >>> [(point["values"], point["war"]["count"]) for point in summary["points"]]
    [({'response.gap': 0.2}, 221), ({'response.gap': 0.5}, 239)]
    """
    outcomes, n_chains = dataset["outcome_count"], dataset["n_chains"].values
    shown = {
        "war": _with_intervals(outcomes.sel(outcome=list(WARS)).sum("outcome").values, n_chains),
        "general_war": _with_intervals(outcomes.sel(outcome="general_war").values, n_chains),
    }
    wanted = dataset.attrs.get("precision_of")
    if wanted is not None:
        shown["wanted"] = _with_intervals(dataset["precision_count"].values, n_chains)
        shown["is_reached"] = dataset["precision_reached"].values.tolist()
    axes = [str(name) for name in dataset.coords if "address" in dataset[name].attrs]
    columns = {name: dataset[name].values.tolist() for name in ("base", *axes)}
    points = [
        {
            "point": point,
            "base": columns["base"][point],
            "values": {axis: _number(columns[axis][point]) for axis in axes},
            "n_chains": int(n),
            **{name: values[point] for name, values in shown.items()},
        }
        for point, n in enumerate(n_chains)
    ]
    return {
        "schema_version": SUMMARY_VERSION,
        "title": dataset.attrs["title"],
        "seed": str(dataset.attrs["seed"]),
        "complete": bool(dataset.attrs["complete"]),
        "n_chains": int(n_chains.sum()),
        "axes": axes,
        "wanted": wanted,
        "points": points,
    }


def _with_intervals(counts: "np.ndarray", n_chains: "np.ndarray") -> list[dict[str, Any]]:
    """Probabilities with their intervals, point by point."""
    lower, upper = wilson(counts, n_chains)
    return [
        {
            "count": int(count),
            "probability": int(count) / int(n) if n else None,
            "lower": float(low),
            "upper": float(high),
        }
        for count, n, low, high in zip(counts, n_chains, lower, upper, strict=True)
    ]


def _number(value: Any) -> Any:
    """A value of an axis; None where the base keeps its own values."""
    return None if isinstance(value, float) and math.isnan(value) else value
