"""When each actor joins."""

from typing import TYPE_CHECKING

import numpy as np

from mcescalate.analysis.estimation.estimate import crises
from mcescalate.analysis.mechanisms.timing import days
from mcescalate.analysis.plots import canvas

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

MOST_ACTORS = 20
QUANTILES = (0.1, 0.5, 0.9)


def entry_times(result: "xr.Dataset", *, ax: "Axes | None" = None) -> "Axes":
    """Draw on which day each actor joins: the median, and the middle 80 % of entries.

    Only entries after the incident count. Beside each actor stands how often it joins; of many,
    those that join most often are drawn.

    Parameters
    ----------
    result
        Counts of one run.
    ax
        Axes to draw on; a new figure by default.

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
    >>> mc.plots.entry_times(result).figure.savefig("entries.svg")
    """
    canvas.one_result(result, "entry_times")
    counts = result["entry_turn_count"].where(result["turn"] > 0, 0).transpose("actor", "turn")
    joined = counts.sum("turn").values
    order = [int(k) for k in np.argsort(-joined, kind="stable") if joined[k]][:MOST_ACTORS]
    ax = canvas.axes_for(ax, 1.4 + 0.27 * max(len(order), 1))
    n = int(crises(result))
    if not order:
        canvas.dress(ax, "When they join", "")
        canvas.say_instead(ax, "no third party joined")
        return ax
    day = days(result).values
    labels = [f"{result['actor'].values[k]} ({100 * joined[k] / n:.2g} %)" for k in order]
    places = canvas.rows_of_bars(ax, labels)[0]
    reached = np.cumsum(counts.values[order], axis=1) / joined[order][:, None]
    early, middle, late = (day[(reached >= share).argmax(axis=1)] for share in QUANTILES)
    ax.hlines(places, early, late, color=canvas.SKY, linewidth=7)
    ax.plot(middle, places, linestyle="", marker="o", color=canvas.BLACK, markersize=5)
    ax.set_xlim(left=0)
    canvas.dress(
        ax,
        f"When they join ({canvas.sample(result)})",
        "days since the incident\ndot: half of its entries by then; bar: the middle 80 %",
    )
    return ax
