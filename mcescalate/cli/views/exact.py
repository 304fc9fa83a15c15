"""A summary of an exact solution as tables."""

from collections.abc import Mapping, Sequence
from typing import Any

from mcescalate.cli.terminal.printing import print_lines, screen_width, stacked, table
from mcescalate.cli.views.summary import JOINING, length
from mcescalate.quantities import PREVAILING, counted, grouped, in_words

DIGITS = 6
"""Significant digits of a probability in per cent."""


def print_exact_summary(summary: Mapping[str, Any]) -> None:
    """Print all tables of `mcescalate.analysis.estimation.summary` on stdout."""
    is_bounded = summary["prune"] > 0.0
    width = screen_width()
    states = f"{counted(summary['n_states'], 'states')} at a time"
    n_crises = summary["n_crises"]
    crises = "1 crisis" if n_crises == 1 else f"{grouped(n_crises)} crises"
    blocks = [[str(summary["title"]), f"exact: {crises}, at most {states}"]]
    if is_bounded:
        blocks[0].append(
            f"states less probable than {summary['prune']:g} were dropped, a total probability "
            f"of {summary['mass_lost']:.3g}; the true values lie within the bounds"
        )
    if "rounded" in summary:
        blocks[0].append("probabilities of decisions are rounded to 2^-32, as a run draws them")
    names = ("at least", "at most") if is_bounded else ("probability",)
    for name in ("outcomes", "peak_rungs"):
        rows = [
            (in_words(label), *cells(bounds, is_bounded)) for label, bounds in summary[name].items()
        ]
        title = name.replace("_", " ").removesuffix("s")
        blocks.append(table((title, *names), rows, width))
    blocks.append([f"War (limited or general): {' to '.join(cells(summary['war'], is_bounded))}"])
    if "wars" in summary:
        wars = summary["wars"]
        blocks[-1].append(
            f"Of these wars {per_cent(wars['general'])} general, "
            f"{per_cent(wars['began_misread'])} begun by misreading"
        )
        if "ended" in wars:
            blocks[-1] += [
                f"Of these wars {per_cent(wars['ended'])} end by the horizon",
                f"Median length of a war: {length(wars['median_length'])}",
            ]
            blocks.append(winners_table(wars, width))
    blocks.append(actors_table(summary["actors"], summary["joining_causes"], is_bounded, width))
    print_lines(*stacked(blocks))


def winners_table(wars: Mapping[str, Any], width: int | None) -> list[str]:
    """One row for each side that may prevail: of all wars, and of those that end."""
    rows = []
    for winner, of_all in wars["prevailing"].items():
        of_ended = wars["prevailing_of_ended"].get(winner)
        of_ended = "" if of_ended is None else per_cent(of_ended)
        rows.append((PREVAILING[winner], per_cent(of_all), of_ended))
    return table(("prevails", "of wars", "of wars that end"), rows, width)


def actors_table(
    actors: Mapping[str, Mapping[str, Any]],
    causes: Sequence[str],
    is_bounded: bool,
    width: int | None,
) -> list[str]:
    """One row for each actor: engaged and at war, then by side and by cause of entry."""
    header = (
        "actor",
        "engaged",
        "at war",
        "initiator's side",
        "target's side",
        *(JOINING[cause] for cause in causes),
    )
    rows = []
    for actor, of_actor in actors.items():
        sides = of_actor["engaged_by_side"]
        bounds = (
            of_actor["engaged"],
            of_actor["at_war"],
            *(sides[side] for side in ("initiator", "target")),
            *(of_actor["entered_by_cause"][cause] for cause in causes),
        )
        rows.append((actor, *(" - ".join(cells(pair, is_bounded)) for pair in bounds)))
    return table(header, rows, width, keep=3)


def cells(bounds: Mapping[str, float], is_bounded: bool) -> tuple[str, ...]:
    """Both bounds, or the value itself if nothing was dropped."""
    if is_bounded:
        return per_cent(bounds["lower"]), per_cent(bounds["upper"])
    return (per_cent(bounds["lower"]),)


def per_cent(probability: float) -> str:
    """A probability in per cent."""
    return f"{100 * probability:.{DIGITS}g} %"
