"""Simulating as a command does it: checked first, shown while it lasts, stopped by signals."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from mcescalate.cli.options import RunOptions, TableOptions
from mcescalate.cli.tables import write_tables
from mcescalate.cli.terminal.printing import print_json, say
from mcescalate.cli.terminal.progress import Progress
from mcescalate.cli.terminal.signals import stop_on_signals
from mcescalate.engine.backends import kernels_of
from mcescalate.engine.batches import Interrupted
from mcescalate.errors import StoppedBySignal
from mcescalate.quantities import in_time
from mcescalate.results.budget import Budget, estimate_run
from mcescalate.scenario.schema import Scenario

if TYPE_CHECKING:
    import xarray as xr

Result = TypeVar("Result")
Answer = dict[str, Any]


def simulate_with_progress(
    work: Callable[..., Result],
    n_chains: int,
    *,
    budget: Budget,
    announcement: str,
    options: RunOptions,
) -> Result:
    """Print `announcement` and the seed, then do `work` and show its progress.

    Parameters
    ----------
    work : takes `seed`, `first_chain`, `workers`, `backend`, `progress` and `stop`
    n_chains : number of chains in all runs of `work`
    budget : what they need

    Raises
    ------
    BackendUnavailable
        There is no such backend.
    ResourceError
        The budget exceeds this machine, and the options do not force the run.
    StoppedBySignal
        A signal arrived before the last chain.
    """
    if not options.force:
        budget.check()
    kernels_of(options.backend)  # an unknown backend is reported before anything is announced
    if options.shows_progress:
        say(announcement)
        say(f"seed {options.seed_used}" + (" (drawn)" if options.seed is None else ""))
    shown = options.shows_progress
    with stop_on_signals() as stop, Progress(n_chains, "chains", shown=shown) as progress:
        try:
            return work(
                seed=options.seed_used,
                first_chain=options.first_chain,
                workers=options.workers,
                backend=options.backend,
                progress=progress,
                stop=stop,
            )
        except Interrupted:
            pass
    raise StoppedBySignal(stop.exit_code)


def simulate_paired_runs(
    work: "Callable[..., xr.Dataset]",
    scenario: Scenario,
    n_runs: int,
    n_chains: int,
    options: RunOptions,
) -> "xr.Dataset":
    """Do `work`, which simulates `n_runs` scenarios like `scenario` on the same chains."""
    total = n_runs * n_chains
    budget = estimate_run(scenario, total, workers=options.workers)
    announcement = f"{n_runs} runs on the same chains, estimate: {in_time(budget.seconds)}"
    return simulate_with_progress(
        work, total, budget=budget, announcement=announcement, options=options
    )


def answer_with_tables(
    answer: Answer,
    print_answer: Callable[[Answer], None],
    datasets: "Callable[[], Sequence[xr.Dataset]]",
    tables: TableOptions,
    options: RunOptions,
) -> None:
    """Print the answer, and write the datasets one below the other as a table, if asked for."""
    if options.as_json:
        print_json(answer)
    else:
        print_answer(answer)
    if tables:
        from mcescalate.analysis.tables.long_table import dataset_table

        write_tables(
            tables, lambda: dataset_table(*datasets()), force=options.force, quiet=options.is_silent
        )
