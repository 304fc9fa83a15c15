"""What an exact solution will need, found out by meeting its states before any mass moves."""

from collections.abc import Iterable
from dataclasses import dataclass

from mcescalate.engine.exact.columns import columns_of
from mcescalate.engine.exact.crisis import LAW_SIZE, Crisis
from mcescalate.engine.exact.shapes import Shapes
from mcescalate.errors import ResourceError
from mcescalate.machine import available_memory
from mcescalate.model.world import World
from mcescalate.quantities import counted, in_bytes, in_time

MOST_BYTES = 8 << 30
"""The solver takes no more memory than this, nor more than there is."""

MOST_SECONDS = 3600
"""A solution estimated to take longer is refused."""

BRANCH_BYTES = 40
"""Memory for each branch of a shape, with what it takes to find it."""

MOVE_SECONDS = 6e-8
"""Time to move mass along one branch, for one setting of the governments and one turn."""

LAW_SECONDS = 3e-6
"""Time for the law of one member in one state."""

WHAT_TO_DO = (
    "leave out actors, rungs, levels of arms or turns, drop unlikely states (--prune), or simulate"
)


@dataclass(frozen=True)
class Estimate:
    """States and branches of all crises, and the memory and time that they will take, about."""

    n_crises: int
    n_states: int
    n_branches: int
    memory_bytes: int
    seconds: float

    def check(self) -> None:
        """Refuse what takes too long.

        Raises
        ------
        ResourceError
            It takes longer than `MOST_SECONDS`.
        """
        if self.seconds > MOST_SECONDS:
            raise ResourceError(
                f"the exact solution needs about {self}; no more than {in_time(MOST_SECONDS)} "
                f"are spent: {WHAT_TO_DO}"
            )

    def __str__(self) -> str:
        return (
            f"{counted(self.n_states, 'states')} in {self.n_crises} crises, "
            f"{in_bytes(self.memory_bytes)} of memory, {in_time(self.seconds)}"
        )


def bytes_needed(world: World, crisis: Crisis, n_shapes: int, n_branches: int) -> int:
    """Memory that a crisis with so many shapes and branches takes."""
    n = len(crisis.members)
    row = 2 * columns_of(n, world.top).width + n * LAW_SIZE + n**2
    return 8 * (n_shapes << len(crisis.uncertain)) * row + BRANCH_BYTES * n_branches


def check_memory(world: World, crisis: Crisis, n_shapes: int, n_branches: int) -> None:
    """Refuse more shapes and branches of a crisis than memory holds.

    Raises
    ------
    ResourceError
        They take more than `MOST_BYTES`, or more than is free.
    """
    n_states = n_shapes << len(crisis.uncertain)
    needed = bytes_needed(world, crisis, n_shapes, n_branches)
    bound = min(MOST_BYTES, available_memory())
    if needed > bound:
        raise ResourceError(
            f"the exact solution needs {in_bytes(needed)} of memory or more, for the "
            f"{counted(n_states, 'states')} met so far; it may take {in_bytes(bound)}: {WHAT_TO_DO}"
        )


def estimate(world: World, groups: Iterable[tuple[Shapes, int]]) -> Estimate:
    """What solving crises will need, given the shapes of each group and its number of crises."""
    n_crises = n_states = n_branches = most_bytes = 0
    seconds = 0.0
    for shapes, count in groups:
        settings = 1 << len(shapes.crisis.uncertain)
        rows, branches = len(shapes) * settings, len(shapes.targets) * settings
        laws = rows * len(shapes.crisis.members)
        seconds += count * (MOVE_SECONDS * branches * world.horizon + LAW_SECONDS * laws)
        n_crises += count
        n_states += count * rows
        n_branches += count * branches
        needed = bytes_needed(world, shapes.crisis, len(shapes), len(shapes.targets))
        most_bytes = max(most_bytes, needed)
    return Estimate(n_crises, n_states, n_branches, most_bytes, seconds)
