"""The loop that runs a sweep: it submits tasks, stores their tallies, and can be stopped.

Only the loop builds scenarios, writes files and decides; workers simulate. It never waits long, so
that signals are handled promptly.
"""

import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Future, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from mcescalate.engine.batches import Interrupted
from mcescalate.errors import DataError, SchedulerLost
from mcescalate.scenario.build import build_world
from mcescalate.sweep.design.points import PlannedSweep
from mcescalate.sweep.run.executors import Executor
from mcescalate.sweep.run.worker import PointChains, simulate_pieces
from mcescalate.sweep.schedule.queue import ShardQueue
from mcescalate.sweep.schedule.shards import Costs, Shard, chain_cost
from mcescalate.sweep.store.shard_files import FAILED, SHARDS, read_shard, replace_file, shard_image

TASK_SECONDS = 0.25
"""Cost of a task, about: short, so that the sweep stops promptly."""
MOST_DEATHS = 2
"""Workers that may die of a task before its shard is marked as failed."""
_POLL_SECONDS = 0.1


@dataclass
class SweepStatus:
    """How far a sweep has come."""

    points_ended: int = 0
    points_reached: int = 0
    chains_done: int = 0
    chains_found: int = 0
    """Of these, how many were on disk already."""
    shards_written: int = 0
    shards_found: int = 0
    shards_redone: int = 0
    """Damaged, and simulated again."""
    failures: dict[str, str] = field(default_factory=dict)
    """The error of each shard that failed, by its name."""
    is_stopped: bool = False


@dataclass
class _Task:
    """Some rows of a shard."""

    shard: "_OpenShard"
    rows: list[int]
    pieces: list[PointChains]
    deaths: int = 0


class _OpenShard:
    """A shard whose rows are coming in."""

    def __init__(self, shard: Shard, lengths: list[int]):
        self.shard = shard
        self.rows = [np.zeros(length, np.int64) for length in lengths]
        self.chains_left = len(lengths) * shard.n_chains
        self.is_failed = False


