"""Datasets of estimates as plain nested dicts, by label: what `--json` prints."""

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import xarray as xr


def nested(dataset: "xr.Dataset", *dims: str) -> dict[str, Any]:
    """Values by label of the first of `dims`, then of the next one, then by variable.

    Parameters
    ----------
    dims : all dims of `dataset`, in the order wanted; its own order by default

    Returns
    -------
    Whole numbers as int, others as float; what is not known, or is without bound, as None.
    """
    order = dims or tuple(map(str, dataset.dims))
    if not order:
        return {str(name): plain_number(dataset[name].item()) for name in dataset.data_vars}
    first, *others = order
    if not others:
        columns = {str(name): dataset[name] for name in dataset.data_vars}
        rows = {str(label): {} for label in dataset[first].values.tolist()}
        for name, column in columns.items():
            values = column.values.tolist() if column.dims else [column.item()] * len(rows)
            for row, value in zip(rows.values(), values, strict=True):
                row[name] = plain_number(value)
        return rows
    return {
        str(label): nested(dataset.isel({first: place}), *others)
        for place, label in enumerate(dataset[first].values.tolist())
    }


def plain_number(value: Any) -> Any:
    """`value`, or None for a float that is not finite."""
    return None if isinstance(value, float) and not math.isfinite(value) else value
