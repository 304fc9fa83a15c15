"""Progress of long work: a live line on a terminal, else one plain line a minute."""

import os
import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

from mcescalate.cli.terminal.printing import COMPILING, say
from mcescalate.engine.compilation import is_compiling
from mcescalate.quantities import grouped, in_time

if TYPE_CHECKING:
    from mcescalate.cli.terminal.live import LiveLine, TextLine

EVERY = 60.0
"""Seconds between two plain lines."""

FIRST_MEASUREMENT = 1.0
"""Seconds of work after which the time left is known better than from the estimate."""

SHORT = 10.0
"""Seconds left that are not worth a line of their own."""

PLAIN_TERMINALS = (None, "", "dumb", "unknown")
"""Values of TERM without cursor movement."""


def has_live_terminal() -> bool:
    """Whether stderr is a terminal on which a line can be redrawn."""
    return sys.stderr.isatty() and os.environ.get("TERM") not in PLAIN_TERMINALS


class Progress:
    """Number done out of `total`, shown on stderr with rate and time left.

    Use it in a `with` block and call it with the number done so far. Compiling does not count as
    work: rate and time left are measured from its end.

    Parameters
    ----------
    total : number to do
    unit : what is counted, in the plural
    shown : False prints nothing
    """

    def __init__(self, total: int, unit: str, *, shown: bool = True):
        self.total = total
        self.unit = unit
        self.shown = shown
        self.done = 0
        self._line: LiveLine | None = None
        self._text: TextLine | None = None
        self._last_stage = ""
        self._has_announced_compiling = False
        self._has_measured = False

    def __enter__(self) -> Self:
        self._begin = self._last_line = time.monotonic()
        if self.shown and has_live_terminal():
            from mcescalate.cli.terminal.live import LiveLine

            self._line = LiveLine(self.total, self.unit)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for line in (self._line, self._text):
            if line is not None:
                line.close()

    def expect(self, total: int) -> None:
        """Note that there are so many to do, where that is not known from the start."""
        self.total = total
        if self._line is not None:
            self._line.expect(total)

    def __call__(self, done: int) -> None:
        """Note that `done` of `total` are done."""
        self.done = done
        if self._line is not None:
            self._line.update(done)
        elif self.shown:
            self._print_line(time.monotonic())

    def go_on(self, stage: str, step: int) -> None:
        """Show the step of a later stage, of which nobody knows how many steps it takes."""
        text = f"{stage}, step {step}"
        if self._line is not None:
            from mcescalate.cli.terminal.live import TextLine

            self._line.close()
            self._line, self._text = None, TextLine()
        if self._text is not None:
            self._text.update(text)
        elif self.shown:
            now = time.monotonic()
            if stage != self._last_stage or now - self._last_line >= EVERY:
                self._last_stage, self._last_line = stage, now
                say(text)

    def _print_line(self, now: float) -> None:
        if self.done == 0 and is_compiling():
            self._begin = self._last_line = now
            if not self._has_announced_compiling:
                self._has_announced_compiling = True
                say(f"{COMPILING}, which takes about a minute")
            return
        elapsed = now - self._begin
        if not self._has_measured and self.done > 0 and elapsed >= FIRST_MEASUREMENT:
            self._has_measured = True
            left = seconds_left(self.done, self.total, elapsed)
            if left >= SHORT:
                say(f"measured: {in_time(left)} left")
        if now - self._last_line >= EVERY:
            self._last_line = now
            say(progress_line(self.done, self.total, self.unit, elapsed))


def seconds_left(done: int, total: int, elapsed: float) -> float:
    """Time that the rest will take at the rate so far."""
    return elapsed * (total - done) / done


def progress_line(done: int, total: int, unit: str, elapsed: float) -> str:
    """One line: the number done, the rate, and the time left."""
    rate = done / max(elapsed, 1e-9)
    left = f"{in_time(seconds_left(done, total, elapsed))} left" if done else "time left unknown"
    counts = f"{grouped(done)} of {grouped(total)} {unit} ({done / total:.0%})"
    return f"{counts}, {grouped(round(rate))} a second, {left}"
