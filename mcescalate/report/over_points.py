"""The sections on a sweep: which settings, and what they do to the chance of war."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from mcescalate.analysis import plots
from mcescalate.analysis.estimate import estimate
from mcescalate.analysis.events import event_count
from mcescalate.analysis.nested import nested
from mcescalate.analysis.noise import response
from mcescalate.analysis.second_order import second_order
from mcescalate.analysis.sensitivity import parameters_of, sobol
from mcescalate.errors import ExtraMissing, UsageError
from mcescalate.report.figures import Figures
from mcescalate.report.markup import Markup, bullets, join, note, paragraphs, table
from mcescalate.report.page import Section
from mcescalate.report.wording import (
    NO_BREAK,
    RANGE,
    UNKNOWN,
    amount,
    ends,
    level_of,
    listed,
    number,
    share,
    share_with_ends,
)

if TYPE_CHECKING:
    import xarray as xr

MOST_POINTS = 40
SAMPLED = ("saltelli", "sobol", "latin-hypercube", "random")
OF = "war"
QUANTILE = ["value", "value_lower", "value_upper"]


def sections(sweep: "xr.Dataset", figures: Figures) -> list[Section]:
    """Question, answer, figures and points."""
    found = estimate(event_count(sweep, OF), sweep["n_chains"])
    return [question(sweep), answer(sweep, found), shape(sweep, figures), points(sweep, found)]


def question(sweep: "xr.Dataset") -> Section:
    """Which values are varied, and from where to where."""
    bases = list(dict.fromkeys(sweep["base"].values.tolist()))
    rows = [
        (name, sweep[name].attrs["change"], sweep[name].attrs["address"], *_span(sweep[name]))
        for name in parameters_of(sweep)
    ]
    n = sweep["n_chains"]
    return Section(
        "question",
        "The question",
        join(
            [
                paragraphs(
                    f"How does the chance of war depend on {amount(len(rows), 'settings')}, "
                    f"varied over {amount(sweep.sizes['point'], 'points')} of "
                    f"{listed(bases)}? {number(int(n.sum()))} chains were played in all, "
                    f"{number(int(n.min()))} or more at each point."
                ),
                table(
                    "What is varied",
                    ("setting", "how", "address", "from", "to"),
                    rows,
                    n_texts=3,
                )
                if rows
                else "",
            ]
        ),
    )


def answer(sweep: "xr.Dataset", found: "xr.Dataset") -> Section:
    """The least and the greatest chance of war, and how it is spread."""
    played = found.isel(point=np.flatnonzero(sweep["n_chains"].values > 0))
    if not played.sizes["point"]:
        return Section("answer", "The answer", paragraphs("No point has chains yet."))
    chance = played["probability"].values
    low, high = (
        nested(played.isel(point=int(k)).reset_coords(drop=True))
        for k in (chance.argmin(), chance.argmax())
    )
    where = [
        _setting(sweep, int(played["point"].values[k])) for k in (chance.argmin(), chance.argmax())
    ]
    sentences = [
        f"War is least likely, {share_with_ends(low)}, with {where[0]}.",
        f"War is most likely, {share_with_ends(high)}, with {where[1]}.",
    ]
    if str(sweep.attrs.get("design")) in SAMPLED:
        sentences += _spread(sweep)
    if "precision_reached" in sweep and (short := int((sweep["precision_reached"] == 0).sum())):
        sentences.append(
            f"At {amount(short, 'points')} the precision that was wanted has not been reached."
        )
    if not int(sweep.attrs["complete"]):
        sentences.append("The sweep is not complete: points without chains are left out.")
    remark = "Brackets hold the 95 % interval of each point by itself, from its chains alone. "
    if int(sweep.attrs["common_random_numbers"]):
        remark += (
            "All points have the same random numbers, so that differences between them are "
            "known better than these intervals say."
        )
    return Section("answer", "The answer", join([bullets(sentences), note(remark)]))


def _spread(sweep: "xr.Dataset") -> list[str]:
    try:
        spread = second_order(sweep, OF)
    except UsageError:
        return []
    low, middle, high = (
        _quantile(nested(spread[QUANTILE].sel(quantile=q, drop=True))) for q in (0.05, 0.5, 0.95)
    )
    noise = max(100 * float(spread["noise_share"]), 0.0)
    return [
        f"Over the points the chance of war has the median {middle}; it is below {low} at one "
        f"point in twenty, and above {high} at another one. Monte Carlo noise, {noise:.2g}"
        f"{NO_BREAK}% of the variance between points, is taken out of this."
    ]


def _quantile(found: dict[str, Any]) -> str:
    value, lower, upper = (f"{100 * found[name]:.3g}" for name in QUANTILE)
    return f"{value}{NO_BREAK}% ({lower}{RANGE}{upper})"


def shape(sweep: "xr.Dataset", figures: Figures) -> Section:
    """What the chance of war looks like along the axes, and which of them matter."""
    n_bases = len(set(sweep["base"].values.tolist()))
    n_axes = len(parameters_of(sweep))
    parts: list[Markup] = []
    if n_axes == 1:
        parts += _figure(
            figures,
            lambda: plots.sweep_curve(sweep),
            "A curve of the chance of war along the one setting that is varied.",
            "The chance of war along the axis of the sweep.",
        )
    if n_axes > 1 and n_bases == 1:
        parts += _figure(
            figures,
            lambda: plots.heat_map(sweep),
            "A map of the chance of war over two settings, lighter where it is greater.",
            "The chance of war over the first two axes of the sweep, in per cent.",
        )
    if sweep.attrs.get("design") == "saltelli" and n_bases == 1:
        try:
            indices = sobol(response(sweep, OF))
        except ExtraMissing as missing:
            parts.append(paragraphs(str(missing)))
        except UsageError as reason:
            parts.append(paragraphs(f"No sensitivity indices: {reason}."))
        else:
            parts += _figure(
                figures,
                lambda: plots.sensitivity_bars(indices),
                "Bars for each setting: its part in the variance, alone and with the others.",
                "Sobol' indices: the share of the variance of the chance of war that a setting "
                "makes alone, and together with others. Monte Carlo noise is taken out.",
            )
            parts.append(_indices(indices))
    body = join(parts) if parts else paragraphs("The points are no grid; see the table below.")
    return Section("shape", "What it depends on", body)


def _indices(indices: "xr.Dataset") -> Markup:
    level = level_of(indices.attrs["level"])
    rows = []
    for name, row in nested(indices.drop_dims("partner", errors="ignore"), "parameter").items():
        cells = [name]
        for kind in ("first", "total"):
            cells.append(f"{row[kind]:.2f}")
            cells.append(f"{row[f'{kind}_lower']:.2f} to {row[f'{kind}_upper']:.2f}")
        rows.append(cells)
    header = ("setting", "alone", level, "with others", level)
    return table("Shares of the variance of the chance of war", header, rows)


def _figure(
    figures: Figures, plot: Callable[[], Any], alternative: str, caption: str
) -> list[Markup]:
    """The figure, or nothing if the sweep is not of the kind that it needs."""
    try:
        return [figures.draw(plot, alternative, caption)]
    except UsageError:
        return []


def points(sweep: "xr.Dataset", found: "xr.Dataset") -> Section:
    """Every point, the first ones of many."""
    names = parameters_of(sweep)
    shown = found.isel(point=slice(MOST_POINTS))
    bases = sweep["base"].values.tolist()
    has_bases = len(set(bases)) > 1
    rows = []
    for point in range(shown.sizes["point"]):
        e = nested(shown.isel(point=point).reset_coords(drop=True))
        values = [_value(sweep[name].values[point]) for name in names]
        base = [bases[point]] if has_bases else []
        rows.append((str(point), *base, *values, number(e["n"]), share(e), ends(e)))
    base = ["base"] if has_bases else []
    header = ("point", *base, *names, "chains", "war", "95 % interval")
    total = sweep.sizes["point"]
    caption = "Chance of war at each point"
    if total > MOST_POINTS:
        caption += f"; the first {MOST_POINTS} of {number(total)}, all are in the file"
    return Section("points", "Point by point", table(caption, header, rows, n_texts=1 + has_bases))


def _span(values: "xr.DataArray") -> tuple[str, str]:
    numbers = values.values.astype(float)
    known = numbers[~np.isnan(numbers)]
    return (f"{known.min():.6g}", f"{known.max():.6g}") if known.size else (UNKNOWN, UNKNOWN)


def _setting(sweep: "xr.Dataset", point: int) -> str:
    names = parameters_of(sweep)
    words = [f"{name} = {_value(sweep[name].values[point])}" for name in names]
    return listed([str(sweep["base"].values[point]), *words])


def _value(value: Any) -> str:
    return "as it is" if np.isnan(float(value)) else f"{float(value):.6g}"
