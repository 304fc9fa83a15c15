"""`mcescalate run`: simulate chains of one scenario."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from mcescalate.cli.options import (
    Backend,
    FirstChain,
    Force,
    Json,
    Output,
    Overlays,
    Quiet,
    ScenarioFile,
    Seed,
    Settings,
    Workers,
    drawn_seed,
    whole,
)
from mcescalate.limits import CHAIN_END, whole_number


def run(
    file: ScenarioFile,
    /,
    *,
    chains: Annotated[
        int,
        Parameter(name=("--chains", "-n"), converter=whole(1, CHAIN_END), help="How many chains."),
    ] = 1_000_000,
    seed: Seed = None,
    settings: Settings = (),
    overlays: Overlays = (),
    out: Output = None,
    force: Force = False,
    keep_chains: Annotated[
        bool,
        Parameter(
            negative=(), show_default=False, help="Keep a record of every chain in the file too."
        ),
    ] = False,
    first_chain: FirstChain = 0,
    workers: Workers = None,
    backend: Backend = "numba",
    as_json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Simulate chains of one scenario and write the counts to a file.

    Without --out the file is SCENARIO-SEED.h5 in the current folder. The same seed gives
    the same counts, whatever the number of workers.
    """
    from mcescalate.cli.output_file import check_output
    from mcescalate.cli.terminal.printing import print_json, say
    from mcescalate.cli.terminal.progress import Progress
    from mcescalate.cli.terminal.signals import stop_on_signals
    from mcescalate.engine.backends import kernels_of
    from mcescalate.results.budget import estimate_run
    from mcescalate.results.files.kinds import RESULT
    from mcescalate.scenario.reading import load_scenario

    talks = not (quiet or as_json)
    whole_number("--chains with this --first-chain", chains, 1, CHAIN_END - first_chain)
    scenario = load_scenario(file, overlays=overlays, settings=settings)
    seed_used = drawn_seed() if seed is None else seed
    path = out or Path(f"{file.stem}-{seed_used}.h5")
    budget = estimate_run(scenario, chains, workers=workers, keep_chains=keep_chains)
    check_output(path, RESULT, force=force, n_bytes=budget.disk_bytes)
    if not force:
        budget.check()
    kernels_of(backend)  # if there is no such backend, nothing else is said
    if talks:
        say(f"estimate: {budget}")
        say(f"seed {seed_used}" + (" (drawn)" if seed is None else ""))

    from mcescalate.analysis.estimation.summary import summarise
    from mcescalate.cli.views.summary import print_summary
    from mcescalate.engine.batches import Interrupted
    from mcescalate.results.files.store import save
    from mcescalate.results.simulate import simulate_arrays

    with stop_on_signals() as stop, Progress(chains, "chains", shown=talks) as progress:
        try:
            result = simulate_arrays(
                scenario,
                n_chains=chains,
                seed=seed_used,
                first_chain=first_chain,
                workers=workers,
                backend=backend,
                keep_chains=keep_chains,
                progress=progress,
                stop=stop,
            )
        except Interrupted:
            result = None
    if result is None:
        say("stopped; nothing was written")
        return stop.exit_code
    save(result, path, force=force)
    summary = summarise(result)
    if as_json:
        print_json({"file": str(path), **summary})
    else:
        print_summary(summary)
        if not quiet:
            say(f"written to {path}")
    return 0
