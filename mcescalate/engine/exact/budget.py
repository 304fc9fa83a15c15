"""What an exact solution will need, known from the states met before any probability moves."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from mcescalate.engine.exact.turn.columns import columns_of
from mcescalate.engine.exact.turn.crisis import LAW_SIZE, Crisis
from mcescalate.errors import ResourceError
from mcescalate.machine import available_memory
from mcescalate.model.world import World
from mcescalate.quantities import counted, in_bytes, in_time

MOST_BYTES = 4 << 30
"""The solver takes no more memory than this, nor more than there is."""

MOST_SECONDS = 3600
"""A solution estimated to take longer is refused."""

BRANCH_BYTES = 60
"""Memory for each branch of a configuration, with what it takes to find it."""

MOVE_SECONDS = 6e-8
"""Time to move probability along one branch, for one setting of the governments and one turn."""

LAW_SECONDS = 3e-6
"""Time for the law of one member in one state."""

WHAT_TO_DO = (
    "leave out actors, rungs, levels of arms or turns, drop unlikely states (--prune, or more of "
    "it), or simulate"
)


@dataclass(frozen=True)
class Estimate:
    """States and branches of all crises, and the memory and time that they will take, about."""

    n_crises: int
    n_states: int
    n_branches: int
    memory_bytes: int
    seconds: float

    def __str__(self) -> str:
        return (
            f"{counted(self.n_states, 'states')} in {self.n_crises} crises, "
            f"{in_bytes(self.memory_bytes)} of memory, {in_time(self.seconds)}"
        )


class Budget:
    """What the configurations and branches met so far will need; refuses more than there may be.

    Parameters
    ----------
    groups : for each group of crises that share their configurations, one of them and their number
    is_timed : whether every state will be followed, so that the time is known
    """

    def __init__(
        self, world: World, groups: Mapping[Hashable, tuple[Crisis, int]], *, is_timed: bool
    ):
        self.world = world
        self.groups = groups
        self.is_timed = is_timed
        self._met = dict.fromkeys(groups, (1, 0))

    def note(self, group: Hashable, n_configurations: int, n_branches: int) -> None:
        """Note that a group has so many configurations and branches.

        Raises
        ------
        ResourceError
            With those of the others they take more than `MOST_BYTES`, more than is free, or
            longer than `MOST_SECONDS`.
        """
        self._met[group] = (n_configurations, n_branches)
        needed = self.estimate()
        bytes_bound = min(MOST_BYTES, available_memory())
        too_long = self.is_timed and needed.seconds > MOST_SECONDS
        if needed.memory_bytes > bytes_bound or too_long:
            raise ResourceError(
                f"the exact solution needs {needed} or more, and may take "
                f"{in_bytes(bytes_bound)}, {in_time(MOST_SECONDS)}: {WHAT_TO_DO}"
            )

    def estimate(self) -> Estimate:
        """What solving all groups will need, given what has been met."""
        n_crises = n_states = n_branches = shared_bytes = most_bytes = 0
        seconds = 0.0
        for group, (n_configurations, configuration_branches) in self._met.items():
            crisis, count = self.groups[group]
            n = len(crisis.members)
            settings = 1 << len(crisis.uncertain)
            rows, branches = n_configurations * settings, configuration_branches * settings
            row_size = 2 * columns_of(n, self.world.top).width + n * LAW_SIZE + n**2
            most_bytes = max(most_bytes, 8 * rows * row_size)
            shared_bytes += (
                8 * n_configurations * (2 * n + 6) + BRANCH_BYTES * configuration_branches
            )
            moves = branches * self.world.horizon
            seconds += count * (MOVE_SECONDS * moves + LAW_SECONDS * rows * n)
            n_crises += count
            n_states += count * rows
            n_branches += count * branches
        return Estimate(n_crises, n_states, n_branches, shared_bytes + most_bytes, seconds)
