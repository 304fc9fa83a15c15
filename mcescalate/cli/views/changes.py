"""Differences between runs on the same chains, as tables."""

from collections.abc import Mapping, Sequence
from typing import Any

from mcescalate.analysis.mechanisms.deterrence import FACTOR_NAMES
from mcescalate.cli.terminal.printing import print_lines, screen_width, stacked, table
from mcescalate.quantities import (
    UNKNOWN,
    chains_to_detect,
    change,
    change_interval,
    counted,
    factor,
    grouped,
    in_words,
    interval,
    one_side,
    percent,
    times,
)

Row = Mapping[str, Any]
Answer = Mapping[str, Any]

MOST_PERIODS = 12
"""Periods that a table shows at most."""

TO_DETECT = "chains to detect"
STARS = (
    "* cannot be distinguished from no change: the interval includes it",
    f'"{TO_DETECT}": about the number of chains that would detect a change of this size;',
    "unknown where none was observed",
)


def print_comparison(answer: Answer) -> None:
    """Print all tables of a comparison."""
    width = screen_width()
    level = _level(answer)
    at_war = {actor: rows["at_war"] for actor, rows in answer["actors"].items()}
    chains = counted(answer["n_chains"], "chains")
    heading = (
        f"first: {answer['first']}",
        f"second: {answer['second']}",
        f"the same {chains}, seed {answer['seed']}; changes in percentage points",
    )
    blocks = (
        heading,
        changes_table("event", answer["events"], level, width),
        splits_table(answer["splits"], level, width),
        factors_table(answer["factors"], level, width),
        changes_table("at war", at_war, level, width),
        *period_tables(answer, level, width),
        *note_on_stars(answer["events"], answer["factors"], at_war),
    )
    print_lines(*stacked(blocks))


def print_branches(answer: Answer) -> None:
    """Print all tables of the branches of one chain."""
    width = screen_width()
    level = _level(answer)
    at_war = {actor: rows["at_war"] for actor, rows in answer["actors"].items()}
    turn = answer["from_turn"]
    heading = (
        f"{answer['title'] or 'untitled scenario'}: chain {answer['chain']} of seed "
        f"{answer['seed']}, which ended in turn {len(answer['path']) - 1}: "
        f"{in_words(answer['outcome'])}",
        f"highest rung at the start of turn {turn}: {answer['path'][turn - 1]}",
        f"from turn {turn} on: {', '.join(answer['changes']) or 'nothing changed'}",
        f"{counted(answer['n_branches'], 'branches')} without and with the change, on the same "
        "random numbers; changes in percentage points",
    )
    sides = ("unchanged", "changed")
    blocks = (
        heading,
        changes_table("event", answer["events"], level, width, sides=sides),
        splits_table(answer["splits"], level, width, of="branches"),
        changes_table("at war", at_war, level, width, sides=sides),
        *note_on_stars(answer["events"], at_war),
    )
    print_lines(*stacked(blocks))


def period_tables(answer: Answer, level: str, width: int | None) -> list[list[str]]:
    """Changes period by period, where chains are several crises each; the first ones if many."""
    if "periods" not in answer:
        return []
    remark = "Above, chains of several crises count by their worst one. Below, period by period:"
    tables = [[remark]]
    for event in ("crisis", "war"):
        rows = dict(list(answer["periods"][event].items())[:MOST_PERIODS])
        tables.append(changes_table(f"{event} in period", rows, level, width))
    return tables


def print_ranking(answer: Answer, *, together: bool) -> None:
    """Print levers by their effect.

    Parameters
    ----------
    together : whether the intervals hold jointly
    """
    rows = answer["levers"]
    heading = (
        answer["title"],
        f"P({in_words(answer['of'])}) in the scenario and with each change; "
        f"the same {counted(answer['n_chains'], 'chains')}, seed {answer['seed']}; "
        "changes in percentage points",
        *note_on_sequences(answer),
    )
    level = "joint interval" if together else _level(answer)
    changes = changes_table("lever", rows, level, screen_width(), sides=("scenario", "changed"))
    print_lines(*stacked((heading, changes, *note_on_stars(rows))))


def note_on_sequences(answer: Answer) -> tuple[str, ...]:
    """A line on how chains of several crises count, if they are."""
    if "n_periods" not in answer:
        return ()
    return (f"chains of {counted(answer['n_periods'], 'periods')} count by their worst crisis",)


def _level(answer: Answer) -> str:
    return f"{answer['interval_level']:.0%} interval".replace("%", " %")


def changes_table(
    name: str,
    rows: Mapping[str, Row],
    level: str,
    width: int | None,
    *,
    sides: tuple[str, str] = ("first", "second"),
) -> list[str]:
    """One row for each label: both shares, the change in percentage points, its interval.

    A change that cannot be distinguished from none has a star, which `note_on_stars` explains.
    """
    header = (name, *sides, "change", level, TO_DETECT, "narrower")
    cells = [
        (
            starred(in_words(label), row),
            percent(one_side(row, "first")),
            percent(one_side(row, "second")),
            change(row),
            change_interval(row),
            chains_to_detect(row),
            times(row["narrowing"]),
        )
        for label, row in rows.items()
    ]
    return table(header, cells, width, keep=4)


def splits_table(
    rows: Mapping[str, Row], level: str, width: int | None, *, of: str = "chains"
) -> list[str]:
    """One row for each kind of chain, or branch of one, that differs."""
    cells = [
        (in_words(label), percent(row), interval(row), grouped(row["count"]))
        for label, row in rows.items()
    ]
    return table((f"{of} with", "share", level, of), cells, width)


def factors_table(rows: Mapping[str, Row], level: str, width: int | None) -> list[str]:
    """One row for each factor of the expected number of states at war."""
    cells = [
        (
            starred(FACTOR_NAMES[label], row),
            factor(row["first"]),
            factor(row["second"]),
            *ratio_cells(row),
        )
        for label, row in rows.items()
    ]
    return table(("factor", "first", "second", "ratio", level, TO_DETECT), cells, width)


def ratio_cells(row: Row) -> tuple[str, str, str]:
    """The ratio, its interval and the chains that would detect it; unknown without an event."""
    if row["ratio"] is None:
        return (UNKNOWN,) * 3
    interval = f"{factor(row['lower'])} - {factor(row['upper'])}"
    return f"x {factor(row['ratio'])}", interval, chains_to_detect(row)


def note_on_stars(*tables: Mapping[str, Row]) -> list[Sequence[str]]:
    """A block of lines that explains the star, if any row of these tables has one."""
    rows = [row for table in tables for row in table.values()]
    return [] if all(row["is_detected"] for row in rows) else [STARS]


def starred(label: str, row: Row) -> str:
    """The label, with a star if the change cannot be distinguished from none."""
    return label if row["is_detected"] else f"{label} *"
