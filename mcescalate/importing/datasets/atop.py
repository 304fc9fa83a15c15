"""Alliance Treaty Obligations and Provisions: members with their promises, and dyad-years."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace

from mcescalate.importing.datasets.commitments import Conditions, Pledge, Secrecy, Terms
from mcescalate.importing.datasets.states import MOST_CODE
from mcescalate.importing.datasets.treaty_names import treaty_label
from mcescalate.importing.files.tables import Table

KINDS = {
    "defense": "defence",
    "offense": "offence",
    "neutral": "neutrality",
    "nonagg": "nonaggression",
    "consul": "consultation",
}
"""ATOP's columns and the kinds of tie that they stand for."""
PAIRED = ("defence", "offence")
_LIMITS = {"defcoloc": "place", "defcocon": "conflict", "defconum": "number", "defcodem": "demand"}
_SECRECY = (Secrecy.PUBLIC, Secrecy.PARTLY, Secrecy.SECRET)


@dataclass(frozen=True)
class Membership:
    """A member of a treaty during one of its phases.

    Parameters
    ----------
    treaty : ATOP's number
    member : COW country code
    first, last : from the first day until the last, which is not in it; None where it goes on
    terms : by kind of tie promised
    aid : whether the treaty provides for military aid
    manned : whether members' forces are under a common command, or based with one another
    """

    treaty: int
    member: int
    first: datetime.date
    last: datetime.date | None
    terms: dict[str, Terms]
    aid: bool
    manned: bool

    def holds_on(self, day: datetime.date) -> bool:
        """Whether it is in force."""
        return self.first <= day and (self.last is None or day < self.last)


@dataclass(frozen=True)
class DyadYears:
    """Who promised what to whom, by year.

    Parameters
    ----------
    kinds : by year, then by (giver, to)
    """

    kinds: dict[int, dict[tuple[int, int], frozenset[str]]]

    @property
    def last_year(self) -> int:
        """The last year covered."""
        return max(self.kinds)


def read_members(table: Table) -> list[Membership]:
    """The memberships in ATOP's file of members.

    Raises
    ------
    DataError
        The table is damaged.
    """
    firsts = table.days("yrent", "moent", "dayent", last=False)
    lasts = table.days("yrexit", "moexit", "dayexit", last=True)
    table.in_order(firsts, lasts, "yrexit")
    flags = {name: table.promised(name) for name in KINDS}
    flags |= {name: table.flags(name) for name in (*_LIMITS, "defconpr", "defcon")}
    named = {"defence": table.flags("defcoadv"), "offence": table.flags("offcoadv")}
    threats = [table.known(name, 0, MOST_CODE) for name in ("statthr1", "statthr2")]
    secrecy = table.known("pubsecr", 0, 2)
    aid = table.known("milaid", 0, 9)
    manned = [
        command or bool(bases)
        for command, bases in zip(table.flags("intcom"), table.known("base", 0, 9), strict=True)
    ]
    memberships = []
    for row, (treaty, member) in enumerate(
        zip(table.whole("atopid", 1, 99999), table.whole("member", 1, MOST_CODE), strict=True)
    ):
        first = firsts[row]
        if first is None:
            table.refuse(row, "yrent", "expected a year, found nothing")
        adversaries = tuple(code for column in threats if (code := column[row]))
        terms = {}
        for column, kind in KINDS.items():
            if not flags[column][row]:
                continue
            limits = [limit for name, limit in _LIMITS.items() if flags[name][row]]
            aimed = kind in PAIRED and named[kind][row]
            if aimed and not adversaries:
                limits.append("unnamed_adversary")
            terms[kind] = Terms(
                conditions=_conditions(flags, row) if kind == "defence" else Conditions.NONE,
                limits=tuple(limits) if kind == "defence" or aimed else (),
                against=adversaries if aimed else (),
                secrecy=_SECRECY[secrecy[row] or 0],
            )
        memberships.append(
            Membership(treaty, member, first, lasts[row], terms, bool(aid[row]), manned[row])
        )
    return memberships


def read_dyad_years(table: Table) -> DyadYears:
    """The promises in ATOP's file of directed dyad-years.

    Raises
    ------
    DataError
        The table is damaged, or has a pair twice in a year.
    """
    givers = table.whole("statea", 1, MOST_CODE)
    takers = table.whole("stateb", 1, MOST_CODE)
    years = table.years("year")
    table.once(list(zip(givers, takers, years, strict=True)), "year", "the same pair and year")
    flags = [table.promised(column) for column in KINDS]
    sets: dict[tuple[bool, ...], frozenset[str]] = {}
    kinds: dict[int, dict[tuple[int, int], frozenset[str]]] = {}
    for giver, to, year, marks in zip(givers, takers, years, zip(*flags, strict=True), strict=True):
        if marks not in sets:
            sets[marks] = frozenset(
                kind for kind, mark in zip(KINDS.values(), marks, strict=True) if mark
            )
        kinds.setdefault(year, {})[giver, to] = sets[marks]
    return DyadYears(kinds)


def last_day(memberships: list[Membership]) -> datetime.date:
    """The end of the last year that the file of members speaks of."""
    years = [member.first.year for member in memberships]
    years += [member.last.year for member in memberships if member.last]
    return datetime.date(max(years), 12, 31)


def pledges_on(
    memberships: list[Membership], day: datetime.date, *, widest: int
) -> Iterator[Pledge]:
    """The promises in force on `day`: each member's to all other members of its treaty.

    Parameters
    ----------
    widest : a treaty of more members than this, with neither common command nor bases, is wide
    """
    treaties: dict[int, dict[int, list[Membership]]] = {}
    for membership in memberships:
        if membership.holds_on(day):
            members = treaties.setdefault(membership.treaty, {})
            members.setdefault(membership.member, []).append(membership)
    beginnings = _beginnings([member for member in memberships if member.first <= day])
    for treaty, members in treaties.items():
        wide = len(members) > widest and not any(
            phase.manned for phases in members.values() for phase in phases
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
                    yield Pledge(
                        giver,
                        to,
                        kind,
                        form,
                        treaty_label("ATOP", treaty),
                        since,
                        len(members),
                        terms_of_kind,
                    )


def _beginnings(memberships: list[Membership]) -> dict[tuple[int, int], datetime.date]:
    """The day on which each member's present, unbroken membership began, by (treaty, member)."""
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


def _conditions(flags: dict[str, list[bool]], row: int) -> Conditions:
    if flags["defconpr"][row]:
        return Conditions.NONPROVOCATION
    return Conditions.OTHER if flags["defcon"][row] else Conditions.NONE
