"""The page of an answer, as the option `--page` asks for it."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from mcescalate.cli.output_file import check_output
from mcescalate.cli.terminal.printing import say
from mcescalate.results.files.kinds import PAGE

if TYPE_CHECKING:
    from mcescalate.report.figures import Report

NO_FIGURES = 'no figures; they need the extra "plot": pip install "mcescalate[plot]"'


def check_page(path: Path | None, *, force: bool) -> None:
    """Check, before any work, that the page can be written, if one is asked for."""
    if path is not None:
        check_output(path, PAGE, force=force)


def write_page(
    path: Path | None, make: "Callable[[], Report]", *, force: bool, quiet: bool
) -> None:
    """Write the page that `make` makes, if one is asked for, and say so."""
    from mcescalate.results.files.atomic import write_atomically

    if path is None:
        return
    page = make()
    write_atomically(path, page.html.encode(), force=force)
    if page.lacks_figures:
        say(f"{path}: {NO_FIGURES}")
    if not quiet:
        say(f"written to {path}")
