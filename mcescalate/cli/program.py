"""The program: run a command and turn every outcome into an exit code.

0 success; 1 internal error; 2 invalid usage or scenario; 3 unreadable data; 4 not enough memory
or disk. Errors of the package carry their own code. `signals` handles signals.
"""

import os
import sys
import traceback
import warnings
from collections.abc import Callable, Sequence
from typing import TextIO

from cyclopts import CycloptsError
from cyclopts.exceptions import MissingArgumentError, UnusedCliTokensError

from mcescalate.cli.registry import build_app, show_full_help
from mcescalate.cli.terminal.printing import discard_stdout, prepare_streams, say
from mcescalate.errors import McEscalateError

_TAKE_A_HYPHEN = ("--title", "--out", "-o", "--era")
"""Options after which a hyphen does not mean standard input."""


def run(tokens: Sequence[str]) -> int:
    """Run a command line and return its exit code."""
    words = _with_stdin_named(tokens)
    prepare_streams()
    if "--no-color" in words:
        os.environ["NO_COLOR"] = "1"
    is_quiet = not {"--quiet", "-q"}.isdisjoint(words)
    show: Callable[..., None] = _ignore_warning if is_quiet else _say_warning
    warnings.showwarning = show
    try:
        app = build_app()
        show_full_help(app, words)
        code = app.meta(words) or 0
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        discard_stdout()
        return 0
    except Exception as error:
        if "--debug" in words:
            say(*traceback.format_exc().rstrip().split("\n"))
        lines, code = explain(error)
        say(*lines)
        return code


def _with_stdin_named(tokens: Sequence[str]) -> list[str]:
    """The words of a command line, with a lone hyphen replaced by the path of standard input."""
    words = list(tokens)
    return [
        "/dev/stdin" if word == "-" and before not in _TAKE_A_HYPHEN else word
        for before, word in zip(["", *words], words, strict=False)
    ]


def explain(error: Exception) -> tuple[Sequence[str], int]:
    """The message of an error that ends a command, and its exit code."""
    match error:
        case McEscalateError():
            return error.lines, error.exit_code
        case CycloptsError():
            return usage(error), 2
        case MemoryError():
            return ["out of memory; reduce the size of the run or the number of --workers"], 4
        case OSError():
            place = f"{error.filename}: " if error.filename else ""
            return [f"{place}{error.strerror or error}"], 4
        case _:
            kind = type(error).__name__
            return [f"internal error ({kind}): {error}", "Add --debug to see the traceback."], 1


def usage(error: CycloptsError) -> list[str]:
    """What is wrong with a command line, and where the options are listed."""
    match error:
        case UnusedCliTokensError():
            message = f"unexpected: {' '.join(error.unused_tokens or ())}"
        case MissingArgumentError(keyword=str(keyword)):
            message = f"{keyword}: expected a value, found none"
        case MissingArgumentError():
            message = f"{error.argument.name if error.argument else 'a value'}: missing"
        case _:
            message = str(error)
    return [message, f"Try: {' '.join(['mcescalate', *(error.command_chain or ()), '--help'])}"]


def _say_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """Print a warning without the line of source that raised it."""
    say(f"warning: {message}")


def _ignore_warning(*_warning: object) -> None:
    """Drop a warning: with --quiet only errors are printed."""
