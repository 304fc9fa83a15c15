"""Designs: points as rows of axis values, in a fixed order."""

import hashlib
import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mcescalate.sweep.design.distributions import quantiles
from mcescalate.sweep.design.plan import LISTED, SAMPLED, TABULATED, Axis, DesignTable
from mcescalate.sweep.design.table import Value

UNCHANGED = math.nan
"""Marks a value that stays as in the base."""


@dataclass(frozen=True)
class Design:
    """Rows of values, one column for each axis.

    Parameters
    ----------
    axes : the axes
    kinds : "bool", "int" or "float", by axis
    values : (row, axis) float64; `UNCHANGED` where the base keeps its value
    blocks : role of each row in the design; empty where rows have none
    samples : for each row the sample that it belongs to
    """

    axes: tuple[Axis, ...]
    kinds: tuple[str, ...]
    values: np.ndarray
    blocks: tuple[str, ...]
    samples: np.ndarray

    def __len__(self) -> int:
        return len(self.values)

    def digest(self) -> str:
        """sha256 of names, values and order."""
        names = "\0".join(axis.label for axis in self.axes)
        digest = hashlib.sha256(names.encode())
        digest.update(np.ascontiguousarray(self.values, "<f8").tobytes())
        digest.update("\0".join(self.blocks).encode())
        return digest.hexdigest()


def design_size(table: DesignTable, axes: tuple[Axis, ...], n_rows: int = 0) -> int:
    """Number of rows of a design, without building it; `n_rows` is that of a table."""
    lengths = [len(axis.values) if axis.values is not None else axis.steps or 0 for axis in axes]
    match table.kind:
        case "grid":
            return math.prod(lengths)
        case "zip":
            return lengths[0]
        case "one-at-a-time":
            return 1 + sum(lengths)
        case "saltelli":
            return (table.size or 0) * (2 + len(axes) * (2 if table.second_order else 1))
    if table.kind in TABULATED:
        return n_rows
    return table.size or 0


def build_design(
    table: DesignTable, axes: tuple[Axis, ...], rows: Sequence[Sequence[Value]] = ()
) -> Design:
    """The rows of a design in their order.

    A grid's last axis changes fastest. One-at-a-time begins with the unchanged base. Saltelli's
    rows go sample by sample: A, A with each column from B, B with each from A (second order
    only), B.

    Parameters
    ----------
    rows : values read from a table, for a design of that kind
    """
    if table.kind in LISTED:
        listed = [axis_values(axis) for axis in axes]
        kinds = tuple(_kind_of(values) for values in listed)
        values, blocks = _listed(table.kind, listed, axes)
        return Design(axes, kinds, values, blocks, np.arange(len(values)))
    if table.kind in SAMPLED:
        kinds = tuple(_sampled_kind(axis) for axis in axes)
        values, blocks, samples = _sampled(table, axes)
        return Design(axes, kinds, values, blocks, samples)
    kinds = tuple(_kind_of(list(column)) for column in zip(*rows, strict=True))
    values = np.array(rows, np.float64)
    return Design(axes, kinds, values, ("",) * len(values), np.arange(len(values)))


def axis_values(axis: Axis) -> list[Value]:
    """The values of an axis that lists them."""
    if axis.values is not None:
        return list(axis.values)
    if axis.low is None or axis.high is None or axis.steps is None:
        raise ValueError(f"{axis.label}: expected values, or low, high and steps")
    if axis.spacing == "log":
        values = np.geomspace(axis.low, axis.high, axis.steps).tolist()
        return [axis.low, *values[1:-1], axis.high]
    return np.linspace(axis.low, axis.high, axis.steps).tolist()


def _kind_of(values: Sequence[Value]) -> str:
    if all(isinstance(value, bool) for value in values):
        return "bool"
    return "int" if all(isinstance(value, int) for value in values) else "float"


def _sampled_kind(axis: Axis) -> str:
    if axis.values is not None:
        return _kind_of(list(axis.values))
    return "int" if axis.distribution and axis.distribution.kind == "whole" else "float"


def _listed(
    kind: str, listed: list[list[Value]], axes: tuple[Axis, ...]
) -> tuple[np.ndarray, tuple[str, ...]]:
    rows: list[Sequence[Value]]
    blocks: tuple[str, ...]
    if kind == "grid":
        rows = list(itertools.product(*listed))
        blocks = ("",) * len(rows)
    elif kind == "zip":
        rows = list(zip(*listed, strict=True))
        blocks = ("",) * len(rows)
    else:
        rows, names = [[UNCHANGED] * len(axes)], ["base"]
        for place, (axis, values) in enumerate(zip(axes, listed, strict=True)):
            for value in values:
                rows.append([value if k == place else UNCHANGED for k in range(len(axes))])
                names.append(axis.label)
        blocks = tuple(names)
    return np.array(rows, np.float64).reshape(len(rows), len(axes)), blocks


def _sampled(
    table: DesignTable, axes: tuple[Axis, ...]
) -> tuple[np.ndarray, tuple[str, ...], np.ndarray]:
    n, d = table.size or 0, len(axes)
    if table.kind != "saltelli":
        values = _transformed(_uniform(table, d), axes)
        return values, ("",) * n, np.arange(n)
    both = _uniform(table, 2 * d)
    a, b = _transformed(both[:, :d], axes), _transformed(both[:, d:], axes)
    matrices = [a, *(_with_column(a, b, k) for k in range(d))]
    names = ["A", *(f"AB:{axis.label}" for axis in axes)]
    if table.second_order:
        matrices += [_with_column(b, a, k) for k in range(d)]
        names += [f"BA:{axis.label}" for axis in axes]
    matrices.append(b)
    names.append("B")
    values = np.stack(matrices, axis=1).reshape(-1, d)
    return values, tuple(names) * n, np.repeat(np.arange(n), len(names))


def _uniform(table: DesignTable, d: int) -> np.ndarray:
    """(size, d) numbers in [0, 1): independent ones, or spread evenly."""
    from scipy.stats import qmc

    random = np.random.default_rng(table.seed)
    match table.kind:
        case "random":
            return random.random((table.size or 0, d))
        case "latin-hypercube":
            return qmc.LatinHypercube(d, rng=random).random(table.size)
    return qmc.Sobol(d, rng=random).random(table.size)


def _transformed(uniform: np.ndarray, axes: tuple[Axis, ...]) -> np.ndarray:
    return np.column_stack([quantiles(axis, uniform[:, k]) for k, axis in enumerate(axes)])


def _with_column(target: np.ndarray, source: np.ndarray, k: int) -> np.ndarray:
    changed = target.copy()
    changed[:, k] = source[:, k]
    return changed
