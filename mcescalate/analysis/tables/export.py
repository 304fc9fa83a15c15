"""Estimates for other programs: as nested dicts, which become JSON, and as text of CSV.

A spreadsheet runs a text cell that begins with = + - @ as a formula. Such cells get a leading
apostrophe, also where a spreadsheet that splits cells at semicolons would see one. Numbers
stay as they are.
"""

import csv
import io
import math
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["to_dict"]

_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
_AFTER_SEMICOLON = re.compile(r";\s*(?=[=+\-@])")


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """CSV with a line for the names of columns and one for each row."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([harmless(name) for name in header])
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue()


def harmless(cell: Any) -> Any:
    """`cell`, with apostrophes wherever a spreadsheet would see the beginning of a formula."""
    if not isinstance(cell, str):
        return cell
    text = _AFTER_SEMICOLON.sub(r"\g<0>'", cell)
    return f"'{text}" if text.startswith(_RISKY) else text


def to_dict(dataset: "xr.Dataset", *dims: str) -> dict[str, Any]:
    """Turn a dataset into nested dicts: by label of the first dim, of the next one, by variable.

    Parameters
    ----------
    dataset
        Estimates or counts with any dims.
    *dims
        All dims of `dataset`, in the order wanted; its own order by default.

    Returns
    -------
    dict
        Whole numbers as int, others as float; unknown and unbounded values as None.

    Examples
    --------
    >>> import mcescalate as mc
    >>> result = mc.simulate(mc.load_case("july-1914"), n_chains=1000, seed=7)
    >>> found = mc.analysis.estimate.shares(result, "outcome_count")
    >>> mc.analysis.export.to_dict(found[["probability"]])["general_war"]
    {'probability': 0.355}
    """
    order = dims or tuple(map(str, dataset.dims))
    if not order:
        return {str(name): plain_number(dataset[name].item()) for name in dataset.data_vars}
    first, *others = order
    if not others:
        columns = {str(name): dataset[name] for name in dataset.data_vars}
        rows: dict[str, Any] = {str(label): {} for label in dataset[first].values.tolist()}
        for name, column in columns.items():
            values = column.values.tolist() if column.dims else [column.item()] * len(rows)
            for row, value in zip(rows.values(), values, strict=True):
                row[name] = plain_number(value)
        return rows
    return {
        str(label): to_dict(dataset.isel({first: place}), *others)
        for place, label in enumerate(dataset[first].values.tolist())
    }


def plain_number(value: Any) -> Any:
    """`value`, or None for a float that is not finite."""
    return None if isinstance(value, float) and not math.isfinite(value) else value
