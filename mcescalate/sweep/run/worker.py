"""What a worker does: simulate chains of compiled scenarios and hand back their tallies.

Only arrays and numbers are sent to it, and only arrays are returned.
"""

import signal
import threading
import time
from typing import NamedTuple, Protocol

import numpy as np

from mcescalate.engine.backends import kernels_of
from mcescalate.engine.batches import FIRST_BATCH, Interrupted, next_batch_size
from mcescalate.model.counts import new_tally, tally_row
from mcescalate.model.world import World


class StopFlag(Protocol):
    """An event of this process or of several."""

    def is_set(self) -> bool:
        """Whether it was set."""


class PointChains(NamedTuple):
    """Chains of one point."""

    world: World
    seed: int
    first_chain: int
    n_chains: int


_stop: StopFlag = threading.Event()
"""Asks this worker to stop; a process gets its parent's."""


def simulate_pieces(
    pieces: list[PointChains], backend: str, stop: StopFlag | None = None
) -> list[np.ndarray]:
    """The tally of each piece as a row of numbers.

    Points are many and may be short: none starts threads, and all share the size of a kernel
    call.

    Raises
    ------
    Interrupted
        `stop`, or this worker's own, was set before the last chain.
    """
    return [_simulate_chains(piece, backend, stop or _stop) for piece in pieces]


def _simulate_chains(piece: PointChains, backend: str, stop: StopFlag) -> np.ndarray:
    kernels = kernels_of(backend)
    room, tally = kernels.new_room(piece.world), new_tally(piece.world)
    seed, done = np.uint64(piece.seed), 0
    while done < piece.n_chains:
        if stop.is_set():
            raise Interrupted
        size = min(_batch_sizes.get(backend, FIRST_BATCH[backend]), piece.n_chains - done)
        begin = time.perf_counter()
        first = np.uint64(piece.first_chain + done)
        kernels.count_batch(piece.world, *room, tally, seed, first, size)
        elapsed = time.perf_counter() - begin
        done += size
        _batch_sizes[backend] = next_batch_size(size, elapsed)
    return tally_row(tally)


_batch_sizes: dict[str, int] = {}
"""Chains of the next kernel call, by backend, from how long the last one took; no count depends
on it."""


def prepare_process(stop: StopFlag) -> None:
    """Make this process a worker: it leaves signals to its parent, and ends when that ends."""
    global _stop
    _stop = stop
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    from multiprocessing import connection, parent_process

    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
    signal.raise_signal(signal.SIGTERM)
