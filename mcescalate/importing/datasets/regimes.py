"""Regimes by year, from Polity."""

from enum import Enum

from mcescalate.importing.datasets.states import MOST_CODE
from mcescalate.importing.files.tables import Table

DEMOCRACY_FROM = 6
AUTOCRACY_TO = -6
"""The bounds that Polity's authors suggest."""
LOWEST, HIGHEST = -10, 10
BROKEN = -88
"""Codes from here to the scale mark times without a settled regime."""


class Regime(Enum):
    """Kinds of regime."""

    DEMOCRACY = "democracy"
    ANOCRACY = "anocracy"
    AUTOCRACY = "autocracy"
    BROKEN = "broken"


def read_regimes(table: Table) -> dict[int, dict[int, Regime]]:
    """The regime of states by year and code.

    Where a state has two rows in a year, because its regime changed, the later one counts.

    Raises
    ------
    DataError
        The table is damaged.
    """
    rows = zip(
        table.whole("ccode", 1, MOST_CODE),
        table.years("year"),
        table.known("polity2", BROKEN, HIGHEST),
        strict=True,
    )
    regimes: dict[int, dict[int, Regime]] = {}
    for code, year, score in rows:
        if score is not None:
            regimes.setdefault(year, {})[code] = _regime(score)
    return regimes


def _regime(score: int) -> Regime:
    if score < LOWEST:
        return Regime.BROKEN
    if score >= DEMOCRACY_FROM:
        return Regime.DEMOCRACY
    return Regime.AUTOCRACY if score <= AUTOCRACY_TO else Regime.ANOCRACY
