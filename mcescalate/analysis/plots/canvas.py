"""What all figures have in common: axes, colours, labels, bars with intervals."""

import io
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from mcescalate.analysis.estimation.estimate import crises
from mcescalate.errors import ExtraMissing, UsageError
from mcescalate.results.checks.counts import SEQUENCE_DIM

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap

BLUE, VERMILION, GREEN, ORANGE = "#0072b2", "#d55e00", "#009e73", "#e69f00"
SKY, PURPLE, BLACK, GREY = "#56b4e9", "#cc79a7", "#222222", "#8a8a8a"
CYCLE = (BLUE, VERMILION, GREEN, ORANGE, PURPLE, SKY, BLACK)
"""Colours after Okabe and Ito, which differ in lightness too."""

MARKERS = "osD^v"

SHADES = "cividis"
"""Colour map that rises in lightness evenly, for all kinds of sight."""

N_SHADES = 24
WIDTH = 5.4
"""Inches: a figure is read at the width of a phone, and beside a table."""

MOST_LETTERS = 32
"""Letters of the longest label beside or below axes."""

MOST_COLUMNS = 4
LETTERS_ABOVE = 60
"""Letters that a line of a legend has room for; each entry takes five more for its sign."""

LETTERS_BESIDE = 14
"""Letters beside the axes that leave the legend its room."""

TITLE: dict[str, Any] = {"fontsize": "medium", "fontweight": "bold"}
ERROR_BAR: dict[str, Any] = {"fmt": "none", "ecolor": BLACK, "elinewidth": 1.0, "capsize": 2.0}


def axes_for(ax: "Axes | None", height: float = 3.4) -> "Axes":
    """`ax`, or the axes of a new figure of this height in inches.

    Raises
    ------
    ExtraMissing
        matplotlib is not installed.
    """
    if ax is not None:
        return ax
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise ExtraMissing(
            'plots: matplotlib is not installed; pip install "mcescalate[plot]"'
        ) from None
    return Figure(figsize=(WIDTH, height), layout="constrained").add_subplot()


def one_result(result: "xr.Dataset", name: str) -> "xr.Dataset":
    """`result`, if it is of counts and not of a sweep.

    Raises
    ------
    UsageError
        It is a sweep, or an exact solution.
    """
    if "point" in result.dims:
        raise UsageError(f"{name}: expected one result; choose one, as in sweep.isel(point=0)")
    if "n_chains" not in result:
        raise UsageError(f"{name}: expected counts of chains, found an exact solution")
    return result


def shades(name: str) -> "Colormap":
    """A colour map in so few steps that no renderer makes a bitmap of its bar."""
    import matplotlib

    return matplotlib.colormaps[name].resampled(N_SHADES)


def plain(text: object, most: int = MOST_LETTERS) -> str:
    """A text from data as a label: dollars are no formula, underscores are spaces in front.

    The middle of one that is too long for a figure is left out.
    """
    label = str(text)
    if len(label) > most:
        end = most // 3
        label = f"{label[: most - end - 1]}\N{HORIZONTAL ELLIPSIS}{label[-end:]}"
    label = label.replace("$", r"\$")
    return f" {label}" if label.startswith("_") else label


def chains(n: Any) -> str:
    """The number of chains, as labels have it."""
    return f"n = {int(n):,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def unit_of(result: "xr.Dataset") -> str:
    """What shares of all are shares of: chains, or the crises of chains of several."""
    return "crises" if SEQUENCE_DIM in result.dims else "chains"


def sample(result: "xr.Dataset", level: float | None = None) -> str:
    """How many chains there are, and what the intervals are, as labels have it.

    Crises of one chain are not independent: shares of all of them have no intervals.
    """
    n = chains(result["n_chains"])
    if SEQUENCE_DIM in result.dims:
        return f"{chains(crises(result))} crises in {n.removeprefix('n = ')} chains"
    return n if level is None else f"{n}, {intervals(level)}"


