"""Rows as declared models: each field of a `NamedTuple` is a column, and its type reads the cells.

    class Row(NamedTuple):
        ccode: Annotated[int, integer(1, 9999)]
        year: Year
        polity2: Annotated[int | None, optional_integer(-88, 10)]

`read_rows(table, Row)` checks column after column in this order, so that a damaged file is
refused at the first cell of the first column that is wrong.
"""

import datetime
from collections.abc import Callable
from typing import Annotated, Any, TypeVar, get_type_hints

from mcescalate.importing.files.tables import Table

Reader = Callable[[Table, str], list[Any]]
Row = TypeVar("Row")

Year = Annotated[int, Table.years]
Flag = Annotated[bool, Table.flags]
Answer = Annotated[bool | None, Table.answers]
PromiseFlag = Annotated[bool, Table.promised]
Name = Annotated[str, Table.names]
Date = Annotated[datetime.date | None, Table.dates]
OptionalShare = Annotated[float | None, lambda table, column: table.numbers(column, 0.0, 1.0)]


def integer(lower: int, upper: int) -> Reader:
    """Read whole numbers within inclusive bounds, none missing."""
    return lambda table, column: table.whole(column, lower, upper)


def optional_integer(lower: int, upper: int) -> Reader:
    """Read whole numbers within inclusive bounds; None where missing."""
    return lambda table, column: table.known(column, lower, upper)


def first_day(year: str, month: str, day: str) -> Reader:
    """Read days from three columns, none missing; an unknown part is the first possible."""
    return lambda table, _: table.days(year, month, day, last=False, required=True)


def last_day(year: str, month: str, day: str) -> Reader:
    """Read days from three columns, None where missing; an unknown part is the last possible."""
    return lambda table, _: table.days(year, month, day, last=True)


def read_rows(table: Table, model: type[Row]) -> list[Row]:
    """The rows of `table` as instances of `model`.

    Raises
    ------
    DataError
        A cell is not what its column requires.
    """
    hints = get_type_hints(model, include_extras=True)
    columns = [hint.__metadata__[0](table, name) for name, hint in hints.items()]
    return [model(*cells) for cells in zip(*columns, strict=True)]
