"""Backends by name; each gives the two kernels of `model.batch`."""

from collections.abc import Callable
from typing import Protocol

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


def kernels_of(backend: str) -> tuple[Callable, Callable]:
    """(count_batch, record_batch) of a backend.

    Raises
    ------
    BackendUnavailable
        There is no such backend.
    """
    if backend == "numba":
        from mcescalate.engine import backend_numba

        return backend_numba.kernels()
    if backend == "python":
        # The same source, run by Python itself: the reference for the compiled kernels.
        from mcescalate.model import batch

        return batch.count_batch, batch.record_batch
    names = " or ".join(BACKENDS)
    raise BackendUnavailable(f'backend "{backend}" is not known; use {names}')
