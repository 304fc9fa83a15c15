"""Effects of changes: levers ranked, and deterrence against entanglement."""

from typing import TYPE_CHECKING

import numpy as np

from mcescalate.analysis.mechanisms.deterrence import FACTOR_NAMES
from mcescalate.analysis.plots import canvas
from mcescalate.errors import UsageError
from mcescalate.quantities import in_words

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

MOST_LEVERS = 20


def tornado(ranked: "xr.Dataset", *, ax: "Axes | None" = None, most: int = MOST_LEVERS) -> "Axes":
    """Draw the change of one event's probability by lever, the greatest first.

    Changes that cannot be distinguished from zero are grey.

    Parameters
    ----------
    ranked
        As `analysis.levers.ranking` returns it.
    ax
        Axes to draw on; a new figure by default.
    most
        Number of levers to show; the title gives the number left out.

    Returns
    -------
    matplotlib.axes.Axes
        The axes; `.figure` is the figure.

    Raises
    ------
    UsageError
        `ranked` is not a ranking of levers.
    ExtraMissing
        matplotlib is not installed.

    Examples
    --------
    >>> import mcescalate as mc
    >>> scenario = mc.load_scenario("docs/examples/triad.toml")
    >>> counts = mc.analysis.levers.simulate_levers(scenario, n_chains=1000, seed=7)
    >>> mc.plots.tornado(mc.analysis.levers.ranking(counts)).get_title(loc="left")
    'What changes P(war) most'
    """
    if "lever" not in ranked.dims or "difference" not in ranked:
        raise UsageError("tornado: expected changes by lever, as levers.ranking returns them")
    shown = ranked.isel(lever=slice(most))
    ax = canvas.axes_for(ax, 1.3 + 0.27 * shown.sizes["lever"])
    places = canvas.rows_of_bars(ax, shown["lever"].values.tolist())[0]
    ends = [100 * shown[name].values for name in ("difference", "lower", "upper")]
    is_detected = (ends[1] > 0) | (ends[2] < 0)
    colours = np.where(ends[0] > 0, canvas.VERMILION, canvas.BLUE)
    colours = np.where(is_detected, colours, "#c8c8c8")
    ax.barh(places, ends[0], 0.65, color=colours)
    ax.errorbar(ends[0], places, xerr=canvas.reach(*ends), **canvas.ERROR_BAR)
    ax.axvline(0.0, color=canvas.BLACK, linewidth=0.8)
    event = in_words(str(ranked["event"].item()))
    left_out = ranked.sizes["lever"] - shown.sizes["lever"]
    n = canvas.chains(ranked["n"].max()) + " for each"
    canvas.dress(
        ax,
        f"What changes P({canvas.plain(event)}) most" + (f" ({left_out} more)" if left_out else ""),
        f"percentage points\n{n}, {canvas.intervals(ranked.attrs['level'])}"
        + ("" if is_detected.all() else "\ngrey: not distinguishable from zero"),
    )
    return ax


def factors(changes: "xr.Dataset", *, ax: "Axes | None" = None) -> "Axes":
    """Draw the ratio by which each factor of the expected number at war changes, on a log scale.

    Each of several changes, such as values of a parameter, has its own colour and marker. A
    factor is omitted if there are no crises or wars to estimate it from.

    Parameters
    ----------
    changes
        As `analysis.deterrence.factor_changes` returns it, of one change or along one dim.
    ax
        Axes to draw on; a new figure by default.

    Returns
    -------
    matplotlib.axes.Axes
        The axes; `.figure` is the figure.

    Raises
    ------
    UsageError
        The changes are along more than one dim.
    ExtraMissing
        matplotlib is not installed.

    Examples
    --------
    >>> import mcescalate as mc
    >>> first = mc.load_case("july-1914")
    >>> second = mc.load_case("july-1914", overlays=["mediator"])
    >>> counts = mc.compare(first, second, n_chains=1000, seed=7)
    >>> mc.plots.factors(mc.analysis.deterrence.factor_changes(counts)).get_title(loc="left")
    'Deterrence against entanglement'
    """
    others = [str(dim) for dim in changes["ratio"].dims if dim != "factor"]
    if len(others) > 1:
        raise UsageError(f"factors: expected changes along one dim, found {', '.join(others)}")
    along = others[0] if others else "change"
    shown = changes if others else changes.expand_dims(along)
    n_changes = shown.sizes[along]
    ax = canvas.axes_for(ax, 2.4 + 0.3 * n_changes)
    labels = [FACTOR_NAMES[name] for name in shown["factor"].values.tolist()]
    places = canvas.rows_of_bars(ax, labels, n_changes)
    names = shown[along].values.tolist() if along in shown.coords else []
    for row in range(n_changes):
        one = shown.isel({along: row})
        ends = [one[name].values for name in ("ratio", "lower", "upper")]
        ax.errorbar(
            ends[0],
            places[row],
            xerr=canvas.reach(*ends),
            **canvas.ERROR_BAR
            | canvas.look(row)
            | {"fmt": "", "linestyle": "none", "markersize": 6},
            label=canvas.plain(names[row], canvas.LETTERS_ABOVE - 8) if names else None,
        )
    ax.axvline(1.0, color=canvas.BLACK, linewidth=0.8)
    if np.isfinite(shown["ratio"].values).any():
        ax.set_xscale("log")
        ax.xaxis.set_major_formatter("{x:g}")
        ax.xaxis.set_minor_formatter("{x:g}")
        ax.tick_params(axis="x", which="both", labelsize="small")
    canvas.dress(
        ax,
        "Deterrence against entanglement",
        f"ratio\n{canvas.chains(shown['n'].max())}, {canvas.intervals(changes.attrs['level'])}",
    )
    if names:
        canvas.legend_above(ax)
    return ax
