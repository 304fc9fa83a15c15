"""Memory, disk and time of a run, estimated before it begins.

The estimates are meant to be right within a factor of two: enough to refuse a run that
exceeds the machine, and to show whether to wait for the result.
"""

from dataclasses import dataclass

from mcescalate.errors import ResourceError
from mcescalate.machine import available_cores, available_memory
from mcescalate.model.counts import Scope, field_shapes, n_numbers
from mcescalate.model.world import ACTOR, DYAD
from mcescalate.quantities import in_bytes, in_time
from mcescalate.results.labels import n_periods
from mcescalate.results.variables import record_bytes
from mcescalate.scenario.schema import Scenario

PROGRAM_BYTES = 350_000_000
"""Memory of the program itself: libraries, compiled code, the scenario's text."""

STACK_BYTES = 10_000_000
"""Memory of a worker beside its tally and state."""

COUNT_BYTES = 8

CHAIN_SECONDS = 0.5e-6
ACTOR_SECONDS = 1e-6
MOST_ACTORS = 16
"""Time of a chain on one core of a present-day machine: a part of its own, and one for each
actor of the scenario up to this many; in larger worlds most actors are far from most crises."""

LONGEST_HOURS = 24 * 365
"""A run estimated to take longer is refused."""


@dataclass(frozen=True)
class Budget:
    """Memory and disk in bytes, and time in seconds, that a run will take, about."""

    memory_bytes: int
    disk_bytes: int
    seconds: float

    def check(self) -> None:
        """Refuse a run that exceeds this machine.

        Raises
        ------
        ResourceError
            More memory than is available, or more time than `LONGEST_HOURS`.
        """
        available = available_memory()
        if self.memory_bytes > available:
            raise ResourceError(
                f"the run needs about {self}, and {in_bytes(available)} of memory are available; "
                "ask for fewer chains, fewer workers or no record of each chain"
            )
        if self.seconds > 3600 * LONGEST_HOURS:
            raise ResourceError(f"the run needs about {self}; ask for fewer chains")

    def __str__(self) -> str:
        return (
            f"{in_bytes(self.memory_bytes)} of memory, {in_bytes(self.disk_bytes)} of disk, "
            f"{in_time(self.seconds)}"
        )


def chain_seconds(n_actors: int) -> float:
    """About what a chain takes on one core."""
    return CHAIN_SECONDS + ACTOR_SECONDS * min(n_actors, MOST_ACTORS)


def estimate_run(
    scenario: Scenario, n_chains: int, *, workers: int | None = None, keep_chains: bool = False
) -> Budget:
    """What `n_chains` chains of `scenario` will need on `workers` threads."""
    n_actors = len(scenario.actors)
    threads = workers or available_cores()
    tally = COUNT_BYTES * n_numbers(field_shapes(_scope(scenario)))
    world = DYAD.itemsize * n_actors**2 + ACTOR.itemsize * n_actors
    n_crises = n_chains * scenario.sequence.crises
    records = record_bytes(n_actors) * n_crises if keep_chains else 0
    return Budget(
        memory_bytes=PROGRAM_BYTES + threads * (STACK_BYTES + tally) + 2 * world + 2 * records,
        disk_bytes=2 * tally + records,
        seconds=n_crises * chain_seconds(n_actors) / threads,
    )


def _scope(scenario: Scenario) -> Scope:
    """About what a scenario has to count by: known at once, however large it is."""
    return Scope(
        rungs=scenario.ladder.rungs,
        horizon=int(scenario.run.horizon),
        actors=scenario.actors,
        ties=scenario.ties,
        domains=scenario.trigger.domains,
        crises=n_periods(scenario),
    )
