"""A summary of a result as tables. Every probability is printed with its interval."""

from collections.abc import Mapping
from typing import Any

from mcescalate.cli.terminal.printing import print_lines, screen_width, stacked, table
from mcescalate.quantities import counted, grouped, in_words, interval, percent

Estimate = Mapping[str, Any]


def print_summary(summary: Mapping[str, Any]) -> None:
    """Print all tables of a summary (`mcescalate.analysis.estimation.summary`) on stdout."""
    width = screen_width()
    level = f"{summary['interval_level']:.0%} interval".replace("%", " %")
    blocks = (
        heading(summary),
        distribution("outcome", summary["outcomes"], level, width),
        war_lines(summary),
        distribution("peak rung", summary["peak_rungs"], level, width),
        actors_table(summary["actors"], level, width),
    )
    print_lines(*stacked(blocks))


def heading(summary: Mapping[str, Any]) -> list[str]:
    """Title, chains and seed."""
    n_chains = summary["n_chains"]
    spans = ", ".join(
        f"{grouped(first)} to {grouped(first + count - 1)}" for first, count in summary["chains"]
    )
    amount = f"{counted(n_chains, 'chains')} (numbers {spans})"
    return [str(summary["title"]), f"{amount}, seed {summary['seed']}"]


def distribution(
    name: str, estimates: Mapping[str, Estimate], level: str, width: int | None
) -> list[str]:
    """One row for each label: its probability, interval and count."""
    rows = [
        (in_words(label), percent(estimate), interval(estimate), grouped(estimate["count"]))
        for label, estimate in estimates.items()
    ]
    return table((name, "probability", level, "chains"), rows, width)


def war_lines(summary: Mapping[str, Any]) -> list[str]:
    """Probability of any war, and the shares of wars that were general or began by misreading."""
    war = summary["war"]
    line = f"War (limited or general): {percent(war)} ({interval(war)})"
    if war["count"] == 0:
        return [line]
    general, misread = summary["wars"]["general"], summary["wars"]["began_misread"]
    return [
        line,
        f"Of these wars {percent(general)} general, {percent(misread)} begun by misreading",
    ]


def actors_table(
    actors: Mapping[str, Mapping[str, Any]], level: str, width: int | None
) -> list[str]:
    """One row for each actor: engaged and at war, then by side and by cause of entry."""
    header = (
        "actor",
        "engaged",
        level,
        "at war",
        level,
        "initiator's side",
        "target's side",
        "by treaty",
        "by own rivalry",
    )
    rows = []
    for actor, of_actor in actors.items():
        sides, causes = of_actor["engaged_by_side"], of_actor["entered_by_cause"]
        rows.append(
            (
                actor,
                percent(of_actor["engaged"]),
                interval(of_actor["engaged"]),
                percent(of_actor["at_war"]),
                interval(of_actor["at_war"]),
                *(percent(sides[side]) for side in ("initiator", "target")),
                *(percent(causes[cause]) for cause in ("treaty", "opportunism")),
            )
        )
    return table(header, rows, width, keep=4)
