"""The kernel run by Python itself, in place of the compiled one."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from mcescalate.engine import batches
from mcescalate.engine.backends import Kernels
from mcescalate.kernel import batch, lockstep, pair_tables
from mcescalate.kernel.crisis.memory import new_memory
from mcescalate.model.chain.past import new_past
from mcescalate.model.state import new_state


def new_room(world) -> tuple:
    """What a worker needs; tables of pairs only where they are few."""
    state = new_state(world)
    with_tables = lockstep.new_lockstep(world)
    if 0 < with_tables.tables.n_pair_states[0] < len(with_tables.tables.pair_states) <= 60:
        pair_tables.tabulate(world, state, with_tables.tables)
        return state, new_memory(world), with_tables, new_past(world)
    return state, new_memory(world), lockstep.new_lockstep(world, 0), new_past(world)


@contextmanager
def by_the_uncompiled_kernel() -> Iterator[None]:
    """Let every backend be the kernel, uncompiled."""
    kernels = Kernels(new_room, batch.count_batch, batch.record_batch)
    with patch.object(batches, "kernels_of", lambda backend: kernels):
        yield
