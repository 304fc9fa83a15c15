"""Backends by name, and the kernels that each gives."""

from collections.abc import Callable
from typing import Any, NamedTuple

from mcescalate.errors import BackendUnavailable

BACKENDS = ("numba", "plain", "python")
"""The kernel; the model with every rule asked afresh, compiled; and the same run by Python."""


class Kernels(NamedTuple):
    """What a backend simulates chains with: functions, compiled or not.

    `new_room(world)` gives the arrays that a worker needs; they stand after the world in calls
    of `count_batch` and `record_batch`.
    """

    new_room: Callable[..., tuple[Any, ...]]
    count_batch: Callable[..., None]
    record_batch: Callable[..., None]


def kernels_of(backend: str) -> Kernels:
    """The kernels of a backend.

    Raises
    ------
    BackendUnavailable
        There is no such backend.
    """
    if backend not in BACKENDS:
        names = " or ".join(BACKENDS)
        raise BackendUnavailable(f'backend "{backend}" is not known; use {names}')
    if backend == "python":
        from mcescalate.engine import backend_python

        return Kernels(*backend_python.kernels())
    from mcescalate.engine import backend_numba

    if backend == "plain":
        return Kernels(backend_numba.new_plain_room, *backend_numba.plain_kernels())
    return Kernels(backend_numba.new_room, *backend_numba.kernels())