def intervals(level: float) -> str:
    """What error bars are, as labels have it."""
    return f"{100 * level:.4g} % intervals"


def image_of(ax: "Axes", form: str) -> bytes:
    """The figure of `ax` as svg, png or pdf; the same figure has the same bytes."""
    import matplotlib

    image = io.BytesIO()
    stamp = "CreationDate" if form == "pdf" else "Date"
    metadata = {} if form == "png" else {stamp: None}
    settings: dict[Any, Any] = {"svg.fonttype": "none", "svg.hashsalt": "mcescalate"}
    with matplotlib.rc_context(settings), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the font may lack letters of a name
        figure: Any = ax.figure
        figure.savefig(image, format=form, metadata=metadata, dpi=200)
    return image.getvalue()


def dress(ax: "Axes", title: str, x: str, y: str = "") -> None:
    """Title, labels and no more lines than needed."""
    ax.set_title(title, loc="left", **TITLE)
    ax.set_xlabel(x)
    ax.set_ylabel(y)
    ax.spines[["top", "right"]].set_visible(False)
    ax.set_axisbelow(True)


def legend_above(ax: "Axes") -> None:
    """A legend between title and axes, where it hides nothing."""
    handles, labels = ax.get_legend_handles_labels()
    beside = max((len(tick.get_text()) for tick in ax.get_yticklabels()), default=0)
    n_columns = _columns(labels, LETTERS_ABOVE - max(beside - LETTERS_BESIDE, 0))
    ax.legend(
        handles,
        labels,
        loc="lower left",
        bbox_to_anchor=(0.0, 1.0),
        ncols=n_columns,
        frameon=False,
        fontsize="small",
        borderaxespad=0.2,
        handlelength=1.4,
        columnspacing=1.2,
    )
    n_lines = -(-len(labels) // n_columns)
    ax.set_title(ax.get_title(loc="left"), loc="left", pad=6 + 14 * n_lines, **TITLE)


def _columns(labels: Sequence[str], room: int) -> int:
    """In how many columns, filled one after the other, the labels of a legend have room."""
    for n_columns in range(min(len(labels), MOST_COLUMNS), 1, -1):
        height = -(-len(labels) // n_columns)
        columns = [labels[k : k + height] for k in range(0, len(labels), height)]
        if sum(max(map(len, column)) + 5 for column in columns) <= room:
            return n_columns
    return 1


def say_instead(ax: "Axes", text: str) -> None:
    """Words in the middle of axes that have nothing to show."""
    ax.text(0.5, 0.5, text, ha="center", va="center", transform=ax.transAxes)
    ax.set_xticks([])
    ax.set_yticks([])


def look(place: int) -> dict[str, Any]:
    """Colour and marker of a line by its place among others; when colours end, markers change."""
    turn, colour = divmod(place, len(CYCLE))
    return {"color": CYCLE[colour], "marker": MARKERS[turn % len(MARKERS)]}


def is_dark(colour: Sequence[float]) -> bool:
    """Whether white reads better than black on a colour (red, green, blue from 0 to 1)."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] < 0.179


def reach(values: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> np.ndarray:
    """Lengths of error bars to both sides, (2, ...); 0 where nothing is known."""
    middle = np.asarray(values, float)
    ends = np.array([middle - np.asarray(lower, float), np.asarray(upper, float) - middle])
    return np.nan_to_num(ends).clip(0.0)


def rows_of_bars(ax: "Axes", labels: Sequence[object], n_kinds: int = 1) -> np.ndarray:
    """Label rows from the top down; places of bars by (kind, row), `0.8 / n_kinds` high."""
    rows = np.arange(len(labels), dtype=float)
    ax.set_yticks(rows, [plain(label) for label in labels])
    ax.set_ylim(len(labels) - 0.4, -0.6)
    ax.grid(axis="x", color="#dddddd", linewidth=0.6)
    shift = (np.arange(n_kinds) - (n_kinds - 1) / 2) * 0.8 / n_kinds
    return rows + shift[:, None]
