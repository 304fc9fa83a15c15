"""Coordinates along `point`: what is known of each point before a chain is simulated."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mcescalate.model.counts import DIMS
from mcescalate.results.labels import PERIODS, PERIODS_ATTRIBUTES, coordinate
from mcescalate.results.variables import mask_name
from mcescalate.scenario.change.addresses import read
from mcescalate.scenario.schema import Scenario
from mcescalate.sweep.design.plan import Axis
from mcescalate.sweep.design.points import PlannedSweep
from mcescalate.sweep.schedule.tally_layouts import PointLayouts, positions_in

_NEUTRAL = {"scale": 1.0, "add": 0.0}


def point_coordinates(sweep: PlannedSweep) -> dict[str, Any]:
    """Coordinates by name: base, every axis, the order of the design."""
    n_bases = len(sweep.bases)
    names = np.array([name for name, _ in sweep.bases], dtype=object)
    coords = {
        "point": np.arange(sweep.n_points),
        "base": ("point", np.repeat(names, sweep.n_rows), {"long_name": "base scenario"}),
        "turn_days": (
            "point",
            sweep.turn_days,
            {"long_name": "length of a turn", "units": "day"},
        ),
        "design_sample": (
            "point",
            np.tile(sweep.design.samples, n_bases),
            {"long_name": "sample of the design that the point belongs to", "units": "1"},
        ),
    }
    if (sweep.periods > 0).any():
        coords[PERIODS] = ("point", sweep.periods, PERIODS_ATTRIBUTES)
    if any(sweep.design.blocks):
        blocks = np.array(sweep.design.blocks, dtype=object)
        coords["design_block"] = (
            "point",
            np.tile(blocks, n_bases),
            {"long_name": "role of the point in its design"},
        )
    for k, axis in enumerate(sweep.design.axes):
        attrs = {
            "long_name": f"{axis.change} {', '.join(axis.address)}",
            "address": ", ".join(axis.address),
            "change": axis.change,
        }
        coords[axis.label] = ("point", _values(sweep, axis, k), attrs)
    return coords


def _values(sweep: PlannedSweep, axis: Axis, k: int) -> np.ndarray:
    """Values of an axis, point by point; NaN where bases keep several different ones."""
    column = sweep.design.values[:, k]
    as_it_is = np.isnan(column)
    whole = np.tile(column, len(sweep.bases))
    if as_it_is.any():
        for place, (_, base) in enumerate(sweep.bases):
            start = place * sweep.n_rows
            own = whole[start : start + sweep.n_rows]
            own[as_it_is] = _NEUTRAL.get(axis.change, _value_of(base, axis))
    kind = sweep.design.kinds[k]
    if kind == "bool" and not np.isnan(whole).any():
        return whole.astype(bool)
    return whole.astype(np.int64) if kind == "int" and not np.isnan(whole).any() else whole


def _value_of(base: Scenario, axis: Axis) -> float:
    values = {float(v) for address in axis.address for v in read(base, address).values()}
    return values.pop() if len(values) == 1 else np.nan


def point_masks(
    sweep: PlannedSweep, layouts: PointLayouts, union: Mapping[str, Sequence[Any]]
) -> dict[str, Any]:
    """For each dim in which points may differ, which labels a point has."""
    masks = {}
    keys = {key: k for k, key in enumerate(layouts.all)}
    layout_of = np.array([keys[layouts.key(point)] for point in range(sweep.n_points)], np.int64)
    for dim in (name for name in union if DIMS[name].is_masked):
        has = np.array(
            [
                np.isin(np.arange(len(union[dim])), positions_in(f.labels[dim], union[dim]))
                for f in layouts.all.values()
            ]
        ).reshape(len(keys), len(union[dim]))
        attrs = {"long_name": f"whether the point has this {dim}", "units": "1"}
        masks[mask_name(dim)] = (("point", dim), has[layout_of], attrs)
    return masks


def label_coordinates(sweep: PlannedSweep, union: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    """The labels of every dim but that of the points, and the actors' names."""
    titles = {a.id: a.name or a.id for _, base in reversed(sweep.bases) for a in base.actors}
    names = np.array([titles[actor] for actor in union["actor"]], dtype=object)
    return {
        **{dim: coordinate(dim, labels) for dim, labels in union.items()},
        "actor_name": ("actor", names),
    }
