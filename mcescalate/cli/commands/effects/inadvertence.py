"""`mcescalate inadvertence`: the wars that would not occur without misperception."""

from typing import Annotated

from cyclopts import Parameter

from mcescalate.cli.options import RunOptions, ScenarioFile, TableOptions, whole
from mcescalate.limits import CHAIN_END


def inadvertence(
    file: ScenarioFile,
    /,
    *,
    chains: Annotated[
        int,
        Parameter(
            name=("--chains", "-n"), converter=whole(1, CHAIN_END), help="Chains of each run."
        ),
    ] = 20_000,
    tables: TableOptions | None = None,
    options: RunOptions | None = None,
) -> None:
    """Switch off each mechanism of misperception in turn, and count the wars that vanish.

    Noise, bias (mistrust too), exercises, misattribution and accidents, one by one and together,
    on the same random numbers as the unchanged scenario. Wars that vanish do not occur without a
    mechanism, wars that appear occur only without it; net is their difference. Shares do not
    add up: one war may need two mechanisms, or either.
    """
    from mcescalate.analysis.mechanisms.inadvertence import (
        N_RUNS,
        shares_without,
        simulate_without,
    )
    from mcescalate.analysis.mechanisms.inadvertence import inadvertence as estimate_shares
    from mcescalate.cli.simulation import answer_with_tables, simulate_paired_runs
    from mcescalate.cli.tables import check_tables
    from mcescalate.cli.views.inadvertence import print_shares
    from mcescalate.scenario.reading import load_scenario

    options, tables = options or RunOptions(), tables or TableOptions()
    check_tables(tables, force=options.force)
    scenario = load_scenario(file, overlays=options.overlays, settings=options.settings)
    counts = simulate_paired_runs(
        lambda **how: simulate_without(scenario, n_chains=chains, **how),
        scenario,
        N_RUNS,
        chains,
        options,
    )
    found = estimate_shares(counts)
    answer = {
        "schema_version": 1,
        "title": scenario.title,
        "seed": counts.attrs["seed"],
        "first_chain": counts.attrs["first_chain"],
        "n_chains": chains,
        "interval_level": found.attrs["level"],
        **({"n_periods": scenario.sequence.crises} if scenario.sequence.crises > 1 else {}),
        **shares_without(counts),
    }
    answer_with_tables(answer, print_shares, lambda: (found,), tables, options)
