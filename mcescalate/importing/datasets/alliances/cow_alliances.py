"""COW Formal Alliances, by member or dyad: kinds and dates, without conditions."""

import datetime
from dataclasses import dataclass
from typing import Annotated, NamedTuple

from mcescalate.importing.datasets.alliances.promises import (
    Conditions,
    Promise,
    Terms,
    treaty_label,
)
from mcescalate.importing.datasets.states import MOST_CODE
from mcescalate.importing.files.rows import Flag, PromiseFlag, integer, read_rows
from mcescalate.importing.files.tables import Table

KINDS = {
    "defense": "defence",
    "neutrality": "neutrality",
    "nonaggression": "nonaggression",
    "entente": "consultation",
}
"""Kinds of tie, by COW's columns; an entente is a promise to consult."""
_DATE = ("year", "month", "day")
_UNKNOWN = Terms(Conditions.UNKNOWN, ("unknown",))


@dataclass(frozen=True)
class Spell:
    """A period in which a treaty binds states, both days included.

    Parameters
    ----------
    treaty : COW's number, version 4
    codes : one member, or the two of a dyad
    last : None if the file does not give it
    censored : whether it was in force when the data ended, whatever `last` says
    kinds : kinds of tie
    mutual : of a dyad, whether the second state is bound like the first
    """

    treaty: int
    codes: tuple[int, ...]
    first: datetime.date
    last: datetime.date | None
    censored: bool
    kinds: tuple[str, ...]
    mutual: bool = True

    def holds_on(self, day: datetime.date) -> bool:
        """Whether it is in force."""
        return self.first <= day and (self.censored or self.last is None or day <= self.last)


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
    """Whether a file by dyad has each pair in both directions: a row binds its first state."""
    rows = set(
        zip(table.texts("version4id"), table.texts("ccode1"), table.texts("ccode2"), strict=True)
    )
    return all((treaty, other, one) in rows for treaty, one, other in rows)


def end_of_data(spells: list[Spell]) -> datetime.date:
    """The end of the last year with a date in the file."""
    years = [spell.first.year for spell in spells]
    years += [spell.last.year for spell in spells if spell.last]
    return datetime.date(max(years), 12, 31)


def promises_on(spells: list[Spell], day: datetime.date, *, widest: int) -> list[Promise]:
    """The promises in force on `day`, in both directions unless the file is directed.

    In a file by member, each member is bound to all others of its treaty.

    Parameters
    ----------
    widest : a treaty of more members than this is a wide one
    """
    treaties: dict[int, list[Spell]] = {}
    for spell in spells:
        if spell.holds_on(day):
            treaties.setdefault(spell.treaty, []).append(spell)
    promises = []
    for treaty, present in treaties.items():
        members = {code for spell in present for code in spell.codes}
        terms = Terms(_UNKNOWN.conditions, _UNKNOWN.limits, wide=len(members) > widest)
        for giver, to, since, kinds in _pairs(present):
            for kind in kinds:
                limited = terms if kind == "defence" else Terms()
                label = treaty_label("COW", treaty)
                promises.append(
                    Promise(giver, to, kind, "treaty", label, since, len(members), limited)
                )
    return promises


def _pairs(spells: list[Spell]) -> list[tuple[int, int, datetime.date, tuple[str, ...]]]:
    """Giver, receiver, first day and kinds of each obligation in one treaty."""
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


class _Row(NamedTuple):
    version4id: Annotated[int, integer(1, 99999)]
    right_censor: Flag
    defense: PromiseFlag
    neutrality: PromiseFlag
    nonaggression: PromiseFlag
    entente: PromiseFlag


def _spells(table: Table, prefix: str, columns: tuple[str, ...]) -> list[Spell]:
    begin, end = ([f"{prefix}_{side}_{part}" for part in _DATE] for side in ("st", "end"))
    firsts = table.days(*begin, last=False, required=True)
    lasts = table.days(*end, last=True)
    table.in_order(firsts, lasts, end[0])
    codes = list(zip(*(table.whole(column, 1, MOST_CODE) for column in columns), strict=True))
    mutual = len(columns) < 2 or not is_directed(table)
    # Files by year have a spell once for each of its years.
    spells: dict[Spell, None] = {}
    for i, row in enumerate(read_rows(table, _Row)):
        if len(set(codes[i])) < len(columns):
            table.refuse(i, columns[-1], f"state {codes[i][0]} is its own ally")
        kinds = tuple(kind for name, kind in KINDS.items() if getattr(row, name))
        spell = Spell(
            row.version4id, codes[i], firsts[i], lasts[i], row.right_censor, kinds, mutual
        )
        spells[spell] = None
    return list(spells)
