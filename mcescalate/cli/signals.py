"""Ctrl-C and SIGTERM during long work: the first one asks, the second one ends."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

EXIT_CODES = {signal.SIGINT: 130, signal.SIGTERM: 75}


class Stop(threading.Event):
    """Set by the first signal; `exit_code` is then the code of that signal."""

    exit_code = 0


@contextmanager
def stop_on_signals() -> Iterator[Stop]:
    """Within the block signals set the event that it gets, and a second one ends at once.

    The block must be entered on the main thread and leave that thread able to run Python
    now and then, else no handler is called.
    """
    stop = Stop()

    def note(signum: int, frame: FrameType | None) -> None:
        code = EXIT_CODES[signal.Signals(signum)]
        if stop.is_set():
            os._exit(code)
        stop.exit_code = code
        stop.set()

    previous = {signum: signal.signal(signum, note) for signum in EXIT_CODES}
    try:
        yield stop
    finally:
        for signum, handler in previous.items():
            signal.signal(signum, handler)
