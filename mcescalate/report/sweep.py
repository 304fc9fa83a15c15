"""The values of the page on a sweep (`templates/sweep.html`), section by section."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from mcescalate.analysis import plots
from mcescalate.analysis.estimation.pooling import estimate_event
from mcescalate.analysis.sweeps.extremes import Extremes, extremes
from mcescalate.analysis.sweeps.monte_carlo_error import response
from mcescalate.analysis.sweeps.posterior import both_intervals, is_over_draws
from mcescalate.analysis.sweeps.second_order import second_order
from mcescalate.analysis.sweeps.sensitivity import parameters_of, sobol
from mcescalate.analysis.tables.export import to_dict
from mcescalate.errors import ExtraMissing, UsageError
from mcescalate.quantities import in_words
from mcescalate.report.dials import dials
from mcescalate.report.figures import Figure, Figures
from mcescalate.report.formatting import (
    NO_BREAK,
    RANGE,
    UNKNOWN,
    about,
    amount,
    event_phrase,
    interval_of,
    level_of,
    listed,
    number,
    share,
    share_and_interval,
)

if TYPE_CHECKING:
    import xarray as xr

MOST_POINTS = 40
SAMPLED = ("saltelli", "sobol", "latin-hypercube", "random")
EVENTS = ("war", "general_war")
"""Events that the page is about unless others are requested."""

INDISTINGUISHABLE = "cannot be distinguished"
NO_CHAINS = "no chains"
UNCHANGED = "unchanged"
QUANTILE = ["value", "value_lower", "value_upper"]


def describe(sweep: "xr.Dataset", figures: Figures, events: Sequence[str]) -> dict[str, Any]:
    """The values of all sections.

    Parameters
    ----------
    events : that the page is about, see `mcescalate.analysis.events`

    Raises
    ------
    UsageError
        There is no such event.
    """
    found = {event: estimate_event(sweep, event) for event in events}
    return {
        "question": question(sweep, events),
        "answer": answer(sweep, found),
        "dependence": dependence(sweep, figures, events),
        "dials": dials(sweep, events),
        "points": points(sweep, found),
    }


def question(sweep: "xr.Dataset", events: Sequence[str]) -> dict[str, Any]:
    """Which parameters vary, and over which range."""
    n = sweep["n_chains"]
    return {
        "events": [event_phrase(event) for event in events],
        "bases": list(dict.fromkeys(sweep["base"].values.tolist())),
        "axes": [
            (name, sweep[name].attrs["change"], sweep[name].attrs["address"], *_span(sweep[name]))
            for name in parameters_of(sweep)
        ],
        "n_points": sweep.sizes["point"],
        "n_chains": int(n.sum()),
        "fewest": int(n.min()),
    }


def answer(sweep: "xr.Dataset", found: "dict[str, xr.Dataset]") -> dict[str, Any]:
    """Where each event is least and most likely, whether that is chance, and its spread."""
    findings: list[str] = []
    doubts: list[tuple[str, ...]] = []
    if is_over_draws(sweep):
        doubts = list(_doubts(sweep, list(found)))
    elif (sweep["n_chains"].values > 0).any():
        findings += [" ".join(_least_most(sweep, of, by_point)) for of, by_point in found.items()]
        if str(sweep.attrs.get("design")) in SAMPLED:
            findings += [sentence for of in found for sentence in _spread(sweep, of)]
        if "precision_reached" in sweep and (short := int((sweep["precision_reached"] == 0).sum())):
            findings.append(f"{amount(short, 'points')} did not reach the requested precision.")
        if not int(sweep.attrs["complete"]):
            findings.append("The sweep is incomplete; points without chains are omitted.")
    shares_random_numbers = bool(int(sweep.attrs["common_random_numbers"]))
    return {
        "findings": findings,
        "doubts": doubts,
        "shares_random_numbers": shares_random_numbers,
    }


def _doubts(sweep: "xr.Dataset", events: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Base and event, its probability over draws, both intervals, and the share of noise."""
    bases = sweep["base"].values
    for base in dict.fromkeys(bases.tolist()):
        of_base = sweep.isel(point=bases == base)
        for of in events:
            e = both_intervals(of_base, of)
            lower, upper = e["parameter_lower"], e["parameter_upper"]
            noise = UNKNOWN if e["noise_share"] is None else f"{100 * e['noise_share']:.2g} %"
            yield (
                str(base),
                event_phrase(of),
                share(e),
                interval_of(e),
                UNKNOWN
                if lower is None or upper is None or upper <= lower
                else interval_of({**e, "lower": lower, "upper": upper}),
                noise.replace(" ", NO_BREAK),
            )


