"""Tallies as rows of numbers, and back as counts with dims, for many points at once."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mcescalate.model.codes import CAUSES, MISREAD_CLASSES, OUTCOMES, SIDES
from mcescalate.model.scoring import BLOCKS, Tally, new_tally
from mcescalate.results.dataset import labelled, places_of
from mcescalate.results.variables import COUNTS, Count
from mcescalate.scenario.build import build_world
from mcescalate.scenario.resolve import resolve
from mcescalate.scenario.schema import Scenario

SWEEP_COUNTS: tuple[Count, ...] = (
    *(count for count in COUNTS if count.field != "block_outcome"),
    Count(
        "block_outcome_count",
        ("block", "outcome"),
        "block_outcome",
        "chains by block (chain number mod 32) and outcome",
        "n_chains",
    ),
)
"""What a sweep keeps of each point."""

FIXED_SIZES = {
    "outcome": len(OUTCOMES),
    "block": BLOCKS,
    "side": len(SIDES),
    "cause": len(CAUSES),
    "misreads": MISREAD_CLASSES,
}
"""Sizes of the dims that all scenarios have alike."""


@dataclass(frozen=True)
class Frame:
    """What the counts of a scenario are counted by: its names and the shapes of its tally."""

    scenario: Scenario

    @cached_property
    def names(self) -> dict[str, tuple]:
        """The labels of each dim that scenarios may differ in."""
        resolved = resolve(self.scenario)
        return {
            "rung": self.scenario.ladder.rungs,
            "turn": tuple(range(self.scenario.run.horizon + 1)),
            "actor": resolved.actor_ids,
            "partner": resolved.actor_ids,
            "tie": tuple(f"{k}-{j}" for k, j in resolved.tie_labels),
            "n_actors": tuple(range(len(resolved.actor_ids) + 1)),
            "domain": tuple(domain.name for domain in resolved.domains),
        }

    @cached_property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Shape of each field of a tally."""
        tally = new_tally(build_world(self.scenario))
        return {name: array.shape for name, array in tally._asdict().items()}

    @cached_property
    def length(self) -> int:
        """Numbers in a row."""
        return sum(int(np.prod(shape)) for shape in self.shapes.values())

    def fields(self, rows: np.ndarray) -> dict[str, np.ndarray]:
        """Fields of tallies, (row, …), from their rows."""
        split, start = {}, 0
        for name, shape in self.shapes.items():
            end = start + int(np.prod(shape))
            split[name] = rows[:, start:end].reshape(len(rows), *shape)
            start = end
        return split

    def counts(self, rows: np.ndarray) -> dict[str, np.ndarray]:
        """Counts by name, (row, *dims), actors in the order of the file, from tallies' rows."""
        fields = self.fields(rows)
        tally = Tally(*(np.moveaxis(fields[name], 0, -1) for name in Tally._fields))
        return {
            count.name: np.moveaxis(labelled(count, tally, self._places), -1, 0)
            for count in SWEEP_COUNTS
        }

    @cached_property
    def _places(self) -> np.ndarray:
        return places_of(self.scenario)
