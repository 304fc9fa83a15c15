"""What changes between runs on the same chains, as tables for a person."""

from collections.abc import Mapping
from typing import Any

from mcescalate.analysis.deterrence import FACTOR_NAMES
from mcescalate.cli.answer import interval, percent
from mcescalate.cli.terminal import table
from mcescalate.quantities import grouped

Row = Mapping[str, Any]


def changes_table(
    name: str,
    rows: Mapping[str, Row],
    level: str,
    width: int | None,
    *,
    sides: tuple[str, str] = ("first", "second"),
) -> list[str]:
    """One row for each label: both shares, the change in percentage points, its interval."""
    header = (name, *sides, "change", level, "narrower")
    cells = [
        (
            label.replace("_", " "),
            percent(_side(row, "first")),
            percent(_side(row, "second")),
            change(row),
            change_interval(row),
            times(row["narrowing"]),
        )
        for label, row in rows.items()
    ]
    return table(header, cells, width, keep=4)


def splits_table(rows: Mapping[str, Row], level: str, width: int | None) -> list[str]:
    """One row for each kind of chain that differs."""
    cells = [
        (label.replace("_", " "), percent(row), interval(row), grouped(row["count"]))
        for label, row in rows.items()
    ]
    return table(("chains with", "share", level, "chains"), cells, width)


def factors_table(rows: Mapping[str, Row], level: str, width: int | None) -> list[str]:
    """One row for each factor of the expected number of states at war."""
    cells = [
        (
            FACTOR_NAMES[label],
            number(row["first"]),
            number(row["second"]),
            f"x {number(row['ratio'])}",
            f"{number(row['lower'])} - {number(row['upper'])}",
        )
        for label, row in rows.items()
    ]
    return table(("factor", "first", "second", "ratio", level), cells, width)


def change(row: Row) -> str:
    """The change in percentage points, with its sign, to the digits its interval supports."""
    return f"{100 * row['difference']:+.{_digits(row)}f}"


def change_interval(row: Row) -> str:
    """The interval of the change in percentage points."""
    digits = _digits(row)
    return f"{100 * row['lower']:+.{digits}f} to {100 * row['upper']:+.{digits}f}"


def times(ratio: float | None) -> str:
    """How many times narrower the paired interval is."""
    return "-" if ratio is None else f"{ratio:.1f} x"


def number(value: float | None) -> str:
    """Three decimals, or a dash."""
    return "-" if value is None else f"{value:.3f}"


def _side(row: Row, side: str) -> dict[str, Any]:
    return {
        "probability": row[side],
        "lower": row[f"{side}_lower"],
        "upper": row[f"{side}_upper"],
    }


def _digits(row: Row) -> int:
    """Decimals at which half of the interval shows two figures, from 1 to 6."""
    half = 50 * (row["upper"] - row["lower"])
    digits = 1
    while digits < 6 and half < 10 ** (1 - digits):
        digits += 1
    return digits
