"""The kernel and the plain model as machine code, without the interpreter's lock."""

import functools
from collections.abc import Callable
from typing import Any

from mcescalate.engine.code_folder import code_folder
from mcescalate.engine.machine_code import Kernel, Processor
from mcescalate.model.world import World


@functools.cache
def kernels() -> tuple[Kernel, ...]:
    """(count_batch, record_batch), compiled on first call and kept on disk."""
    from mcescalate.kernel import batch

    return compiled(batch.count_batch), compiled(batch.record_batch)


@functools.cache
def plain_kernels() -> tuple[Kernel, ...]:
    """The same of the model in its plainest form."""
    from mcescalate.model.chain import plain

    return compiled(plain.count_batch), compiled(plain.record_batch)


@functools.cache
def branch_kernel() -> Kernel:
    """`branch_batch`, which continues one chain; the room that it needs is `new_branch_room`'s."""
    from mcescalate.kernel import branches

    return compiled(branches.branch_batch)


def new_branch_room(world: World) -> tuple[Any, ...]:
    """The memory that a worker needs for branches, beside their states."""
    from mcescalate.kernel.crisis.memory import new_memory

    return (new_memory(world),)


@functools.cache
def _tabulate() -> Kernel:
    from mcescalate.kernel import pair_tables

    return compiled(pair_tables.tabulate)


def new_plain_room(world: World) -> tuple[Any, ...]:
    """(State, Past) for a worker with the model in its plainest form."""
    from mcescalate.model.aligned import zeros
    from mcescalate.model.chain.past import new_past
    from mcescalate.model.state import new_state

    return new_state(world, zeros), new_past(world, zeros)


def new_room(world: World, room: int | None = None) -> tuple[Any, ...]:
    """(State, Memory, Lockstep, Past) for a worker; `room` is for pair states, 0 for no tables."""
    from mcescalate.kernel.crisis.memory import new_memory
    from mcescalate.kernel.lockstep import new_lockstep
    from mcescalate.model.aligned import zeros
    from mcescalate.model.chain.past import new_past
    from mcescalate.model.state import new_state

    state = new_state(world, zeros)
    lockstep = new_lockstep(world, room)
    if len(lockstep.tables.openings) > 0:
        _tabulate()(world, state, lockstep.tables)
    return state, new_memory(world), lockstep, new_past(world, zeros)


def compiled(function: Callable[..., Any]) -> Kernel:
    """A kernel made of functions of the model, without the interpreter's lock.

    Raises
    ------
    UndeclaredDependence
        A rule reads what it does not declare.
    """
    code_folder()
    return Kernel(function, _compile)


def _compile(function: Callable[..., Any], arguments: tuple[Any, ...], to: Processor) -> bytes:
    from mcescalate.engine.compiler import compile_kernel  # which loads numba

    return compile_kernel(function, arguments, to)