def _least_most(sweep: "xr.Dataset", of: str, found: "xr.Dataset") -> list[str]:
    """Where an event is least and most likely, and whether the two points differ."""
    phrase = event_phrase(of)
    what = phrase[0].upper() + phrase[1:]
    ends = extremes(sweep, of)
    if ends is None:
        place = int(np.flatnonzero(sweep["n_chains"].values > 0)[0])
        return [f"The probability of {phrase} is {_at(found, place)} at {_setting(sweep, place)}."]
    if not int(found["count"].sum()):
        best = _estimate_at(found, int(found["upper"].values.argmin()))
        return [f"{what} did not occur at any point: {share(best)} of chains at the best known."]
    sentences = []
    if ends.difference > 0:
        sentences += [
            f"{what} is least likely, {_at(found, ends.least)}, at {_setting(sweep, ends.least)}.",
            f"{what} is most likely, {_at(found, ends.most)}, at {_setting(sweep, ends.most)}.",
        ]
    sentences.append(_whether_detected(what, ends))
    bases = sweep["base"].values
    alike = [
        base
        for base in dict.fromkeys(bases.tolist())
        if (within := extremes(sweep.isel(point=bases == base), of)) and not within.is_detected
    ]
    if ends.is_detected and alike:
        sentences.append(f"Within {listed(alike)} the points {INDISTINGUISHABLE}.")
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
        f"Across points, the probability of {event_phrase(of)} has the median {middle}, the 5 % "
        f"quantile {low} and the 95 % quantile {high}. Monte Carlo noise, {noise:.2g}{NO_BREAK}% "
        "of the variance between points, is removed."
    ]


def _estimate_at(found: "xr.Dataset", point: int) -> dict[str, Any]:
    return to_dict(found.isel(point=point).reset_coords(drop=True))


def _at(found: "xr.Dataset", point: int) -> str:
    return share_and_interval(_estimate_at(found, point))


def _whether_detected(what: str, found: Extremes) -> str:
    """Whether the extremes differ, and how many chains would detect the difference."""
    if found.difference == 0:
        return f"{what} is equally frequent at all points: they {INDISTINGUISHABLE}."
    gap, lower, upper = (f"{100 * end:.2g}" for end in (found.difference, found.lower, found.upper))
    gap = f"The difference is {gap} percentage points ({lower} to {upper})"
    if found.is_detected:
        return f"{gap}, more than chance explains."
    return (
        f"{gap}, which may be due to chance: the points {INDISTINGUISHABLE}. About "
        f"{about(found.chains_to_detect)} chains at each point would detect such a difference."
    )


def _quantile(found: dict[str, Any]) -> str:
    value, lower, upper = (f"{100 * found[name]:.3g}" for name in QUANTILE)
    return f"{value}{NO_BREAK}% ({lower}{RANGE}{upper})"


def dependence(sweep: "xr.Dataset", figures: Figures, events: Sequence[str]) -> dict[str, Any]:
    """Each event along the axes, and which axes matter."""
    if is_over_draws(sweep):
        return {"figures": [], "indices": []}
    has_indices = sweep.attrs.get("design") == "saltelli" and _n_bases(sweep) == 1
    return {
        "figures": [figure for of in events for figure in _figures(sweep, figures, of)],
        "indices": [_indices(sweep, figures, of) for of in events] if has_indices else [],
    }


