"""Alliance Treaty Obligations and Provisions (ATOP): members and directed dyad-years."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import compress
from typing import Annotated, NamedTuple

from mcescalate.importing.datasets.promises import Conditions, Promise, Secrecy, Terms, treaty_label
from mcescalate.importing.datasets.states import MOST_CODE, Code
from mcescalate.importing.files.rows import (
    Flag,
    PromiseFlag,
    Year,
    first_day,
    integer,
    last_day,
    optional_integer,
    read_rows,
)
from mcescalate.importing.files.tables import Table

KINDS = {
    "defense": "defence",
    "offense": "offence",
    "neutral": "neutrality",
    "nonagg": "nonaggression",
    "consul": "consultation",
}
"""Kinds of tie, by ATOP's columns."""
PAIRED = ("defence", "offence")
_LIMITS = {"defcoloc": "place", "defcocon": "conflict", "defconum": "number", "defcodem": "demand"}
_SECRECY = (Secrecy.PUBLIC, Secrecy.PARTLY, Secrecy.SECRET)

DyadYears = dict[int, dict[tuple[int, int], frozenset[str]]]
"""Kinds of tie promised, by year and (giver, to)."""


@dataclass(frozen=True)
class Membership:
    """A member of a treaty during one of its phases.

    Parameters
    ----------
    treaty : ATOP's number
    member : COW country code
    first, last : first day, and the day on which it ends, not included; None if open
    terms : terms of the promises, by kind of tie
    aid : whether the treaty provides for military aid
    integrated : whether members have a common command, or bases on each other's territory
    """

    treaty: int
    member: int
    first: datetime.date
    last: datetime.date | None
    terms: dict[str, Terms]
    aid: bool
    integrated: bool

    def holds_on(self, day: datetime.date) -> bool:
        """Whether it is in force."""
        return self.first <= day and (self.last is None or day < self.last)


class _MemberRow(NamedTuple):
    first: Annotated[datetime.date, first_day("yrent", "moent", "dayent")]
    last: Annotated[datetime.date | None, last_day("yrexit", "moexit", "dayexit")]
    defense: PromiseFlag
    offense: PromiseFlag
    neutral: PromiseFlag
    nonagg: PromiseFlag
    consul: PromiseFlag
    defcoloc: Flag
    defcocon: Flag
    defconum: Flag
    defcodem: Flag
    defconpr: Flag
    defcon: Flag
    defcoadv: Flag
    offcoadv: Flag
    statthr1: Annotated[int | None, optional_integer(0, MOST_CODE)]
    statthr2: Annotated[int | None, optional_integer(0, MOST_CODE)]
    pubsecr: Annotated[int | None, optional_integer(0, 2)]
    milaid: Annotated[int | None, optional_integer(0, 9)]
    intcom: Flag
    base: Annotated[int | None, optional_integer(0, 9)]
    atopid: Annotated[int, integer(1, 99999)]
    member: Code


class _DyadYearRow(NamedTuple):
    statea: Code
    stateb: Code
    year: Year
    defense: PromiseFlag
    offense: PromiseFlag
    neutral: PromiseFlag
    nonagg: PromiseFlag
    consul: PromiseFlag


def read_members(table: Table) -> list[Membership]:
    """The memberships in ATOP's file of members.

    Raises
    ------
    DataError
        The table is damaged.
    """
    rows = read_rows(table, _MemberRow)
    table.in_order([row.first for row in rows], [row.last for row in rows], "yrexit")
    return [
        Membership(
            treaty=row.atopid,
            member=row.member,
            first=row.first,
            last=row.last,
            terms={kind: _terms(row, kind) for name, kind in KINDS.items() if getattr(row, name)},
            aid=bool(row.milaid),
            integrated=row.intcom or bool(row.base),
        )
        for row in rows
    ]


