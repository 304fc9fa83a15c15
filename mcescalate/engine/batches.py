"""Many chains: batches handed out to threads, and the tallies added up.

A chain's draws depend on its number alone and counts are sums of integers, so neither the
size of a batch nor the worker that runs it changes a result.
"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any

import numpy as np

from mcescalate.engine.backends import Kernels, kernels_of
from mcescalate.machine import available_cores
from mcescalate.model.chain.scoring import Records, new_records
from mcescalate.model.counts import Tally, new_tally
from mcescalate.model.world import World

FIRST_BATCH = {"numba": 256, "plain": 16, "python": 1}
BATCH_SECONDS = 0.2
"""A batch is sized to take about this long, so that a request to stop is obeyed soon."""

_POLL_SECONDS = 0.1


class Interrupted(Exception):
    """The run was asked to stop before its last chain."""


def run_chains(
    world: World,
    *,
    seed: int,
    first_chain: int,
    n_chains: int,
    workers: int | None = None,
    backend: str = "numba",
    batch_size: int | None = None,
    keep_chains: bool = False,
    progress: Callable[[int], None] | None = None,
    stop: threading.Event | None = None,
    meanwhile: Callable[[], None] | None = None,
) -> tuple[Tally, Records | None]:
    """Simulate chains `first_chain` to `first_chain + n_chains - 1` and count them.

    Parameters
    ----------
    batch_size : chains a kernel call; by default as many as take about `BATCH_SECONDS`
    progress : called in this thread with the number of chains done so far
    stop : once it is set, no new batch begins
    meanwhile : called in this thread once, when the workers are in their second batches; not at
        all if they are done before

    Returns
    -------
    The tally, and the records of the chains if `keep_chains`; actors in the world's order.

    Raises
    ------
    BackendUnavailable
        There is no such backend.
    Interrupted
        `stop` was set before the last chain.
    """
    n_workers = min(workers or available_cores(), n_chains)
    crew = _Crew(
        world=world,
        kernels=kernels_of(backend),
        seed=np.uint64(seed),
        first_chain=first_chain,
        n_chains=n_chains,
        n_workers=n_workers,
        batch_size=batch_size,
        first_batch=FIRST_BATCH[backend],
        records=new_records(world, n_chains) if keep_chains else None,
        stop=stop or threading.Event(),
    )
    with ThreadPoolExecutor(n_workers) as pool:
        futures = [pool.submit(crew.work) for _ in range(n_workers)]
        try:
            tallies = _await(futures, crew, progress, meanwhile)
        except BaseException:
            crew.stop.set()
            raise
    if crew.done < n_chains:
        raise Interrupted
    if progress is not None:
        progress(n_chains)
    return add_tallies(tallies), crew.records


def add_tallies(tallies: list[Tally]) -> Tally:
    """Sum of tallies of one world, count by count."""
    return Tally(
        *(sum(arrays[1:], start=arrays[0].copy()) for arrays in zip(*tallies, strict=True))
    )


def _await(
    futures: list[Future[Tally]],
    crew: "_Crew",
    progress: Callable[[int], None] | None,
    meanwhile: Callable[[], None] | None,
) -> list[Tally]:
    """Results of all, waited for so that this thread can still take signals."""
    pending = set(futures)
    while pending:
        finished, pending = wait(pending, timeout=_POLL_SECONDS, return_when=FIRST_COMPLETED)
        for future in finished:
            future.result()
        if progress is not None:
            progress(crew.done)
        if meanwhile is not None and pending and crew.done > 0:
            meanwhile()
            meanwhile = None
    return [future.result() for future in futures]


class _Crew:
    """Workers that take batch after batch off one list of chains."""

    def __init__(
        self,
        *,
        world: World,
        kernels: Kernels,
        seed: np.uint64,
        first_chain: int,
        n_chains: int,
        n_workers: int,
        batch_size: int | None,
        first_batch: int,
        records: Records | None,
        stop: threading.Event,
    ):
        self.world = world
        self.kernels = kernels
        self.seed = seed
        self.first_chain = first_chain
        self.n_chains = n_chains
        self.n_workers = n_workers
        self.batch_size = batch_size
        self.first_batch = first_batch
        self.records = records
        self.stop = stop
        self.done = 0
        self._next = 0
        self._lock = threading.Lock()
        self._compiling = threading.Lock()

    def work(self) -> Tally:
        """Simulate batches until none is left, or until the crew is to stop."""
        tally = new_tally(self.world)
        with self._compiling:
            # One worker compiles while the others wait; an empty batch is enough for it.
            room = self.kernels.new_room(self.world)
            self._simulate(room, tally, 0, 0)
        size = self.batch_size or self.first_batch
        while not self.stop.is_set():
            with self._lock:
                start = self._next
                count = self._share(size, self.n_chains - start)
                self._next += count
            if count == 0:
                break
            begin = time.perf_counter()
            self._simulate(room, tally, start, count)
            elapsed = time.perf_counter() - begin
            with self._lock:
                self.done += count
            if self.batch_size is None:
                size = next_batch_size(count, elapsed)
        return tally

    def _share(self, size: int, n_left: int) -> int:
        """The next batch: towards the end smaller than `size`, so that workers end together."""
        if self.batch_size is None and self.n_workers > 1:
            size = min(size, max(self.first_batch, n_left // (2 * self.n_workers)))
        return min(size, n_left)

    def _simulate(self, room: tuple[Any, ...], tally: Tally, start: int, count: int) -> None:
        first = np.uint64(self.first_chain + start)
        given = (self.world, *room, tally)
        if self.records is None:
            self.kernels.count_batch(*given, self.seed, first, count)
        else:
            self.kernels.record_batch(*given, self.records, start, self.seed, first, count)


def next_batch_size(count: int, elapsed: float) -> int:
    """A batch that takes about `BATCH_SECONDS`, at most four times the last one."""
    wanted = count * BATCH_SECONDS / max(elapsed, 1e-6)
    return max(1, min(int(wanted), 4 * count))
