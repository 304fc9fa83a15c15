"""`mcescalate merge`: add up results, or put a sweep's shards together."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from mcescalate.cli.options import Force, Json, Output, Quiet
from mcescalate.errors import UsageError

Source = Annotated[Path, Parameter(help="Result file (HDF5), or folder of a sweep.")]


def merge(
    first: Source,
    /,
    *others: Source,
    out: Annotated[Output, Parameter(required=True)],
    partial: Annotated[
        bool,
        Parameter(
            negative=(),
            show_default=False,
            help="Of an unfinished sweep, take the points that are finished.",
        ),
    ] = False,
    force: Force = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Add up result files of one scenario and seed, or the shards of a sweep, into a new file.

    Files: their chains must differ; run the later ones with --first-chain. Folders: those of
    one sweep, whose parts may lie in several.
    """
    sources = (first, *others)
    missing = [source for source in sources if not source.exists()]
    if missing:
        raise UsageError(f"{missing[0]}: there is no such file or folder")
    are_folders = [source.is_dir() for source in sources]
    if all(are_folders):
        _merge_sweep(list(sources), out, partial, force, as_json, quiet)
    elif any(are_folders):
        raise UsageError("merge: expected only result files, or only folders of a sweep")
    elif partial:
        raise UsageError("merge: --partial goes with folders of a sweep")
    elif not others:
        raise UsageError("merge: expected two result files or more, found one")
    else:
        _merge_results(list(sources), out, force, as_json, quiet)


def _merge_results(files: list[Path], out: Path, force: bool, as_json: bool, quiet: bool) -> None:
    from mcescalate.analysis.estimation.summary import summarise
    from mcescalate.api import load
    from mcescalate.cli.answer import print_summary
    from mcescalate.cli.output import check_output
    from mcescalate.cli.terminal import print_json, say
    from mcescalate.results.dataset import merge as merge_datasets
    from mcescalate.results.files.kinds import RESULT
    from mcescalate.results.files.store import save

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
    from mcescalate.cli.output import check_output
    from mcescalate.cli.sweep_answer import print_points, summarise_points
    from mcescalate.cli.terminal import print_json, say
    from mcescalate.results.files.kinds import RESULT
    from mcescalate.results.files.store import save
    from mcescalate.sweep.workflow import gather

    check_output(out, RESULT, force=force)
    result = gather(folders, partial=partial, force=force)
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
    print_points(summarise_points(result))
    if not quiet:
        say(f"written to {out}")
