"""The frame of each point, made once for all points that share it."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from mcescalate.scenario.addresses import assign
from mcescalate.sweep.counts import Frame
from mcescalate.sweep.points import Sweep
from mcescalate.sweep.precision import wanted_count


class Frames:
    """Frames of a sweep's points; of what an axis may change only the horizon shapes them."""

    def __init__(self, sweep: Sweep):
        self.sweep = sweep
        self._made: dict[tuple[int, int], Frame] = {}

    def key(self, point: int) -> tuple[int, int]:
        """What the frame of a point depends on: its base and its horizon."""
        return self.sweep.base_of(point), int(self.sweep.horizons[point])

    def of(self, point: int) -> Frame:
        """The frame of a point."""
        base, horizon = key = self.key(point)
        if key not in self._made:
            _, scenario = self.sweep.bases[base]
            self._made[key] = Frame(assign(scenario, [("run.horizon", horizon)]))
        return self._made[key]

    @cached_property
    def all(self) -> dict[tuple[int, int], Frame]:
        """Every frame, in the order of the first points that have it."""
        frames = {}
        n_rows = self.sweep.n_rows
        for base in range(len(self.sweep.bases)):
            horizons = self.sweep.horizons[base * n_rows : (base + 1) * n_rows]
            _, rows = np.unique(horizons, return_index=True)
            for row in sorted(rows.tolist()):
                point = base * n_rows + row
                frames[self.key(point)] = self.of(point)
        return frames

    def lengths(self, points: Sequence[int]) -> list[int]:
        """Numbers in the row of each point."""
        return [self.of(point).length for point in points]

    def successes(self, points: Sequence[int], rows: list[np.ndarray]) -> np.ndarray | None:
        """What the wanted precision is counted by; None where none is wanted."""
        precision = self.sweep.plan.precision
        if precision is None:
            return None
        counts = []
        for point, row in zip(points, rows, strict=True):
            frame = self.of(point)
            fields = frame.fields(row[None, :])
            ladder = frame.scenario.ladder
            counted = wanted_count(precision.of, fields.outcome, fields.peak, ladder)
            counts.append(int(counted[0]))
        return np.array(counts, np.int64)
