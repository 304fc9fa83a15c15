"""Militarized disputes (MID 5 and 4; Gibler, Miller and Little) and their first events (MIE)."""

import calendar
import datetime
from dataclasses import dataclass
from typing import Annotated, NamedTuple

from mcescalate.importing.datasets.states import Code
from mcescalate.importing.files.rows import Answer, Year, integer, optional_integer, read_rows
from mcescalate.importing.files.tables import LAST_YEAR, Table

WAR, FORCE = 5, 4
"""Levels of hostility."""
UNKNOWN_MONTH, UNKNOWN_DAY = 7, 15
"""What stands in for a month or day that is not known."""
_MOST_PARTIES = 200
_MOST_NUMBER = 10**7

Number = Annotated[int, integer(1, _MOST_NUMBER)]
Level = Annotated[int | None, optional_integer(1, WAR)]
Parties = Annotated[int | None, optional_integer(1, _MOST_PARTIES)]
Month = Annotated[int | None, optional_integer(0, 12)]
Day = Annotated[int | None, optional_integer(0, 31)]
EndYear = Annotated[int | None, optional_integer(0, LAST_YEAR)]


@dataclass(frozen=True)
class Party:
    """A state in a dispute.

    Parameters
    ----------
    code : COW country code
    side : "a" or "b"
    originator : whether it was in from the first day
    level : its highest level of hostility; None if not known
    """

    code: int
    side: str
    originator: bool
    level: int | None


@dataclass(frozen=True)
class Event:
    """The first event of a dispute: who acted, against whom, and its level of hostility."""

    code: int
    against: int
    level: int


@dataclass(frozen=True)
class Dispute:
    """A militarized interstate dispute.

    Parameters
    ----------
    number : `dispnum`
    line : of its file
    day : the first one; an unknown day is the 15th, an unknown month July
    ended : the last one; None if not known
    level : highest level of hostility, 5 being war; None if not known
    answered : whether the other side did anything militarized; None if not known
    n_parties : states on both sides; None if not known
    parties : each state once for each side it was on
    event : the first one; None if not known
    """

    number: int
    line: int
    day: datetime.date
    ended: datetime.date | None
    level: int | None
    answered: bool | None
    n_parties: int | None
    parties: tuple[Party, ...]
    event: Event | None = None

    @property
    def war(self) -> bool | None:
        """Whether it became a war."""
        return None if self.level is None else self.level >= WAR

    @property
    def force(self) -> bool | None:
        """Whether force was used."""
        return None if self.level is None else self.level >= FORCE

    @property
    def multi(self) -> bool | None:
        """Whether more than two states took part."""
        return None if self.n_parties is None else self.n_parties > 2

    def originators(self, side: str) -> list[int]:
        """The states that were on a side from the first day."""
        return [party.code for party in self.parties if party.side == side and party.originator]


class _DisputeRow(NamedTuple):
    dispnum: Number
    styear: Year
    stmon: Month
    stday: Day
    endyear: EndYear
    endmon: Month
    endday: Day
    hostlev: Level
    recip: Answer
    numa: Parties
    numb: Parties


class _PartyRow(NamedTuple):
    dispnum: Number
    ccode: Code
    sidea: Answer
    orig: Answer
    hostlev: Level


class _EventRow(NamedTuple):
    micnum: Number
    eventnum: Annotated[int, integer(0, _MOST_NUMBER)]
    styear: Year
    stmon: Month
    stday: Day
    ccode1: Code
    ccode2: Code
    hostlev: Level


def read_disputes(
    table: Table, parties: dict[int, tuple[Party, ...]], events: dict[int, Event]
) -> list[Dispute]:
    """The disputes of a file, by day and number.

    Parameters
    ----------
    parties, events : by number of the dispute

    Raises
    ------
    DataError
        The table is damaged, or has a dispute twice.
    """
    rows = read_rows(table, _DisputeRow)
    table.once([row.dispnum for row in rows], "dispnum", "the same dispute")
    disputes = []
    for i, row in enumerate(rows):
        day = _day(table, i, "stday", row.styear, row.stmon, row.stday)
        ended = None
        if row.endyear:
            ended = _day(table, i, "endday", row.endyear, row.endmon or 12, row.endday or -1)
            # Of an unknown day within one month the middle may lie after the known end.
            if ended < day and (row.stmon and row.stday):
                table.refuse(i, "endyear", f"ends on {ended}, before it begins on {day}")
        known = parties.get(row.dispnum, ())
        counted = None if row.numa is None or row.numb is None else row.numa + row.numb
        if counted is None and "numa" not in table.columns and row.hostlev is not None and known:
            counted = len({party.code for party in known})
        disputes.append(
            Dispute(
                row.dispnum,
                table.lines[i],
                day,
                ended,
                row.hostlev,
                row.recip,
                counted,
                known,
                events.get(row.dispnum),
            )
        )
    return sorted(disputes, key=lambda dispute: (dispute.day, dispute.number))


def read_parties(table: Table) -> dict[int, tuple[Party, ...]]:
    """The states in each dispute, by its number; spells of a state on one side are joined.

    Raises
    ------
    DataError
        The table is damaged, or does not say on which side a state was.
    """
    parties: dict[int, dict[tuple[int, str], Party]] = {}
    for i, row in enumerate(read_rows(table, _PartyRow)):
        if row.sidea is None:
            table.refuse(i, "sidea", "expected 1 or 0, found nothing")
        side = "a" if row.sidea else "b"
        of_dispute = parties.setdefault(row.dispnum, {})
        earlier = of_dispute.get((row.ccode, side))
        levels = [level for level in (row.hostlev, earlier and earlier.level) if level]
        of_dispute[row.ccode, side] = Party(
            row.ccode,
            side,
            row.orig is True or (earlier is not None and earlier.originator),
            max(levels, default=None),
        )
    return {number: tuple(states.values()) for number, states in parties.items()}


def read_first_events(table: Table) -> dict[int, Event]:
    """The first event of each dispute whose level is known, by the dispute's number.

    Raises
    ------
    DataError
        The table is damaged.
    """
    first: dict[int, tuple[tuple[int, int, int, int], Event]] = {}
    for row in read_rows(table, _EventRow):
        if row.hostlev is None:
            continue
        order = (row.styear, row.stmon or UNKNOWN_MONTH, row.stday or UNKNOWN_DAY, row.eventnum)
        if row.micnum not in first or order < first[row.micnum][0]:
            first[row.micnum] = order, Event(row.ccode1, row.ccode2, row.hostlev)
    return {number: event for number, (_, event) in first.items()}


def _day(
    table: Table, row: int, column: str, year: int, month: int | None, day: int | None
) -> datetime.date:
    """A day of which month and day may be unknown; day -1 is the last of the month."""
    month = month or UNKNOWN_MONTH
    longest = calendar.monthrange(year, month)[1]
    if day == -1:
        day = longest
    if day and day > longest:
        table.refuse(row, column, f"there is no day {day} in month {month} of {year}")
    return datetime.date(year, month, day or UNKNOWN_DAY)
