"""Executors: threads of this process, local processes, or workers of a dask cluster.

All take the same work and return the same futures. None keeps any state: finished work is on disk
in shards.
"""

import asyncio
import ipaddress
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Protocol
from urllib.parse import urlsplit

from mcescalate.errors import BackendUnavailable, SchedulerLost, UsageError
from mcescalate.machine import available_cores
from mcescalate.sweep.run.worker import prepare_process

EXECUTORS = ("threads", "processes", "dask")
_CLOSE_SECONDS = 10


class Executor(Protocol):
    """What a sweep requires of an executor."""

    workers: int

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Have a function called; BrokenExecutor, here or in the future, if workers died."""

    def is_death(self, error: BaseException) -> bool:
        """Whether a task failed with `error` because it took workers with it."""

    def restart(self) -> None:
        """Begin again after workers died."""

    def check(self) -> None:
        """Raise SchedulerLost if no future will ever come back."""

    def close(self) -> None:
        """Stop running tasks and end."""


def open_executor(
    kind: str,
    workers: int | None = None,
    *,
    scheduler: str | None = None,
    insecure_cluster: bool = False,
) -> Executor:
    """An executor by its name.

    Raises
    ------
    UsageError
        There is no such executor, or its options contradict each other.
    BackendUnavailable
        Its package is not installed.
    """
    if kind not in EXECUTORS:
        raise UsageError(f'--executor: expected {", ".join(EXECUTORS)}, found "{kind}"')
    if scheduler is not None and kind != "dask":
        raise UsageError(f'--scheduler: goes with --executor dask, not with "{kind}"')
    n_workers = workers or available_cores()
    if kind == "threads":
        return _Threads(n_workers)
    if kind == "processes":
        return _Processes(n_workers)
    if scheduler is not None:
        check_address(scheduler, insecure_cluster=insecure_cluster)
    return _Dask(workers, scheduler)


def check_address(address: str, *, insecure_cluster: bool) -> None:
    """Refuse a scheduler on another host without encryption, unless it is allowed.

    Raises
    ------
    UsageError
        The address is invalid, or open: anyone who reaches a scheduler can run code on its workers.
    """
    parts = urlsplit(address)
    try:
        has_port = parts.port is not None
    except ValueError:
        has_port = False
    if parts.scheme not in ("tcp", "tls") or not parts.hostname or not has_port:
        raise UsageError(
            f'--scheduler: expected an address such as tcp://127.0.0.1:8786, found "{address}"'
        )
    if parts.scheme == "tcp" and not insecure_cluster and not _is_loopback(parts.hostname):
        raise UsageError(
            f"--scheduler: {address} is on another host and has no encryption; use a tls:// "
            "address, or --insecure-cluster if the network is closed to others"
        )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class _Threads:
    """Threads of this process; kernels release the interpreter's lock."""

    def __init__(self, workers: int):
        self.workers = workers
        self._stop = threading.Event()
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="sweep")

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        return self._pool.submit(function, *arguments, self._stop)

    def is_death(self, error: BaseException) -> bool:
        return False

    def restart(self) -> None:
        return

    def check(self) -> None:
        return

    def close(self) -> None:
        self._stop.set()
        self._pool.shutdown(wait=True, cancel_futures=True)


class _Processes:
    """Processes started afresh (never forked), so that threads and locks here stay here."""

    def __init__(self, workers: int):
        import multiprocessing

        self.workers = workers
        self._context = multiprocessing.get_context("spawn")
        self._stop = self._context.Event()
        self._pool = self._new_pool()

    def _new_pool(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            self.workers, self._context, initializer=prepare_process, initargs=(self._stop,)
        )

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        return self._pool.submit(function, *arguments)

    def is_death(self, error: BaseException) -> bool:
        return False  # all futures of the pool break, see BrokenExecutor

    def restart(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._pool = self._new_pool()

    def check(self) -> None:
        return

    def close(self) -> None:
        self._stop.set()
        self._pool.shutdown(wait=True, cancel_futures=True)


class _Dask:
    """A dask cluster: the one at an address, or one of this host's own."""

    def __init__(self, workers: int | None, scheduler: str | None):
        try:
            import dask
            import distributed
        except ImportError:
            raise BackendUnavailable(
                '--executor dask: dask is not installed; install "mcescalate[cluster]"'
            ) from None
        # The sweep itself finds the task that kills workers, by running suspects one at a time.
        dask.config.set({"distributed.scheduler.allowed-failures": 0})
        self._killed = distributed.KilledWorker
        self._cluster: Any = None
        if scheduler is None:
            self._cluster = distributed.LocalCluster(
                n_workers=workers or available_cores(),
                threads_per_worker=1,
                host="127.0.0.1",
                dashboard_address="127.0.0.1:0",  # any port: other clusters may run here
                silence_logs=50,
            )
        try:
            self._client: Any = distributed.Client(self._cluster or scheduler, timeout=10)
        except (OSError, TimeoutError) as error:
            raise SchedulerLost(f"--scheduler: {scheduler} does not answer: {error}") from None
        self.workers = workers or sum(self._client.nthreads().values()) or available_cores()

    def submit(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        asked = self._client.submit(function, *arguments, pure=False)
        answer: Future[Any] = Future()
        self._client.loop.add_callback(_hand_over, asked, answer)
        return answer

    def is_death(self, error: BaseException) -> bool:
        return isinstance(error, self._killed)

    def restart(self) -> None:
        return

    def check(self) -> None:
        if self._client.status != "running":
            raise SchedulerLost("the connection to the scheduler was lost")

    def close(self) -> None:
        # What does not end in time ends with this process; a lost scheduler does not answer.
        seconds = _CLOSE_SECONDS if self._client.status == "running" else 1
        with suppress(TimeoutError, OSError):
            self._client.close(timeout=seconds)
        if self._cluster is not None:
            with suppress(TimeoutError, OSError):
                self._cluster.close(timeout=seconds)


async def _hand_over(asked: Any, answer: Future[Any]) -> None:
    """Pass the result or the error of a cluster's task to the future that waits for it.

    A finished result can still be lost with the worker that holds it; dask's own executor then
    never completes its future.
    """
    try:
        answer.set_result(await asked)
    except (CancelledError, asyncio.CancelledError):
        answer.cancel()
        answer.set_running_or_notify_cancel()
    except BaseException as error:
        answer.set_exception(error)
