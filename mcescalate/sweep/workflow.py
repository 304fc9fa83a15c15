"""A sweep from beginning to end, in the steps that a command or a notebook goes through."""

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mcescalate.errors import ResourceError, UsageError
from mcescalate.limits import SEED_END
from mcescalate.machine import available_cores, available_memory, free_disk
from mcescalate.quantities import in_bytes
from mcescalate.sweep.design.points import PlannedSweep
from mcescalate.sweep.design.reading import change_options, load_sweep
from mcescalate.sweep.result.assemble import assemble
from mcescalate.sweep.run.executors import open_executor
from mcescalate.sweep.run.runner import ShardRunner, SweepStatus
from mcescalate.sweep.schedule.budget import SweepBudget, estimate
from mcescalate.sweep.schedule.precision import target_term
from mcescalate.sweep.schedule.queue import ShardQueue
from mcescalate.sweep.schedule.shards import Costs, default_costs
from mcescalate.sweep.store.folder import (
    Folder,
    check_folder,
    check_sweep,
    open_folder,
    reopen_folder,
    seed_in,
)
from mcescalate.sweep.store.manifest import differences

if TYPE_CHECKING:
    import xarray as xr

SHARD_SECONDS = "MCESCALATE_SHARD_SECONDS"
"""Environment variable with another size of shards, for tests."""


@dataclass(frozen=True)
class PreparedSweep:
    """A checked sweep, ready to be simulated.

    Parameters
    ----------
    sweep, costs : what will be simulated, and how it is divided
    out : its folder
    budget : what all of it needs
    seed_is_drawn : whether the seed was drawn at random
    """

    sweep: PlannedSweep
    costs: Costs
    out: Path
    budget: SweepBudget
    seed_is_drawn: bool


def prepare(
    plan: str | os.PathLike[str] | PlannedSweep,
    out: str | os.PathLike[str],
    *,
    options: Mapping[str, Any] | None = None,
    workers: int | None = None,
    executor: str = "threads",
    scheduler: str | None = None,
    part: tuple[int, int] = (0, 1),
    force: bool = False,
    progress: Callable[[int], None] = lambda done: None,
) -> PreparedSweep:
    """Read a plan, estimate it, and check every point. Nothing is written.

    Parameters
    ----------
    plan : plan file, or a sweep made in Python
    out : folder, which may hold a part of this sweep already
    options : values in place of the plan's; see `load_sweep`
    force : whatever the estimate says
    progress : called with the number of points checked

    Raises
    ------
    ScenarioError, UsageError
        The plan, a scenario or a point is invalid, or the folder holds another sweep.
    OutputError, DataError
        The folder cannot be used.
    ResourceError
        The estimate is beyond this machine.
    """
    out = Path(out)
    check_folder(out)
    if isinstance(plan, PlannedSweep):
        sweep = change_options(plan, options)
    else:
        sweep = load_sweep(plan, options)
    drawn = sweep.plan.seed is None
    if drawn:
        seed = seed_in(out)
        if seed is None and part != (0, 1):
            raise UsageError(
                "--part: also needs a seed, in the plan or as --seed, so that all parts have one"
            )
        seed = secrets.randbelow(SEED_END) if seed is None else seed
        sweep.plan = sweep.plan.model_copy(update={"seed": seed})
    for _, base in sweep.bases:
        if sweep.plan.precision:
            target_term(sweep.plan.precision.of, base, sweep.name)
    n_workers = workers or available_cores()
    budget = estimate(
        sweep,
        n_workers,
        processes=1 if executor == "threads" else n_workers,
        is_remote=scheduler is not None,
    )
    if not force:
        budget.check(free_disk(out if out.exists() else out.parent))
    costs = _costs(sweep)
    check_sweep(out, sweep, costs)
    sweep.check(progress)
    return PreparedSweep(sweep, costs, out, budget, drawn)


def _costs(sweep: PlannedSweep) -> Costs:
    text = os.environ.get(SHARD_SECONDS)
    if not text:
        return default_costs(sweep)
    try:
        return Costs(shard=float(text))
    except ValueError:
        raise UsageError(f'{SHARD_SECONDS}: expected seconds, found "{text}"') from None


def run_shards(
    prepared: PreparedSweep,
    *,
    workers: int | None = None,
    executor: str = "threads",
    scheduler: str | None = None,
    insecure_cluster: bool = False,
    part: tuple[int, int] = (0, 1),
    backend: str = "numba",
    should_stop: Callable[[], bool] = lambda: False,
    progress: Callable[[SweepStatus], None] = lambda status: None,
) -> tuple[Folder, SweepStatus]:
    """Simulate the shards that are not finished yet.

    Parameters
    ----------
    workers : threads, processes or workers of a cluster on this host
    executor : "threads", "processes" or "dask"
    scheduler : address of a dask scheduler; without it dask runs on this host
    part : (i, n) to simulate the one numbered i of n parts
    should_stop, progress : called about ten times a second

    Raises
    ------
    UsageError, BackendUnavailable, OutputError, DataError, ResourceError, SchedulerLost
        It cannot start or continue; finished shards are kept.
    """
    sweep = prepared.sweep
    running = open_executor(
        executor, workers, scheduler=scheduler, insecure_cluster=insecure_cluster
    )
    try:
        folder = open_folder(prepared.out, sweep, prepared.costs)
        queue = ShardQueue(sweep, folder.costs, folder.stretches, part)
        runner = ShardRunner(
            sweep,
            folder.costs,
            queue,
            folder.path,
            folder.digest,
            running,
            backend=backend,
            should_stop=should_stop,
            progress=progress,
        )
        return folder, runner.run()
    finally:
        running.close()


def merge_folders(
    folders: list[Path],
    *,
    partial: bool = False,
    force: bool = False,
    progress: Callable[[int], None] = lambda done: None,
) -> "xr.Dataset":
    """The result of a sweep whose shards are in one or several folders.

    Raises
    ------
    DataError
        A folder holds no sweep, or shards are missing or damaged.
    UsageError
        The folders hold different sweeps.
    ResourceError
        The result needs more memory than there is.
    """
    first = reopen_folder(folders[0])
    for path in folders[1:]:
        other = reopen_folder(path)
        if other.manifest != first.manifest:
            found = "; ".join(differences(first.manifest, other.manifest))
            raise UsageError(f"{folders[0]} and {path}: hold different sweeps: {found}")
    check_memory(first, force=force)
    return assemble(first, folders[1:], partial=partial, progress=progress)


def check_memory(folder: Folder, *, force: bool) -> None:
    """See that the result fits into memory.

    Raises
    ------
    ResourceError
        It does not.
    """
    needed, available = estimate(folder.sweep, 1).merge_bytes, available_memory()
    if needed > available and not force:
        raise ResourceError(
            f"{folder.path}: its result needs about {in_bytes(needed)} of memory, "
            f"{in_bytes(available)} are available; use a larger machine, or --force"
        )