class ShardRunner:
    """Simulates one part of a sweep into its folder.

    Parameters
    ----------
    sweep, costs, queue : the work
    folder : the sweep's folder
    digest : of the sweep
    executor : where tasks run
    backend : simulates the chains
    should_stop : asked about ten times a second
    progress : called about ten times a second
    """

    def __init__(
        self,
        sweep: PlannedSweep,
        costs: Costs,
        queue: ShardQueue,
        folder: Path,
        digest: str,
        executor: Executor,
        *,
        backend: str = "numba",
        should_stop: Callable[[], bool] = lambda: False,
        progress: Callable[[SweepStatus], None] = lambda status: None,
        simulate: Callable[..., list[np.ndarray]] = simulate_pieces,
        task_seconds: float = TASK_SECONDS,
    ):
        self.sweep = sweep
        self.costs = costs
        self.queue = queue
        self.folder = folder
        self.digest = digest
        self.executor = executor
        self.backend = backend
        self.status = SweepStatus()
        self._should_stop = should_stop
        self._progress = progress
        self._simulate = simulate
        self._task_seconds = task_seconds
        self._layouts = queue.layouts
        self._running: dict[Future[Any], _Task] = {}
        self._suspects: deque[_Task] = deque()
        self._tasks: Iterator[_Task] = iter(())

    def run(self) -> SweepStatus:
        """Simulate until no shard is left, or until asked to stop.

        Raises
        ------
        ResourceError, OutputError
            A shard cannot be written; what was written before stays.
        SchedulerLost
            A cluster no longer answers.
        """
        while True:
            self._fill()
            if self._is_stopped() or not self._running:
                break
            done, _ = wait(self._running, _POLL_SECONDS, FIRST_COMPLETED)
            for future in done:
                if future in self._running:
                    self._collect(future)
            self._report_status()
            if not done:
                self._check_executor()
        self._report_status()
        return self.status

    def _is_stopped(self) -> bool:
        """Whether a stop was requested, now or before."""
        self.status.is_stopped = self.status.is_stopped or self._should_stop()
        return self.status.is_stopped

    def _report_status(self) -> None:
        self.status.points_ended = int(np.count_nonzero(self.queue.ended))
        self.status.points_reached = int(np.count_nonzero(self.queue.reached))
        self._progress(self.status)

    def _check_executor(self) -> None:
        try:
            self.executor.check()
        except SchedulerLost as error:
            raise self._scheduler_lost(error) from None

    def _scheduler_lost(self, error: Exception) -> SchedulerLost:
        saved = self.status.shards_written + self.status.shards_found
        return SchedulerLost(
            f"{error}; {saved} shards are saved, start the sweep again to continue"
        )

    # ------------------------------------------------------------------ submitting

    def _fill(self) -> None:
        """Keep every worker busy, with one task waiting for each."""
        while True:
            if self._suspects:
                # One of these killed a worker: run alone, it is identified.
                if self._running:
                    return
                self._submit(self._suspects.popleft())
            else:
                is_busy = len(self._running) >= 2 * self.executor.workers
                if is_busy or (task := self._next_task()) is None:
                    return
                self._submit(task)

    def _submit(self, task: _Task) -> None:
        if task.shard.is_failed:
            return
        try:
            future = self.executor.submit(self._simulate, task.pieces, self.backend)
        except BrokenExecutor:
            self._suspects.append(task)
            self._recover([])
        except RuntimeError as error:  # a closed client
            raise self._scheduler_lost(error) from error
        else:
            self._running[future] = task

    def _next_task(self) -> _Task | None:
        while True:
            task = next(self._tasks, None)
            if task is not None:
                return task
            if self._is_stopped() or (shard := self.queue.take()) is None:
                return None
            rows = self._found(shard)
            if rows is None:
                self._tasks = self._cut(shard)
            else:
                self.status.shards_found += 1
                self.status.chains_done += len(shard.points) * shard.n_chains
                self.status.chains_found += len(shard.points) * shard.n_chains
                self._finish(shard, rows)

    def _found(self, shard: Shard) -> list[np.ndarray] | None:
        """The rows of a shard that is on disk already, and whole."""
        try:
            return read_shard(self.folder, shard, self._layouts.lengths(shard.points), self.digest)
        except DataError:
            self.status.shards_redone += 1
            return None

    def _cut(self, shard: Shard) -> Iterator[_Task]:
        """The tasks of a shard: points together, or some chains of one."""
        opened = _OpenShard(shard, self._layouts.lengths(shard.points))
        task = _Task(opened, [], [])
        cost = 0.0
        for row, point in enumerate(shard.points):
            if self._is_stopped():
                return
            try:
                world = build_world(self.sweep.scenario(point))
            except Exception:
                self._fail(opened, traceback.format_exc())
                return
            each = chain_cost(self.sweep, self.costs, point)
            most = max(1, int(self._task_seconds / each))
            for start in range(0, shard.n_chains, most):
                n = min(most, shard.n_chains - start)
                own = self.costs.point + n * each
                if task.pieces and cost + own > self._task_seconds:
                    yield task
                    if opened.is_failed:
                        return
                    task, cost = _Task(opened, [], []), 0.0
                task.rows.append(row)
                task.pieces.append(
                    PointChains(world, self.sweep.seed_of(point), shard.first_chain + start, n)
                )
                cost += own
        yield task

    # ------------------------------------------------------------------ collecting

    def _collect(self, future: Future[Any]) -> None:
        task = self._running.pop(future)
        opened = task.shard
        try:
            rows = future.result()
        except BrokenExecutor:
            self._recover([task])
        except CancelledError as error:
            raise self._scheduler_lost(
                SchedulerLost("the connection to the scheduler was lost")
            ) from error
        except Interrupted:
            return
        except Exception as error:
            if self.executor.is_death(error):
                self._suspect(task, is_alone=task.deaths > 0)
            else:
                self._fail(opened, "".join(traceback.format_exception(error)))
        else:
            if opened.is_failed:
                return
            for row, counts in zip(task.rows, rows, strict=True):
                opened.rows[row] += counts
            n_chains = sum(piece.n_chains for piece in task.pieces)
            opened.chains_left -= n_chains
            self.status.chains_done += n_chains
            if opened.chains_left == 0:
                self._write(opened)

    def _recover(self, lost: list[_Task]) -> None:
        """After a worker died: collect finished tasks, and run the others again one by one."""
        for future, task in list(self._running.items()):
            if future.done() and not future.cancelled() and future.exception() is None:
                self._collect(future)
            else:
                lost.append(task)
        self._running.clear()
        self.executor.restart()
        for task in lost:
            self._suspect(task, is_alone=len(lost) == 1)

    def _suspect(self, task: _Task, *, is_alone: bool) -> None:
        """Record that workers died during a task, or during one that ran at the same time."""
        task.deaths += 1
        if task.deaths >= MOST_DEATHS and is_alone:
            self._fail(task.shard, f"{task.deaths} workers died while simulating it\n")
        else:
            self._suspects.append(task)

    def _fail(self, opened: _OpenShard, account: str) -> None:
        """Mark a shard as failed; others continue."""
        if opened.is_failed:
            return
        opened.is_failed = True
        shard = opened.shard
        first, last = shard.points[0], shard.points[-1]
        base, _ = self.sweep.bases[self.sweep.base_of(first)]
        title = f"points {first} to {last}, base {base}: {account.strip().splitlines()[-1]}"
        self.status.failures[shard.name] = title
        (self.folder / FAILED).mkdir(exist_ok=True)
        stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        text = f"{stamp} {shard.name}, {title}\n\n{account}"
        replace_file(self.folder / FAILED / f"{shard.name}.txt", text.encode())

    def _write(self, opened: _OpenShard) -> None:
        shard = opened.shard
        image = shard_image(shard, opened.rows, self.digest)
        replace_file(self.folder / SHARDS / shard.name, image)
        (self.folder / FAILED / f"{shard.name}.txt").unlink(missing_ok=True)
        self.status.shards_written += 1
        self._finish(shard, opened.rows)

    def _finish(self, shard: Shard, rows: list[np.ndarray]) -> None:
        self.queue.finish(shard, self._layouts.successes(shard.points, rows))
