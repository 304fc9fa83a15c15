"""Data by state and year: shares of capability (CINC) and kinds of regime (Polity)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, NamedTuple

from mcescalate.importing.datasets.states import Code, State, read_states
from mcescalate.importing.files.rows import Year, optional_integer, read_rows
from mcescalate.importing.files.tables import Table

DEMOCRACY_FROM = 6
AUTOCRACY_TO = -6
"""The bounds that Polity's authors suggest."""
LOWEST, HIGHEST = -10, 10
BROKEN = -88
"""Codes from here to the scale mark times without a settled regime."""


@dataclass(frozen=True)
class Capabilities:
    """Shares of the system's capability.

    Parameters
    ----------
    name : the file
    states : by code; every state that has a row
    shares : by year and code; None where missing
    """

    name: str
    states: dict[int, State]
    shares: dict[int, dict[int, float | None]]

    def nearest(
        self, code: int, year: int, within: int, *, may_be_later: bool = True
    ) -> tuple[int, float] | None:
        """The year next to `year`, at most `within` away, with a share above 0; and the share.

        Of two years as near, the earlier one; only earlier ones unless `may_be_later`.
        """
        for distance in range(within + 1):
            for candidate in (year - distance, year + distance)[: 1 + may_be_later]:
                share = self.shares.get(candidate, {}).get(code)
                if share:
                    return candidate, share
        return None


def read_capabilities(table: Table, known: Mapping[int, str] | None = None) -> Capabilities:
    """The shares in a file of national capabilities.

    Parameters
    ----------
    known : abbreviations by code, for a file without them

    Raises
    ------
    DataError
        The table is damaged, or has a state twice in a year.
    """
    states, years = read_states(table, known), table.years("year")
    shares: dict[int, dict[int, float | None]] = {}
    pairs = list(zip(states, years, strict=True))
    table.once(pairs, "year", "the same state and year")
    for (state, year), share in zip(pairs, table.numbers("cinc", 0.0, 1.0), strict=True):
        shares.setdefault(year, {})[state.code] = share
    return Capabilities(table.name, {state.code: state for state in states}, shares)


class Regime(Enum):
    """Kinds of regime."""

    DEMOCRACY = "democracy"
    ANOCRACY = "anocracy"
    AUTOCRACY = "autocracy"
    BROKEN = "broken"


class _PolityRow(NamedTuple):
    ccode: Code
    year: Year
    polity2: Annotated[int | None, optional_integer(BROKEN, HIGHEST)]


def read_regimes(table: Table) -> dict[int, dict[int, Regime]]:
    """The regime of states by year and code.

    Where a state has two rows in a year, because its regime changed, the later one counts.

    Raises
    ------
    DataError
        The table is damaged.
    """
    regimes: dict[int, dict[int, Regime]] = {}
    for row in read_rows(table, _PolityRow):
        if row.polity2 is not None:
            regimes.setdefault(row.year, {})[row.ccode] = _regime(row.polity2)
    return regimes


def _regime(score: int) -> Regime:
    if score < LOWEST:
        return Regime.BROKEN
    if score >= DEMOCRACY_FROM:
        return Regime.DEMOCRACY
    return Regime.AUTOCRACY if score <= AUTOCRACY_TO else Regime.ANOCRACY
