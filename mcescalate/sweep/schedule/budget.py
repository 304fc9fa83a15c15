"""Time, memory and disk of a sweep, estimated from its plan before points are built."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mcescalate.errors import ResourceError
from mcescalate.machine import available_memory
from mcescalate.model.counts import SWEEP_COUNTS
from mcescalate.quantities import in_bytes, in_time
from mcescalate.results.budget import COUNT_BYTES, LONGEST_HOURS, PROGRAM_BYTES, estimate_run
from mcescalate.sweep.design.points import PlannedSweep
from mcescalate.sweep.schedule.precision import expected_chains
from mcescalate.sweep.schedule.shards import MOST_COUNTS, Costs, total_cost
from mcescalate.sweep.schedule.tally_layouts import TallyLayout, union_of_labels

DESIGN_BYTES = 200
"""Of a point while a sweep runs: its values and its state."""
SHARD_BYTES = 2
"""Of a count in a shard, most of them small."""
SHARD_COPIES = 4
"""Shards whose counts are in memory: being filled, being finished, and as the file written."""
PACKED = 0.25
"""Share of its size that the result takes on disk."""


@dataclass(frozen=True)
class SweepBudget:
    """Estimated demand of a sweep.

    Parameters
    ----------
    points, chains : how many, chains over all points
    seconds : on all workers together
    memory_bytes : while it runs
    merge_bytes : while the result is assembled
    disk_bytes : shards and result
    """

    points: int
    chains: float
    seconds: float
    memory_bytes: int
    merge_bytes: int
    disk_bytes: int

    def check(self, free_disk: int) -> None:
        """Refuse a sweep that exceeds this machine.

        Raises
        ------
        ResourceError
            It exceeds the memory or disk available, or a year.
        """
        available = available_memory()
        if self.seconds > 3600 * LONGEST_HOURS:
            raise ResourceError(f"the sweep needs about {self}; ask for less, or --force")
        if max(self.memory_bytes, self.merge_bytes) > available:
            raise ResourceError(
                f"the sweep needs about {self}; {in_bytes(available)} of memory are available; "
                "ask for fewer points, or --force"
            )
        if self.disk_bytes > free_disk:
            raise ResourceError(
                f"the sweep needs about {self}; {in_bytes(free_disk)} of disk are free; make "
                "space, use --out elsewhere, or --force"
            )

    def __str__(self) -> str:
        memory = max(self.memory_bytes, self.merge_bytes)
        return (
            f"{in_time(self.seconds)}, {in_bytes(memory)} of memory, "
            f"{in_bytes(self.disk_bytes)} of disk"
        )


def estimate(
    sweep: PlannedSweep, workers: int, *, processes: int = 1, is_remote: bool = False
) -> SweepBudget:
    """What a whole sweep will need on `workers` workers in `processes` processes.

    Parameters
    ----------
    is_remote : whether the workers may be on other hosts, so that their memory does not count
    """
    precision = sweep.plan.precision
    n_chains = expected_chains(precision) if precision else sweep.n_chains
    layouts = [TallyLayout(scenario) for _, scenario in sweep.bases]
    n = sweep.n_points
    result = COUNT_BYTES * n * n_counts(union_of_labels(layouts))
    of_points = [layout.length for layout in layouts]
    counts = sweep.n_rows * sum(of_points)
    shard = min(max(MOST_COUNTS, *of_points), counts)
    running = max(
        estimate_run(scenario, 1, workers=1 if is_remote else workers).memory_bytes
        for _, scenario in sweep.bases
    )
    return SweepBudget(
        points=n,
        chains=n * n_chains,
        seconds=total_cost(sweep, Costs(), n_chains) / workers,
        memory_bytes=running
        + PROGRAM_BYTES * (0 if is_remote else processes - 1)
        + COUNT_BYTES * SHARD_COPIES * shard
        + DESIGN_BYTES * n,
        merge_bytes=PROGRAM_BYTES + int(result * (1 + PACKED)) + DESIGN_BYTES * n,
        disk_bytes=SHARD_BYTES * counts + int(result * PACKED),
    )


def n_counts(labels: Mapping[str, Sequence[Any]]) -> int:
    """Counts of a point, given the labels of each dim."""
    return sum(
        math.prod(len(labels[dim]) for dim in count.dims)
        for count in SWEEP_COUNTS
        if labels.keys() >= set(count.dims)
    )
