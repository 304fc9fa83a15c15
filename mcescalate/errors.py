"""Every error that a user can meet.

A message says where, what was expected, what was found and what to do. The command line
prints it without a traceback and ends with the class's `exit_code`.
"""


class McEscalateError(Exception):
    """Base of all errors raised on purpose by mcescalate."""

    exit_code = 1


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
        super().__init__("\n".join([f"{name}: {count}", *(f"  {line}" for line in self.problems)]))


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


class SchedulerLost(McEscalateError):
    """The scheduler of a cluster does not answer, or no longer."""


class FailedShards(McEscalateError):
    """Parts of a sweep could not be played; the others are on disk.

    Parameters
    ----------
    failures : what went wrong, by the name of the shard
    """

    exit_code = 5

    def __init__(self, failures: dict[str, str]):
        self.failures = dict(failures)
        lines = [f"  {name}: {text}" for name, text in self.failures.items()]
        super().__init__("\n".join([f"{len(lines)} shards failed", *lines]))


class ExtraMissing(McEscalateError):
    """An optional package that the work needs is not installed."""

    exit_code = 2
