"""Rows on states that were not members of the state system on the day; they are left out."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from mcescalate.importing.datasets.state_names import TERRITORY_HOLDERS
from mcescalate.importing.datasets.states import Spell, State, membership


@dataclass(frozen=True)
class Absence:
    """Rows of one file on one state that was not a member.

    Parameters
    ----------
    file : name of the file
    what : what the rows are about, e.g. "rivalries of"
    code : COW country code
    id, name : its abbreviation and name; empty where the list of states has no such code
    member : when it was a member, e.g. "from 1955-05-05 to 1990-10-02"; empty if never
    rows : number of rows
    others : abbreviations of the other states that they name
    instead : members on the day that held its territory, as text
    """

    file: str
    what: str
    code: int
    id: str
    name: str
    member: str
    rows: int
    others: tuple[str, ...]
    instead: tuple[str, ...]

    def __str__(self) -> str:
        named = ", ".join(filter(None, (self.id, self.name)))
        state = f"{self.code} ({named})" if named else str(self.code)
        beside = f" with {', '.join(self.others)}" if self.others else ""
        when = f"a member {self.member}" if self.member else "never a member"
        successors = f"; its territory then: {' and '.join(self.instead)}" if self.instead else ""
        return f"{self.file}: {self.what} {state}{beside}: {self.rows}; {when}{successors}"


class Absences:
    """Collects the rows on states that were not members.

    Parameters
    ----------
    spells : memberships in the state system
    members : the members on the day, by COW country code
    """

    def __init__(self, spells: Sequence[Spell], members: dict[int, State]):
        self._spells = spells
        self._members = members
        self._states = {spell.state.code: spell.state for spell in spells}
        self._rows: Counter[tuple[str, str, int]] = Counter()
        self._others: dict[tuple[str, str, int], dict[str, None]] = {}
        self.n_rows = 0

    def note(self, file: str, what: str, rows: Iterable[Collection[int]]) -> None:
        """Note the rows, among those that hold on the day, with a state that was not a member.

        Parameters
        ----------
        rows : the codes in each row
        """
        members = frozenset(self._members)
        for row in rows:
            if members.issuperset(row):
                continue
            self.n_rows += 1
            codes = set(row)
            for code in codes - members:
                key = (file, what, code)
                self._rows[key] += 1
                others = self._others.setdefault(key, {})
                others.update((self._id(other), None) for other in sorted(codes - {code}))

    def listed(self) -> list[Absence]:
        """All of them, by file and code."""
        return [
            Absence(
                file,
                what,
                code,
                self._states[code].id if code in self._states else "",
                self._states[code].name if code in self._states else "",
                membership(self._spells, code),
                rows,
                tuple(self._others[file, what, code]),
                tuple(
                    _named(self._members[other])
                    for other in TERRITORY_HOLDERS.get(code, ())
                    if other in self._members
                ),
            )
            for (file, what, code), rows in sorted(self._rows.items())
        ]

    def _id(self, code: int) -> str:
        state = self._states.get(code)
        return state.id if state else str(code)


def _named(state: State) -> str:
    return f"{state.id} ({', '.join(filter(None, (str(state.code), state.name)))})"
