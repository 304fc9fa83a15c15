"""A table of points from CSV text: one column for each axis, one row for each point."""

import csv
import io
import math

from mcescalate.errors import ScenarioError
from mcescalate.scenario.wording import Origin, Problem, quoted

LARGEST_TABLE = 16 * 2**20
"""Bytes of the largest table that is read."""

Value = bool | int | float


def read_table(data: bytes, name: str) -> tuple[list[str], list[list[Value]]]:
    """Column names and rows of a table.

    Raises
    ------
    ScenarioError
        It is no such table; says in which row and column.
    """
    origin = Origin(name)
    if len(data) > LARGEST_TABLE:
        raise _error(origin, f"larger than {LARGEST_TABLE // 2**20} MiB")
    try:
        text = data.decode("utf-8-sig")
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except UnicodeDecodeError as error:
        raise _error(origin, f"byte {error.start} is not UTF-8; save it as UTF-8") from None
    except csv.Error as error:
        raise _error(origin, f"not CSV: {error}") from None
    if len(lines) < 2:
        raise _error(origin, "expected a row of column names and at least one row of numbers")
    header = [cell.strip() for cell in lines[0]]
    if len(header) == 1 and ";" in header[0]:
        raise _error(origin, 'expected commas between columns, found ";"')
    problems = [
        Problem((), f"row 1: expected a name for each column, and each once, found {quoted(cell)}")
        for cell in header
        if not cell or header.count(cell) > 1
    ]
    rows: list[list[Value | None]] = []
    for number, line in enumerate(lines[1:], 2):
        if len(line) != len(header):
            text = f"row {number}: expected {len(header)} columns, found {len(line)}"
            problems.append(Problem((), text))
            continue
        values = [_value(cell.strip()) for cell in line]
        problems += [
            Problem(
                (),
                f"row {number}, column {quoted(header[k])}: expected a number, "
                f"true or false, found {quoted(line[k])}",
            )
            for k, value in enumerate(values)
            if value is None
        ]
        rows.append([value for value in values if value is not None])
    for k, column in enumerate(zip(*rows, strict=True) if rows else ()):
        if len({isinstance(value, bool) for value in column if value is not None}) > 1:
            text = f"column {quoted(header[k])}: expected all numbers, or all true or false"
            problems.append(Problem((), text))
    if problems:
        raise origin.error(problems)
    return header, [[value for value in row if value is not None] for row in rows]


def _error(origin: Origin, text: str) -> ScenarioError:
    return origin.error([Problem((), text)])


def _value(text: str) -> Value | None:
    if text in ("true", "false"):
        return text == "true"
    for kind in (int, float):
        try:
            value = kind(text)
        except ValueError:
            continue
        return value if math.isfinite(value) and abs(value) < 2**53 else None
    return None
