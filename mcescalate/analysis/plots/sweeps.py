"""Figures over the points of a sweep."""

from typing import TYPE_CHECKING

import numpy as np

from mcescalate.analysis.estimation.estimate import LEVEL, wilson
from mcescalate.analysis.estimation.pooling import estimate_event, event_trials
from mcescalate.analysis.plots import canvas
from mcescalate.analysis.sweeps.sensitivity import parameters_of
from mcescalate.errors import UsageError
from mcescalate.quantities import in_words

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

MOST_NUMBERS = 10
"""A heat map with more columns or rows has no numbers in its cells."""

MOST_TICKS = 12
"""Beyond this many columns or rows, only some are labelled."""

LETTERS_BELOW = 44
"""Letters that there is room for below the columns."""

INTERVALS_OF_SCALE = 4
"""The colours of a map span so many widths of the widest interval of a cell, or more.

Of some 25 cells of one probability the extremes lie about one such width apart. So noise alone
takes up no more than about a quarter of the colours.
"""

MOST_VALUES = 100
"""An axis with more values than these is a sample, not a grid."""


def heat_map(
    sweep: "xr.Dataset",
    x: str | None = None,
    y: str | None = None,
    *,
    of: str = "war",
    ax: "Axes | None" = None,
) -> "Axes":
    """Draw the probability of an event over two axes of a grid, averaged over further axes.

    The colours have a minimum span, so that noise does not look like a pattern
    (`INTERVALS_OF_SCALE`).

    Parameters
    ----------
    sweep
        Counts of a sweep with one base.
    x
        Name of the horizontal axis; by default the first one of the sweep.
    y
        Name of the vertical axis; by default the second one.
    of
        An event, see `analysis.events.event_names`.
    ax
        Axes to draw on; a new figure by default.

    Returns
    -------
    matplotlib.axes.Axes
        The axes; `.figure` is the figure.

    Raises
    ------
    UsageError
        There are no such two axes, several bases, or no grid.
    ExtraMissing
        matplotlib is not installed.

    Examples
    --------
    >>> import mcescalate as mc
    >>> axes = {"response.gap": [0.2, 0.5], "response.war_cost": [1.4, 2.8]}
    >>> sweep = mc.run_sweep(mc.Sweep("july-1914", axes=axes, chains=320, seed=7), "grid")
    >>> mc.plots.heat_map(sweep, of="general_war").get_title(loc="left")
    'P(general war) in %'
    """
    names = _axes_of(sweep, "heat_map")
    chosen = [x, y] if x or y else names[:2]
    if len(chosen) != 2 or chosen[0] == chosen[1] or any(name not in names for name in chosen):
        raise UsageError(f"heat_map: expected two of the axes {', '.join(names)}")
    if len(set(sweep["base"].values.tolist())) > 1:
        raise UsageError("heat_map: expected one base; choose one first")
    columns, column = np.unique(sweep[chosen[0]].values, return_inverse=True)
    rows, row = np.unique(sweep[chosen[1]].values, return_inverse=True)
    if max(len(rows), len(columns)) > MOST_VALUES or len(rows) * len(columns) > len(row):
        raise UsageError("heat_map: expected a grid, found scattered points")
    shape = (len(rows), len(columns))
    count, n = event_trials(sweep, of)
    known = n > 0
    events, chains, total, n_points = (np.zeros(shape) for _ in range(4))
    for cells, values in (
        (events, count),
        (chains, n),
        (total, count / np.maximum(n, 1)),
        (n_points, np.ones(len(n))),
    ):
        np.add.at(cells, (row[known], column[known]), values[known])
    cells = np.where(n_points > 0, 100 * total / np.maximum(n_points, 1), np.nan)
    ax = canvas.axes_for(ax, 3.9)
    has_numbers = max(shape) <= MOST_NUMBERS
    ends = 100 * np.array(wilson(events, chains))
    lowest, highest = _scale(cells, ends[1] - ends[0])
    image = ax.pcolormesh(
        cells,
        cmap=canvas.shades(canvas.SHADES),
        vmin=lowest,
        vmax=highest,
        edgecolors="white",
        linewidth=1.0 if has_numbers else 0.2,
    )
    labels = [f"{value:.3g}" for value in columns]
    _label(ax.xaxis, labels, LETTERS_BELOW // (max(map(len, labels)) + 1))
    _label(ax.yaxis, [f"{value:.3g}" for value in rows], MOST_TICKS)
    if has_numbers:
        for (i, j), value in np.ndenumerate(cells):
            if not np.isnan(value):
                shade = image.to_rgba(np.array([value]))[0].tolist()
                colour = "white" if canvas.is_dark(shade) else "black"
                # A count of zero bounds the share by the upper end of its interval.
                text = f"{value:.3g}" if value > 0 else f"<{ends[1, i, j]:.2g}"
                ax.text(
                    j + 0.5, i + 0.5, text, ha="center", va="center", color=colour, fontsize="small"
                )
    others = [name for name in names if name not in chosen]
    mean = f", mean over {', '.join(map(canvas.plain, others))}" if others else ""
    least = canvas.chains(sweep["n_chains"].min())
    canvas.dress(ax, f"P({canvas.plain(in_words(of))}) in %{mean}", "", canvas.plain(chosen[1]))
    ax.set_xlabel(f"{canvas.plain(chosen[0])}  ({least} chains or more per point)")
    ax.figure.colorbar(image, ax=ax, pad=0.02)
    return ax


def sweep_curve(
    sweep: "xr.Dataset",
    x: str | None = None,
    *,
    of: str = "war",
    ax: "Axes | None" = None,
    level: float = LEVEL,
) -> "Axes":
    """Draw the probability of an event along one axis, a line for each base.

    Parameters
    ----------
    sweep
        Counts of a sweep with one axis.
    x
        Name of the axis.
    of
        An event, see `analysis.events.event_names`.
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
        The sweep has another axis, or there is no such event.
    ExtraMissing
        matplotlib is not installed.

    Examples
    --------
    >>> import mcescalate as mc
    >>> axes = {"response.gap": [0.2, 0.5, 1.0]}
    >>> sweep = mc.run_sweep(mc.Sweep("july-1914", axes=axes, chains=320, seed=7), "gap")
    >>> mc.plots.sweep_curve(sweep).get_title(loc="left")
    'P(war) along response.gap'
    """
    names = _axes_of(sweep, "sweep_curve")
    x = x or names[0]
    if names != [x]:
        raise UsageError(f"sweep_curve: expected one axis, found {', '.join(names)}")
    found = estimate_event(sweep, of, level=level)
    ax = canvas.axes_for(ax)
    bases = sweep["base"].values
    for place, base in enumerate(dict.fromkeys(bases.tolist())):
        points = np.flatnonzero((bases == base) & (sweep["n_chains"].values > 0))
        points = points[np.argsort(sweep[x].values[points], kind="stable")]
        ends = [100 * found[name].values[points] for name in ("probability", "lower", "upper")]
        look = canvas.look(place)
        ax.errorbar(
            sweep[x].values[points].astype(float),
            ends[0],
            yerr=canvas.reach(*ends),
            **canvas.ERROR_BAR | look | {"fmt": "", "ecolor": look["color"], "markersize": 4},
            label=canvas.plain(base),
        )
    least = canvas.chains(sweep["n_chains"].min())
    canvas.dress(
        ax,
        f"P({canvas.plain(in_words(of))}) along {canvas.plain(x)}",
        f"{canvas.plain(x)}  ({least} chains or more per point)",
        f"share of chains (%), {canvas.intervals(level)}",
    )
    ax.grid(axis="y", color="#dddddd", linewidth=0.6)
    if len(set(bases.tolist())) > 1:
        canvas.legend_above(ax)
    return ax


def sensitivity_bars(indices: "xr.Dataset", *, ax: "Axes | None" = None) -> "Axes":
    """Draw Sobol' indices by parameter, or the elementary effects of Morris.

    Parameters
    ----------
    indices
        As `analysis.sensitivity.sobol` or `morris` returns them.
    ax
        Axes to draw on; a new figure by default.

    Returns
    -------
    matplotlib.axes.Axes
        The axes; `.figure` is the figure.

    Raises
    ------
    UsageError
        `indices` are neither.
    ExtraMissing
        matplotlib is not installed.

    Examples
    --------
    >>> import mcescalate as mc
    >>> axes = {
    ...     "response.war_cost": {"low": 1.0, "high": 4.0},
    ...     "response.gap": {"low": 0.4, "high": 0.6},
    ... }
    >>> design = {"kind": "saltelli", "size": 8, "seed": 1}
    >>> sweep = mc.Sweep("july-1914", axes=axes, design=design, chains=320, seed=7)
    >>> share = mc.analysis.monte_carlo_error.response(mc.run_sweep(sweep, "saltelli"), "war")
    >>> ax = mc.plots.sensitivity_bars(mc.analysis.sensitivity.sobol(share))
    >>> ax.get_title(loc="left")
    'What P(war) depends on'
    """
    if "total" in indices:
        kinds = {"total": "with interactions (total)", "first": "alone (first order)"}
        n, unit = f"{canvas.chains(indices.attrs['n_samples'])} samples", "share of the variance"
    elif "mu_star" in indices:
        kinds = {"mu_star": "mean absolute effect over its range"}
        n, unit = f"{canvas.chains(indices.attrs['n_trajectories'])} trajectories", "probability"
    else:
        raise UsageError("sensitivity_bars: expected indices of Sobol' or of Morris")
    if not indices.attrs.get("has_variance", True):
        ax = canvas.axes_for(ax)
        canvas.dress(ax, "What the probability depends on", f"{unit}\n{n}")
        canvas.say_instead(ax, "no variance between points")
        return ax
    leading = next(iter(kinds))
    shown = indices.isel(parameter=np.argsort(-indices[leading].values, kind="stable"))
    ax = canvas.axes_for(ax, 1.4 + 0.36 * shown.sizes["parameter"])
    places = canvas.rows_of_bars(ax, shown["parameter"].values.tolist(), len(kinds))
    for row, (kind, label) in enumerate(kinds.items()):
        ends = [shown[f"{kind}{end}"].values for end in ("", "_lower", "_upper")]
        colour = (canvas.BLUE, canvas.ORANGE)[row]
        ax.barh(places[row], ends[0], 0.8 / len(kinds), color=colour, label=label)
        ax.errorbar(ends[0], places[row], xerr=canvas.reach(*ends), **canvas.ERROR_BAR)
    event = canvas.plain(in_words(indices.attrs["event"]))
    canvas.dress(
        ax,
        f"What P({event}) depends on",
        f"{unit}\n{n}, {canvas.intervals(indices.attrs['level'])}",
    )
    canvas.legend_above(ax)
    return ax


def _scale(cells: np.ndarray, widths: np.ndarray) -> tuple[float, float]:
    """Ends of the colour scale in per cent: all cells, and so many intervals as is said above."""
    known = ~np.isnan(cells)
    if not known.any():
        return 0.0, 100.0
    lowest, highest = cells[known].min(), cells[known].max()
    span = min(INTERVALS_OF_SCALE * widths[known].max(), 100.0)
    if highest - lowest >= span:
        return float(lowest), float(highest)
    start = np.clip((lowest + highest - span) / 2, 0.0, 100.0 - span)
    return float(start), float(start + span)


def _label(axis: "Axis", labels: list[str], most: int) -> None:
    """Labels in the middle of cells, evenly so many that they do not touch."""
    step = -(-len(labels) // most)
    axis.set_ticks(np.arange(0, len(labels), step) + 0.5, labels[::step])


def _axes_of(sweep: "xr.Dataset", name: str) -> list[str]:
    if "point" not in sweep.dims:
        raise UsageError(f"{name}: expected the result of a sweep")
    found = parameters_of(sweep)
    if not found:
        raise UsageError(f"{name}: expected a sweep along an axis, found none")
    return found
