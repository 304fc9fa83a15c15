"""`mcescalate calibrate`: fit coefficients to recorded disputes."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from mcescalate.cli.dispute_options import (
    Actors,
    FirstDay,
    FirstEvent,
    LagYears,
    LastDay,
    chains_of,
    disputes_between,
    span_of,
)
from mcescalate.cli.options import (
    DataFiles,
    Force,
    Json,
    MappingNumbers,
    MoreFiles,
    Quiet,
    Workers,
    whole,
)
from mcescalate.limits import SEED_END


def calibrate(
    data: DataFiles,
    /,
    *more: MoreFiles,
    out: Annotated[
        Path,
        Parameter(
            name=("--out", "-o"),
            show_default=False,
            help="Folder for overlays, posterior, table and page.",
        ),
    ],
    free: Annotated[
        tuple[str, ...],
        Parameter(
            negative=(),
            show_default=False,
            metavar="ADDRESSES",
            help="Values to fit, e.g. response.gap,response.balance; separated by commas, with * "
            "for anything; by default those that disputes inform.",
        ),
    ] = (),
    era: Annotated[
        tuple[str, ...],
        Parameter(
            negative=(),
            allow_leading_hyphen=True,
            show_default=False,
            metavar="ADDRESSES",
            help="Free values that differ by era; - for none; if --free is omitted too, "
            "response.war_cost, `actors.*.resolve` and `trigger.domains.*.weight`.",
        ),
    ] = (),
    coefficients: Annotated[
        Path | None,
        Parameter(
            show_default=False,
            help="Overlay for every scenario; the values that it sets are not fitted.",
        ),
    ] = None,
    actors: Actors = 16,
    first: FirstDay = "",
    last: LastDay = "",
    split: Annotated[
        str,
        Parameter(
            show_default=False,
            help="Also score the fit on disputes that it has not seen: folds:K, hash, or "
            "forward:YEAR, as in backtest.",
        ),
    ] = "",
    chains: Annotated[int, chains_of("Chains simulated for each dispute with --split.")] = 2000,
    lag_years: LagYears = 0,
    first_event: FirstEvent = False,
    feedback: Annotated[
        bool,
        Parameter(
            help="Correct who joins for what joiners set off, by simulation; --no-feedback leaves "
            "it out.",
        ),
    ] = True,
    mapping: MappingNumbers = None,
    seed: Annotated[
        int, Parameter(converter=whole(0, SEED_END - 1), help="Seed of the draws.")
    ] = 1,
    workers: Workers = None,
    force: Force = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Fit coefficients to recorded disputes, and write overlays with their uncertainty.

    DATA holds the files that import reads and the two files of Militarized Interstate Disputes.
    The folder gets an overlay for each era, posterior.nc (draws, as ArviZ writes them),
    calibration.csv (default, estimate, standard error, shrinkage) and calibration.html.
    """
    from mcescalate.calibration.fitting.from_data import Request, calibrate_data
    from mcescalate.calibration.fitting.results import PAGE, write_calibration
    from mcescalate.calibration.scoring.splits import divide
    from mcescalate.calibration.scoring.tables import write_tables
    from mcescalate.cli.output_file import check_folder
    from mcescalate.cli.terminal.printing import print_json, print_lines, say
    from mcescalate.cli.terminal.progress import Progress
    from mcescalate.cli.terminal.signals import stop_on_signals
    from mcescalate.cli.views.disputes import print_calibration, print_scores
    from mcescalate.engine.batches import Interrupted
    from mcescalate.errors import OutputError, UsageError
    from mcescalate.importing.datasets.register import listed
    from mcescalate.importing.importer import read_data
    from mcescalate.report.disputes.backtest import backtest_page
    from mcescalate.report.disputes.calibration import calibration_page
    from mcescalate.results.files.atomic import write_atomically
    from mcescalate.scenario.reading import read_coefficients

    check_folder(out)
    if split:
        divide((), split)
    if out.is_dir() and any(out.iterdir()) and not force:
        raise OutputError(f"{out}: is not empty; use another --out, or --force")
    span = span_of(first, last)
    name, tables = read_coefficients(coefficients) if coefficients else ("", {})
    addresses = [address for text in free for address in listed(text)]
    if free and not addresses:
        raise UsageError("--free: expected at least one address, such as response.gap")
    request = Request.of(
        free=addresses,
        by_period=[address for text in era for address in listed(text)],
        tables=tables,
        overlay=name,
        actors=actors,
        lag_years=lag_years,
        first_event=first_event,
        seed=seed,
        feedback=feedback,
    )
    source = read_data((data, *more), mapping=mapping)
    disputes = disputes_between(source, span)
    # Before progress begins, so that its time left is that of disputes alone.
    source.readings.read_all()
    with (
        stop_on_signals(grace=30.0) as stop,
        Progress(len(disputes), "disputes placed", shown=not (quiet or as_json)) as progress,
    ):
        try:
            done = calibrate_data(
                source,
                disputes,
                request,
                split=split,
                chains=chains,
                workers=workers,
                progress=progress,
                fitting=progress.go_on,
                stop=stop,
            )
        except Interrupted:
            done = None
    if done is None:
        say("stopped; nothing was written")
        return stop.exit_code
    write_calibration(
        out,
        done.calibration,
        done.summary,
        ladder=done.ladder,
        rungs=done.rungs,
        seed=seed,
    )
    write_atomically(out / PAGE, calibration_page(done.summary).encode(), force=True)
    held_out = done.held_out
    if held_out is not None:
        write_tables(out, disputes, held_out.records, held_out.predictions, held_out.scores)
        page = backtest_page(held_out.scores).encode()
        write_atomically(out / "backtest.html", page, force=True)
    if as_json:
        print_json(done.summary)
        return 0
    print_calibration(done.summary)
    if held_out is not None:
        print_lines("")
        print_scores(held_out.scores)
    if not quiet:
        say(f"written to {out}: an overlay for each era, posterior.nc, calibration.csv, {PAGE}")
    return 0
