"""Direct contiguity: which states touch on land, or across how much water."""

import datetime
from dataclasses import dataclass

from mcescalate.importing.datasets.states import MOST_CODE
from mcescalate.importing.files.tables import FIRST_YEAR, LAST_YEAR, Table

APART, LAND, MOST_TYPE = 0, 1, 5
"""Types of border; a list may also say of two states that they do not touch."""


@dataclass(frozen=True)
class Border:
    """Two states that touch, from one month to another.

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
    firsts, lasts = _months(table, "begin"), _months(table, "end")
    table.in_order([f"{y}-{m:02}" for y, m in firsts], [f"{y}-{m:02}" for y, m in lasts], "end")
    rows = zip(
        table.whole("statelno", 1, MOST_CODE),
        table.whole("statehno", 1, MOST_CODE),
        table.whole("conttype", APART, MOST_TYPE),
        firsts,
        lasts,
        strict=True,
    )
    borders = []
    for row, (low, high, type_, first, last) in enumerate(rows):
        if low == high:
            table.refuse(row, "statehno", f"state {high} touches itself")
        if type_ == APART:
            continue
        borders.append(Border((min(low, high), max(low, high)), type_, first, last))
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
    """A column of year and month as one number, or of dates whose days mean nothing."""
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
