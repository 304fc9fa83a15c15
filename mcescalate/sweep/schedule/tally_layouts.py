"""Tallies as rows of numbers, and back as counts with dims, for many points at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np

from mcescalate.model.counts import (
    DIMS,
    SWEEP_COUNTS,
    Count,
    Scope,
    Tally,
    counts_of,
    field_shapes,
    n_numbers,
    tally_of,
    values_of,
)
from mcescalate.results.labels import n_periods, places_of, scope_of
from mcescalate.scenario.change.addresses import assign
from mcescalate.scenario.schema import Scenario
from mcescalate.sweep.design.points import PlannedSweep
from mcescalate.sweep.schedule.precision import COUNTED_BY, target_count, target_term

LayoutKey = tuple[int, int, int]
"""Base, horizon and number of periods."""


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
        counts = counts_of([self.scope], SWEEP_COUNTS)
        return {count.name: values_of(count, tally, self._places) for count in counts}

    def target(self, rows: np.ndarray, of: str) -> np.ndarray:
        """Chains with the target event of a precision, by row."""
        term = target_term(of, self.scenario, "precision")
        name = COUNTED_BY[term.kind]
        count = next(count for count in SWEEP_COUNTS if count.name == name)
        return target_count(term, values_of(count, self.fields(rows), self._places))

    @cached_property
    def _places(self) -> np.ndarray:
        return places_of(self.scenario)


class PointLayouts:
    """Layouts of the tallies of all points; points of one base, horizon and number of periods
    share one."""

    def __init__(self, sweep: PlannedSweep):
        self.sweep = sweep
        self._made: dict[LayoutKey, TallyLayout] = {}

    def key(self, point: int) -> LayoutKey:
        """What the layout of a point depends on: its base, its horizon and its periods."""
        sweep = self.sweep
        return sweep.base_of(point), int(sweep.horizons[point]), int(sweep.periods[point])

    def of(self, point: int) -> TallyLayout:
        """The layout of a point."""
        base, horizon, periods = key = self.key(point)
        if key not in self._made:
            _, scenario = self.sweep.bases[base]
            settings: list[tuple[str, float]] = [("run.horizon", horizon)]
            if periods != n_periods(scenario):
                settings.append(("sequence.crises", max(periods, 1)))
                if periods <= 1:
                    # A chain of one period is a sequence if that may be quiet.
                    settings.append(("sequence.quiet", float(periods)))
            self._made[key] = TallyLayout(assign(scenario, settings))
        return self._made[key]

    @cached_property
    def all(self) -> dict[LayoutKey, TallyLayout]:
        """Every layout, in the order of the first points that have it."""
        layouts = {}
        n_rows = self.sweep.n_rows
        for base in range(len(self.sweep.bases)):
            points = slice(base * n_rows, (base + 1) * n_rows)
            lengths = np.stack([self.sweep.horizons[points], self.sweep.periods[points]])
            _, rows = np.unique(lengths, axis=1, return_index=True)
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
            counts.append(int(self.of(point).target(row[None, :], precision.of)[0]))
        return np.array(counts, np.int64)


def counts_in(layouts: Iterable[TallyLayout]) -> tuple[Count, ...]:
    """What the result of a sweep with these layouts counts."""
    return counts_of([layout.scope for layout in layouts], SWEEP_COUNTS)


def union_of_labels(layouts: Sequence[TallyLayout]) -> dict[str, Sequence[Any]]:
    """The labels of all layouts together, by dim; numbers rise, names in order of appearance."""
    union: dict[str, Sequence[Any]] = {}
    used = {dim for count in counts_in(layouts) for dim in count.dims}
    for dim in (name for name in DIMS if name in used):
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
