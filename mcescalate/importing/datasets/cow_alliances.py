"""COW Formal Alliances, by member and by dyad: kinds and dates, nothing on conditions."""

import datetime
from dataclasses import dataclass

from mcescalate.importing.datasets.commitments import Conditions, Pledge, Terms
from mcescalate.importing.datasets.states import MOST_CODE
from mcescalate.importing.datasets.treaty_names import treaty_label
from mcescalate.importing.files.tables import Table

KINDS = {
    "defense": "defence",
    "neutrality": "neutrality",
    "nonaggression": "nonaggression",
    "entente": "consultation",
}
"""COW's columns and the kinds of tie that they stand for; an entente is a promise to consult."""
_UNKNOWN = Terms(Conditions.UNKNOWN, ("unknown",))


@dataclass(frozen=True)
class Spell:
    """Some states bound by a treaty; both days are in it.

    Parameters
    ----------
    treaty : COW's number, version 4
    codes : one member, or the two of a dyad
    last : None where the file does not tell it
    goes_on : whether it was in force when the data ended, on whatever day the file then puts
    kinds : kinds of tie
    mutual : of a dyad, whether the second state is bound as the first one
    """

    treaty: int
    codes: tuple[int, ...]
    first: datetime.date
    last: datetime.date | None
    goes_on: bool
    kinds: tuple[str, ...]
    mutual: bool = True

    def holds_on(self, day: datetime.date) -> bool:
        """Whether it is in force."""
        return self.first <= day and (self.goes_on or self.last is None or day <= self.last)


def read_members(table: Table) -> list[Spell]:
    """The spells in the file by member.

    Raises
    ------
    DataError
        The table is damaged.
    """
    return _spells(table, "mem", ("ccode",))


def read_dyads(table: Table) -> list[Spell]:
    """The spells in a file by dyad, or by directed dyad.

    Raises
    ------
    DataError
        The table is damaged.
    """
    return _spells(table, "dyad", ("ccode1", "ccode2"))


def is_directed(table: Table) -> bool:
    """Whether a file by dyad has each pair both ways, so that a row binds its first state only."""
    rows = set(
        zip(table.texts("version4id"), table.texts("ccode1"), table.texts("ccode2"), strict=True)
    )
    return all((treaty, other, one) in rows for treaty, one, other in rows)


def last_day(spells: list[Spell]) -> datetime.date:
    """The end of the last year that the file speaks of."""
    years = [spell.first.year for spell in spells]
    years += [spell.last.year for spell in spells if spell.last]
    return datetime.date(max(years), 12, 31)


def pledges_on(spells: list[Spell], day: datetime.date, *, widest: int) -> list[Pledge]:
    """The promises in force on `day`, in both directions unless the file has one row for each.

    Rows of members bind each to all others of its treaty.

    Parameters
    ----------
    widest : a treaty of more members than this is a wide one
    """
    treaties: dict[int, list[Spell]] = {}
    for spell in spells:
        if spell.holds_on(day):
            treaties.setdefault(spell.treaty, []).append(spell)
    pledges = []
    for treaty, present in treaties.items():
        members = {code for spell in present for code in spell.codes}
        terms = Terms(_UNKNOWN.conditions, _UNKNOWN.limits, wide=len(members) > widest)
        for giver, to, since, kinds in _pairs(present):
            for kind in kinds:
                limited = terms if kind == "defence" else Terms()
                label = treaty_label("COW", treaty)
                pledges.append(
                    Pledge(giver, to, kind, "treaty", label, since, len(members), limited)
                )
    return pledges


def _pairs(spells: list[Spell]) -> list[tuple[int, int, datetime.date, tuple[str, ...]]]:
    """Who is bound to whom, since when, to what, in one treaty."""
    pairs = []
    for spell in spells:
        if len(spell.codes) == 2:
            one, other = spell.codes
            pairs.append((one, other, spell.first, spell.kinds))
            if spell.mutual:
                pairs.append((other, one, spell.first, spell.kinds))
            continue
        (giver,) = spell.codes
        pairs += [
            (giver, ally.codes[0], max(spell.first, ally.first), spell.kinds)
            for ally in spells
            if ally.codes != spell.codes
        ]
    return pairs


def _spells(table: Table, prefix: str, columns: tuple[str, ...]) -> list[Spell]:
    firsts = table.days(f"{prefix}_st_year", f"{prefix}_st_month", f"{prefix}_st_day", last=False)
    lasts = table.days(f"{prefix}_end_year", f"{prefix}_end_month", f"{prefix}_end_day", last=True)
    table.in_order(firsts, lasts, f"{prefix}_end_year")
    treaties = table.whole("version4id", 1, 99999)
    codes = list(zip(*(table.whole(column, 1, MOST_CODE) for column in columns), strict=True))
    going_on = table.flags("right_censor")
    flags = {kind: table.promised(column) for column, kind in KINDS.items()}
    mutual = len(columns) < 2 or not is_directed(table)
    # Files by year have a spell once for each of its years.
    spells: dict[Spell, None] = {}
    for row, first in enumerate(firsts):
        if first is None:
            table.refuse(row, f"{prefix}_st_year", "expected a year, found nothing")
        if len(set(codes[row])) < len(columns):
            table.refuse(row, columns[-1], f"state {codes[row][0]} is its own ally")
        kinds = tuple(kind for kind, column in flags.items() if column[row])
        spell = Spell(treaties[row], codes[row], first, lasts[row], going_on[row], kinds, mutual)
        spells[spell] = None
    return list(spells)
