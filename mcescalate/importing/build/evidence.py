"""Read the data on one day: members, major powers, promises, rivalries, borders, regimes."""

import calendar
import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace

from mcescalate.errors import UsageError
from mcescalate.importing.build.nonmembers import Absences
from mcescalate.importing.build.report import Ledger
from mcescalate.importing.build.sources import Library, Source
from mcescalate.importing.datasets import atop, cow_alliances, supplement
from mcescalate.importing.datasets.contiguity import borders_on, read_borders, types_on
from mcescalate.importing.datasets.promises import Conditions, Promise, Terms
from mcescalate.importing.datasets.register import Register
from mcescalate.importing.datasets.rivalries import Rivalry, read_td, read_tss, rivalries_in
from mcescalate.importing.datasets.state_years import (
    Capabilities,
    Regime,
    read_capabilities,
    read_regimes,
)
from mcescalate.importing.datasets.states import (
    Spell,
    State,
    check_codes,
    check_years,
    members_on,
    read_spells,
    read_year_spells,
)

Pair = tuple[int, int]

_SUM_SLACK = 0.1
"""Tolerance of the sum of shares: small states are rounded or lack data."""


@dataclass(frozen=True)
class Evidence:
    """The data on one day; states by COW country code, pairs with the lower code first.

    Parameters
    ----------
    register : all states, by their names
    majors : the major powers
    capabilities : shares by year
    year : the year of the shares
    promises : promises between members
    rivalries : types of rivalry
    borders : types of border
    regimes : kinds of regime
    """

    register: Register
    majors: set[int]
    capabilities: Capabilities
    year: int
    promises: list[Promise]
    rivalries: dict[Pair, frozenset[str]]
    borders: dict[Pair, int]
    regimes: dict[int, Regime]

    @property
    def members(self) -> dict[int, State]:
        """The members of the state system."""
        return self.register.members


def gather(library: Library, day: datetime.date, ledger: Ledger) -> Evidence:
    """Read the data on `day` from the files of `library`.

    Raises
    ------
    DataError
        A file is damaged.
    UsageError
        There is no file of capabilities, or a file begins or ends too far from `day`.
    """
    if "nmc" not in library.sources:
        raise UsageError(
            "no file of COW National Material Capabilities was given; "
            "without it no actor has a capability",
            *library.passed_over,
        )
    return _Reader(library, day, ledger).evidence()


