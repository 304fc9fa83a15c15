"""`mcescalate run`: simulate chains of one scenario."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from mcescalate.cli.options import Output, RunOptions, ScenarioFile, TableOptions, whole
from mcescalate.errors import UsageError
from mcescalate.limits import CHAIN_END, whole_number


def run(
    file: ScenarioFile,
    /,
    *,
    chains: Annotated[
        int,
        Parameter(name=("--chains", "-n"), converter=whole(1, CHAIN_END), help="Number of chains."),
    ] = 1_000_000,
    out: Output = None,
    keep_chains: Annotated[
        bool,
        Parameter(negative=(), show_default=False, help="Also keep a record of every chain."),
    ] = False,
    coefficients: Annotated[
        Path | None,
        Parameter(
            show_default=False,
            metavar="FILE",
            help="Coefficients, which overlays and settings may change: a posterior (netCDF4) "
            "or an overlay (TOML).",
        ),
    ] = None,
    draws: Annotated[
        int | None,
        Parameter(
            converter=whole(2, CHAIN_END),
            show_default=False,
            help="With a posterior: number of draws to divide the chains among; 200 if omitted.",
        ),
    ] = None,
    era: Annotated[
        str | None,
        Parameter(
            show_default=False,
            help="With a posterior: era whose values to use; the scenario's if omitted.",
        ),
    ] = None,
    fixed: Annotated[
        tuple[str, ...],
        Parameter(
            negative=(),
            show_default=False,
            metavar="ADDRESS",
            help="With a posterior: keep the scenario's own value at this address; repeatable, "
            "and `*` stands for anything.",
        ),
    ] = (),
    tables: TableOptions | None = None,
    options: RunOptions | None = None,
) -> None:
    """Simulate chains of one scenario and write the counts to a file.

    Without --out the file is SCENARIO-SEED.h5 in the current folder. The same seed gives
    the same counts, whatever the number of workers. With a posterior the chains are divided
    evenly among its draws, and each probability also has an interval for their uncertainty.
    """
    from mcescalate.analysis.estimation.summary import summarise
    from mcescalate.cli.draws import is_posterior
    from mcescalate.cli.output_file import check_output
    from mcescalate.cli.simulation import simulate_with_progress
    from mcescalate.cli.tables import check_tables, write_table_of
    from mcescalate.cli.terminal.printing import print_json, say
    from mcescalate.cli.views.summary import print_summary
    from mcescalate.results.budget import estimate_run
    from mcescalate.results.files.kinds import RESULT
    from mcescalate.results.files.store import save
    from mcescalate.results.simulate import simulate_arrays
    from mcescalate.scenario.reading import change_scenario, lay_coefficients, load_scenario

    options, tables = options or RunOptions(), tables or TableOptions()
    whole_number("--chains with this --first-chain", chains, 1, CHAIN_END - options.first_chain)
    path = out or Path(f"{file.stem}-{options.seed_used}.h5")
    check_tables(tables, force=options.force)
    scenario = load_scenario(file)
    if coefficients is not None and is_posterior(coefficients):
        from mcescalate.cli.draws import run_draws
        from mcescalate.sweep.design.posterior import read_posterior

        if keep_chains:
            raise UsageError(
                "--keep-chains: not available with draws from a posterior; simulate one setting"
            )
        run_draws(
            file,
            path,
            scenario,
            read_posterior(coefficients).without(fixed),
            chains=chains,
            draws=draws,
            era=era,
            tables=tables,
            options=options,
        )
        return
    if draws is not None or era is not None or fixed:
        raise UsageError("--draws, --era and --fixed: need a posterior as --coefficients")
    if coefficients is not None:
        scenario, unknown = lay_coefficients(scenario, coefficients)
        if unknown:
            say(f"{coefficients}: left out {', '.join(unknown)}: the scenario has no such domains")
    scenario = change_scenario(scenario, overlays=options.overlays, settings=options.settings)
    budget = estimate_run(scenario, chains, workers=options.workers, keep_chains=keep_chains)
    check_output(path, RESULT, force=options.force, n_bytes=budget.disk_bytes)
    result = simulate_with_progress(
        lambda **how: simulate_arrays(scenario, n_chains=chains, keep_chains=keep_chains, **how),
        chains,
        budget=budget,
        announcement=f"estimate: {budget}",
        options=options,
    )
    save(result, path, force=options.force)
    summary = summarise(result)
    if options.as_json:
        print_json({"file": str(path), **summary})
    else:
        print_summary(summary)
        if not options.quiet:
            say(f"written to {path}")
    write_table_of(result, tables, force=options.force, quiet=options.is_silent)
