"""Runs on the same chains, as several commands start them: checked first, shown, stoppable."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from mcescalate.cli.terminal.printing import say
from mcescalate.cli.terminal.progress import Progress
from mcescalate.cli.terminal.signals import stop_on_signals
from mcescalate.engine.batches import Interrupted
from mcescalate.quantities import in_time
from mcescalate.results.budget import estimate_run
from mcescalate.scenario.schema import Scenario

if TYPE_CHECKING:
    import xarray as xr


def play(
    scenario: Scenario,
    n_runs: int,
    work: "Callable[..., xr.Dataset]",
    *,
    n_chains: int,
    seed: int,
    is_drawn: bool,
    workers: int | None,
    force: bool,
    talks: bool,
) -> "xr.Dataset | int":
    """Do `work`, which plays `n_runs` scenarios like this one, or return an exit code.

    Parameters
    ----------
    work : takes `n_chains`, `seed`, `workers`, `progress` and `stop`
    force : begin even if the machine seems unable to do it
    is_drawn : whether the seed was drawn, to be told
    talks : whether to say anything on stderr

    Raises
    ------
    ResourceError
        The machine cannot do it.
    """
    total = n_runs * n_chains
    budget = estimate_run(scenario, total, workers=workers)
    if not force:
        budget.check()
    if talks:
        say(f"{n_runs} runs on the same chains, estimate: {in_time(budget.seconds)}")
        say(f"seed {seed}" + (" (drawn)" if is_drawn else ""))
    with stop_on_signals() as stop, Progress(total, "chains", shown=talks) as progress:
        try:
            return work(n_chains=n_chains, seed=seed, workers=workers, progress=progress, stop=stop)
        except Interrupted:
            pass
    say("stopped; nothing was written")
    return stop.exit_code
