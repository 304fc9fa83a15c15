"""The points of a sweep: which scenario, seed and number of chains each of them has."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import DTypeLike

from mcescalate.errors import ScenarioError
from mcescalate.limits import SEED_END
from mcescalate.results.labels import n_periods
from mcescalate.scenario.change.addresses import Change, assign, read
from mcescalate.scenario.schema import Scenario
from mcescalate.sweep.design.layout import Design, build_design, design_size
from mcescalate.sweep.design.plan import Axis, Plan
from mcescalate.sweep.design.table import Value

MOST_SHOWN = 20
"""The search for invalid points ends after this many problems."""

_HORIZON = "run.horizon"


class PlannedSweep:
    """A plan with all that it names: every point, in order, base by base.

    Parameters
    ----------
    name : of the plan, for messages
    plan : the plan, options included
    bases : name and scenario of each base
    rows : rows of its table, where the design is one
    """

    def __init__(
        self,
        name: str,
        plan: Plan,
        bases: tuple[tuple[str, Scenario], ...],
        rows: Sequence[Sequence[Value]] = (),
    ):
        self.name = name
        self.plan = plan
        self.bases = bases
        self.rows = rows

    @cached_property
    def design(self) -> Design:
        """Rows of values, built on first use."""
        return build_design(self.plan.design, self.plan.axes, self.rows)

    @cached_property
    def n_rows(self) -> int:
        """Rows of the design."""
        return design_size(self.plan.design, self.plan.axes, len(self.rows))

    @property
    def n_points(self) -> int:
        """Points of all bases."""
        return self.n_rows * len(self.bases)

    @property
    def n_chains(self) -> int:
        """Chains of each point in a sweep without a precision."""
        if self.plan.chains is None:
            raise ValueError("a sweep without a precision needs a number of chains")
        return self.plan.chains

    @property
    def most_chains(self) -> int:
        """Chains that a point has at most."""
        precision = self.plan.precision
        return precision.max_chains if precision else self.n_chains

    @property
    def seed(self) -> int:
        """Seed of the chains."""
        if self.plan.seed is None:
            raise ValueError("a sweep that is to be simulated needs a seed")
        return self.plan.seed

    def seed_of(self, point: int) -> int:
        """Seed of one point: the common one, or one of its own."""
        if not self.plan.independent:
            return self.seed
        digest = hashlib.sha256(f"{self.seed}/{point}".encode()).digest()
        return int.from_bytes(digest[:8], "big") % SEED_END

    def base_of(self, point: int) -> int:
        """Which base a point starts from."""
        return point // self.n_rows

    def scenario(self, point: int) -> Scenario:
        """The scenario of a point.

        Raises
        ------
        ScenarioError
            A value is not allowed where the point puts it.
        """
        name, base = self.bases[self.base_of(point)]
        return assign(base, self.changes(point), f"point {point} (base {name})")

    def changes(self, point: int) -> Iterator[tuple[str, Change]]:
        """Addresses with what happens to them at a point."""
        design = self.design
        row = design.values[point % self.n_rows]
        for axis, kind, number in zip(design.axes, design.kinds, row.tolist(), strict=True):
            if number == number:  # not UNCHANGED
                change = _change(axis, _typed(kind, number))
                for address in axis.address:
                    yield address, change

    def check(self, progress: Callable[[int], None] = lambda done: None) -> None:
        """Make every point's scenario once.

        Raises
        ------
        ScenarioError
            Some are invalid; lists the first ones.
        """
        problems: dict[str, int] = {}
        for point in range(self.n_points):
            try:
                self.scenario(point)
            except ScenarioError as error:
                for line in error.problems:
                    problems.setdefault(line, point)
                if len(problems) >= MOST_SHOWN:
                    break
            progress(point + 1)
        if problems:
            lines = [f"point {point}: {line}" for line, point in problems.items()]
            raise ScenarioError(self.name, lines[:MOST_SHOWN])

    @cached_property
    def horizons(self) -> np.ndarray:
        """Horizon of each point."""
        return self._by_point(_HORIZON, lambda scenario: scenario.run.horizon, np.int64)

    @cached_property
    def periods(self) -> np.ndarray:
        """Periods of a chain by which crises are counted, by point: see `results.labels`."""
        crises = self._by_point("sequence.crises", n_periods, np.int64)
        quiet = self._by_point("sequence.quiet", n_periods, np.int64)
        return np.maximum(crises, quiet)

    @cached_property
    def turn_days(self) -> np.ndarray:
        """Days of a turn, by point."""
        return self._by_point("run.turn_days", lambda s: float(s.run.turn_days), np.float64)

    def _by_point(
        self, address: str, value: Callable[[Scenario], float], dtype: DTypeLike
    ) -> np.ndarray:
        """A value of every point's scenario; they are made only where an axis changes it."""
        if any(self._changes(axis, address) for axis in self.plan.axes):
            return np.array([value(self.scenario(p)) for p in range(self.n_points)], dtype)
        return np.repeat(np.array([value(base) for _, base in self.bases], dtype), self.n_rows)

    def _changes(self, axis: Axis, address: str) -> bool:
        _, scenario = self.bases[0]
        table = address.split(".")[0]
        return any(
            address in read(scenario, each)
            for each in axis.address
            if each.split(".")[0] in (table, "*") or "*" in each.split(".")[0]
        )


def _typed(kind: str, number: float) -> Value:
    if kind == "bool":
        return bool(number)
    return int(number) if kind == "int" else number


def _change(axis: Axis, value: Value) -> Change:
    match axis.change:
        case "scale":
            return lambda old: old * value
        case "add":
            return lambda old: old + value
    return value
