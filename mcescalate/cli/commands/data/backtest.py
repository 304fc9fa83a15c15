"""`mcescalate backtest`: predict recorded disputes, and score the predictions."""

from pathlib import Path
from typing import Annotated, Any

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


def backtest(
    data: DataFiles,
    /,
    *more: MoreFiles,
    out: Annotated[
        Path,
        Parameter(
            name=("--out", "-o"),
            show_default=False,
            help="Folder for predictions, scores and page; an unfinished backtest is continued.",
        ),
    ],
    coefficients: Annotated[
        Path | None,
        Parameter(
            show_default=False,
            help="Overlay with coefficients for every scenario; the model's defaults if omitted.",
        ),
    ] = None,
    split: Annotated[
        str,
        Parameter(
            help="What base rates and regressions learn from: folds:K, hash (seven tenths), or "
            "forward:YEAR (disputes that ended before it)."
        ),
    ] = "folds:10",
    actors: Actors = 16,
    first: FirstDay = "",
    last: LastDay = "",
    chains: Annotated[int, chains_of("Chains simulated for each dispute.")] = 2000,
    lag_years: LagYears = 0,
    first_event: FirstEvent = False,
    mapping: MappingNumbers = None,
    seed: Annotated[
        int, Parameter(converter=whole(0, SEED_END - 1), help="Seed of the random numbers.")
    ] = 1,
    workers: Workers = None,
    force: Force = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Predict recorded disputes, each in a scenario of its day, and score the predictions.

    DATA holds the files that import reads and the two files of Militarized Interstate Disputes.
    Disputes whose outcomes are blank are predicted too. The folder gets predictions.csv,
    joiners.csv, comparison.csv (base rates and regressions), scores.json and backtest.html.
    """
    import json

    from mcescalate.calibration.scoring.backtest import Settings, predict_disputes
    from mcescalate.calibration.scoring.evaluation import compare, evaluate
    from mcescalate.calibration.scoring.splits import divide
    from mcescalate.calibration.scoring.tables import describe, write_tables
    from mcescalate.cli.output_file import check_folder
    from mcescalate.cli.terminal.printing import print_json, say
    from mcescalate.cli.terminal.progress import Progress
    from mcescalate.cli.terminal.signals import stop_on_signals
    from mcescalate.cli.views.disputes import print_scores
    from mcescalate.engine.batches import Interrupted
    from mcescalate.importing.importer import read_data
    from mcescalate.report.disputes.backtest import backtest_page
    from mcescalate.results.files.atomic import write_atomically
    from mcescalate.scenario.reading import read_coefficients

    check_folder(out)
    divide((), split)
    span = span_of(first, last)
    name, tables = read_coefficients(coefficients) if coefficients else ("", {})
    settings = Settings(
        actors=actors,
        chains=chains,
        seed=seed,
        lag_years=lag_years,
        first_event=first_event,
        coefficients=json.dumps(tables, default=str, sort_keys=True),
        overlay=name,
    )
    source = read_data((data, *more), mapping=mapping)
    disputes = disputes_between(source, span)
    parts = divide(disputes, split)
    # Before progress begins, so that its time left is that of disputes alone.
    source.readings.read_all()
    with (
        stop_on_signals(grace=30.0) as stop,
        Progress(len(disputes), "disputes", shown=not (quiet or as_json)) as progress,
    ):
        try:
            records = predict_disputes(
                source,
                disputes,
                settings,
                out,
                force=force,
                workers=workers,
                progress=progress,
                stop=stop,
            )
        except Interrupted:
            records = None
    if records is None:
        say(f"stopped; run the same command again to go on in {out}")
        return stop.exit_code
    predictions = compare(disputes, records, parts)
    scores: dict[str, Any] = {
        **describe(source, settings, split),
        **evaluate(disputes, records, parts, predictions, seed=seed),
    }
    write_tables(out, disputes, records, predictions, scores)
    page = backtest_page(scores).encode()
    write_atomically(out / "backtest.html", page, force=True)
    if as_json:
        print_json(scores)
        return 0
    print_scores(scores)
    if not quiet:
        say(f"written to {out}: predictions.csv, joiners.csv, scores.json, backtest.html")
    return 0
