"""How far, how wide, and who: shares of chains with their intervals."""

from typing import TYPE_CHECKING

import numpy as np

from mcescalate.analysis.estimation.distribution import (
    actor_probabilities,
    peak_at_least,
    war_size_at_least,
)
from mcescalate.analysis.estimation.estimate import LEVEL, shares
from mcescalate.analysis.plots import canvas

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

MOST_ACTORS = 20
"""More rows than these are hard to read."""


def ladder(result: "xr.Dataset", *, ax: "Axes | None" = None, level: float = LEVEL) -> "Axes":
    """Draw how far crises go: the highest rung that any actor reached.

    Bars are shares by highest rung, dots shares of at least that rung.

    Parameters
    ----------
    result
        Counts of one run.
    ax
        Axes to draw on; a new figure by default.
    level
        Level of the intervals, above 0 and below 1.

    Returns
    -------
    matplotlib.axes.Axes
        The axes; `.figure` is the figure.

    Raises
    ------
    UsageError
        `result` is a sweep or an exact solution.
    ExtraMissing
        matplotlib is not installed.

    Examples
    --------
    >>> import mcescalate as mc
    >>> result = mc.simulate(mc.load_case("july-1914"), n_chains=1000, seed=7)
    >>> ax = mc.plots.ladder(result)
    >>> ax.get_title(loc="left")
    'How far crises escalate'
    >>> ax.figure.savefig("ladder.svg")
    """
    canvas.one_result(result, "ladder")
    ax = canvas.axes_for(ax)
    rungs = result["rung"].values.tolist()[::-1]
    at_peak = shares(result, "peak_count", level=level).sel(rung=rungs)
    at_least = peak_at_least(result, level).sel(rung=rungs)
    places = canvas.rows_of_bars(ax, rungs)[0]
    bars, dots = (
        [100 * found[name].values for name in ("probability", "lower", "upper")]
        for found in (at_peak, at_least)
    )
    ax.barh(places, bars[0], 0.62, color=canvas.SKY, label="highest rung")
    ax.errorbar(
        dots[0],
        places,
        xerr=canvas.reach(*dots),
        **canvas.ERROR_BAR | {"fmt": "o", "color": canvas.BLACK, "markersize": 4.5},
        label="this rung or higher",
    )
    ax.errorbar(bars[0], places, xerr=canvas.reach(*bars), **canvas.ERROR_BAR)
    ax.set_xlim(0, 105)
    canvas.dress(
        ax,
        "How far crises escalate",
        f"share of {canvas.unit_of(result)} (%)\n{canvas.sample(result, level)}",
    )
    canvas.legend_above(ax)
    return ax


def war_size(result: "xr.Dataset", *, ax: "Axes | None" = None, level: float = LEVEL) -> "Axes":
    """Draw how wide wars are: P(this many states or more are at war), on a logarithmic scale.

    Parameters
    ----------
    result
        Counts of one run.
    ax
        Axes to draw on; a new figure by default.
    level
        Level of the intervals, above 0 and below 1.

    Returns
    -------
    matplotlib.axes.Axes
        The axes; `.figure` is the figure.

    Raises
    ------
    UsageError
        `result` is a sweep or an exact solution.
    ExtraMissing
        matplotlib is not installed.

    Examples
    --------
    >>> import mcescalate as mc
    >>> result = mc.simulate(mc.load_case("july-1914"), n_chains=1000, seed=7)
    >>> mc.plots.war_size(result).get_title(loc="left")
    'How wide wars are'
    """
    canvas.one_result(result, "war_size")
    ax = canvas.axes_for(ax)
    found = war_size_at_least(result, level)
    found = found.isel(n_actors=(found["n_actors"] > 0) & (found["count"] > 0))
    unit, n = canvas.unit_of(result), canvas.sample(result)
    n += "" if unit == "crises" else " chains"
    canvas.dress(ax, "How wide wars are", f"states at war at the end ({n})")
    if not found.sizes["n_actors"]:
        canvas.say_instead(ax, "no chain ended in war")
        return ax
    ends = [100 * found[name].values for name in ("probability", "lower", "upper")]
    ax.errorbar(
        found["n_actors"].values,
        ends[0],
        yerr=canvas.reach(*ends),
        **canvas.ERROR_BAR | {"fmt": "o-", "color": canvas.BLUE, "markersize": 5},
        linewidth=1.0,
    )
    ax.set_yscale("log")
    ax.yaxis.set_major_formatter("{x:g}")
    ax.locator_params(axis="x", integer=True)
    ends_of = "" if unit == "crises" else f"\n{canvas.intervals(level)}"
    ax.set_ylabel(f"{unit} with at least as many (%){ends_of}")
    ax.grid(axis="y", color="#dddddd", linewidth=0.6)
    return ax


def actor_bars(
    result: "xr.Dataset",
    *,
    ax: "Axes | None" = None,
    level: float = LEVEL,
    most: int = MOST_ACTORS,
) -> "Axes":
    """Draw how often each actor takes a side and is at war at the end, most often at war first.

    Parameters
    ----------
    result
        Counts of one run.
    ax
        Axes to draw on; a new figure by default.
    level
        Level of the intervals, above 0 and below 1.
    most
        Number of actors to show; the title gives the number left out.

    Returns
    -------
    matplotlib.axes.Axes
        The axes; `.figure` is the figure.

    Raises
    ------
    UsageError
        `result` is a sweep or an exact solution.
    ExtraMissing
        matplotlib is not installed.

    Examples
    --------
    >>> import mcescalate as mc
    >>> result = mc.simulate(mc.load_case("july-1914"), n_chains=1000, seed=7)
    >>> mc.plots.actor_bars(result, most=5).get_title(loc="left")
    'Who takes part (8 more not shown)'
    """
    canvas.one_result(result, "actor_bars")
    found = actor_probabilities(result, level)
    order = np.lexsort([-found["probability"].sel(event=e).values for e in ("engaged", "at_war")])
    shown = found.isel(actor=order[:most])
    ax = canvas.axes_for(ax, 1.3 + 0.3 * shown.sizes["actor"])
    places = canvas.rows_of_bars(ax, shown["actor"].values.tolist(), 2)
    for row, event, colour, label in (
        (0, "engaged", canvas.SKY, "takes a side"),
        (1, "at_war", canvas.VERMILION, "at war at the end"),
    ):
        ends = [
            100 * shown[name].sel(event=event).values for name in ("probability", "lower", "upper")
        ]
        ax.barh(places[row], ends[0], 0.4, color=colour, label=label)
        ax.errorbar(ends[0], places[row], xerr=canvas.reach(*ends), **canvas.ERROR_BAR)
    left_out = found.sizes["actor"] - shown.sizes["actor"]
    canvas.dress(
        ax,
        "Who takes part" + (f" ({left_out} more not shown)" if left_out else ""),
        f"share of {canvas.unit_of(result)} (%)\n{canvas.sample(result, level)}",
    )
    canvas.legend_above(ax)
    return ax
