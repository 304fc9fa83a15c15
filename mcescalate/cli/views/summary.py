"""A summary of a result as tables. Every probability is printed with its interval."""

from collections.abc import Mapping, Sequence
from typing import Any

from mcescalate.cli.terminal.printing import print_lines, screen_width, stacked, table
from mcescalate.quantities import (
    PREVAILING,
    counted,
    grouped,
    has_interval,
    in_words,
    interval,
    percent,
)

Estimate = Mapping[str, Any]

JOINING = {
    "treaty": "by treaty",
    "opportunism": "by own rivalry",
    "bystander": "as bystander",
}
"""How a third party joins, by the label of the cause."""


def print_summary(summary: Mapping[str, Any]) -> None:
    """Print all tables of a summary (`mcescalate.analysis.estimation.summary`) on stdout."""
    width = screen_width()
    level = f"{summary['interval_level']:.0%} interval".replace("%", " %")
    unit = "crises" if "n_crises" in summary else "chains"
    blocks = (
        heading(summary),
        distribution("outcome", summary["outcomes"], level, width, unit),
        war_lines(summary),
        winners_table(summary["wars"], level, width),
        distribution("peak rung", summary["peak_rungs"], level, width, unit),
        actors_table(summary["actors"], summary["joining_causes"], level, width),
        *sequence_tables(summary.get("sequence"), level, width),
    )
    print_lines(*stacked([block for block in blocks if block]))


def heading(summary: Mapping[str, Any]) -> list[str]:
    """Title, chains and seed."""
    n_chains = summary["n_chains"]
    spans = ", ".join(
        f"{grouped(first)} to {grouped(first + count - 1)}" for first, count in summary["chains"]
    )
    amount = f"{counted(n_chains, 'chains')} (numbers {spans})"
    lines = [str(summary["title"]), f"{amount}, seed {summary['seed']}"]
    if "n_crises" in summary:
        n_periods = len(summary["sequence"]["periods"])
        lines.append(
            f"{counted(summary['n_crises'], 'crises')} in {counted(n_periods, 'periods')} of each "
            "chain; shares are of crises, intervals over chains, and those by period of chains"
        )
    return lines


def sequence_tables(
    sequence: Mapping[str, Any] | None, level: str, width: int | None
) -> list[list[str]]:
    """What happens period by period, who meets again, and how credible promises are."""
    if sequence is None:
        return []
    periods = sequence["periods"]
    rows = [
        (
            str(row["crisis"]),
            *(cell for key in ("quiet", "challenged", "war") for cell in _cells(row[key])),
        )
        for row in periods
    ]
    header = ("period", "quiet", level, "challenge", level, "war", level)
    tables = [table(header, rows, width)]
    again = [
        (in_words(outcome), *(_of(count, sum(counts.values())) for count in counts.values()))
        for outcome, counts in sequence["recurrence"].items()
        if sum(counts.values())
    ]
    if again:
        labels = next(iter(sequence["recurrence"].values()))
        tables.append(table(("next crisis after", *map(in_words, labels)), again, width))
    if sequence["credibility"]:
        shown = [0, len(periods) // 2, len(periods) - 1]
        places = sorted(set(shown))
        ties = [
            (tie, *(f"{means[place]:.2f}" for place in places))
            for tie, means in sequence["credibility"].items()
        ]
        tables.append(table(("mean credibility after period", *map(str, places)), ties, width))
    return tables


def _cells(estimate: Estimate) -> tuple[str, str]:
    return percent(estimate), interval(estimate)


def _of(count: int, n: int) -> str:
    return f"{100 * count / n:.1f} %"


def distribution(
    name: str,
    estimates: Mapping[str, Estimate],
    level: str,
    width: int | None,
    unit: str = "chains",
) -> list[str]:
    """One row for each label: its probability, interval and count."""
    rows = [
        (in_words(label), percent(estimate), interval(estimate), grouped(estimate["count"]))
        for label, estimate in estimates.items()
    ]
    return table((name, "probability", level, unit), rows, width)


def war_lines(summary: Mapping[str, Any]) -> list[str]:
    """Probability of any war, and the shares of wars that were general or began by misreading."""
    war = summary["war"]
    line = f"War (limited or general): {_in_full(war)}"
    if war["count"] == 0:
        return [line]
    wars = summary["wars"]
    lines = [
        line,
        f"Of these wars {percent(wars['general'])} general, "
        f"{percent(wars['began_misread'])} begun by misreading",
    ]
    if "ended" in wars:
        ended = wars["ended"]
        lines += [
            f"Of these wars {_in_full(ended)} end by the horizon",
            f"Median length of a war: {length(wars['median_length'])}",
        ]
    return lines


def _in_full(estimate: Estimate) -> str:
    """A share with its interval, if it has one."""
    text = percent(estimate)
    return f"{text} ({interval(estimate)})" if has_interval(estimate) else text


def length(median: Mapping[str, Any]) -> str:
    """A median length in turns and days with its interval, as far as they are reached."""
    least, most = median.get("days_lower"), median.get("days_upper")
    if median["turns"] is None:
        return "not reached by the horizon" + ("" if least is None else f"; {least:g} days or more")
    text = f"{counted(median['turns'], 'turns')}, {median['days']:g} days"
    if least is None:  # an exact solution has no interval
        return text
    return f"{text} ({least:g} days or more)" if most is None else f"{text} ({least:g} - {most:g})"


def winners_table(wars: Mapping[str, Any], level: str, width: int | None) -> list[str]:
    """One row for each side that may prevail: of all wars, and of those that end."""
    if "prevailing" not in wars or not wars["ended"]["probability"]:
        return []
    rows = []
    for winner, of_all in wars["prevailing"].items():
        cells = [PREVAILING[winner], percent(of_all), interval(of_all)]
        of_ended = wars["prevailing_of_ended"].get(winner)
        cells += [percent(of_ended), interval(of_ended)] if of_ended else ["", ""]
        rows.append((*cells, grouped(of_all["count"])))
    return table(("prevails", "of wars", level, "of wars that end", level, "wars"), rows, width)


def actors_table(
    actors: Mapping[str, Mapping[str, Any]], causes: Sequence[str], level: str, width: int | None
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
        *(JOINING[cause] for cause in causes),
    )
    rows = []
    for actor, of_actor in actors.items():
        sides = of_actor["engaged_by_side"]
        rows.append(
            (
                actor,
                percent(of_actor["engaged"]),
                interval(of_actor["engaged"]),
                percent(of_actor["at_war"]),
                interval(of_actor["at_war"]),
                *(percent(sides[side]) for side in ("initiator", "target")),
                *(percent(of_actor["entered_by_cause"][cause]) for cause in causes),
            )
        )
    return table(header, rows, width, keep=4)
