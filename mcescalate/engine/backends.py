"""Backends by name, and the kernels that each gives."""

from collections.abc import Callable
from typing import NamedTuple, Protocol

from mcescalate.errors import BackendUnavailable

BACKENDS = ("numba", "python")


class Compiled(Protocol):
    """A kernel that is compiled when it is first called."""

    @property
    def is_compiling(self) -> bool:
        """Whether it is being compiled, and not merely read from disk."""


compiled_kernels: list[Compiled] = []
"""Those of this process."""


def is_compiling() -> bool:
    """Whether a kernel is being compiled in this process, which takes half a minute."""
    return any(kernel.is_compiling for kernel in compiled_kernels)


class Kernels(NamedTuple):
    """What a backend plays chains with: functions of `model`, compiled or not."""

    count_batch: Callable
    record_batch: Callable
    tabulate: Callable
    has_tables: bool
    """Whether chains are played abreast where they can be."""

    def new_room(self, world):
        """(State, Abreast) that a worker needs to play chains of `world`."""
        # Here, as the names of backends are wanted where nothing is played.
        from mcescalate.model.abreast import new_abreast
        from mcescalate.model.state import new_state

        state = new_state(world)
        rank = new_abreast(world) if self.has_tables else new_abreast(world, room=0)
        if len(rank.tables.scenes) > 0:
            self.tabulate(world, state, rank.tables)
        return state, rank


def kernels_of(backend: str) -> Kernels:
    """The kernels of a backend.

    Raises
    ------
    BackendUnavailable
        There is no such backend.
    """
    if backend == "numba":
        from mcescalate.engine import backend_numba

        return Kernels(*backend_numba.kernels(), has_tables=True)
    if backend == "python":
        # The same source, run by Python itself, each chain alone: the reference for the others.
        from mcescalate.model import batch, bilateral

        return Kernels(batch.count_batch, batch.record_batch, bilateral.tabulate, has_tables=False)
    names = " or ".join(BACKENDS)
    raise BackendUnavailable(f'backend "{backend}" is not known; use {names}')
