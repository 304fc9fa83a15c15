"""What a sweep will need, estimated from its plan before any point is laid out."""

from dataclasses import dataclass

import numpy as np

from mcescalate.errors import ResourceError
from mcescalate.machine import available_memory
from mcescalate.quantities import in_bytes, in_time
from mcescalate.results.budget import LONGEST_HOURS, PROGRAM_BYTES, STACK_BYTES
from mcescalate.sweep.counts import SWEEP_COUNTS, Frame
from mcescalate.sweep.points import Sweep
from mcescalate.sweep.precision import expected_chains
from mcescalate.sweep.shards import Costs, total_cost

DESIGN_BYTES = 200
"""Of a point while a sweep runs: its values, and what is known of it."""
SHARD_BYTES = 2
"""Of a count in a shard, most of them small."""
PACKED = 0.25
"""Share of its size that the result takes on disk."""


@dataclass(frozen=True)
class SweepBudget:
    """What a sweep will take, about.

    Parameters
    ----------
    points, chains : how many, chains over all points
    seconds : on all workers together
    memory_bytes : while it runs
    merge_bytes : while the result is put together
    disk_bytes : shards and result
    """

    points: int
    chains: float
    seconds: float
    memory_bytes: int
    merge_bytes: int
    disk_bytes: int

    def check(self, free_disk: int) -> None:
        """Refuse what cannot end well here.

        Raises
        ------
        ResourceError
            More memory or disk than there is, or more time than anybody has.
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


def estimate(sweep: Sweep, workers: int, *, processes: int = 1) -> SweepBudget:
    """What a whole sweep will need on `workers` workers in `processes` processes."""
    precision = sweep.plan.precision
    n_chains = expected_chains(precision) if precision else sweep.plan.chains
    frames = [Frame(scenario) for _, scenario in sweep.bases]
    numbers = [frame.length for frame in frames]
    dims = {
        dim: len(dict.fromkeys(name for frame in frames for name in frame.names[dim]))
        for dim in frames[0].names
    }
    united = union_numbers(frames[0], dims)
    n = sweep.n_points
    result = 8 * united * n
    shards = SHARD_BYTES * sweep.n_rows * sum(numbers)
    return SweepBudget(
        points=n,
        chains=n * n_chains,
        seconds=total_cost(sweep, Costs(), n_chains) / workers,
        memory_bytes=PROGRAM_BYTES * processes + STACK_BYTES * workers + DESIGN_BYTES * n,
        merge_bytes=PROGRAM_BYTES + int(result * (1 + PACKED)) + DESIGN_BYTES * n,
        disk_bytes=shards + int(result * PACKED),
    )


def union_numbers(frame: Frame, dims: dict[str, int]) -> int:
    """Counts of a point where dims have these sizes; other dims are the same everywhere."""
    sizes = {**fixed_sizes(frame), **dims}
    return sum(int(np.prod([sizes[dim] for dim in count.dims])) for count in SWEEP_COUNTS)


def fixed_sizes(frame: Frame) -> dict[str, int]:
    """Sizes of the dims that every scenario has alike."""
    shapes = frame.shapes
    return {
        "outcome": shapes["outcome"][0],
        "block": shapes["block_outcome"][0],
        "side": shapes["actor_engaged"][1],
        "cause": shapes["entry"][1],
        "misreads": shapes["misread"][0],
    }
