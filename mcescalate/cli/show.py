"""`mcescalate show`: the probabilities that a result file holds."""

from mcescalate.cli.options import Json, ResultFile


def show(file: ResultFile, /, *, as_json: Json = False) -> None:
    """Print the probabilities that a result file holds, with 95 % intervals."""
    from mcescalate.analysis.summary import summarise
    from mcescalate.cli.answer import print_summary
    from mcescalate.cli.terminal import print_json
    from mcescalate.results.store import load

    summary = summarise(load(file))
    if as_json:
        print_json({"file": str(file), **summary})
    else:
        print_summary(summary)
