"""National capabilities: the share CINC of each state by year."""

from collections.abc import Mapping
from dataclasses import dataclass

from mcescalate.importing.datasets.states import State, read_states
from mcescalate.importing.files.tables import Table


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

    def nearest(self, code: int, year: int, within: int) -> tuple[int, float] | None:
        """The year next to `year`, at most `within` away, with a share above 0; and the share.

        Of two years as near, the earlier one.
        """
        for distance in range(within + 1):
            for candidate in (year - distance, year + distance):
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
