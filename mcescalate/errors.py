"""Every error that a user can meet.

A message says where, what was expected, what was found and what to do. The command line
prints it without a traceback and ends with the class's `exit_code`.
"""

from mcescalate.hidden import escape_hidden


class McEscalateError(Exception):
    """Base of all errors raised on purpose by mcescalate.

    Parameters
    ----------
    lines : the message; names and values in it may come from anywhere, so a hidden character
        in a line, a line break too, stands there as an escape
    """

    exit_code = 1

    def __init__(self, *lines: str):
        self.lines = tuple(map(escape_hidden, lines))
        super().__init__(*self.lines)

    def __str__(self) -> str:
        return "\n".join(self.lines)


class ScenarioError(McEscalateError):
    """A scenario, overlay or option is invalid; all problems found are listed together.

    Parameters
    ----------
    name : the file (or option) that is at fault
    problems : one line for each problem, each beginning with its place
    """

    exit_code = 2

    def __init__(self, name: str, problems: list[str]):
        self.name = name
        self.problems = list(problems)
        count = "1 problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
        super().__init__(f"{name}: {count}", *(f"  {line}" for line in self.problems))

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.name, self.problems)


class UsageError(McEscalateError):
    """An argument is out of range, missing or contradicts another one."""

    exit_code = 2


class BackendUnavailable(McEscalateError):
    """The backend's package or device is missing."""

    exit_code = 2


class OutputError(McEscalateError):
    """The output exists already, or its folder cannot take it."""

    exit_code = 2


class DataError(McEscalateError):
    """A file is unreadable, damaged, foreign or of a newer format."""

    exit_code = 3


class ResourceError(McEscalateError):
    """The work needs more memory, disk or time than it may have."""

    exit_code = 4


class Unsolvable(McEscalateError):
    """Something is counted whose probability the exact solver cannot know."""


class StoppedBySignal(McEscalateError):
    """Ctrl-C or another signal stopped the work before its end.

    Parameters
    ----------
    exit_code : that of the signal
    """

    def __init__(self, exit_code: int):
        self.exit_code = exit_code
        super().__init__("stopped; nothing was written")

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.exit_code,)


class SchedulerLost(McEscalateError):
    """The scheduler of a cluster does not answer, or no longer."""


class FailedShards(McEscalateError):
    """Parts of a sweep could not be simulated; the others are on disk.

    Parameters
    ----------
    failures : what went wrong, by the name of the shard
    """

    exit_code = 5

    def __init__(self, failures: dict[str, str]):
        self.failures = dict(failures)
        lines = [f"  {name}: {text}" for name, text in self.failures.items()]
        super().__init__(f"{len(lines)} shards failed", *lines)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.failures,)


class ExtraMissing(McEscalateError):
    """An optional package that the work needs is not installed."""

    exit_code = 2
