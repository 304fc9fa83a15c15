"""Every error that a user can meet.

A message says where, what was expected, what was found and what to do. The command line
prints it without a traceback and ends with the class's `exit_code`.
"""

from mcescalate.hidden import escape_hidden

__all__ = [
    "BackendUnavailable",
    "DataError",
    "ExtraMissing",
    "FailedShards",
    "McEscalateError",
    "OutputError",
    "ResourceError",
    "ScenarioError",
    "SchedulerLost",
    "StoppedBySignal",
    "Unsolvable",
    "UsageError",
]


class McEscalateError(Exception):
    """Base of all errors raised on purpose by mcescalate.

    Parameters
    ----------
    *lines
        The message. Names and values in it may come from anywhere, so a hidden character
        in a line, a line break included, appears as an escape.

    Examples
    --------
    >>> import mcescalate as mc
    >>> try:
    ...     mc.load_case("july-1941")
    ... except mc.errors.McEscalateError as error:
    ...     print(error, error.exit_code)
    july-1941: there is no such case; did you mean "july-1914"? `mcescalate cases` lists all 2
    """

    exit_code = 1

    def __init__(self, *lines: str):
        self.lines = tuple(map(escape_hidden, lines))
        super().__init__(*self.lines)

    def __str__(self) -> str:
        return "\n".join(self.lines)


class ScenarioError(McEscalateError):
    r"""A scenario, overlay or option is invalid; all problems found are listed together.

    Parameters
    ----------
    name
        The file (or option) with the problems.
    problems
        One line for each problem, each beginning with its place.

    Examples
    --------
    >>> import mcescalate as mc
    >>> try:
    ...     mc.load_case("july-1914", settings=["response.gpa=1", "actors.GMY.tempo=2"])
    ... except mc.errors.ScenarioError as error:
    ...     print(*error.problems, sep="\n")
    response.gpa: no value has this address; did you mean "response.gap"?
    actors.GMY.tempo: expected a number from 0 to 1, found 2
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
    """An argument is out of range, missing or contradicts another one.

    Examples
    --------
    >>> import mcescalate as mc
    >>> try:
    ...     mc.simulate(mc.load_case("july-1914"), n_chains=0, seed=7)
    ... except mc.errors.UsageError as error:
    ...     print(error)
    n_chains: expected a whole number from 1 to 18446744073709551616, found 0
    """

    exit_code = 2


class BackendUnavailable(McEscalateError):
    """The backend's package or device is missing, or there is no such backend.

    Examples
    --------
    >>> import mcescalate as mc
    >>> try:
    ...     mc.simulate(mc.load_case("july-1914"), n_chains=10, seed=7, backend="abacus")
    ... except mc.errors.BackendUnavailable as error:
    ...     print(error)
    backend "abacus" is not known; use numba or plain or python
    """

    exit_code = 2


class OutputError(McEscalateError):
    """The output exists already, or its folder cannot take it.

    Examples
    --------
    >>> import mcescalate as mc
    >>> result = mc.simulate(mc.load_case("july-1914"), n_chains=10, seed=7)
    >>> try:
    ...     mc.save(result, "result.csv")
    ... except mc.errors.OutputError as error:
    ...     print(error.exit_code)
    2
    """

    exit_code = 2


class DataError(McEscalateError):
    """A file is unreadable, damaged, from another program or of a newer format.

    Examples
    --------
    >>> import mcescalate as mc
    >>> try:
    ...     mc.load("docs/examples/triad.toml")
    ... except mc.errors.DataError as error:
    ...     print(error)
    docs/examples/triad.toml: not a mcescalate result, but a text or another kind of file
    """

    exit_code = 3


class ResourceError(McEscalateError):
    """The work needs more memory, disk or time than is available.

    Examples
    --------
    >>> import mcescalate as mc
    >>> mc.errors.ResourceError("the records need 90 GB of memory").exit_code
    4
    """

    exit_code = 4


class Unsolvable(McEscalateError):
    """The scenario counts something whose probability the exact solver cannot know.

    Examples
    --------
    >>> import mcescalate as mc
    >>> issubclass(mc.errors.Unsolvable, mc.errors.McEscalateError)
    True
    """


class StoppedBySignal(McEscalateError):
    """Ctrl-C or another signal stopped the work before its end.

    Parameters
    ----------
    exit_code
        Exit code of the command line for this signal.

    Examples
    --------
    >>> import mcescalate as mc
    >>> print(mc.errors.StoppedBySignal(130))
    stopped; nothing was written
    """

    def __init__(self, exit_code: int):
        self.exit_code = exit_code
        super().__init__("stopped; nothing was written")

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.exit_code,)


class SchedulerLost(McEscalateError):
    """The scheduler of a cluster does not answer, or no longer does.

    Examples
    --------
    >>> import mcescalate as mc
    >>> mc.errors.SchedulerLost("tcp://host:8786 does not answer").exit_code
    1
    """


class FailedShards(McEscalateError):
    """Parts of a sweep could not be simulated; the others are on disk.

    Parameters
    ----------
    failures
        What went wrong, by the name of the shard.

    Examples
    --------
    >>> import mcescalate as mc
    >>> print(mc.errors.FailedShards({"00017": "out of memory"}))
    1 shard failed
      00017: out of memory
    """

    exit_code = 5

    def __init__(self, failures: dict[str, str]):
        self.failures = dict(failures)
        lines = [f"  {name}: {text}" for name, text in self.failures.items()]
        count = "1 shard" if len(lines) == 1 else f"{len(lines)} shards"
        super().__init__(f"{count} failed", *lines)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.failures,)


class ExtraMissing(McEscalateError):
    """An optional package that the work needs is not installed.

    Examples
    --------
    >>> import mcescalate as mc
    >>> mc.errors.ExtraMissing("plots: matplotlib is not installed").exit_code
    2
    """

    exit_code = 2
