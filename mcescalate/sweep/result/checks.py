"""Checks that the result of a sweep has the points that its provenance describes."""

from typing import TYPE_CHECKING, Any

import numpy as np

from mcescalate.errors import DataError
from mcescalate.model.counts import DIMS, SWEEP_COUNTS
from mcescalate.results.checks.counts import stored_counts
from mcescalate.results.checks.result import attributes_of, check_descriptions, check_labels
from mcescalate.results.labels import count_attributes
from mcescalate.results.provenance.attributes import SweepAttributes
from mcescalate.results.provenance.schema import provenance_tables
from mcescalate.scenario.wording import found
from mcescalate.sweep.design.points import PlannedSweep
from mcescalate.sweep.result.coordinates import label_coordinates, point_coordinates, point_masks
from mcescalate.sweep.schedule.precision import (
    COUNTED_BY,
    is_precise,
    looks,
    target_count,
    target_term,
)
from mcescalate.sweep.schedule.tally_layouts import PointLayouts, positions_in, union_of_labels
from mcescalate.sweep.store.manifest import sweep_in

if TYPE_CHECKING:
    import xarray as xr


def check_points(dataset: "xr.Dataset", name: str = "result") -> None:
    """Check labels, settings and numbers of chains of all points, beyond `check_result`.

    Where this version or machine builds other points than the one that simulated the sweep
    (samples of another version of scipy, say), the settings are taken as they are.

    Raises
    ------
    DataError
        Something contradicts the provenance; says what and where.
    """
    sweep, origin = sweep_in(provenance_tables(dataset, name), f"{name}: provenance")
    attributes = attributes_of(dataset, name)
    if not isinstance(attributes, SweepAttributes):
        raise DataError(f'{name}: attribute kind: expected "sweep"')
    _check_attributes(attributes, sweep, name)
    if dataset.sizes["point"] != sweep.n_points:
        raise DataError(
            f"{name}: expected {sweep.n_points} points, as in its provenance, "
            f"found {dataset.sizes['point']}"
        )
    counts = stored_counts(SWEEP_COUNTS, dataset)
    check_descriptions(dataset, {count.name: count_attributes(count) for count in counts}, name)
    layouts = PointLayouts(sweep)
    union = union_of_labels(list(layouts.all.values()))
    used = {"actor_name", *(dim for count in counts for dim in count.dims)}
    coords = {key: row for key, row in label_coordinates(sweep, union).items() if key in used}
    for dim in used & DIMS.keys():
        if dim in dataset.variables and not dataset[dim].attrs:
            coords[dim] = coords[dim][:2]  # such labels were first written without a description
    if sweep.design.digest() == origin.design_sha256:
        coords |= point_coordinates(sweep) | point_masks(sweep, layouts, union)
    check_labels(dataset, {key: _as_row(key, value) for key, value in coords.items()}, name)
    _check_chains(dataset, sweep, attributes, origin.stretches, name)


def _as_row(name: str, value: Any) -> tuple[Any, ...]:
    """Dims, values and attributes of a coordinate."""
    return value if isinstance(value, tuple) else (name, value, {})


def _check_attributes(attributes: SweepAttributes, sweep: PlannedSweep, name: str) -> None:
    plan = sweep.plan
    expected = {
        "title": plan.title or "untitled sweep",
        "seed": str(sweep.seed),
        "first_chain": str(plan.first_chain),
        "common_random_numbers": int(not plan.independent),
        "design": plan.design.kind,
        "precision_of": plan.precision.of if plan.precision else None,
    }
    for key, value in expected.items():
        own = getattr(attributes, key)
        if own != value:
            raise DataError(
                f"{name}: attribute {key}: expected {found(value)}, as in its provenance, "
                f"found {found(own)}"
            )


def _check_chains(
    dataset: "xr.Dataset",
    sweep: PlannedSweep,
    attributes: SweepAttributes,
    stretches: tuple[int, ...],
    name: str,
) -> None:
    """Every point has as many chains as the plan gives it, or none where it was not ended."""
    n_chains, precision = dataset["n_chains"].values, sweep.plan.precision
    ends = looks(precision) if precision else stretches[-1:]
    simulated = n_chains > 0
    if attributes.complete:
        _check_absent(dataset, "point_complete", name)
        is_right = bool(simulated.all())
    else:
        ended = _flags(dataset, "point_complete", name)
        is_right = np.array_equal(ended, simulated) and not simulated.all()
    if not is_right or not np.isin(n_chains[simulated], ends).all():
        raise DataError(f"{name}: n_chains: not what the plan in its provenance gives each point")
    if precision is None:
        _check_absent(dataset, "precision_count", name)
        _check_absent(dataset, "precision_reached", name)
        return
    reached = _flags(dataset, "precision_reached", name)
    count = dataset.get("precision_count")
    if count is None or count.dims != ("point",) or count.dtype != np.int64:
        raise DataError(f"{name}: precision_count is missing or does not count each point")
    wanted = _wanted(dataset, sweep, precision.of)
    if not np.array_equal(count.values, wanted):
        raise DataError(f"{name}: precision_count: does not count {found(precision.of)}")
    enough = simulated & is_precise(precision, wanted, np.maximum(n_chains, 1))
    if not np.array_equal(reached & simulated, enough):
        raise DataError(f"{name}: precision_reached: does not fit the counts")


def _wanted(dataset: "xr.Dataset", sweep: PlannedSweep, target: str) -> np.ndarray:
    """Chains of each point in which the target event occurred."""
    counts = []
    for place, (_, base) in enumerate(sweep.bases):
        points = slice(place * sweep.n_rows, (place + 1) * sweep.n_rows)
        term = target_term(target, base, sweep.name)
        count = dataset[COUNTED_BY[term.kind]]
        values = count.values[points]
        own = {"rung": base.ladder.rungs, "actor": [actor.id for actor in base.actors]}
        for dim in set(own) & set(count.dims):
            labels = [str(label) for label in dataset[dim].values]
            values = values.take(positions_in(own[dim], labels), count.dims.index(dim))
        counts.append(target_count(term, values))
    return np.concatenate(counts)


def _flags(dataset: "xr.Dataset", flag: str, name: str) -> np.ndarray:
    """The values of a flag of each point."""
    if flag not in dataset or dataset[flag].dims != ("point",) or dataset[flag].dtype != bool:
        raise DataError(f"{name}: {flag} is missing or does not flag each point")
    return dataset[flag].values


def _check_absent(dataset: "xr.Dataset", variable: str, name: str) -> None:
    if variable in dataset:
        raise DataError(f"{name}: {variable}: a sweep of this kind has none")
