"""The figures of the pages on a backtest and on a calibration."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mcescalate.analysis.plots.canvas import (
    BLACK,
    BLUE,
    CYCLE,
    GREY,
    MARKERS,
    VERMILION,
    axes_for,
    dress,
    legend_above,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_LEAST_SKILL = -1.0
"""Where the axis of skill ends at the left; what is worse is drawn at the edge."""
_Z = 1.6448536269514722
"""Half the width of an interval of 90 %, in standard errors."""


def skill_figure(rows: Mapping[str, Mapping[str, Any]], names: Mapping[str, str]) -> "Axes":
    """Skill of each prediction on each event, with intervals.

    Parameters
    ----------
    rows : by event and predictor, a value with lower and upper
    names : of the predictors to draw
    """
    ax = axes_for(None, height=1.2 + 0.62 * len(rows))
    offsets = np.linspace(-0.22, 0.22, len(names))
    for k, (predictor, label) in enumerate(names.items()):
        found = [row[predictor] for row in rows.values()]
        # NumPy's NaN leaves a gap where a score is not defined.
        value, lower, upper = (
            np.maximum(np.array([one[key] for one in found], float), _LEAST_SKILL)
            for key in ("value", "lower", "upper")
        )
        ax.errorbar(
            value,
            np.arange(len(rows)) + offsets[k],
            xerr=[np.maximum(value - lower, 0.0), np.maximum(upper - value, 0.0)],
            fmt=MARKERS[k],
            color=CYCLE[k],
            label=label,
            capsize=2.0,
            markersize=5,
        )
    ax.axvline(0.0, color=BLACK, linewidth=0.8)
    ax.set_yticks(range(len(rows)), list(rows))
    ax.invert_yaxis()
    dress(ax, "Skill over the base rate of the era", "skill (right of 0 is better than the rate)")
    legend_above(ax)
    return ax


def reliability_figure(title: str, curve: Mapping[str, Sequence[float]], events: float) -> "Axes":
    """Observed frequency by predicted probability, with its band."""
    ax = axes_for(None)
    p, lower, upper = (np.array(curve[key], float) for key in ("predicted", "lower", "upper"))
    top = min(1.0, 1.1 * max(p.max(), np.nanmax(upper), events))
    ax.plot([0.0, top], [0.0, top], color=GREY, linewidth=0.8, linestyle="--", label="right")
    ax.fill_between(p, lower, upper, color=BLUE, alpha=0.2, linewidth=0.0)
    ax.plot(p, np.array(curve["observed"], float), color=BLUE, label="the model")
    ax.plot(p, np.full(len(p), 0.0), "|", color=BLACK, markersize=7, clip_on=False)
    ax.axhline(events, color=VERMILION, linewidth=0.8, label="share of all disputes")
    ax.set_xlim(0.0, top)
    ax.set_ylim(0.0, top)
    dress(ax, title, "probability predicted (ticks: quantiles of disputes)", "share of events")
    legend_above(ax)
    return ax


def size_figure(sizes: Sequence[Mapping[str, Any]]) -> "Axes":
    """Disputes with at least this many states at war, recorded and expected."""
    ax = axes_for(None)
    states = np.array([row["states"] for row in sizes])
    for k, (key, label) in enumerate((("recorded", "recorded"), ("expected", "the model"))):
        value, lower, upper = (
            np.array([row[key][part] for row in sizes], float)
            for part in ("value", "lower", "upper")
        )
        value = np.where(value > 0.0, value, np.nan)
        ax.errorbar(
            states + (k - 0.5) * 0.15,
            value,
            yerr=[np.nan_to_num(value - lower), np.nan_to_num(np.maximum(upper - value, 0.0))],
            fmt=MARKERS[k],
            color=CYCLE[k],
            label=label,
            capsize=2.0,
        )
    ax.set_yscale("log")
    ax.set_xticks(states)
    dress(ax, "Sizes of wars", "states at war, at least", "disputes")
    legend_above(ax)
    return ax


def estimates_figure(rows: Sequence[tuple[str, float, float, float]]) -> "Axes":
    """Fitted values with intervals of 90 %, beside the defaults.

    Parameters
    ----------
    rows : label, estimate, standard error and default
    """
    ax = axes_for(None, height=0.8 + 0.24 * len(rows))
    at = np.arange(len(rows))
    ax.errorbar(
        [row[1] for row in rows],
        at,
        xerr=[_Z * row[2] for row in rows],
        fmt="o",
        color=BLUE,
        label="fitted",
        capsize=2.0,
        markersize=4,
    )
    ax.plot([row[3] for row in rows], at, "x", color=GREY, label="default")
    ax.set_yticks(at, [row[0] for row in rows])
    ax.invert_yaxis()
    dress(ax, "Fitted values", "value")
    legend_above(ax)
    return ax
