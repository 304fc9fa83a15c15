"""What a change would change: levers ranked, and deterrence set against entanglement."""

from typing import TYPE_CHECKING

import numpy as np

from mcescalate.analysis.deterrence import FACTOR_NAMES
from mcescalate.analysis.plots import canvas
from mcescalate.errors import UsageError

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

MOST_LEVERS = 20


def tornado(ranked: "xr.Dataset", *, ax: "Axes | None" = None, most: int = MOST_LEVERS) -> "Axes":
    """Change of one event's probability by lever, the greatest first.

    Parameters
    ----------
    ranked : as `mcescalate.analysis.levers.ranking` returns it
    most : levers to show
    """
    if "lever" not in ranked.dims or "difference" not in ranked:
        raise UsageError("tornado: expected changes by lever, as levers.ranking returns them")
    shown = ranked.isel(lever=slice(most))
    ax = canvas.axes_for(ax, 1.1 + 0.27 * shown.sizes["lever"])
    places = canvas.rows_of_bars(ax, shown["lever"].values.tolist())[0]
    ends = [100 * shown[name].values for name in ("difference", "lower", "upper")]
    colours = np.where(ends[0] > 0, canvas.VERMILION, canvas.BLUE)
    ax.barh(places, ends[0], 0.65, color=colours)
    ax.errorbar(ends[0], places, xerr=canvas.reach(*ends), **canvas.ERROR_BAR)
    ax.axvline(0.0, color=canvas.BLACK, linewidth=0.8)
    event = str(ranked["event"].item()).replace("_", " ")
    left_out = ranked.sizes["lever"] - shown.sizes["lever"]
    n = canvas.chains(ranked["n"].max()) + " for each"
    canvas.dress(
        ax,
        f"What changes P({canvas.plain(event)}) most" + (f" ({left_out} more)" if left_out else ""),
        f"points of per cent, {n}, {canvas.intervals(ranked.attrs['level'])}",
    )
    return ax


def factors(changes: "xr.Dataset", *, ax: "Axes | None" = None) -> "Axes":
    """How many times each factor of the expected number at war becomes greater, on a log scale.

    Parameters
    ----------
    changes : of one change, as `mcescalate.analysis.deterrence.factor_changes` returns it
    """
    if changes["ratio"].dims != ("factor",):
        raise UsageError("factors: expected those of one change; choose one, as in isel(change=0)")
    ax = canvas.axes_for(ax, 2.6)
    labels = [FACTOR_NAMES[name] for name in changes["factor"].values.tolist()]
    places = canvas.rows_of_bars(ax, labels)[0]
    ends = [changes[name].values for name in ("ratio", "lower", "upper")]
    ax.errorbar(
        ends[0],
        places,
        xerr=canvas.reach(*ends),
        **canvas.ERROR_BAR | {"fmt": "o", "color": canvas.BLUE, "markersize": 6},
    )
    ax.axvline(1.0, color=canvas.BLACK, linewidth=0.8)
    ax.set_xscale("log")
    ax.xaxis.set_major_formatter("{x:g}")
    ax.xaxis.set_minor_formatter("{x:g}")
    ax.tick_params(axis="x", which="both", labelsize="small")
    canvas.dress(
        ax,
        "Deterrence against entanglement",
        f"times as much, {canvas.intervals(changes.attrs['level'])}",
    )
    return ax
