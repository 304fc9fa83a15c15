"""One chain up to a turn, and the fan of its branches from there."""

from typing import TYPE_CHECKING

import numpy as np

from mcescalate.analysis.plots import canvas
from mcescalate.errors import UsageError

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

ARM_COLOURS = {"unchanged": canvas.BLUE, "changed": canvas.VERMILION}
BANDS = ((0.05, 0.95, 0.12), (0.25, 0.75, 0.25))
"""Lower and upper share of branches, and how dark their band is."""


def branches(counts: "xr.Dataset", *, ax: "Axes | None" = None) -> "Axes":
    """Draw a chain's highest rung, and from the turn of the change on that of its branches.

    A line is the mean over branches, after the end of a crisis too; bands hold half of them and
    nine tenths.

    Parameters
    ----------
    counts
        As `mcescalate.branch` returns them.
    ax
        Axes to draw on; a new figure by default.

    Returns
    -------
    matplotlib.axes.Axes
        The axes; `.figure` is the figure.

    Raises
    ------
    UsageError
        `counts` are not of branches.
    ExtraMissing
        matplotlib is not installed.

    Examples
    --------
    >>> import mcescalate as mc
    >>> triad = mc.load_scenario("docs/examples/triad.toml")
    >>> counts = mc.branch(triad, chain=3, seed=7, from_turn=4, moves=["A=down"], n_branches=50)
    >>> mc.plots.branches(counts).get_title(loc="left")
    'Chain 3, seed 7, from turn 4'
    """
    if "course_count" not in counts:
        raise UsageError("branches: expected counts as mcescalate.branch returns them")
    ax = canvas.axes_for(ax)
    start, days = int(counts.attrs["from_turn"]) - 1, float(counts.attrs["turn_days"])
    name = f"Chain {counts.attrs['chain']}, seed {counts.attrs['seed']}, from turn {start + 1}"
    canvas.dress(ax, name, "", "highest rung")
    turn = counts["turn"].values
    path = np.where(counts["path_rung"].values >= 0, counts["path_rung"].values, np.nan)
    ax.plot(turn[: start + 1], path[: start + 1], color=canvas.BLACK, linewidth=1.8, label="chain")
    ax.plot(turn[start:], path[start:], color=canvas.BLACK, linewidth=1.0, linestyle=":")
    for arm, colour in ARM_COLOURS.items():
        shares = _shares(counts.sel(arm=arm), start)
        days_on = turn[start:]
        for low, high, alpha in BANDS:
            ends = _quantile(shares, low), _quantile(shares, high)
            ax.fill_between(days_on, *ends, color=colour, alpha=alpha, linewidth=0)
        mean = shares @ np.arange(shares.shape[1])
        ax.plot(days_on, mean, color=colour, linewidth=1.8, label=arm)
    rungs = [canvas.plain(rung) for rung in counts["rung"].values]
    ax.set_yticks(range(len(rungs)), rungs)
    ax.set_ylim(-0.2, len(rungs) - 0.8)
    ax.set_xlim(0, turn[-1])
    ax.locator_params(axis="x", integer=True)
    ax.set_xlabel(
        f"turn (of {days:g} days); {canvas.chains(counts['n_chains'])} branches each\n"
        "line: mean; bands: half and nine tenths of them\ndotted: the chain itself"
    )
    ax.grid(axis="y", color="#dddddd", linewidth=0.6)
    canvas.legend_above(ax)
    return ax


def _shares(arm: "xr.Dataset", start: int) -> np.ndarray:
    """(turn, rung) share of branches from the start of the change on; all are alike there."""
    count = arm["course_count"].values[start:].astype(float)
    count[0] = 0.0
    count[0, int(arm["path_rung"].values[start])] = 1.0
    return count / count.sum(1, keepdims=True)


def _quantile(shares: np.ndarray, share: float) -> np.ndarray:
    """The lowest rung at or below which so many are, by turn."""
    return np.argmax(shares.cumsum(1) >= share - 1e-12, axis=1)
