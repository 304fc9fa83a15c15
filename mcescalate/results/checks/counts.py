"""Checks of all counts: present, none negative, and consistent with their totals."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mcescalate.errors import DataError
from mcescalate.model.counts import DIMS, RUN_COUNTS, SWEEP_COUNTS, Count, Total
from mcescalate.results.variables import SCHEMA_VERSION, mask_name

SEQUENCE_DIM = "crisis"
"""The dim that only results of several crises a chain have."""

if TYPE_CHECKING:
    import xarray as xr

    from mcescalate.results.arrays import Array, Arrays


def check_counts(dataset: "Arrays | xr.Dataset", name: str = "result") -> None:
    """Check that counts are there, none is negative, and each adds up to what it must.

    Raises
    ------
    DataError
        Names the first variable that does not.
    """
    over = ("point",) if "point" in dataset.dims else ()
    counts = stored_counts(SWEEP_COUNTS if over else RUN_COUNTS, dataset)
    check_names(dataset, name, counts)
    for count in counts:
        variable = dataset.variables.get(count.name)
        if variable is None or variable.dims != (*over, *count.dims):
            raise DataError(f"{name}: {count.name} is missing or has other dims")
        if variable.dtype != count.dtype or (variable.values < 0).any():
            raise DataError(f"{name}: {count.name} is not a count: expected int64 from 0 up")
    for count, total, expected in totals(dataset.variables, counts):
        if not (total == expected).all():
            raise DataError(f"{name}: {count.name} does not add up to {count.total}")
    for count, total, bound in bounds(dataset.variables, counts):
        if not (total <= bound).all():
            raise DataError(f"{name}: {count.name} is more than {count.at_most}")


def stored_counts(counts: Iterable[Count], dataset: "Arrays | xr.Dataset") -> list[Count]:
    """Those of `counts` that a result of its format has."""
    version = format_of(dataset)
    return [
        count
        for count in counts
        if count.since <= version and (not count.in_sequences or has_sequences(dataset))
    ]


def has_sequences(dataset: "Arrays | xr.Dataset") -> bool:
    """Whether a result says that chains are several crises each."""
    return SEQUENCE_DIM in dataset.dims


def format_of(dataset: "Arrays | xr.Dataset") -> int:
    """The format of a result."""
    return int(dataset.attrs.get("schema_version", SCHEMA_VERSION))


def check_names(dataset: "Arrays | xr.Dataset", name: str, counts: Sequence[Count]) -> None:
    """Check that every dim of counts has its names, and those fixed by the model are the model's.

    Raises
    ------
    DataError
        Names the first dim that has not.
    """
    for dim in dict.fromkeys(dim for count in counts for dim in count.dims):
        if dim not in dataset.coords:
            raise DataError(f"{name}: the dim {dim} is missing or has no names")
        if not DIMS[dim].is_fixed:
            continue
        labels = DIMS[dim].in_format(DIMS[dim].fixed_labels, format_of(dataset))
        if dataset.variables[dim].values.tolist() != list(labels):
            raise DataError(f"{name}: the dim {dim} has other names than the model's")


def totals(
    values: Mapping[Any, "Array | xr.Variable"], counts: Iterable[Count]
) -> Iterator[tuple[Count, np.ndarray, np.ndarray]]:
    """Each of `counts` that adds up to something, its sum, and what that must be.

    Parameters
    ----------
    values : by the name of the count; of a sweep also which labels its points have
    """
    for count in counts:
        if count.total is not None:
            yield count, *_compared(count, count.total, values)


def bounds(
    values: Mapping[Any, "Array | xr.Variable"], counts: Iterable[Count]
) -> Iterator[tuple[Count, np.ndarray, np.ndarray]]:
    """Each of `counts` that is bounded by another, its sum, and the most that it may be."""
    for count in counts:
        if count.at_most is not None:
            yield count, *_compared(count, count.at_most, values)


def _compared(
    count: Count, total: Total, values: Mapping[Any, "Array | xr.Variable"]
) -> tuple[np.ndarray, np.ndarray]:
    """A count and a total of others, both over the dims that they share.

    Added up as arrays: by variables these checks take longer than the rest of a short run.
    """
    own, other = values[count.name], values[total.of]
    array = other.values
    if total.of == "n_chains" and not count.in_sequences:
        array = crises_in(values)
    for dim, labels in total.only.items():
        chosen = [DIMS[dim].fixed_labels.index(label) for label in labels]
        array = array.take(chosen, other.dims.index(dim))
    kept = [dim for dim in other.dims if dim in count.dims or dim not in DIMS]
    expected = array.sum(_axes(other.dims, without=kept))
    each = total.each.split()
    shared = [dim for dim in own.dims if dim in kept or dim in each]
    expected = _along(expected, kept, shared)
    for dim in each:
        present = values.get(mask_name(dim))
        if present is not None:
            expected = expected * _along(present.values, present.dims, shared)
    if count.in_sequences and (present := values.get(mask_name(SEQUENCE_DIM))) is not None:
        # Points that are one crisis a chain are counted by no period.
        is_sequence = np.asarray(present.values.any(-1))
        expected = expected * is_sequence[(..., *(None for _ in shared[1:]))]
    return own.values.sum(_axes(own.dims, without=shared)), expected


def crises_in(values: Mapping[Any, "Array | xr.Variable"]) -> np.ndarray:
    """Crises of a result, or of each point: one a chain, or one a period that is not quiet.

    Parameters
    ----------
    values : by name, at least `n_chains`, and those that a result of several crises a chain has
    """
    n_chains = values["n_chains"].values
    quiet = values.get("quiet_count")
    if quiet is None:
        return n_chains
    present = values.get(mask_name(SEQUENCE_DIM))
    n_periods = quiet.shape[-1] if present is None else np.maximum(present.values.sum(-1), 1)
    return n_chains * n_periods - quiet.values.sum(-1)


def _axes(dims: Sequence[Hashable], without: Sequence[Hashable]) -> tuple[int, ...]:
    return tuple(axis for axis, dim in enumerate(dims) if dim not in without)


def _along(array: np.ndarray, dims: Sequence[Hashable], wanted: Sequence[Hashable]) -> np.ndarray:
    """`array` with its `dims` in the order of `wanted`, one long where it has none of them."""
    array = array.transpose([dims.index(dim) for dim in wanted if dim in dims])
    return array[tuple(slice(None) if dim in dims else None for dim in wanted)]
