"""Direct contiguity: which states share a border, on land or across how much water."""

import datetime
from dataclasses import dataclass
from typing import Annotated, NamedTuple

from mcescalate.importing.datasets.states import Code
from mcescalate.importing.files.rows import integer, read_rows
from mcescalate.importing.files.tables import FIRST_YEAR, LAST_YEAR, Table

APART, LAND, MOST_TYPE = 0, 1, 5
"""Types of border; a list may also have pairs of states without one."""


@dataclass(frozen=True)
class Border:
    """Two contiguous states, from one month to another.

    Parameters
    ----------
    codes : COW country codes, the lower one first
    type : 1 land; 2 to 5 water up to 12, 24, 150 and 400 miles
    first, last : year and month
    """

    codes: tuple[int, int]
    type: int
    first: tuple[int, int]
    last: tuple[int, int]


def read_borders(table: Table) -> list[Border]:
    """The borders in a file of direct contiguity.

    Raises
    ------
    DataError
        The table is damaged.
    """
    rows = read_rows(table, _Row)
    table.in_order(
        ["{}-{:02}".format(*row.begin) for row in rows],
        ["{}-{:02}".format(*row.end) for row in rows],
        "end",
    )
    borders = []
    for i, row in enumerate(rows):
        low, high = sorted((row.statelno, row.statehno))
        if low == high:
            table.refuse(i, "statehno", f"state {high} has a border with itself")
        if row.conttype != APART:
            borders.append(Border((low, high), row.conttype, row.begin, row.end))
    return borders


def borders_on(borders: list[Border], day: datetime.date) -> list[Border]:
    """The borders on `day`, or at the end of the file before it."""
    month = min((day.year, day.month), max(border.last for border in borders))
    return [border for border in borders if border.first <= month <= border.last]


def types_on(borders: list[Border], day: datetime.date) -> dict[tuple[int, int], int]:
    """The nearest type of border of each pair on `day`, or at the end of the file before it."""
    nearest: dict[tuple[int, int], int] = {}
    for border in borders_on(borders, day):
        nearest[border.codes] = min(border.type, nearest.get(border.codes, MOST_TYPE))
    return nearest


def _months(table: Table, column: str) -> list[tuple[int, int]]:
    """A column of years and months as one number, or of dates whose days are ignored."""
    months = []
    if any("-" in cell[1:] for cell in table.texts(column)):
        for row, day in enumerate(table.dates(column)):
            if day is None:
                table.refuse(row, column, "expected a date, found nothing")
            months.append((day.year, day.month))
        return months
    numbers = table.whole(column, 100 * FIRST_YEAR, 100 * LAST_YEAR + 12)
    for row, number in enumerate(numbers):
        year, month = divmod(number, 100)
        if not 1 <= month <= 12:
            table.refuse(row, column, f"expected a year and a month from 01 to 12, found {number}")
        months.append((year, month))
    return months


class _Row(NamedTuple):
    begin: Annotated[tuple[int, int], _months]
    end: Annotated[tuple[int, int], _months]
    statelno: Code
    statehno: Code
    conttype: Annotated[int, integer(APART, MOST_TYPE)]
