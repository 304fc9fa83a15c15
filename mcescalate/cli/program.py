"""The program: run a command and turn whatever happens into an exit code.

0 done; 1 a fault of mcescalate; 2 wrong usage or scenario; 3 unreadable data; 4 not enough
memory or disk; 75 stopped by SIGTERM; 130 stopped by Ctrl-C. Errors of the package carry
their own code.
"""

import os
import signal
import sys
import traceback
import warnings
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn, TextIO

from cyclopts import CycloptsError
from cyclopts.exceptions import MissingArgumentError, UnusedCliTokensError

from mcescalate.cli.commands import build_app
from mcescalate.cli.signals import EXIT_CODES
from mcescalate.cli.terminal import discard_stdout, prepare_streams, say
from mcescalate.errors import McEscalateError


class Terminated(BaseException):
    """SIGTERM arrived; like KeyboardInterrupt, not an error that a command may catch."""


def main(tokens: Sequence[str] | None = None) -> int:
    """Run the command line `tokens` (default: the process's own) and return its exit code."""
    words = list(sys.argv[1:] if tokens is None else tokens)
    prepare_streams()
    if "--no-color" in words:
        os.environ["NO_COLOR"] = "1"
    signal.signal(signal.SIGTERM, _raise_terminated)
    warnings.showwarning = _say_warning
    try:
        code = build_app().meta(words) or 0
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        discard_stdout()
        return 0
    except (KeyboardInterrupt, Terminated) as stop:
        say("stopped")
        return EXIT_CODES[signal.SIGINT if isinstance(stop, KeyboardInterrupt) else signal.SIGTERM]
    except Exception as error:
        if "--debug" in words:
            traceback.print_exc()
        message, code = explain(error)
        say(message)
        return code


def explain(error: Exception) -> tuple[str, int]:
    """The message of an error that ends a command, and its exit code."""
    match error:
        case McEscalateError():
            return str(error), error.exit_code
        case CycloptsError():
            return usage(error), 2
        case MemoryError():
            return "out of memory; ask for less at once, or for fewer --workers", 4
        case OSError():
            place = f"{error.filename}: " if error.filename else ""
            return f"{place}{error.strerror or error}", 4
        case _:
            kind = type(error).__name__
            return f"internal error ({kind}): {error}\nAdd --debug to see where.", 1


def usage(error: CycloptsError) -> str:
    """What is wrong with the words of a command, and where its options are listed."""
    match error:
        case UnusedCliTokensError():
            message = f"not expected here: {' '.join(error.unused_tokens)}"
        case MissingArgumentError(keyword=str(keyword)):
            message = f"{keyword}: expected a value, found none"
        case MissingArgumentError():
            message = f"{error.argument.name}: missing"
        case _:
            message = str(error)
    return f"{message}\nTry: {' '.join(['mcescalate', *(error.command_chain or ()), '--help'])}"


def _say_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """Say what a warning says, without the line of source that gave it."""
    say(f"warning: {message}")


def _raise_terminated(signum: int, frame: FrameType | None) -> NoReturn:
    raise Terminated
