"""`mcescalate report`: a result as one page for people."""

from typing import Annotated

from cyclopts import Parameter

from mcescalate.cli.options import Force, Output, Quiet, ResultFile


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
            help='Of a sweep, what the page is about: "war", "crisis", an outcome or '
            '"peak>=RUNG"; repeatable. War and general war if left out.',
        ),
    ] = (),
    out: Output = None,
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Write one self-contained HTML page on a result: answer, figures, tables, origin.

    Without --out the page is beside the result, with the ending .html. Figures need the extra
    "plot"; without it the page has the words and tables, and says so.
    """
    from mcescalate.api import load
    from mcescalate.cli.output import check_output
    from mcescalate.cli.terminal import say
    from mcescalate.report.make import make_report
    from mcescalate.results.files.atomic import write_whole
    from mcescalate.results.files.kinds import PAGE

    path = out or file.with_suffix(".html")
    check_output(path, PAGE, force=force)
    result = load(file)
    page = make_report(result, of)
    write_whole(path, page.html.encode(), force=force)
    if page.lacks_figures:
        say('report: no figures, they need the extra "plot": pip install "mcescalate[plot]"')
    if not quiet:
        say(f"written to {path}")
