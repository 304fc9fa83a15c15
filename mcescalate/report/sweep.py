"""The sections on a sweep: which settings, and what they do to the chances of events."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mcescalate.analysis import plots
from mcescalate.analysis.estimation.estimate import estimate
from mcescalate.analysis.estimation.events import event_count
from mcescalate.analysis.estimation.export import to_dict
from mcescalate.analysis.sweeps.extremes import Extremes, extremes
from mcescalate.analysis.sweeps.monte_carlo_error import response
from mcescalate.analysis.sweeps.second_order import second_order
from mcescalate.analysis.sweeps.sensitivity import parameters_of, sobol
from mcescalate.errors import ExtraMissing, UsageError
from mcescalate.quantities import in_words
from mcescalate.report.figures import Figures
from mcescalate.report.formatting import (
    NO_BREAK,
    RANGE,
    about,
    amount,
    ends,
    event_phrase,
    level_of,
    listed,
    number,
    share,
    share_with_ends,
)
from mcescalate.report.markup import Markup, bullets, element, join, note, paragraphs, table
from mcescalate.report.page import Section

if TYPE_CHECKING:
    import xarray as xr

MOST_POINTS = 40
SAMPLED = ("saltelli", "sobol", "latin-hypercube", "random")
OF = ("war", "general_war")
"""Events that the page is about unless others are asked for."""

NOT_TOLD = "cannot be told apart"
NOT_PLAYED = "not played"
AS_IT_IS = "as it is"
QUANTILE = ["value", "value_lower", "value_upper"]


def sections(sweep: "xr.Dataset", figures: Figures, of: Sequence[str] = OF) -> list[Section]:
    """Question, answer, figures and points.

    Parameters
    ----------
    of : events that it is about, see `mcescalate.analysis.events`

    Raises
    ------
    UsageError
        There is no such event.
    """
    found = {event: estimate(event_count(sweep, event), sweep["n_chains"]) for event in of}
    return [
        question(sweep, of),
        answer(sweep, found),
        shape(sweep, figures, of),
        points(sweep, found),
    ]


def question(sweep: "xr.Dataset", of: Sequence[str]) -> Section:
    """Which values are varied, and from where to where."""
    bases = list(dict.fromkeys(sweep["base"].values.tolist()))
    rows = [
        (name, sweep[name].attrs["change"], sweep[name].attrs["address"], *_span(sweep[name]))
        for name in parameters_of(sweep)
    ]
    n = sweep["n_chains"]
    chances = "chance of" if len(of) == 1 else "chances of"
    events = listed([event_phrase(event) for event in of])
    verb = "does" if len(of) == 1 else "do"
    return Section(
        "question",
        "The question",
        join(
            [
                paragraphs(
                    f"How {verb} the {chances} {events} depend on "
                    f"{amount(len(rows), 'settings')}, "
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


def answer(sweep: "xr.Dataset", found: "dict[str, xr.Dataset]") -> Section:
    """Where each event is least and most likely, whether that is chance, and how it is spread."""
    if not (sweep["n_chains"].values > 0).any():
        return Section("answer", "The answer", paragraphs("No point has chains yet."))
    sentences: list[str] = []
    for of, of_points in found.items():
        sentences.append(" ".join(_least_most(sweep, of, of_points)))
    if str(sweep.attrs.get("design")) in SAMPLED:
        for of in found:
            sentences += _spread(sweep, of)
    if "precision_reached" in sweep and (short := int((sweep["precision_reached"] == 0).sum())):
        sentences.append(
            f"At {amount(short, 'points')} the precision that was wanted has not been reached."
        )
    if not int(sweep.attrs["complete"]):
        sentences.append("The sweep is not complete: points without chains are left out.")
    remark = (
        "Brackets behind a share hold the 95 % interval of its point by itself, from its chains "
        "alone; those behind a difference are so wide that the intervals of all pairs of points "
        "would hold at once. "
    )
    if int(sweep.attrs["common_random_numbers"]):
        remark += (
            "All points have the same random numbers, so that differences between them are "
            "known better than the intervals of single points say."
        )
    return Section("answer", "The answer", join([bullets(sentences), note(remark)]))


def _least_most(sweep: "xr.Dataset", of: str, found: "xr.Dataset") -> list[str]:
    """Where an event is least and most likely, and whether these points can be told apart."""
    what = event_phrase(of)
    what = what[0].upper() + what[1:]
    ends_ = extremes(sweep, of)
    if ends_ is None:
        place = int(np.flatnonzero(sweep["n_chains"].values > 0)[0])
        return [f"{what} has the chance {_at(found, place)} with {_setting(sweep, place)}."]
    if not int(found["count"].sum()):
        most = to_dict(
            found.isel(point=int(found["upper"].values.argmin())).reset_coords(drop=True)
        )
        return [f"{what} came at no point: {share(most)} of chains at the best known one."]
    sentences = []
    if ends_.difference > 0:
        sentences += [
            f"{what} is least likely, {_at(found, ends_.least)}, with "
            f"{_setting(sweep, ends_.least)}.",
            f"{what} is most likely, {_at(found, ends_.most)}, with {_setting(sweep, ends_.most)}.",
        ]
    sentences.append(_whether_told(what, ends_))
    bases = sweep["base"].values
    alike = [
        base
        for base in dict.fromkeys(bases.tolist())
        if (within := extremes(sweep.isel(point=bases == base), of)) and not within.is_detected
    ]
    if ends_.is_detected and alike:
        sentences.append(f"Within {listed(alike)} the points {NOT_TOLD}.")
    return sentences


def _spread(sweep: "xr.Dataset", of: str) -> list[str]:
    try:
        spread = second_order(sweep, of)
    except UsageError:
        return []
    if not float(spread["observed_variance"]):
        return []
    low, middle, high = (
        _quantile(to_dict(spread[QUANTILE].sel(quantile=q, drop=True))) for q in (0.05, 0.5, 0.95)
    )
    noise = max(100 * float(spread["noise_share"]), 0.0)
    return [
        f"Over the points the chance of {event_phrase(of)} has the median {middle}; it is below "
        f"{low} at one point in twenty, and above {high} at another one. Monte Carlo noise, "
        f"{noise:.2g}{NO_BREAK}% of the variance between points, is taken out of this."
    ]


def _at(found: "xr.Dataset", point: int) -> str:
    return share_with_ends(to_dict(found.isel(point=point).reset_coords(drop=True)))


def _whether_told(what: str, found: Extremes) -> str:
    """Whether the extremes can be told apart, and how many chains would do it."""
    if found.difference == 0:
        return f"{what} is equally frequent at all points: they {NOT_TOLD}."
    gap, lower, upper = (f"{100 * end:.2g}" for end in (found.difference, found.lower, found.upper))
    gap = f"a difference of {gap} percentage points ({lower} to {upper})"
    if found.is_detected:
        return f"This is {gap}, more than chance alone makes."
    return (
        f"This is {gap}, which may be chance: the points {NOT_TOLD}. About "
        f"{about(found.chains_to_detect)} chains at each would tell such a difference from none."
    )


def _quantile(found: dict[str, Any]) -> str:
    value, lower, upper = (f"{100 * found[name]:.3g}" for name in QUANTILE)
    return f"{value}{NO_BREAK}% ({lower}{RANGE}{upper})"


def shape(sweep: "xr.Dataset", figures: Figures, of: Sequence[str]) -> Section:
    """What the chances look like along the axes, and which axes matter."""
    parts = [_shape(sweep, figures, event) for event in of]
    if not any(parts):
        body: Markup = paragraphs("The points are no grid; see the table below.")
    elif len(parts) > 1 and all(len(of_event) == 1 for of_event in parts):
        body = element("div", *(figure for (figure,) in parts), class_="pair")
    else:
        body = join(part for of_event in parts for part in of_event)
    return Section("shape", "What it depends on", body)


def _shape(sweep: "xr.Dataset", figures: Figures, of: str) -> list[Markup]:
    """Figures and tables on one event."""
    n_bases = len(set(sweep["base"].values.tolist()))
    n_axes = len(parameters_of(sweep))
    what = event_phrase(of)
    parts: list[Markup] = []
    ends_ = extremes(sweep, of)
    untold = "" if ends_ is None or ends_.is_detected else f" The points {NOT_TOLD}."
    if n_axes == 1:
        parts += _figure(
            figures,
            lambda: plots.sweep_curve(sweep, of=of),
            f"A curve of the chance of {what} along the one setting that is varied.",
            f"The chance of {what} along the axis of the sweep.{untold}",
        )
    if n_axes > 1 and n_bases == 1:
        parts += _figure(
            figures,
            lambda: plots.heat_map(sweep, of=of),
            f"A map of the chance of {what} over two settings, lighter where it is greater.",
            f"The chance of {what} over the first two axes of the sweep, in per cent. The colours "
            "span at least four times the widest interval of a cell, so that noise does not look "
            f"like a pattern.{untold}",
        )
    if sweep.attrs.get("design") == "saltelli" and n_bases == 1:
        parts += _sensitivity(sweep, figures, of)
    return parts


def _sensitivity(sweep: "xr.Dataset", figures: Figures, of: str) -> list[Markup]:
    what = event_phrase(of)
    try:
        indices = sobol(response(sweep, of))
    except ExtraMissing as missing:
        return [paragraphs(str(missing))]
    except UsageError as reason:
        return [paragraphs(f"No sensitivity indices: {reason}.")]
    if not indices.attrs["has_variance"]:
        words = (
            f"No sensitivity indices of {what}: the points {NOT_TOLD}, so nothing is shared out."
        )
        return [paragraphs(words)]
    return [
        *_figure(
            figures,
            lambda: plots.sensitivity_bars(indices),
            "Bars for each setting: its part in the variance, alone and with the others.",
            f"Sobol' indices: the share of the variance of the chance of {what} that a setting "
            "makes alone, and together with others. Monte Carlo noise is taken out.",
        ),
        _indices(indices, what),
    ]


def _indices(indices: "xr.Dataset", what: str) -> Markup:
    level = level_of(indices.attrs["level"])
    rows = []
    for name, row in to_dict(indices.drop_dims("partner", errors="ignore"), "parameter").items():
        cells = [name]
        for kind in ("first", "total"):
            cells.append(f"{row[kind]:.2f}")
            cells.append(f"{row[f'{kind}_lower']:.2f} to {row[f'{kind}_upper']:.2f}")
        rows.append(cells)
    header = ("setting", "alone", level, "with others", level)
    return table(f"Shares of the variance of the chance of {what}", header, rows)


def _figure(
    figures: Figures, plot: Callable[[], Any], alternative: str, caption: str
) -> list[Markup]:
    """The figure, or nothing if the sweep is not of the kind that it needs."""
    try:
        return [figures.draw(plot, alternative, caption)]
    except UsageError:
        return []


def points(sweep: "xr.Dataset", found: "dict[str, xr.Dataset]") -> Section:
    """Every point, the first ones of many."""
    names = parameters_of(sweep)
    bases = sweep["base"].values.tolist()
    has_bases = len(set(bases)) > 1
    n_chains = sweep["n_chains"].values.tolist()
    total = sweep.sizes["point"]
    rows = []
    for point in range(min(total, MOST_POINTS)):
        values = [_value(sweep[name].values[point]) for name in names]
        base = [bases[point]] if has_bases else []
        shares = []
        for of_points in found.values():
            e = to_dict(of_points.isel(point=point).reset_coords(drop=True))
            shares += [share(e), ends(e)] if e["n"] else [NOT_PLAYED, f"0{RANGE}100"]
        rows.append((str(point), *base, *values, number(n_chains[point]), *shares))
    base = ["base"] if has_bases else []
    columns = [word for of in found for word in (in_words(of), "95 % interval")]
    header = ("point", *base, *names, "chains", *columns)
    caption = f"Chance of {listed([event_phrase(of) for of in found])} at each point"
    if total > MOST_POINTS:
        caption += f"; the first {MOST_POINTS} of {number(total)}, all are in the file"
    return Section("points", "Point by point", table(caption, header, rows, n_texts=1 + has_bases))


def _span(values: "xr.DataArray") -> tuple[str, str]:
    numbers = values.values.astype(float)
    known = numbers[~np.isnan(numbers)]
    return (f"{known.min():.6g}", f"{known.max():.6g}") if known.size else (AS_IT_IS, AS_IT_IS)


def _setting(sweep: "xr.Dataset", point: int) -> str:
    names = parameters_of(sweep)
    words = [f"{name} = {_value(sweep[name].values[point])}" for name in names]
    return listed([str(sweep["base"].values[point]), *words])


def _value(value: Any) -> str:
    return AS_IT_IS if np.isnan(float(value)) else f"{float(value):.6g}"
