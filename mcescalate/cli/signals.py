"""Ctrl-C and SIGTERM during long work: the first one asks, the second one ends."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from mcescalate.cli.terminal import say

EXIT_CODES = {signal.SIGINT: 130, signal.SIGTERM: 75}

GRACE_SECONDS = 1.5
"""How long work that was asked to stop may go on; a compiler, for one, hears nothing."""


class Stop(threading.Event):
    """Set by the first signal; `exit_code` is then the code of that signal."""

    exit_code = 0


@contextmanager
def stop_on_signals(grace: float = GRACE_SECONDS) -> Iterator[Stop]:
    """Within the block signals set the event that it gets; what does not heed it is ended.

    The process ends `grace` seconds after the first signal, or at the second one, unless
    the block has been left by then. So the block may do nothing that would leave half a
    file. It must be entered on the main thread, and that thread must run Python now and
    then, else no handler is called.
    """
    stop = Stop()
    timers = []

    def note(signum: int, frame: FrameType | None) -> None:
        code = EXIT_CODES[signal.Signals(signum)]
        if stop.is_set():
            os._exit(code)
        stop.exit_code = code
        stop.set()
        timer = threading.Timer(grace, _end, [code])
        timer.daemon = True
        timer.start()
        timers.append(timer)

    previous = {signum: signal.signal(signum, note) for signum in EXIT_CODES}
    try:
        yield stop
    finally:
        for timer in timers:
            timer.cancel()
        for signum, handler in previous.items():
            signal.signal(signum, handler)


def _end(code: int) -> None:
    say("stopped")
    os._exit(code)
