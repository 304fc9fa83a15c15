"""Tables as CSV that a spreadsheet can open without harm.

A spreadsheet takes a text cell that begins with = + - @ for a formula, and runs it. Such
texts get an apostrophe in front; numbers are left as they are.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import xarray as xr

_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")


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
    """`cell`, with an apostrophe in front of a text that a spreadsheet would run."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_RISKY) else cell
