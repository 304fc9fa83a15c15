"""`run` over draws from a posterior: each draw is a point on the same chains."""

from pathlib import Path
from typing import TYPE_CHECKING

from mcescalate.cli.options import RunOptions, TableOptions

if TYPE_CHECKING:
    from mcescalate.scenario.schema import Scenario
    from mcescalate.sweep.design.posterior import Posterior

_HDF5 = b"\x89HDF"


def is_posterior(path: Path) -> bool:
    """Whether a file of coefficients is to be read as a posterior, by its name or first bytes."""
    from mcescalate.results.files.kinds import RESULT

    if path.suffix.casefold() in RESULT.endings:
        return True
    if not path.is_file():
        return False
    try:
        with path.open("rb") as file:
            return file.read(len(_HDF5)) == _HDF5
    except OSError:  # reading it as an overlay reports that
        return False


def run_draws(
    file: Path,
    path: Path,
    scenario: "Scenario",
    posterior: "Posterior",
    *,
    chains: int,
    draws: int | None,
    era: str | None,
    tables: TableOptions,
    options: RunOptions,
) -> None:
    """Simulate chains over draws, write the result and print it.

    Parameters
    ----------
    file : of the scenario
    path : of the result
    scenario : as the file has it; overlays and settings lie over the draws
    chains : in all
    """
    from mcescalate.api import save, simulate_draws
    from mcescalate.cli.output_file import check_output
    from mcescalate.cli.simulation import simulate_with_progress
    from mcescalate.cli.tables import write_table_of
    from mcescalate.cli.terminal.printing import print_json, say
    from mcescalate.cli.views.draws import announcement, answer_of, print_sweep
    from mcescalate.machine import available_cores
    from mcescalate.results.budget import estimate_run
    from mcescalate.results.files.kinds import RESULT
    from mcescalate.scenario.reading import change_scenario
    from mcescalate.sweep.design.draws import plan_draws
    from mcescalate.sweep.schedule.budget import estimate

    planned = plan_draws(
        scenario,
        posterior,
        n_chains=chains,
        seed=options.seed_used,
        draws=draws,
        era=era,
        first_chain=options.first_chain,
        name=file.stem,
        change=lambda drawn: change_scenario(
            drawn, overlays=options.overlays, settings=options.settings
        ),
    )
    sweep = planned.sweep
    budget = estimate(sweep, options.workers or available_cores())
    check_output(path, RESULT, force=options.force, n_bytes=budget.disk_bytes)
    n_simulated = sweep.n_points * sweep.n_chains
    result = simulate_with_progress(
        lambda seed, first_chain, **how: simulate_draws(sweep, force=options.force, **how),
        n_simulated,
        budget=estimate_run(scenario, n_simulated, workers=options.workers),
        announcement=announcement(planned, str(budget)),
        options=options,
    )
    save(result, path, force=options.force)
    if options.as_json:
        print_json({"file": str(path), **answer_of(result)})
    else:
        print_sweep(result)
        if not options.quiet:
            say(f"written to {path}")
    write_table_of(result, tables, force=options.force, quiet=options.is_silent)
