"""Alliance Treaty Obligations and Provisions (ATOP): members and directed dyad-years."""

import bisect
import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import compress
from operator import itemgetter
from typing import Annotated, NamedTuple

from mcescalate.importing.datasets.alliances.promises import (
    Conditions,
    Promise,
    Secrecy,
    Terms,
    treaty_label,
)
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
) -> list[Promise]:
    """The promises in force on `day`: each member's to all other members of its treaty.

    Parameters
    ----------
    widest : a treaty of more members than this, with neither common command nor bases, is wide
    source : that the promises name
    """
    return Treaties(memberships, widest=widest, source=source).promises_on(day)


class Treaties:
    """Treaties, whose promises are the same from one change of membership to the next.

    Parameters
    ----------
    memberships, widest, source : see `promises_on`
    """

    def __init__(self, memberships: Sequence[Membership], *, widest: int, source: str = ""):
        places: dict[int, list[int]] = {}
        for place, membership in enumerate(memberships):
            places.setdefault(membership.treaty, []).append(place)
        self._memberships = memberships
        self._places = list(places.values())
        self._changes = [
            sorted({day for k in own for day in (memberships[k].first, memberships[k].last) if day})
            for own in self._places
        ]
        self._widest = widest
        self._source = source
        self._known: list[dict[int, tuple[int, list[Promise]]]] = [{} for _ in self._places]

    def promises_on(self, day: datetime.date) -> list[Promise]:
        """The promises in force on `day`, in the order of memberships."""
        found = []
        for changes, known, places in zip(self._changes, self._known, self._places, strict=True):
            since = bisect.bisect_right(changes, day)
            if since not in known:
                known[since] = self._promises(places, day)
            found.append(known[since])
        found.sort(key=itemgetter(0))
        return [promise for _, promises in found for promise in promises]

    def _promises(self, places: list[int], day: datetime.date) -> tuple[int, list[Promise]]:
        """Those of the treaty whose memberships stand at `places`, and the first place in force."""
        of_treaty = [self._memberships[k] for k in places]
        members: dict[int, list[Membership]] = {}
        for membership in of_treaty:
            if membership.holds_on(day):
                members.setdefault(membership.member, []).append(membership)
        if not members:
            return -1, []
        first = next(k for k in places if self._memberships[k].holds_on(day))
        begun = _beginnings([membership for membership in of_treaty if membership.first <= day])
        label = treaty_label("ATOP", of_treaty[0].treaty)
        n, is_wide = (
            len(members),
            len(members) > self._widest
            and not any(phase.integrated for phases in members.values() for phase in phases),
        )
        promises = []
        for giver, phases in members.items():
            terms = {kind: t for phase in phases for kind, t in phase.terms.items()}
            offers = [(kind, "treaty", replace(t, wide=is_wide)) for kind, t in terms.items()]
            if any(phase.aid for phase in phases):
                offers.append(("support", "military_aid", Terms(wide=is_wide)))
            promises += [
                Promise(
                    giver, to, kind, form, label, max(begun[giver], begun[to]), n, t, self._source
                )
                for to in members
                if to != giver
                for kind, form, t in offers
            ]
        return first, promises


def _beginnings(memberships: list[Membership]) -> dict[int, datetime.date]:
    """The first day of each member's current, unbroken membership in their treaty."""
    beginnings: dict[int, datetime.date] = {}
    ends: dict[int, datetime.date | None] = {}
    for membership in sorted(memberships, key=lambda membership: membership.first):
        member = membership.member
        end = ends.get(member)
        unbroken = member in ends and (end is None or membership.first - end <= _ONE_DAY)
        if not unbroken:
            beginnings[member] = membership.first
        ends[member] = membership.last
    return beginnings


_ONE_DAY = datetime.timedelta(days=1)
