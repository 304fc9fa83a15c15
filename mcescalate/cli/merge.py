"""`mcescalate merge`: add up results."""

from typing import Annotated

from cyclopts import Parameter

from mcescalate.cli.options import Force, Json, Output, Quiet, ResultFile


def merge(
    first: ResultFile,
    second: ResultFile,
    /,
    *others: ResultFile,
    out: Annotated[Output, Parameter(required=True)],
    force: Force = False,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Add up result files of one scenario and seed into a new file.

    Their chains must differ: run the later ones with --first-chain.
    """
    from mcescalate.analysis.summary import summarise
    from mcescalate.cli.answer import print_summary
    from mcescalate.cli.output import check_output
    from mcescalate.cli.terminal import print_json, say
    from mcescalate.results.dataset import merge as merge_datasets
    from mcescalate.results.store import load, save

    files = (first, second, *others)
    n_bytes = sum(file.stat().st_size for file in files if file.is_file())
    check_output(out, force=force, n_bytes=n_bytes)
    result = merge_datasets([load(file) for file in files])
    save(result, out, force=force)
    summary = summarise(result)
    if as_json:
        print_json({"file": str(out), **summary})
    else:
        print_summary(summary)
        if not quiet:
            say(f"written to {out}")
