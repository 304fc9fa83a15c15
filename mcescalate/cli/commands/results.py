"""Commands on result files: `show` prints one, `report` makes a page, `merge` combines several."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from mcescalate.cli.options import (
    Force,
    Json,
    Output,
    Quiet,
    RequiredOutput,
    ResultFile,
    RunOptions,
    TableOptions,
    Workers,
)
from mcescalate.errors import UsageError

if TYPE_CHECKING:
    import xarray as xr

Source = Annotated[Path, Parameter(help="Result file (HDF5), or folder of a sweep.")]


def show(
    file: ResultFile,
    /,
    *,
    tables: TableOptions | None = None,
    as_json: Json = False,
    force: Force = False,
) -> None:
    """Print the probabilities in a result file, with 95 % intervals.

    Those of an exact solution have no intervals. For a sweep, the probability of war at each point
    is printed; for a run over draws from a posterior, probabilities with Monte Carlo and parameter
    intervals. The tables hold every count: a row for each of its labels.
    """
    from mcescalate.analysis.estimation.summary import summarise, summarise_exact
    from mcescalate.cli.tables import check_tables, write_table_of
    from mcescalate.cli.terminal.printing import print_json
    from mcescalate.cli.views.exact import print_exact_summary
    from mcescalate.cli.views.summary import print_summary
    from mcescalate.results.files.store import load_arrays
    from mcescalate.results.variables import is_exact

    tables = tables or TableOptions()
    check_tables(tables, force=force)
    result = load_arrays(file)
    if "point" in result.dims:
        from mcescalate.cli.views.draws import answer_of, print_sweep
        from mcescalate.sweep.result.checks import check_points

        dataset = result.to_dataset()
        check_points(dataset, str(file))
        if as_json:
            print_json({"file": str(file), **answer_of(dataset)})
        else:
            print_sweep(dataset)
        write_table_of(result, tables, force=force, quiet=as_json)
        return
    exact = is_exact(result)
    summary = summarise_exact(result) if exact else summarise(result)
    if as_json:
        print_json({"file": str(file), **summary})
    elif exact:
        print_exact_summary(summary)
    else:
        print_summary(summary)
    write_table_of(result, tables, force=force, quiet=as_json)


def report(
    file: ResultFile,
    /,
    *,
    of: Annotated[
        tuple[str, ...],
        Parameter(
            negative=(),
            show_default=False,
            metavar="EVENT",
            help='For a sweep, the event of the page: "war", "crisis", an outcome or "peak>=RUNG"; '
            "repeatable. War and general war if omitted.",
        ),
    ] = (),
    inadvertence: Annotated[
        bool,
        Parameter(
            negative=(),
            show_default=False,
            help="For a run, simulate its chains again without each mechanism of misperception, "
            "and add a section on the wars that vanish.",
        ),
    ] = False,
    out: Output = None,
    force: Force = False,
    workers: Workers = None,
    quiet: Quiet = False,
) -> None:
    """Write one self-contained HTML page on a result: answer, figures, tables, provenance.

    Without --out the page is written beside the result, with the ending .html. Figures need the
    extra "plot"; without it the page has only text and tables, and says so.
    """
    from mcescalate.api import load
    from mcescalate.cli.pages import check_page, write_page
    from mcescalate.report.make import make_report

    path = out or file.with_suffix(".html")
    check_page(path, force=force)
    result = load(file)
    options = RunOptions(workers=workers, force=force, quiet=quiet)
    without = _simulate_again(result, options) if inadvertence else None
    write_page(path, lambda: make_report(result, of, without), force=force, quiet=quiet)


def _simulate_again(result: "xr.Dataset", options: RunOptions) -> "xr.Dataset":
    """Simulate the chains of a result without each mechanism of misperception."""
    from mcescalate.analysis.mechanisms.inadvertence import N_RUNS, simulate_again
    from mcescalate.cli.simulation import simulate_paired_runs
    from mcescalate.results.provenance.schema import scenario_of
    from mcescalate.results.variables import is_exact

    if "point" in result.dims or is_exact(result):
        raise UsageError("--inadvertence: expected the result of one run of chains")
    return simulate_paired_runs(
        lambda seed, first_chain, **how: simulate_again(result, **how),
        scenario_of(result, "report"),
        N_RUNS,
        int(result["n_chains"]),
        replace(options, seed=int(result.attrs["seed"])),
    )


def merge(
    first: Source,
    /,
    *others: Source,
    out: RequiredOutput,
    partial: Annotated[
        bool,
        Parameter(
            negative=(),
            show_default=False,
            help="For an unfinished sweep, take the points that are complete.",
        ),
    ] = False,
    force: Force = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Combine result files of one scenario and seed, or the shards of a sweep, in a new file.

    Files must hold different chains: run the later ones with --first-chain. Folders must belong to
    one sweep, whose parts may be in several folders.
    """
    sources = (first, *others)
    missing = [source for source in sources if not source.exists()]
    if missing:
        raise UsageError(f"{missing[0]}: no such file or folder")
    are_folders = [source.is_dir() for source in sources]
    if all(are_folders):
        _merge_sweep(list(sources), out, partial, force, as_json, quiet)
    elif any(are_folders):
        raise UsageError("merge: expected only result files, or only folders of a sweep")
    elif partial:
        raise UsageError("merge: --partial applies to folders of a sweep")
    elif not others:
        raise UsageError("merge: expected two result files or more, found one")
    else:
        _merge_results(list(sources), out, force, as_json, quiet)


def _merge_results(files: list[Path], out: Path, force: bool, as_json: bool, quiet: bool) -> None:
    from mcescalate.analysis.estimation.summary import summarise
    from mcescalate.api import load
    from mcescalate.cli.output_file import check_output
    from mcescalate.cli.terminal.printing import print_json, say
    from mcescalate.cli.views.summary import print_summary
    from mcescalate.results.files.kinds import RESULT
    from mcescalate.results.files.store import save
    from mcescalate.results.merge import merge as merge_datasets

    n_bytes = sum(file.stat().st_size for file in files if file.is_file())
    check_output(out, RESULT, force=force, n_bytes=n_bytes)
    result = merge_datasets([load(file) for file in files])
    save(result, out, force=force)
    summary = summarise(result)
    if as_json:
        print_json({"file": str(out), **summary})
    else:
        print_summary(summary)
        if not quiet:
            say(f"written to {out}")


def _merge_sweep(
    folders: list[Path], out: Path, partial: bool, force: bool, as_json: bool, quiet: bool
) -> None:
    from mcescalate.cli.output_file import check_output
    from mcescalate.cli.terminal.printing import print_json, say
    from mcescalate.cli.views.draws import print_sweep
    from mcescalate.results.files.kinds import RESULT
    from mcescalate.results.files.store import save
    from mcescalate.sweep.workflow import merge_folders

    check_output(out, RESULT, force=force)
    result = merge_folders(folders, partial=partial, force=force)
    save(result, out, force=force)
    if as_json:
        print_json(
            {
                "file": str(out),
                "points": result.sizes["point"],
                "chains": int(result["n_chains"].sum()),
                "complete": bool(result.attrs["complete"]),
            }
        )
        return
    print_sweep(result)
    if not quiet:
        say(f"written to {out}")
