"""Signals: the first Ctrl-C, SIGTERM or hangup asks the work to stop, a second one ends it.

This module is imported before the rest of the program, and so imports nothing of it.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, NoReturn

INTERRUPTED = 130
EXIT_CODES = {signal.SIGINT: INTERRUPTED, signal.SIGTERM: 75}
_HANGUP = getattr(signal, "SIGHUP", None)  # Windows has none
if _HANGUP is not None:
    EXIT_CODES[_HANGUP] = 129

GRACE_SECONDS = 1.5
"""Seconds that work may go on after it was asked to stop; compiling cannot be interrupted."""

Handlers = dict[int, Any]


class Stopped(BaseException):
    """A signal arrived.

    It is not an Exception, which commands may catch, nor a KeyboardInterrupt, on which the parser
    of the command line exits by itself.
    """

    def __init__(self, exit_code: int):
        super().__init__()
        self.exit_code = exit_code


def exit_code(stop: BaseException) -> int:
    """The exit code of a program that ends because of `stop`."""
    return getattr(stop, "exit_code", INTERRUPTED)


def install_handlers() -> Handlers:
    """Let a signal raise `Stopped`, and a second one end the process; return the old handlers.

    During an import the first signal ends the process: nothing is being written then, and
    libraries report or suppress exceptions raised in the middle of an import.
    """
    asked = False

    def raise_or_end(signum: int, frame: FrameType | None) -> NoReturn:
        nonlocal asked
        _ignore_repeated_hangup(signum)
        code = EXIT_CODES[signal.Signals(signum)]
        if asked or _is_importing(frame):
            _end(code)
        asked = True
        raise Stopped(code)

    return _handle(raise_or_end)


def restore_handlers(handlers: Handlers) -> None:
    """Put back the handlers that `install_handlers` replaced."""
    for signum, handler in handlers.items():
        signal.signal(signum, handler)


def exit_on_signals_with(code: int) -> None:
    """Let a signal end the process with `code`: the work is done, and Python is shutting down."""
    _handle(lambda signum, frame: os._exit(code))


class Stop(threading.Event):
    """Set by the first signal; `exit_code` is then the code of that signal."""

    exit_code = 0


@contextmanager
def stop_on_signals(grace: float = GRACE_SECONDS) -> Iterator[Stop]:
    """Within the block, a signal sets the event that the block is given.

    The process ends `grace` seconds after the first signal, or at the second one, unless the
    block has ended by then. Drafts of files are removed; the block must leave no other partial
    files. It must be entered on the main thread, which must run Python code now and then: that
    is when handlers are called.
    """
    stop = Stop()
    timers = []

    def note(signum: int, frame: FrameType | None) -> None:
        _ignore_repeated_hangup(signum)
        code = EXIT_CODES[signal.Signals(signum)]
        if stop.is_set():
            _end(code)
        stop.exit_code = code
        stop.set()
        timer = threading.Timer(grace, _end, [code])
        timer.daemon = True
        timer.start()
        timers.append(timer)

    previous = _handle(note)
    try:
        yield stop
    finally:
        for timer in timers:
            timer.cancel()
        restore_handlers(previous)


def print_stopped() -> None:
    """Print "stopped" on stderr, whatever has been imported."""
    with suppress(OSError, ValueError, AttributeError):
        sys.stderr.flush()
        os.write(sys.stderr.fileno(), b"stopped\n")


def remove_drafts() -> None:
    """Remove drafts of files that were not completed."""
    # If the module has not been imported, there are no drafts.
    writer = sys.modules.get("mcescalate.results.files.atomic")
    if writer is not None:
        writer.remove_temporary_files()


def _handle(handler: Callable[[int, FrameType | None], Any]) -> Handlers:
    """Install `handler`, for hangups only unless they are ignored (nohup); return the old ones."""
    return {
        signum: signal.signal(signum, handler)
        for signum in EXIT_CODES
        if not (signum == _HANGUP and signal.getsignal(signum) == signal.SIG_IGN)
    }


def _ignore_repeated_hangup(signum: int) -> None:
    """Ignore further hangups: terminal and shell both send one."""
    if signum == _HANGUP:
        signal.signal(signum, signal.SIG_IGN)


def _is_importing(frame: FrameType | None) -> bool:
    """Whether `frame` or one of its callers belongs to an import."""
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


def _end(code: int) -> None:
    remove_drafts()
    print_stopped()
    os._exit(code)
