"""How far long work has come: a live line on a terminal, else one plain line a minute."""

import os
import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

from mcescalate.cli.terminal.printing import say
from mcescalate.quantities import grouped, in_time

if TYPE_CHECKING:
    from mcescalate.cli.terminal.live import LiveLine

EVERY = 60.0
"""Seconds between two plain lines."""

PLAIN_TERMINALS = (None, "", "dumb", "unknown")
"""Values of TERM that promise no cursor to move."""


class Progress:
    """Count of things done, out of `total`, shown on stderr with rate and time left.

    Use it in a `with` block and call it with the number done so far.

    Parameters
    ----------
    total : how many there are to do
    unit : what they are, in the plural
    shown : False keeps all of it silent
    """

    def __init__(self, total: int, unit: str, *, shown: bool = True):
        self.total = total
        self.unit = unit
        self.shown = shown
        self.done = 0
        self._line: LiveLine | None = None

    def __enter__(self) -> Self:
        self._begin = self._told = time.monotonic()
        if self.shown and sys.stderr.isatty() and os.environ.get("TERM") not in PLAIN_TERMINALS:
            from mcescalate.cli.terminal.live import LiveLine

            self._line = LiveLine(self.total, self.unit)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._line is not None:
            self._line.close()

    def __call__(self, done: int) -> None:
        """Note that `done` of `total` are done."""
        self.done = done
        if self._line is not None:
            self._line.update(done)
        elif self.shown and (now := time.monotonic()) - self._told >= EVERY:
            self._told = now
            say(progress_line(done, self.total, self.unit, now - self._begin))


def progress_line(done: int, total: int, unit: str, elapsed: float) -> str:
    """One line: how many are done, how fast, and how long the others will take."""
    rate = done / max(elapsed, 1e-9)
    left = f"{in_time((total - done) / rate)} left" if done else "time left unknown"
    counts = f"{grouped(done)} of {grouped(total)} {unit} ({done / total:.0%})"
    return f"{counts}, {grouped(round(rate))} a second, {left}"
