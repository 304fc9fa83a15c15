"""Tables: columns of text, read as numbers, days and names.

A cell that cannot be read is reported with its file, line and column.
"""

import calendar
import datetime
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any, Literal, NoReturn, TypeVar, overload

from mcescalate.errors import DataError
from mcescalate.importing.files.raw_text import UNSHOWN
from mcescalate.quantities import counted
from mcescalate.scenario.fields import plain_number
from mcescalate.scenario.wording import found, quoted

FIRST_YEAR, LAST_YEAR = 1400, 2200
"""Bounds of plausible years."""

_BLANK = {"", ".", "na", "nan", "<na>", "n/a", "null", "none"}
"""How R, pandas, Stata and people mark missing values, in lower case."""
_MISSING = -9
_LOGICAL = {"true": True, "false": False}
"""What R and pandas write for 1 and 0."""

Value = TypeVar("Value")


@dataclass(frozen=True)
class Table:
    """A CSV file: its columns by name in lower case, as text.

    Parameters
    ----------
    name : the file, as messages name it
    columns : the cells of each column, without blanks at their ends
    lines : line of each row in the file
    remarks : what the report says about how the file was read
    spelt : the file's own names of renamed columns
    """

    name: str
    columns: dict[str, tuple[str, ...]]
    lines: tuple[int, ...]
    remarks: list[str] = field(default_factory=list)
    spelt: Mapping[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.lines)

    def refuse(self, row: int, column: str, text: str) -> NoReturn:
        """Raise an error about a cell.

        Raises
        ------
        DataError
            Always.
        """
        column = self.spelt.get(column, column)
        raise DataError(f"{self.name}: line {self.lines[row]}, column {column}: {text}")

    def renamed(self, names: Mapping[str, str]) -> "Table":
        """The same table with some columns renamed; messages keep the file's own names."""
        columns = {names.get(name, name): cells for name, cells in self.columns.items()}
        return replace(self, columns=columns, spelt={new: old for old, new in names.items()})

    def texts(self, column: str) -> tuple[str, ...]:
        """A column as it stands; empty texts where the file does not have it."""
        return self.columns.get(column) or ("",) * len(self)

    def is_empty(self, column: str) -> bool:
        """Whether every cell of a column is missing."""
        return all(_is_missing(cell) for cell in self.texts(column))

    def names(self, column: str) -> list[str]:
        """A column of names; empty where missing.

        Raises
        ------
        DataError
            A cell has control characters, or is longer than any name.
        """
        return self._values(column, self._name)

    def whole(self, column: str, lower: int, upper: int) -> list[int]:
        """A column of whole numbers within inclusive bounds, none missing.

        Raises
        ------
        DataError
            A cell is missing or not such a number.
        """
        return self._values(column, partial(self._whole, lower, upper))

    def known(self, column: str, lower: int, upper: int) -> list[int | None]:
        """A column of whole numbers within inclusive bounds; None where missing.

        Blank cells are missing, and so is -9 unless it lies within the bounds.

        Raises
        ------
        DataError
            A cell is not such a number.
        """
        return self._values(column, partial(self._known, lower, upper))

    def flags(self, column: str) -> list[bool]:
        """A column of 0 and 1, or FALSE and TRUE; a missing value is False.

        Raises
        ------
        DataError
            A cell has another value.
        """
        return [value is True for value in self.answers(column)]

    def answers(self, column: str) -> list[bool | None]:
        """A column of 0 and 1, or FALSE and TRUE; None where missing.

        Raises
        ------
        DataError
            A cell has another value.
        """
        return self._values(column, self._answer)

    def promised(self, column: str) -> list[bool]:
        """A column of 0 and 1, or FALSE and TRUE, for promises: missing values get a remark.

        Raises
        ------
        DataError
            A cell has another value.
        """
        values = self.answers(column)
        missing = [self.lines[row] for row, value in enumerate(values) if value is None]
        if missing:
            self.remarks.append(
                f"column {column}: missing in {counted(len(missing), 'rows')}, the first in line "
                f"{missing[0]}; treated as no promise"
            )
        return [value is True for value in values]

    def numbers(self, column: str, lower: float, upper: float) -> list[float | None]:
        """A column of numbers within inclusive bounds; None where missing.

        Raises
        ------
        DataError
            A cell is not such a number.
        """
        return self._values(column, partial(self._number, lower, upper))

    def years(self, column: str) -> list[int]:
        """A column of years, none missing."""
        return self.whole(column, FIRST_YEAR, LAST_YEAR)

    @overload
    def days(
        self, year: str, month: str, day: str, *, last: bool, required: Literal[True]
    ) -> list[datetime.date]: ...

    @overload
    def days(
        self, year: str, month: str, day: str, *, last: bool, required: bool = False
    ) -> list[datetime.date | None]: ...

    def days(
        self, year: str, month: str, day: str, *, last: bool, required: bool = False
    ) -> list[Any]:
        """Dates from three columns; None where the year is missing or 0.

        Parameters
        ----------
        last : whether an unknown month or day means the last one possible, not the first
        required : whether every row needs a year

        Raises
        ------
        DataError
            The cells are no date, or a required year is missing.
        """
        parts = zip(
            self.known(year, 0, LAST_YEAR),
            self.known(month, 0, 12),
            self.known(day, 0, 31),
            strict=True,
        )
        dates = [
            self._day(row, (year, day), y, m or (12 if last else 1), d, last) if y else None
            for row, (y, m, d) in enumerate(parts)
        ]
        if required and None in dates:
            self.refuse(dates.index(None), year, "expected a year, found nothing")
        return dates

    def dates(self, column: str) -> list[datetime.date | None]:
        """A column of dates such as 1914-06-28; None where missing.

        Raises
        ------
        DataError
            A cell is no date.
        """
        return self._values(column, self._date)

    def in_order(self, begins: list[Any], ends: list[Any], column: str) -> None:
        """Check that no row ends before it begins; None has no end.

        Raises
        ------
        DataError
            A row does; `column` is the column of the end.
        """
        for row, (begin, end) in enumerate(zip(begins, ends, strict=True)):
            if begin is not None and end is not None and end < begin:
                self.refuse(row, column, f"ends at {end}, before it begins at {begin}")

    def once(self, keys: list[Any], column: str, what: str) -> None:
        """Check that no two rows have the same key.

        Raises
        ------
        DataError
            Two rows do; files or years have been mixed.
        """
        first: dict[Any, int] = {}
        for row, key in enumerate(keys):
            earlier = first.setdefault(key, row)
            if earlier != row:
                self.refuse(row, column, f"{what} is already in line {self.lines[earlier]}")

    @cached_property
    def version(self) -> str:
        """The version that all rows share; empty if the file has none.

        Raises
        ------
        DataError
            The rows are of different versions.
        """
        versions = self.names("version")
        for row, version in enumerate(versions):
            if version != versions[0]:
                self.refuse(
                    row,
                    "version",
                    f"version {quoted(version)} after {quoted(versions[0])}: "
                    "two versions of the data are mixed in one file",
                )
        return versions[0] if versions else ""

    def _values(self, column: str, read: Callable[[int, str, str], Value]) -> list[Value]:
        """The cells of a column; each distinct cell is read once."""
        seen: dict[str, Value] = {}
        values = []
        for row, cell in enumerate(self.texts(column)):
            if cell not in seen:
                seen[cell] = read(row, column, cell)
            values.append(seen[cell])
        return values

    def _name(self, row: int, column: str, cell: str) -> str:
        if UNSHOWN.search(cell) or len(cell) > 200:
            self.refuse(row, column, f"expected a name, found {found(cell)}")
        return "" if _is_missing(cell) else cell

    def _answer(self, row: int, column: str, cell: str) -> bool | None:
        if cell.casefold() in _LOGICAL:
            return _LOGICAL[cell.casefold()]
        number = self._known(0, 1, row, column, cell)
        return None if number is None else number == 1

    def _known(self, lower: int, upper: int, row: int, column: str, cell: str) -> int | None:
        number = _number(cell)
        if _is_missing(cell) and (number is None or not lower <= number <= upper):
            return None
        return self._whole(lower, upper, row, column, cell)

    def _whole(self, lower: int, upper: int, row: int, column: str, cell: str) -> int:
        number = _number(cell)
        if number is not None and lower <= number <= upper and number == math.floor(number):
            return int(number)
        self.refuse(
            row, column, f"expected a whole number from {lower} to {upper}, found {found(cell)}"
        )

    def _date(self, row: int, column: str, cell: str) -> datetime.date | None:
        if _is_missing(cell):
            return None
        try:
            return datetime.datetime.fromisoformat(cell).date()
        except ValueError:
            self.refuse(row, column, f"expected a date such as 1914-06-28, found {found(cell)}")

    def _number(self, lower: float, upper: float, row: int, column: str, cell: str) -> float | None:
        number = _number(cell)
        if number is not None and lower <= number <= upper:
            return number
        if _is_missing(cell):
            return None
        bounds = f"from {plain_number(lower)} to {plain_number(upper)}"
        self.refuse(row, column, f"expected a number {bounds}, found {found(cell)}")

    def _day(
        self,
        row: int,
        columns: tuple[str, str],
        year: int,
        month: int,
        day: int | None,
        last: bool,
    ) -> datetime.date:
        if year < FIRST_YEAR:
            self.refuse(row, columns[0], f"expected a year from {FIRST_YEAR}, found {year}")
        longest = calendar.monthrange(year, month)[1]
        if day and day > longest:
            self.refuse(row, columns[1], f"there is no day {day} in month {month} of {year}")
        return datetime.date(year, month, day or (longest if last else 1))


def _is_missing(cell: str) -> bool:
    return cell.casefold() in _BLANK or _number(cell) == _MISSING


def _number(cell: str) -> float | None:
    """The number in a cell, or None."""
    if "_" in cell:
        return None
    try:
        number = float(cell)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
