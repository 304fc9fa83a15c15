"""The figure of the page on a calibration."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from mcescalate.analysis.plots.canvas import BLUE, GREY, axes_for, dress, legend_above

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_Z = 1.6448536269514722


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
