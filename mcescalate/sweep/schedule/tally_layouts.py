"""Tallies as rows of numbers, and back as counts with dims, for many points at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np

from mcescalate.model.counts import (
    DIMS,
    SWEEP_COUNTS,
    Scope,
    Tally,
    field_shapes,
    n_numbers,
    tally_of,
    values_of,
)
from mcescalate.results.labels import places_of, scope_of
from mcescalate.scenario.change.addresses import assign
from mcescalate.scenario.schema import Scenario
from mcescalate.sweep.design.points import PlannedSweep
from mcescalate.sweep.schedule.precision import target_count


@dataclass(frozen=True)
class TallyLayout:
    """Labels and shapes of the counts of a scenario."""

    scenario: Scenario

    @cached_property
    def scope(self) -> Scope:
        """What the scenario has of its own to count by."""
        return scope_of(self.scenario)

    @cached_property
    def labels(self) -> dict[str, Sequence[Any]]:
        """The labels of each dim."""
        return {name: dim.labels_in(self.scope) for name, dim in DIMS.items()}

    @cached_property
    def shapes(self) -> Tally:
        """Shape of each field of a tally."""
        return field_shapes(self.scope)

    @cached_property
    def length(self) -> int:
        """Numbers in a row."""
        return n_numbers(self.shapes)

    def fields(self, rows: np.ndarray) -> Tally:
        """Tallies of arrays (row, …), from their rows."""
        return tally_of(rows, self.shapes)

    def counts(self, rows: np.ndarray) -> dict[str, np.ndarray]:
        """Counts by name, (row, *dims), actors in the order of the file, from tallies' rows."""
        tally = self.fields(rows)
        return {count.name: values_of(count, tally, self._places) for count in SWEEP_COUNTS}

    @cached_property
    def _places(self) -> np.ndarray:
        return places_of(self.scenario)


class PointLayouts:
    """Layouts of the tallies of all points; points of one base and horizon share one."""

    def __init__(self, sweep: PlannedSweep):
        self.sweep = sweep
        self._made: dict[tuple[int, int], TallyLayout] = {}

    def key(self, point: int) -> tuple[int, int]:
        """What the layout of a point depends on: its base and its horizon."""
        return self.sweep.base_of(point), int(self.sweep.horizons[point])

    def of(self, point: int) -> TallyLayout:
        """The layout of a point."""
        base, horizon = key = self.key(point)
        if key not in self._made:
            _, scenario = self.sweep.bases[base]
            self._made[key] = TallyLayout(assign(scenario, [("run.horizon", horizon)]))
        return self._made[key]

    @cached_property
    def all(self) -> dict[tuple[int, int], TallyLayout]:
        """Every layout, in the order of the first points that have it."""
        layouts = {}
        n_rows = self.sweep.n_rows
        for base in range(len(self.sweep.bases)):
            horizons = self.sweep.horizons[base * n_rows : (base + 1) * n_rows]
            _, rows = np.unique(horizons, return_index=True)
            for row in sorted(rows.tolist()):
                point = base * n_rows + row
                layouts[self.key(point)] = self.of(point)
        return layouts

    def lengths(self, points: Sequence[int]) -> list[int]:
        """Numbers in the row of each point."""
        return [self.of(point).length for point in points]

    def successes(self, points: Sequence[int], rows: list[np.ndarray]) -> np.ndarray | None:
        """Chains with the target event, by point; None without a precision."""
        precision = self.sweep.plan.precision
        if precision is None:
            return None
        counts = []
        for point, row in zip(points, rows, strict=True):
            layout = self.of(point)
            fields = layout.fields(row[None, :])
            ladder = layout.scenario.ladder
            counted = target_count(precision.of, fields.outcome, fields.peak, ladder)
            counts.append(int(counted[0]))
        return np.array(counts, np.int64)


def union_of_labels(layouts: Sequence[TallyLayout]) -> dict[str, Sequence[Any]]:
    """The labels of all layouts together, by dim; numbers rise, names in order of appearance."""
    union: dict[str, Sequence[Any]] = {}
    for dim in DIMS:
        labels = [layout.labels[dim] for layout in layouts]
        if all(isinstance(one, range) for one in labels):
            union[dim] = max(labels, key=len)
        else:
            union[dim] = tuple(dict.fromkeys(chain(*labels)))
    return union


def positions_in(labels: Sequence[Any], union: Sequence[Any]) -> np.ndarray:
    """The place of each label in a union of labels."""
    order = {label: place for place, label in enumerate(union)}
    return np.array([order[label] for label in labels], np.int64)
