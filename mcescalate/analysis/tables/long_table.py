"""Every count of a result as one long table: a row for each label, a piece at a time.

A whole result as one data frame would have a row for each combination of the labels of all its
dims. Here each variable has rows of its own, and no more than `MOST_ROWS` are in memory.
"""

from collections.abc import Iterator
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from mcescalate.analysis.estimation.estimate import LEVEL, wilson
from mcescalate.errors import UsageError
from mcescalate.model.counts import DIMS, RUN_COUNTS, Count
from mcescalate.results.checks.counts import SEQUENCE_DIM, crises_in
from mcescalate.results.checks.result import expect_result
from mcescalate.results.labels import PERIODS
from mcescalate.results.variables import is_bounded, is_exact, mask_name, probability_name

if TYPE_CHECKING:
    import xarray as xr

    from mcescalate.results.arrays import Arrays

__all__ = ["long_table"]

MOST_ROWS = 200_000
"""Rows in memory at a time."""

NUMBERS = {"count": np.int64, "n": np.int64, "probability": np.float64}
NUMBERS |= {"lower": np.float64, "upper": np.float64}
"""The last columns, and the kind of number in each."""

_OF_PAIRS = {"actor", "partner"}


class Labels(NamedTuple):
    """A column of labels: a place among `labels` for each row, -1 where it has none."""

    labels: np.ndarray
    places: np.ndarray


Piece = dict[str, Labels | np.ndarray]
"""Some rows: each column by name. A column that no row of a variable has is left out of it."""


def long_table(
    result: "Arrays | xr.Dataset", *names: str, level: float = LEVEL
) -> "Iterator[Piece]":
    """Yield the rows of counts as a long table, piece by piece.

    The columns are those of `columns_of` that the counts have: `count` chains of `n`, their share
    and its interval. Exact probabilities are not counts and lack the first two; their
    interval is what bounds leave open. Pairs of actors that never occurred have no row, nor have
    labels that a point of a sweep lacks.

    Parameters
    ----------
    result
        A result of a run, a sweep or an exact solution.
    *names
        Variables such as "outcome_count"; all counts of chains by default.
    level
        Level of the intervals, above 0 and below 1.

    Returns
    -------
    iterator of dict
        Some rows of one variable: each column by name.

    Raises
    ------
    UsageError
        There is no such count.

    Examples
    --------
    >>> import mcescalate as mc
    >>> result = mc.simulate(mc.load_case("july-1914"), n_chains=1000, seed=7)
    >>> pieces = list(mc.analysis.long_table.long_table(result, "outcome_count"))
    >>> sum(piece["count"].sum().item() for piece in pieces)
    1000
    """
    expect_result(result, "long_table")
    for count in _chosen(result, names):
        yield from _rows_of(result, count, level)


def columns_of(result: "Arrays | xr.Dataset") -> dict[str, type]:
    """The columns of the whole table in their order, and the kind of what is in each."""
    columns: dict[str, type] = {"variable": str}
    for name, values in _point_columns(result).items():
        columns[name] = _kind(values)
    used = {dim for count in _chosen(result, ()) for dim in count.dims}
    for name in (name for name in DIMS if name in used):
        columns[name] = _kind(_labels(result, name))
    return columns | {name: int if kind is np.int64 else float for name, kind in NUMBERS.items()}


def _chosen(result: "Arrays | xr.Dataset", names: tuple[str, ...]) -> list[Count]:
    exact = is_exact(result)
    there = {
        count.name: count
        for count in RUN_COUNTS
        if count.name != "n_chains" and _stored_name(result, count, exact) in result.variables
    }
    for name in names:
        if name not in there:
            raise UsageError(f'"{name}": expected one of {", ".join(there)}')
    return [there[name] for name in names] if names else list(there.values())


def _stored_name(result: "Arrays | xr.Dataset", count: Count, exact: bool) -> str:
    if not exact:
        return count.name
    return probability_name(count) + ("_lower" if is_bounded(result) else "")


def _labels(result: "Arrays | xr.Dataset", dim: str) -> np.ndarray:
    return np.asarray(result.variables[dim].values)


def _point_columns(result: "Arrays | xr.Dataset") -> dict[str, np.ndarray]:
    """What says which point of a sweep a row is of: number, base and the value on each axis.

    An axis whose label is the name of another column is called `axis_` and its label.
    """
    if "point" not in result.sizes:
        return {}
    taken = {"variable", "point", "base", *DIMS, *NUMBERS}
    columns = {name: np.asarray(result.variables[name].values) for name in ("point", "base")}
    for name, row in result.coords.items():
        if "address" in row.attrs:
            label = f"axis_{name}" if name in taken else str(name)
            columns[label] = np.asarray(row.values)
    return columns


