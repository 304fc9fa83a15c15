"""The live progress line, drawn by rich; imported only if stderr is a terminal."""

from rich.console import Console
from rich.live import Live
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.table import Column
from rich.text import Text

from mcescalate.cli.terminal.printing import COMPILING
from mcescalate.engine.compilation import is_compiling
from mcescalate.quantities import grouped


class RateColumn(ProgressColumn):
    """Rate over the last half minute."""

    def __init__(self, unit: str):
        super().__init__(Column(no_wrap=True))
        self.unit = unit

    def render(self, task: Task) -> Text:
        """The rate of `task` as text, or the reason why it has none yet."""
        rate = task.finished_speed or task.speed
        if rate:
            return Text(f"{grouped(round(rate))} {self.unit}/s")
        return Text(COMPILING if is_compiling() else "starting")


class LiveLine:
    """One line on stderr that is redrawn in place, and removed at the end."""

    def __init__(self, total: int, unit: str):
        self._display = Progress(
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            RateColumn(unit),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._display.add_task(unit, total=total)
        self._display.start()

    def expect(self, total: int) -> None:
        """Show that there are so many to do."""
        self._display.update(self._task, total=total)

    def update(self, done: int) -> None:
        """Show the number done."""
        self._display.update(self._task, completed=done)

    def close(self) -> None:
        """Remove the line."""
        self._display.stop()


class TextLine:
    """One line of text on stderr that is redrawn in place, and removed at the end."""

    def __init__(self) -> None:
        self._display = Live(console=Console(stderr=True), transient=True, refresh_per_second=4)
        self._display.start()

    def update(self, text: str) -> None:
        """Show this text."""
        self._display.update(Text(text, no_wrap=True, overflow="ellipsis"))

    def close(self) -> None:
        """Remove the line."""
        self._display.stop()
