"""Arguments that several commands take, declared once."""

import functools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter, Token

from mcescalate.engine.backends import BACKENDS
from mcescalate.limits import CHAIN_END, MOST_WORKERS, SEED_END, draw_seed, whole_number

WHOLE = re.compile(r"[+-]?[0-9]+(_[0-9]+)*")


def whole(low: int, high: int) -> Callable[[Any, Sequence[Token]], int]:
    """A converter for options that take a whole number from `low` to `high`, in plain digits."""

    def convert(type_: Any, tokens: Sequence[Token]) -> int:
        token = tokens[0]
        value = int(token.value) if WHOLE.fullmatch(token.value) else token.value
        return whole_number(token.keyword or token.source, value, low, high)

    return convert


ScenarioFile = Annotated[Path, Parameter(help="Scenario file (TOML), or the name of a case.")]
ResultFile = Annotated[Path, Parameter(help="Result file (HDF5).")]
DataFiles = Annotated[Path, Parameter(help="Data file, or folder of data files.")]
MoreFiles = Annotated[Path, Parameter(help="Further files or folders.")]

Settings = Annotated[
    tuple[str, ...],
    Parameter(
        name="--set",
        negative=(),
        show_default=False,
        metavar="ADDRESS=VALUE",
        help="Change one value, e.g. response.gap=1.2 or actors.GMY.resolve=0.5; repeatable.",
    ),
]
Overlays = Annotated[
    tuple[Path, ...],
    Parameter(
        name="--overlay",
        negative=(),
        show_default=False,
        metavar="FILE",
        help="File, or name of an overlay, whose rows and tables replace the scenario's; "
        "repeatable.",
    ),
]
Seed = Annotated[
    int | None,
    Parameter(
        converter=whole(0, SEED_END - 1),
        show_default=False,
        help="Seed of the random numbers, 0 to 9223372036854775807; drawn at random if omitted.",
    ),
]
FirstChain = Annotated[
    int,
    Parameter(
        converter=whole(0, CHAIN_END - 1),
        help="Number of the first chain; results of later chains can be added with merge.",
    ),
]
Workers = Annotated[
    int | None,
    Parameter(
        converter=whole(1, MOST_WORKERS),
        env_var="MCESCALATE_WORKERS",
        show_default=False,
        help="Number of threads; all cores available to this process if omitted.",
    ),
]
Backend = Annotated[
    str,
    Parameter(
        env_var="MCESCALATE_BACKEND",
        help=f"Engine that simulates the chains: {', '.join(BACKENDS[:-1])} or {BACKENDS[-1]}.",
    ),
]
_OUT = Parameter(name=("--out", "-o"), show_default=False, help="File to write.")
Output = Annotated[Path | None, _OUT]
RequiredOutput = Annotated[Path, _OUT]
PageFile = Annotated[
    Path | None,
    Parameter(
        name="--page",
        show_default=False,
        metavar="FILE",
        help="Also write one self-contained HTML page: answer, figures, tables, provenance.",
    ),
]
MappingNumbers = Annotated[
    Path | None,
    Parameter(show_default=False, help="TOML file with numbers that override the mapping's."),
]
Force = Annotated[
    bool,
    Parameter(
        negative=(),
        show_default=False,
        help="Replace an existing file; start even if memory, disk or time may not suffice.",
    ),
]
Json = Annotated[
    bool,
    Parameter(
        name="--json",
        negative=(),
        show_default=False,
        help="Print one JSON object instead of tables.",
    ),
]
Quiet = Annotated[
    bool,
    Parameter(
        name=("--quiet", "-q"),
        negative=(),
        show_default=False,
        help="Print only errors on stderr.",
    ),
]


@Parameter(name="*")
@dataclass(frozen=True)
class TableOptions:
    """Where the numbers of an answer are written as one table."""

    csv: Annotated[
        Path | None,
        Parameter(
            show_default=False, metavar="FILE", help="Also write all numbers as one table, in CSV."
        ),
    ] = None
    parquet: Annotated[
        Path | None,
        Parameter(
            show_default=False,
            metavar="FILE",
            help='The same in Parquet; needs the extra "parquet".',
        ),
    ] = None

    def __bool__(self) -> bool:
        """Whether any table is written."""
        return self.csv is not None or self.parquet is not None


@Parameter(name="*")
@dataclass(frozen=True)
class RunOptions:
    """How chains of a scenario are simulated, as `run`, `compare` and `levers` take it."""

    seed: Seed = None
    settings: Settings = ()
    overlays: Overlays = ()
    first_chain: FirstChain = 0
    workers: Workers = None
    backend: Backend = "numba"
    force: Force = False
    as_json: Json = False
    quiet: Quiet = False

    @property
    def shows_progress(self) -> bool:
        """Whether estimate, seed and progress are printed on stderr."""
        return not self.is_silent

    @property
    def is_silent(self) -> bool:
        """Whether only errors are printed on stderr."""
        return self.quiet or self.as_json

    @functools.cached_property
    def seed_used(self) -> int:
        """The seed given, or else one drawn at random."""
        return draw_seed() if self.seed is None else self.seed
