"""Ctrl-C, SIGTERM and a terminal that closes: the first one asks, the second one ends.

Imported before all else of the program, and so imports nothing of it.
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
"""How long work that was asked to stop may go on; a compiler, for one, hears nothing."""

Handlers = dict[int, Any]


class Stopped(BaseException):
    """A signal arrived. No error that a command may catch, nor the KeyboardInterrupt that its
    parser turns into an exit of its own.
    """

    def __init__(self, exit_code: int):
        super().__init__()
        self.exit_code = exit_code


def exit_code(stop: BaseException) -> int:
    """The exit code of a program that ends because of `stop`."""
    return getattr(stop, "exit_code", INTERRUPTED)


def heed() -> Handlers:
    """Let a signal raise `Stopped`, and a second one end the process; return the old handlers.

    While a module is imported already the first one ends the process: nothing is being
    written then, and libraries tell or swallow what is raised in the middle of an import.
    """
    asked = False

    def raise_or_end(signum: int, frame: FrameType | None) -> NoReturn:
        nonlocal asked
        _hear_no_more_of(signum)
        code = EXIT_CODES[signal.Signals(signum)]
        if asked or _is_importing(frame):
            _end(code)
        asked = True
        raise Stopped(code)

    return _handle(raise_or_end)


def restore(handlers: Handlers) -> None:
    """Put the handlers back that `heed` found."""
    for signum, handler in handlers.items():
        signal.signal(signum, handler)


def end_at_once_with(code: int) -> None:
    """Let a signal end the process with `code`: its work is done, and only Python winds up."""
    _handle(lambda signum, frame: os._exit(code))


class Stop(threading.Event):
    """Set by the first signal; `exit_code` is then the code of that signal."""

    exit_code = 0


@contextmanager
def stop_on_signals(grace: float = GRACE_SECONDS) -> Iterator[Stop]:
    """Within the block signals set the event that it gets; what does not heed it is ended.

    The process ends `grace` seconds after the first signal, or at the second one, unless
    the block has been left by then. Drafts of files are removed; the block may do nothing
    else that would leave half a file. It must be entered on the main thread, and that thread
    must run Python now and then, else no handler is called.
    """
    stop = Stop()
    timers = []

    def note(signum: int, frame: FrameType | None) -> None:
        _hear_no_more_of(signum)
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
        restore(previous)


def tell_stopped() -> None:
    """Say so on stderr, whatever has been imported."""
    with suppress(OSError, ValueError, AttributeError):
        sys.stderr.flush()
        os.write(sys.stderr.fileno(), b"stopped\n")


def remove_drafts() -> None:
    """Remove the drafts of files that are not whole."""
    # Not imported for this: without the module there are none.
    writer = sys.modules.get("mcescalate.results.files.atomic")
    if writer is not None:
        writer.remove_temporary_files()


def _handle(handler: Callable[[int, FrameType | None], Any]) -> Handlers:
    """Handle signals by `handler`, a hangup unless it is ignored (nohup); return the old ones."""
    return {
        signum: signal.signal(signum, handler)
        for signum in EXIT_CODES
        if not (signum == _HANGUP and signal.getsignal(signum) == signal.SIG_IGN)
    }


def _hear_no_more_of(signum: int) -> None:
    """Ignore a hangup from now on: both terminal and shell tell it."""
    if signum == _HANGUP:
        signal.signal(signum, signal.SIG_IGN)


def _is_importing(frame: FrameType | None) -> bool:
    """Whether `frame`, or one that called it, belongs to an import."""
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


def _end(code: int) -> None:
    remove_drafts()
    tell_stopped()
    os._exit(code)
