"""The points of a sweep in one nested dict: values, counts, probabilities and intervals."""

import math
from typing import TYPE_CHECKING, Any

from mcescalate.analysis.estimation.estimate import wilson
from mcescalate.analysis.estimation.events import event_count
from mcescalate.analysis.estimation.pooling import event_trials

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
    n_chains = dataset["n_chains"].values
    shown = {
        event: _with_intervals(event_count(dataset, event).values, *event_trials(dataset, event))
        for event in ("war", "general_war")
    }
    wanted = dataset.attrs.get("precision_of")
    if wanted is not None:
        count = dataset["precision_count"].values
        shown["wanted"] = _with_intervals(count, count, n_chains)
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


def _with_intervals(
    counts: "np.ndarray", successes: "np.ndarray", trials: "np.ndarray"
) -> list[dict[str, Any]]:
    """Probabilities with their intervals, point by point; `counts` are those to show."""
    lower, upper = wilson(successes, trials)
    return [
        {
            "count": int(count),
            "probability": float(success) / float(n) if n else None,
            "lower": float(low),
            "upper": float(high),
        }
        for count, success, n, low, high in zip(
            counts, successes, trials, lower, upper, strict=True
        )
    ]


def _number(value: Any) -> Any:
    """A value of an axis; None where the base keeps its own values."""
    return None if isinstance(value, float) and math.isnan(value) else value
