"""CSV files, read as tables, and their headers."""

import csv
import io
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mcescalate.errors import DataError
from mcescalate.importing.files.raw_text import read_text, shown
from mcescalate.importing.files.tables import Table

MOST_COLUMNS = 2000

_ROW_NAMES = re.compile(r'\s*"[^\n]*\n"\d+",')
"""How a file from R's write.table begins: row names, whose column has no name."""
_OTHER_MARKS = {";": "semicolons", "\t": "tabs", "|": "bars"}


@dataclass(frozen=True)
class Header:
    """The first line of a file that is not blank.

    Parameters
    ----------
    columns : names of columns, in small letters
    words : every name in the line, whatever separates them, reduced to letters and digits
    """

    columns: tuple[str, ...]
    words: frozenset[str]


def header_of(text: str) -> Header:
    """The header at the beginning of a text; without columns if the text is blank."""
    text = _plain_ends(text).lstrip("\n")
    line = text.partition("\n")[0].lower()
    cells: list[str] = []
    with suppress(csv.Error):
        cells = next(filter(any, _reader(text)), [])
    columns = tuple(cell.strip().lower() for cell in cells)
    words = {re.sub(r"\W|_", "", word) for word in (*columns, *re.findall(r"\w+", line))} - {""}
    return Header(columns, frozenset(words))


def read_table(path: Path) -> Table:
    """Read a CSV file.

    Raises
    ------
    DataError
        The file is damaged, or is no table; the message names the line.
    UsageError
        There is no such file.
    """
    text, remark = read_text(path)
    text = _plain_ends(text)
    if not text.strip():
        raise DataError(f"{shown(path)}: line 1: expected column names, found nothing")
    reader = _reader(text)
    header: list[str] = []
    rows: list[list[str]] = []
    lines: list[int] = []
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = _header(path, reader.line_num, cells)
                continue
            if not rows and len(cells) == len(header) + 1 and _ROW_NAMES.match(text):
                header.insert(0, "")
            if len(cells) != len(header):
                raise DataError(
                    f"{shown(path)}: line {reader.line_num}, column "
                    f"{header[min(len(cells), len(header)) - 1]}: expected {len(header)} "
                    f"cells as in the header, found {len(cells)}"
                )
            rows.append(cells)
            lines.append(reader.line_num)
    except csv.Error as error:
        raise DataError(f"{shown(path)}: line {reader.line_num}: {error}") from None
    if not rows:
        raise DataError(f"{shown(path)}: line 1: expected rows below the header, found none")
    columns: dict[str, tuple[str, ...]] = {}
    remarks = [remark] if remark else []
    for name, cells in zip(header, zip(*rows, strict=True), strict=True):
        columns[name] = tuple(map(str.strip, cells))
        remarks += _blanks(name, cells, columns[name], lines)
    if text.count('"') % 2:
        remarks.append("odd number of quotation marks: one is missing or superfluous")
    last = columns[header[-1]]
    if not text.endswith("\n") and last[-1] not in last[:-1]:
        remarks.append(f"line {lines[-1]} has no line end: the file may be truncated there")
    return Table(shown(path), columns, tuple(lines), remarks)


def _reader(text: str) -> Any:
    return csv.reader(io.StringIO(text, newline=""), strict=True, skipinitialspace=True)


def _plain_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _header(path: Path, line: int, cells: list[str]) -> list[str]:
    names = [cell.strip().lower() for cell in cells]
    where = f"{shown(path)}: line {line}"
    if len(names) > MOST_COLUMNS:
        raise DataError(f"{where}: more than {MOST_COLUMNS} columns")
    if len(names) == 1:
        for mark, word in _OTHER_MARKS.items():
            if mark in names[0]:
                raise DataError(
                    f"{where}: columns are separated by {word}; "
                    "save the file with commas, as it was published"
                )
    for name in names:
        if names.count(name) > 1 and name:
            raise DataError(f"{where}, column {name}: appears twice")
    return names


def _blanks(
    name: str, cells: tuple[str, ...], stripped: tuple[str, ...], lines: list[int]
) -> list[str]:
    """A remark if a blank follows a few numbers of a column, as if a digit were lost."""
    if cells == stripped:
        return []
    padded = [
        line
        for cell, bare, line in zip(cells, stripped, lines, strict=True)
        if cell != bare and bare.isdecimal()
    ]
    if not padded or len(padded) > len(cells) // 2:
        return []
    return [f"line {padded[0]}, column {name}: a blank follows a number, which may lack a digit"]
