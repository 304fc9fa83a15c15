"""`mcescalate show`: the probabilities that a result file holds."""

from mcescalate.cli.options import Json, ResultFile


def show(file: ResultFile, /, *, as_json: Json = False) -> None:
    """Print the probabilities that a result file holds, with 95 % intervals.

    Those of an exact solution have none. Of a sweep, the probability of war at each point.
    """
    from mcescalate.analysis.estimation.summary import summarise, summarise_exact
    from mcescalate.api import load
    from mcescalate.cli.answer import print_summary
    from mcescalate.cli.exact_answer import print_exact_summary
    from mcescalate.cli.terminal import print_json
    from mcescalate.results.probabilities import is_exact

    result = load(file)
    if "point" in result.dims:
        from mcescalate.cli.sweep_answer import print_points, summarise_points

        points = summarise_points(result)
        if as_json:
            print_json({"file": str(file), **points})
        else:
            print_points(points)
        return
    exact = is_exact(result)
    summary = summarise_exact(result) if exact else summarise(result)
    if as_json:
        print_json({"file": str(file), **summary})
    elif exact:
        print_exact_summary(summary)
    else:
        print_summary(summary)