def _terms(row: _MemberRow, kind: str) -> Terms:
    secrecy = _SECRECY[row.pubsecr or 0]
    names_adversary = {"defence": row.defcoadv, "offence": row.offcoadv}.get(kind, False)
    adversaries = tuple(code for code in (row.statthr1, row.statthr2) if code)
    limits = [limit for name, limit in _LIMITS.items() if getattr(row, name)]
    if names_adversary and not adversaries:
        limits.append("unnamed_adversary")
    conditions = Conditions.NONE
    if kind == "defence" and row.defconpr:
        conditions = Conditions.NONPROVOCATION
    elif kind == "defence" and row.defcon:
        conditions = Conditions.OTHER
    return Terms(
        conditions=conditions,
        limits=tuple(limits) if kind == "defence" or names_adversary else (),
        against=adversaries if names_adversary else (),
        secrecy=secrecy,
    )


def read_dyad_years(table: Table) -> DyadYears:
    """The promises in ATOP's file of directed dyad-years.

    Raises
    ------
    DataError
        The table is damaged, or has a pair twice in a year.
    """
    rows = read_rows(table, _DyadYearRow)
    table.once([row[:3] for row in rows], "year", "the same pair and year")
    sets: dict[tuple[bool, ...], frozenset[str]] = {}
    promised: DyadYears = {}
    for giver, to, year, *flags in rows:
        marks = tuple(flags)
        if marks not in sets:
            sets[marks] = frozenset(compress(KINDS.values(), marks))
        promised.setdefault(year, {})[giver, to] = sets[marks]
    return promised


def end_of_data(memberships: list[Membership]) -> datetime.date:
    """The end of the last year with a date in the members' file."""
    years = [member.first.year for member in memberships]
    years += [member.last.year for member in memberships if member.last]
    return datetime.date(max(years), 12, 31)


def promises_on(
    memberships: list[Membership], day: datetime.date, *, widest: int, source: str = ""
) -> Iterator[Promise]:
    """The promises in force on `day`: each member's to all other members of its treaty.

    Parameters
    ----------
    widest : a treaty of more members than this, with neither common command nor bases, is wide
    source : that the promises name
    """
    treaties: dict[int, dict[int, list[Membership]]] = {}
    for membership in memberships:
        if membership.holds_on(day):
            members = treaties.setdefault(membership.treaty, {})
            members.setdefault(membership.member, []).append(membership)
    beginnings = _beginnings([member for member in memberships if member.first <= day])
    for treaty, members in treaties.items():
        label = treaty_label("ATOP", treaty)
        wide = len(members) > widest and not any(
            phase.integrated for phases in members.values() for phase in phases
        )
        for giver, phases in members.items():
            terms = {kind: t for phase in phases for kind, t in phase.terms.items()}
            offers = [(kind, "treaty", replace(t, wide=wide)) for kind, t in terms.items()]
            if any(phase.aid for phase in phases):
                offers.append(("support", "military_aid", Terms(wide=wide)))
            for to in members:
                if to == giver:
                    continue
                since = max(beginnings[treaty, giver], beginnings[treaty, to])
                for kind, form, terms_of_kind in offers:
                    yield Promise(
                        giver,
                        to,
                        kind,
                        form,
                        label,
                        since,
                        len(members),
                        terms_of_kind,
                        source,
                    )


def _beginnings(memberships: list[Membership]) -> dict[tuple[int, int], datetime.date]:
    """The first day of each member's current, unbroken membership, by (treaty, member)."""
    beginnings: dict[tuple[int, int], datetime.date] = {}
    ends: dict[tuple[int, int], datetime.date | None] = {}
    for membership in sorted(memberships, key=lambda membership: membership.first):
        key = (membership.treaty, membership.member)
        end = ends.get(key)
        unbroken = key in ends and (end is None or membership.first - end <= _ONE_DAY)
        if not unbroken:
            beginnings[key] = membership.first
        ends[key] = membership.last
    return beginnings


_ONE_DAY = datetime.timedelta(days=1)
