"""Tables as CSV that a spreadsheet can open without harm.

A spreadsheet takes a text cell that begins with = + - @ for a formula, and runs it. Such
texts get an apostrophe in front, and so does what a spreadsheet that parts cells at semicolons
would take for one; numbers are left as they are.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import xarray as xr

_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
_AFTER_SEMICOLON = re.compile(r";\s*(?=[=+\-@])")


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """CSV with a line for the names of columns and one for each row."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([harmless(name) for name in header])
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue()


def dataset_csv(dataset: "xr.Dataset") -> str:
    """A dataset as CSV: one row for each combination of labels, then every variable."""
    frame = dataset.to_dataframe().reset_index()
    return csv_text([str(name) for name in frame.columns], frame.itertuples(index=False))


def harmless(cell: Any) -> Any:
    """`cell`, with apostrophes wherever a spreadsheet would see the beginning of a formula."""
    if not isinstance(cell, str):
        return cell
    text = _AFTER_SEMICOLON.sub(r"\g<0>'", cell)
    return f"'{text}" if text.startswith(_RISKY) else text
