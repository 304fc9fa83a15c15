"""Arguments that `backtest` and `calibrate` share, and the disputes that they select."""

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from mcescalate.cli.options import whole

if TYPE_CHECKING:
    from mcescalate.importing.datasets.disputes import Dispute
    from mcescalate.importing.importer import Data

Actors = Annotated[int, Parameter(converter=whole(2, 300), help="States in each scenario.")]
FirstDay = Annotated[
    str, Parameter(name="--from", show_default=False, help="First day or year of disputes.")
]
LastDay = Annotated[
    str, Parameter(name="--to", show_default=False, help="Last day or year of disputes.")
]
FirstEvent = Annotated[
    bool,
    Parameter(
        negative=(),
        show_default=False,
        help="Let disputes begin with the first recorded event (MIE) where there is one.",
    ),
]
LagYears = Annotated[
    int,
    Parameter(converter=whole(0, 50), help="Use data from this many years before the dispute."),
]


def chains_of(help: str) -> Any:
    """The option `--chains` of a command on disputes."""
    return Parameter(name=("--chains", "-n"), converter=whole(1, 10**7), help=help)


def disputes_between(
    data: "Data", span: tuple[datetime.date, datetime.date]
) -> "Sequence[Dispute]":
    """The recorded disputes that began in the days of `span_of`."""
    first, last = span
    return [dispute for dispute in data.disputes() if first <= dispute.day <= last]


def span_of(first: str, last: str) -> tuple[datetime.date, datetime.date]:
    """The first and last day of two texts, each a day, a year, or empty for no bound."""
    from mcescalate.importing.build.request import day_of

    def bound(text: str, month: int, day: int, unbounded: datetime.date) -> datetime.date:
        if not text:
            return unbounded
        if len(text) == 4 and text.isdecimal() and int(text) > 0:
            return datetime.date(int(text), month, day)
        return day_of(text)

    return (
        bound(first, 1, 1, datetime.date.min),
        bound(last, 12, 31, datetime.date.max),
    )
