"""The data on one day: members, major powers, promises, rivalries, borders, regimes."""

import calendar
import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from mcescalate.errors import UsageError
from mcescalate.importing.datasets.alliances import atop, cow_alliances, supplement
from mcescalate.importing.datasets.alliances.promises import Conditions, Promise, Terms
from mcescalate.importing.datasets.contiguity import borders_on, types_on
from mcescalate.importing.datasets.register import Register
from mcescalate.importing.datasets.rivalries import rivalries_in
from mcescalate.importing.datasets.state_years import Capabilities, Regime
from mcescalate.importing.datasets.states import State, members_on
from mcescalate.importing.evidence.nonmembers import Absences
from mcescalate.importing.evidence.readings import Readings
from mcescalate.importing.evidence.report import Ledger
from mcescalate.importing.evidence.sources import Source

Pair = tuple[int, int]

_TERMS_OF_YEARS = {
    (wide, limited): Terms(Conditions.UNKNOWN, ("unknown",), wide=wide)
    if limited
    else Terms(wide=wide)
    for wide in (False, True)
    for limited in (False, True)
}
"""Terms of a promise in the dyad-years, by whether it is wide, and may be limited."""
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
    stakes : what is at stake, by the first and the second state
    """

    register: Register
    majors: set[int]
    capabilities: Capabilities
    year: int
    promises: list[Promise]
    rivalries: dict[Pair, frozenset[str]]
    borders: dict[Pair, int]
    regimes: dict[int, Regime]
    stakes: dict[Pair, supplement.Stake]

    @property
    def members(self) -> dict[int, State]:
        """The members of the state system."""
        return self.register.members


def gather(
    readings: Readings, day: datetime.date, ledger: Ledger, *, lag_years: int = 0
) -> Evidence:
    """The data on `day`.

    Parameters
    ----------
    lag_years : years before the day whose data are used; the members are those of the day

    Raises
    ------
    DataError
        A file is damaged.
    UsageError
        A file begins or ends too far from the day.
    """
    return _Reader(readings, day, ledger, lag_years).evidence()


class _Reader:
    """Takes the data on one day from the tables, source after source."""

    def __init__(self, readings: Readings, day: datetime.date, ledger: Ledger, lag_years: int):
        self.readings = readings
        self.library = readings.library
        self.member_day = day
        self.day = earlier(day, lag_years)
        self.ledger = ledger
        self.members: dict[int, State] = {}
        self.absences = Absences(readings.spells, self.members)

    def evidence(self) -> Evidence:
        nmc, capabilities = self.readings.nmc, self.readings.capabilities
        years = capabilities.shares
        self._check_begin(nmc, datetime.date(min(years), 1, 1), self.day)
        year = self._last_covered(nmc, datetime.date(max(years), 12, 31)).year
        total = sum(share or 0.0 for share in years.get(year, {}).values())
        if abs(total - 1.0) > _SUM_SLACK:
            self.ledger.missing.append(
                f"{nmc.name}: the shares of {year} add up to {total:.2f}, not to 1"
            )
        self.members.update(self._members())
        self._note(nmc, "capabilities of", ((code,) for code in years.get(year, {})))
        evidence = Evidence(
            register=Register(
                self.readings.spells, self.members, self.member_day, self.readings.system.name
            ),
            majors=self._majors(),
            capabilities=capabilities,
            year=year,
            promises=self._promises(),
            rivalries=self._rivalries(),
            borders=self._borders(),
            regimes=self._regimes(),
            stakes=self._stakes(),
        )
        self.ledger.absences = self.absences.listed()
        self.ledger.absent_rows = self.absences.n_rows
        return evidence

    def _members(self) -> dict[int, State]:
        spells, system = self.readings.spells, self.readings.system
        self._check_begin(system, min(spell.first for spell in spells), self.member_day)
        day = self._last_covered(system, max(spell.last for spell in spells), self.member_day)
        return members_on(spells, day)

    def _majors(self) -> set[int]:
        source = self.library.sources.get("majors")
        if source is None:
            self.ledger.missing.append("no file of major powers: no actor is one")
            return set()
        spells = self.readings.majors
        majors = members_on(spells, self._last_covered(source, max(spell.last for spell in spells)))
        self._note(source, "rows of the major power", ((code,) for code in majors))
        return set(majors)

    def _promises(self) -> list[Promise]:
        widest = int(self.ledger.mapping["wide.members"])
        memberships, dyads = self.readings.memberships, self.readings.dyad_years
        if memberships:
            promises = self._atop(memberships, dyads, widest)
        elif dyads is not None:
            promises = self._dyad_promises(dyads, widest)
        else:
            promises = self._cow(widest)
        source = self.library.sources.get("supplement")
        if source is not None:
            entries = self.readings.further_ties
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

    def _stakes(self) -> dict[Pair, supplement.Stake]:
        source = self.library.sources.get("supplement")
        if source is None:
            return {}
        stakes = supplement.stakes_on(self.readings.stakes, self.day)
        self._note(source, "stakes of", {(min(pair), max(pair)) for pair in stakes})
        return {
            pair: stake if stake.source else replace(stake, source=source.short)
            for pair, stake in stakes.items()
        }

    def _atop(
        self, memberships: list[atop.Membership], dyads: atop.DyadYears | None, widest: int
    ) -> list[Promise]:
        """Promises of members in the directions, and after their end the years, of the dyads."""
        source = self.library.sources["atop_members"]
        end = atop.end_of_data(memberships)
        self._note_members(source, [one for one in memberships if one.holds_on(min(self.day, end))])
        if dyads is None:
            day = self._last_covered(source, end)
            return self.readings.treaties(widest).promises_on(day)
        dyad_end = datetime.date(max(dyads), 12, 31)
        year = self._last_covered(self.library.sources["atop_dyads"], dyad_end).year
        promised = dyads.get(year, {})
        held = self.readings.treaties(widest).promises_on(min(self.day, end))
        nothing: frozenset[str] = frozenset()
        promises = [
            promise
            for promise in held
            if promise.kind == "support"
            or promise.kind in promised.get((promise.giver, promise.to), nothing)
        ]
        if len(promises) < len(held):
            what = "promises of all states that the dyad-years do not have in this direction"
            self.ledger.left_out[what] += len(held) - len(promises)
        known = {(promise.giver, promise.to, promise.kind) for promise in promises}
        others = self._dyad_promises(dyads, widest, known)
        if self.day <= end:
            what = f"promises of all states of {year} that were not in force on the day"
            self.ledger.left_out[what] += len(others)
            return promises
        return promises + others

    def _dyad_promises(
        self,
        dyads: atop.DyadYears,
        widest: int,
        known: Collection[tuple[int, int, str]] = frozenset(),
    ) -> list[Promise]:
        """Promises of a year, without day, treaty or conditions.

        The file does not give the size of a treaty either: two states that have each promised
        the same to more than `widest` others are taken to share a wide one.

        Parameters
        ----------
        known : promises that are left out, by giver, receiver and kind
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
        treaty, short = f"ATOP {year}", source.short
        for (giver, to), kinds in promised.items():
            for kind in sorted(kinds):
                if (giver, to, kind) in known:
                    continue
                wide = amounts[giver, kind] > widest and amounts.get((to, kind), 0) > widest
                terms = _TERMS_OF_YEARS[wide, kind in atop.PAIRED]
                promises.append(Promise(giver, to, kind, treaty=treaty, terms=terms, source=short))
        return promises

    def _cow(self, widest: int) -> list[Promise]:
        source, spells = self.readings.cow_alliances
        if source is None:
            self.ledger.missing.append("no file of alliances: the scenario has no ties")
            return []
        day = self._last_covered(source, cow_alliances.end_of_data(spells))
        self._note(source, "promises of", (spell.codes for spell in spells if spell.holds_on(day)))
        return _from(source, cow_alliances.promises_on(spells, day, widest=widest))

    def _rivalries(self) -> dict[Pair, frozenset[str]]:
        source, rivalries, last = self.readings.rivalries
        if source is None:
            self.ledger.missing.append("no list of rivalries: no two actors are rivals")
            return {}
        # Rivalries that the list leaves open continue, so that only the list's age matters here.
        self._last_covered(source, datetime.date(last, 12, 31))
        year = self.day.year
        self._note(source, "rivalries of", (one.codes for one in rivalries if one.holds_in(year)))
        return rivalries_in(rivalries, year)

    def _borders(self) -> dict[Pair, int]:
        source = self.library.sources.get("contiguity")
        if source is None:
            self.ledger.missing.append("no file of contiguity: no two actors share a border")
            return {}
        borders = self.readings.borders
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
        regimes = self.readings.regimes
        year = self._last_covered(source, datetime.date(max(regimes), 12, 31)).year
        self._note(source, "regimes of", ((code,) for code in regimes.get(year, {})))
        return regimes.get(year, {})

    def _note(self, source: Source, what: str, rows: Iterable[Collection[int]]) -> None:
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

    def _check_begin(self, source: Source, first: datetime.date, day: datetime.date) -> None:
        if day < first:
            raise UsageError(f"{source.name}: begins on {first}, after {day}")

    def _last_covered(
        self, source: Source, end: datetime.date, day: datetime.date | None = None
    ) -> datetime.date:
        """The day of the data, or the end of a file that ends not too long before it."""
        day = day or self.day
        if day <= end:
            return day
        longest = int(self.ledger.take("files.stale_years"))
        if day.year - end.year > longest:
            raise UsageError(
                f"{source.name}: ends on {end}, more than {longest} years before {day}; "
                "use a later file, or raise files.stale_years with --mapping"
            )
        self.ledger.missing.append(
            f"{source.name}: ends on {end}; its last entries stand in for {day}"
        )
        return end


def earlier(day: datetime.date, years: int) -> datetime.date:
    """The same day of an earlier year; the last of February for the 29th."""
    last = calendar.monthrange(day.year - years, day.month)[1]
    return day.replace(year=day.year - years, day=min(day.day, last))


def _from(source: Source, promises: Iterable[Promise]) -> list[Promise]:
    """Promises with their data set as source, unless they name one themselves."""
    name = source.short
    return [promise if promise.source else replace(promise, source=name) for promise in promises]