class _Reader:
    """Reads one source after the other and checks its codes against the list of states."""

    def __init__(self, library: Library, day: datetime.date, ledger: Ledger):
        self.library = library
        self.day = day
        self.ledger = ledger
        source = library.first_of("states", "system", "nmc")
        self.spells = (
            read_spells(source.table)
            if source.layout.kind == "states"
            else read_year_spells(source.table)
        )
        self.known = {spell.state.code: spell.state.id for spell in self.spells}
        self.system = source
        self.members: dict[int, State] = {}
        self.absences = Absences(self.spells, self.members)

    def evidence(self) -> Evidence:
        nmc = self.library.sources["nmc"]
        check_codes(nmc.table, "ccode", self.known, self.system.name, label="stateabb")
        check_years(nmc.table, self.spells)
        capabilities = read_capabilities(nmc.table, self.known)
        years = capabilities.shares
        self._check_begin(nmc, datetime.date(min(years), 1, 1))
        year = self._last_covered(nmc, datetime.date(max(years), 12, 31)).year
        total = sum(share or 0.0 for share in years.get(year, {}).values())
        if abs(total - 1.0) > _SUM_SLACK:
            self.ledger.missing.append(
                f"{nmc.name}: the shares of {year} add up to {total:.2f}, not to 1"
            )
        self.members.update(self._members())
        self._note(nmc, "capabilities of", ((code,) for code in years.get(year, {})))
        evidence = Evidence(
            register=Register(self.spells, self.members, self.day, self.system.name),
            majors=self._majors(),
            capabilities=capabilities,
            year=year,
            promises=self._promises(),
            rivalries=self._rivalries(),
            borders=self._borders(),
            regimes=self._regimes(),
        )
        self.ledger.absences = self.absences.listed()
        self.ledger.absent_rows = self.absences.n_rows
        return evidence

    def _members(self) -> dict[int, State]:
        self._check_begin(self.system, min(spell.first for spell in self.spells))
        day = self._last_covered(self.system, max(spell.last for spell in self.spells))
        return members_on(self.spells, day)

    def _majors(self) -> set[int]:
        source = self.library.sources.get("majors")
        if source is None:
            self.ledger.missing.append("no file of major powers: no actor is one")
            return set()
        check_codes(source.table, "ccode", self.known, self.system.name, label="stateabb")
        spells: list[Spell] = read_spells(source.table, self.known)
        majors = members_on(spells, self._last_covered(source, max(spell.last for spell in spells)))
        self._note(source, "rows of the major power", ((code,) for code in majors))
        return set(majors)

    def _promises(self) -> list[Promise]:
        widest = int(self.ledger.mapping["wide.members"])
        memberships = self._memberships()
        dyads = self._dyad_years()
        if memberships:
            promises = self._atop(memberships, dyads, widest)
        elif dyads is not None:
            promises = self._dyad_promises(dyads, widest)
        else:
            promises = self._cow(widest)
        source = self.library.sources.get("supplement")
        if source is not None:
            for column in ("ccode1", "ccode2"):
                check_codes(source.table, column, self.known, self.system.name)
            entries = supplement.read_entries(source.table)
            now = [entry.promise for entry in entries if entry.holds_on(self.day)]
            self._note(source, "further ties of", ((promise.giver, promise.to) for promise in now))
            self.ledger.left_out["further ties that enter a treaty that is not in force"] += (
                supplement.count_void_accessions(entries, memberships, self.day)
            )
            promises = supplement.without_ended(entries, promises, self.day)
            promises += _from(
                source, supplement.promises_on(entries, memberships, self.day, widest=widest)
            )
        return promises

    def _memberships(self) -> list[atop.Membership]:
        source = self.library.sources.get("atop_members")
        if source is None:
            return []
        # ATOP has codes of its own for members outside the state system.
        outside = [answer is False for answer in source.table.answers("cowsys")]
        check_codes(source.table, "member", self.known, self.system.name, excused=outside)
        return atop.read_members(source.table)

    def _dyad_years(self) -> atop.DyadYears | None:
        source = self.library.sources.get("atop_dyads")
        if source is None:
            return None
        for column in ("statea", "stateb"):
            check_codes(source.table, column, self.known, self.system.name)
        return atop.read_dyad_years(source.table)

    def _atop(
        self, memberships: list[atop.Membership], dyads: atop.DyadYears | None, widest: int
    ) -> list[Promise]:
        """Promises of members in the directions, and after their end the years, of the dyads."""
        source = self.library.sources["atop_members"]
        end = atop.end_of_data(memberships)
        self._note_members(source, [one for one in memberships if one.holds_on(min(self.day, end))])
        if dyads is None:
            day = self._last_covered(source, end)
            return _from(source, atop.promises_on(memberships, day, widest=widest))
        dyad_end = datetime.date(max(dyads), 12, 31)
        year = self._last_covered(self.library.sources["atop_dyads"], dyad_end).year
        promised = dyads.get(year, {})
        promises, among = [], set()
        held = atop.promises_on(memberships, min(self.day, end), widest=widest)
        for promise in _from(source, held):
            among.add((promise.giver, promise.to, promise.kind))
            if promise.kind == "support" or promise.kind in promised.get(
                (promise.giver, promise.to), ()
            ):
                promises.append(promise)
            else:
                self.ledger.left_out[
                    "promises of all states that the dyad-years do not have in this direction"
                ] += 1
        others = [
            promise
            for promise in self._dyad_promises(dyads, widest)
            if (promise.giver, promise.to, promise.kind) not in among
        ]
        if self.day <= end:
            what = f"promises of all states of {year} that were not in force on the day"
            self.ledger.left_out[what] += len(others)
            return promises
        return promises + others

    def _dyad_promises(self, dyads: atop.DyadYears, widest: int) -> list[Promise]:
        """Promises of a year, without day, treaty or conditions.

        The file does not give the size of a treaty either: two states that have each promised
        the same to more than `widest` others are taken to share a wide one.
        """
        source = self.library.sources["atop_dyads"]
        end = datetime.date(max(dyads), 12, 31)
        year = min(self.day, end).year
        if "atop_members" not in self.library.sources:
            self._last_covered(source, end)
            self.ledger.missing.append(
                f"{source.name}: promises are those of {year} as a whole, without treaties and "
                "conditions; some may have begun after the day or ended before it"
            )
        amounts: dict[tuple[int, str], int] = {}
        promised = dyads.get(year, {})
        self._note(source, "promises of", (pair for pair, kinds in promised.items() if kinds))
        for (giver, _), kinds in promised.items():
            for kind in kinds:
                amounts[giver, kind] = amounts.get((giver, kind), 0) + 1
        promises = []
        for (giver, to), kinds in promised.items():
            for kind in sorted(kinds):
                wide = amounts[giver, kind] > widest and amounts.get((to, kind), 0) > widest
                terms = Terms(wide=wide)
                if kind in atop.PAIRED:
                    terms = replace(terms, conditions=Conditions.UNKNOWN, limits=("unknown",))
                promises.append(Promise(giver, to, kind, treaty=f"ATOP {year}", terms=terms))
        return _from(source, promises)

    def _cow(self, widest: int) -> list[Promise]:
        source = self.library.first_of(
            "cow_members", "cow_dyads", "cow_member_years", "cow_dyad_years"
        )
        if source is None:
            self.ledger.missing.append("no file of alliances: the scenario has no ties")
            return []
        by_member = source.layout.kind in ("cow_members", "cow_member_years")
        for column in ("ccode",) if by_member else ("ccode1", "ccode2"):
            check_codes(source.table, column, self.known, self.system.name)
        read = cow_alliances.read_members if by_member else cow_alliances.read_dyads
        spells = read(source.table)
        day = self._last_covered(source, cow_alliances.end_of_data(spells))
        self._note(source, "promises of", (spell.codes for spell in spells if spell.holds_on(day)))
        return _from(source, cow_alliances.promises_on(spells, day, widest=widest))

    def _rivalries(self) -> dict[Pair, frozenset[str]]:
        source = self.library.first_of("tss", "td")
        if source is None:
            self.ledger.missing.append("no list of rivalries: no two actors are rivals")
            return {}
        read, ends = (read_tss, "end") if source.layout.kind == "tss" else (read_td, "endyear")
        rivalries = read(source.table)
        self._check_rivals(source, rivalries)
        last = max(source.table.years(ends))
        # Rivalries that the list leaves open continue, so that only the list's age matters here.
        self._last_covered(source, datetime.date(last, 12, 31))
        year = self.day.year
        self._note(source, "rivalries of", (one.codes for one in rivalries if one.holds_in(year)))
        return rivalries_in(rivalries, year)

    def _check_rivals(self, source: Source, rivalries: list[Rivalry]) -> None:
        """Check that rivals are known states, unless the rivalry predates the state system."""
        first = min(spell.first for spell in self.spells).year
        older = [rivalry.last is not None and rivalry.last <= first for rivalry in rivalries]
        for column in ("ccode1", "ccode2"):
            check_codes(source.table, column, self.known, self.system.name, excused=older)

    def _borders(self) -> dict[Pair, int]:
        source = self.library.sources.get("contiguity")
        if source is None:
            self.ledger.missing.append("no file of contiguity: no two actors share a border")
            return {}
        for column, label in (("statelno", "statelab"), ("statehno", "statehab")):
            check_codes(source.table, column, self.known, self.system.name, label=label)
        borders = read_borders(source.table)
        year, month = max(border.last for border in borders)
        end = datetime.date(year, month, calendar.monthrange(year, month)[1])
        day = self._last_covered(source, end)
        self._note(source, "borders of", (border.codes for border in borders_on(borders, day)))
        return types_on(borders, day)

    def _regimes(self) -> dict[int, Regime]:
        source = self.library.sources.get("regimes")
        if source is None:
            self.ledger.missing.append("no file of regimes: governments are never divided")
            return {}
        regimes = read_regimes(source.table)
        year = self._last_covered(source, datetime.date(max(regimes), 12, 31)).year
        self._note(source, "regimes of", ((code,) for code in regimes.get(year, {})))
        return regimes.get(year, {})

    def _note(self, source: Source, what: str, rows: Iterable[Iterable[int]]) -> None:
        self.absences.note(source.name, what, rows)

    def _note_members(self, source: Source, memberships: list[atop.Membership]) -> None:
        """Note the parties of promises, and adversaries none of whom is a member."""
        self._note(source, "promises of", ((one.member,) for one in memberships))
        against = [
            set(terms.against)
            for one in memberships
            for terms in one.terms.values()
            if self.members.keys().isdisjoint(terms.against)
        ]
        self._note(source, "promises against", ((code,) for codes in against for code in codes))

    def _check_begin(self, source: Source, first: datetime.date) -> None:
        if self.day < first:
            raise UsageError(f"{source.name}: begins on {first}, after {self.day}")

    def _last_covered(self, source: Source, end: datetime.date) -> datetime.date:
        """The day, or the end of a file that ends before it but not too long before."""
        if self.day <= end:
            return self.day
        longest = int(self.ledger.take("files.stale_years"))
        if self.day.year - end.year > longest:
            raise UsageError(
                f"{source.name}: ends on {end}, more than {longest} years before {self.day}; "
                "use a later file, or raise files.stale_years with --mapping"
            )
        self.ledger.missing.append(
            f"{source.name}: ends on {end}; its last entries stand in for {self.day}"
        )
        return end


def _from(source: Source, promises: Iterable[Promise]) -> list[Promise]:
    """Promises with their data set as source, unless they name one themselves."""
    name = source.short
    return [promise if promise.source else replace(promise, source=name) for promise in promises]