def _rows_of(result: "Arrays | xr.Dataset", count: Count, level: float) -> Iterator[Piece]:
    exact = is_exact(result)
    stored = result.variables[_stored_name(result, count, exact)]
    dims = ("point", *count.dims) if "point" in stored.dims else count.dims
    values = np.asarray(stored.values).transpose([stored.dims.index(dim) for dim in dims])
    if dims == count.dims:
        values = values[None]
    n_points, per_point = len(values), int(np.prod(values.shape[1:], dtype=np.int64))
    points_at_once = max(MOST_ROWS // max(per_point, 1), 1)
    lost = float(result.attrs["mass_lost"]) if exact else 0.0
    labels = {dim: _labels(result, dim) for dim in count.dims}
    for start, end in _spans(n_points, points_at_once):
        part = values[start:end]
        kept = _rows_kept(result, count, part, slice(start, end))
        places = np.nonzero(kept)
        for first, last in _spans(len(places[0]), MOST_ROWS):
            here = tuple(place[first:last] for place in places)
            rows = part[here]
            piece: Piece = {"variable": _constant(count.name, len(rows))}
            for name, column in _point_columns(result).items():
                piece[name] = column[start:end][here[0]]
            for dim, place in zip(count.dims, here[1:], strict=True):
                piece[dim] = Labels(labels[dim], place)
            numbers: dict[str, np.ndarray]
            if exact:
                numbers = {"probability": rows, "lower": rows, "upper": np.minimum(rows + lost, 1)}
                if is_bounded(result):
                    del numbers["probability"]
            else:
                by_period = SEQUENCE_DIM in count.dims
                trials = (
                    result.variables["n_chains"].values
                    if by_period
                    else crises_in(result.variables)
                )
                n = np.broadcast_to(trials, n_points)[start:end]
                numbers = _estimates(rows, n[here[0]], level)
                if not by_period and PERIODS in result.variables:
                    periods = np.broadcast_to(result.variables[PERIODS].values, n_points)
                    dependent = periods[start:end][here[0]] > 0
                    for end_of in ("lower", "upper"):
                        numbers[end_of] = np.where(dependent, np.nan, numbers[end_of])
            piece |= numbers
            yield piece


def _spans(n: int, length: int) -> Iterator[tuple[int, int]]:
    ends = accumulate([length] * (n // length) + [n % length] * bool(n % length))
    start = 0
    for end in ends:
        yield start, end
        start = end


def _rows_kept(
    result: "Arrays | xr.Dataset", count: Count, part: np.ndarray, points: slice
) -> np.ndarray:
    """Which values have a row."""
    kept = part != 0 if set(count.dims) >= _OF_PAIRS else np.ones(part.shape, bool)
    for axis, dim in enumerate(count.dims, 1):
        mask = result.variables.get(mask_name(dim)) if "point" in result.sizes else None
        if mask is not None:
            shape = [1] * part.ndim
            shape[0], shape[axis] = part.shape[0], part.shape[axis]
            kept = kept & np.asarray(mask.values)[points].reshape(shape)
    return kept


def _constant(text: str, n: int) -> Labels:
    return Labels(np.array([text], dtype=object), np.zeros(n, np.intp))


def _estimates(rows: np.ndarray, n: np.ndarray, level: float) -> dict[str, Any]:
    lower, upper = wilson(rows, n, level)
    with np.errstate(invalid="ignore"):
        probability = np.where(n > 0, rows / np.maximum(n, 1), np.nan)
    return {"count": rows, "n": n, "probability": probability, "lower": lower, "upper": upper}


def dataset_table(*datasets: "xr.Dataset") -> tuple[dict[str, type], list[Piece]]:
    """Datasets of estimates one below the other: columns and pieces.

    A row for each combination of labels of a dataset, with a column for each variable.
    """
    labels: dict[str, type] = {}
    numbers: dict[str, type] = {}
    pieces: list[Piece] = []
    for dataset in datasets:
        names = [str(name) for name in dataset.data_vars]
        dims = tuple(map(str, dataset.dims))
        shape = tuple(dataset.sizes[dim] for dim in dims)
        places = np.indices(shape).reshape(len(dims), -1)
        piece: Piece = {
            dim: Labels(_labels(dataset, dim), place)
            for dim, place in zip(dims, places, strict=True)
        }
        labels |= {dim: _kind(_labels(dataset, dim)) for dim in dims}
        for name, coord in dataset.coords.items():
            if str(name) not in dims and coord.dims:
                values = coord.broadcast_like(dataset.coords.to_dataset()).transpose(*dims).values
                piece[str(name)] = values.ravel()
                labels[str(name)] = _kind(values)
        for name in names:
            values = dataset[name].broadcast_like(dataset.coords.to_dataset())
            piece[name] = values.transpose(*dims).values.ravel()
            numbers[name] = _kind(values.values)
        pieces.append(piece)
    return labels | numbers, pieces


def _kind(values: np.ndarray) -> type:
    return {"i": int, "u": int, "f": float, "b": bool}.get(values.dtype.kind, str)