def _figures(sweep: "xr.Dataset", figures: Figures, of: str) -> list[Figure]:
    """The curve or the map of one event, if the sweep is a grid."""
    n_axes = len(parameters_of(sweep))
    what = event_phrase(of)
    ends = extremes(sweep, of)
    remark = "" if ends is None or ends.is_detected else f" The points {INDISTINGUISHABLE}."
    if n_axes == 1:
        plot = partial(plots.sweep_curve, sweep, of=of)
        alternative = f"A curve of the probability of {what} along the parameter that varies."
        caption = f"The probability of {what} along the axis of the sweep.{remark}"
    elif n_axes > 1 and _n_bases(sweep) == 1:
        plot = partial(plots.heat_map, sweep, of=of)
        alternative = f"A map of the probability of {what} over two parameters, lighter if greater."
        caption = (
            f"The probability of {what} in per cent, over the first two axes of the sweep. The "
            "colours span at least four times the widest interval of a cell, so that noise does "
            f"not look like a pattern.{remark}"
        )
    else:
        return []
    try:
        return [figures.draw(plot, alternative, caption)]
    except UsageError:  # no grid
        return []


def _n_bases(sweep: "xr.Dataset") -> int:
    return len(set(sweep["base"].values.tolist()))


def _indices(sweep: "xr.Dataset", figures: Figures, of: str) -> dict[str, Any]:
    """Sobol' indices of one event, or a remark on why there are none."""
    what = event_phrase(of)
    try:
        indices = sobol(response(sweep, of))
    except ExtraMissing as missing:
        return {"remark": str(missing)}
    except UsageError as reason:
        return {"remark": f"No sensitivity indices of {what}: {reason}."}
    if not indices.attrs["has_variance"]:
        return {"remark": f"No sensitivity indices of {what}: the points {INDISTINGUISHABLE}."}
    by_parameter = to_dict(indices.drop_dims("partner", errors="ignore"), "parameter")
    return {
        "remark": "",
        "figure": figures.draw(
            lambda: plots.sensitivity_bars(indices),
            "Bars for each parameter: its share of the variance, alone and with interactions.",
            f"Sobol' indices: the share of the variance of the probability of {what} due to each "
            "parameter, alone and with its interactions. Monte Carlo noise is removed.",
        ),
        "caption": f"Sobol' indices of the probability of {what}",
        "level": level_of(indices.attrs["level"]),
        "rows": [
            (name, *(cell for kind in ("first", "total") for cell in _index_cells(row, kind)))
            for name, row in by_parameter.items()
        ],
    }


def _index_cells(row: dict[str, float], kind: str) -> tuple[str, str]:
    return f"{row[kind]:.2f}", f"{row[f'{kind}_lower']:.2f} to {row[f'{kind}_upper']:.2f}"


def points(sweep: "xr.Dataset", found: "dict[str, xr.Dataset]") -> dict[str, Any]:
    """Every point, or the first of many."""
    names = parameters_of(sweep)
    bases = sweep["base"].values.tolist()
    has_bases = len(set(bases)) > 1
    n_chains = sweep["n_chains"].values.tolist()
    total = sweep.sizes["point"]
    rows = []
    for point in range(min(total, MOST_POINTS)):
        values = [_value(sweep[name].values[point]) for name in names]
        base = [bases[point]] if has_bases else []
        shares: list[str] = []
        for by_point in found.values():
            e = _estimate_at(by_point, point)
            shares += [share(e), interval_of(e)] if e["n"] else [NO_CHAINS, f"0{RANGE}100"]
        rows.append((str(point), *base, *values, number(n_chains[point]), *shares))
    caption = f"Probability of {listed([event_phrase(of) for of in found])} at each point"
    if total > MOST_POINTS:
        caption += f"; the first {MOST_POINTS} of {number(total)}, the file has all"
    columns = [word for of in found for word in (in_words(of), "95 % interval")]
    return {
        "caption": caption,
        "header": ["point", *(["base"] if has_bases else []), *names, "chains", *columns],
        "rows": rows,
        "n_texts": 1 + has_bases,
    }


def _span(values: "xr.DataArray") -> tuple[str, str]:
    numbers = values.values.astype(float)
    known = numbers[~np.isnan(numbers)]
    return (f"{known.min():.6g}", f"{known.max():.6g}") if known.size else (UNCHANGED, UNCHANGED)


def _setting(sweep: "xr.Dataset", point: int) -> str:
    words = [f"{name} = {_value(sweep[name].values[point])}" for name in parameters_of(sweep)]
    return listed([str(sweep["base"].values[point]), *words])


def _value(value: Any) -> str:
    return UNCHANGED if np.isnan(float(value)) else f"{float(value):.6g}"
