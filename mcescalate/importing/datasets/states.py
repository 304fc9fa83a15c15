"""The state system: its members on a day, and the major powers among them."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from mcescalate.errors import DataError
from mcescalate.importing.files.rows import integer, optional_integer
from mcescalate.importing.files.tables import Table
from mcescalate.scenario.wording import quoted

MOST_CODE = 9999
Code = Annotated[int, integer(1, MOST_CODE)]
OptionalCode = Annotated[int | None, optional_integer(1, MOST_CODE)]
SLACK_YEARS = 2
"""How far editions of the list of states differ on when a membership began or ended."""
MOST_MAJORS = 60
"""Spells in a list of major powers; the published one has 14."""


@dataclass(frozen=True)
class State:
    """A state.

    Parameters
    ----------
    code : COW country code
    id : COW abbreviation
    name : full name; empty if the file has none
    """

    code: int
    id: str
    name: str


@dataclass(frozen=True)
class Spell:
    """A period during which a state belonged to a list, both days included."""

    state: State
    first: datetime.date
    last: datetime.date


def read_spells(table: Table, known: Mapping[int, str] | None = None) -> list[Spell]:
    """The spells of a list of states, or of major powers.

    Parameters
    ----------
    known : abbreviations by code, for a list without them

    Raises
    ------
    DataError
        The table is damaged.
    """
    states = read_states(table, known)
    firsts = table.days("styear", "stmonth", "stday", last=False, required=True)
    lasts = table.days("endyear", "endmonth", "endday", last=True, required=True)
    table.in_order(firsts, lasts, "endyear")
    return [Spell(*cells) for cells in zip(states, firsts, lasts, strict=True)]


def check_majors(table: Table) -> None:
    """Check that a file with the columns of a list of major powers is one.

    Raises
    ------
    DataError
        It is a list of all states that lacks their names.
    """
    if len(table) > MOST_MAJORS:
        raise DataError(
            f"{table.name}: line 1, column statenme: missing; with {len(table)} rows this looks "
            "like the list of all states, not of major powers"
        )


def check_some(majors: Table, capabilities: Table) -> None:
    """Check that a list of major powers omits some of the states with capabilities.

    Raises
    ------
    DataError
        It has all of them, and must be the list of states without names.
    """
    codes = set(majors.whole("ccode", 1, MOST_CODE))
    if codes.issuperset(capabilities.whole("ccode", 1, MOST_CODE)):
        raise DataError(
            f"{majors.name}: line 1, column statenme: missing; with all states of "
            f"{capabilities.name} this looks like the list of all states, not of major powers"
        )


def read_year_spells(table: Table) -> list[Spell]:
    """Spells of one year each, from a file with a row for each state and year.

    Raises
    ------
    DataError
        The table is damaged, or names a state twice in a year.
    """
    states, years = read_states(table), table.years("year")
    pairs = list(zip(states, years, strict=True))
    table.once(pairs, "year", "the same state and year")
    return [
        Spell(state, datetime.date(year, 1, 1), datetime.date(year, 12, 31))
        for state, year in pairs
    ]


def members_on(spells: list[Spell], day: datetime.date) -> dict[int, State]:
    """The states on the list on `day`, by code."""
    return {
        spell.state.code: spell.state
        for spell in sorted(spells, key=lambda spell: spell.state.code)
        if spell.first <= day <= spell.last
    }


def membership(spells: Sequence[Spell], code: int) -> str:
    """When a state belonged to the list, e.g. "from 1955-05-05 to 1990-10-02"; empty if never.

    A spell that lasts until the end of the list is open; a list by year gives years.
    """
    latest = max((spell.last for spell in spells), default=None)
    by_year = all(spell.first.replace(month=12, day=31) == spell.last for spell in spells)
    times: list[list[datetime.date]] = []
    for spell in sorted(spells, key=lambda spell: spell.first):
        if spell.state.code != code:
            continue
        if times and spell.first - times[-1][1] <= datetime.timedelta(days=1):
            times[-1][1] = max(spell.last, times[-1][1])
        else:
            times.append([spell.first, spell.last])

    def written(day: datetime.date) -> str:
        return str(day.year) if by_year else day.isoformat()

    return " and ".join(
        f"from {written(first)} on"
        if last == latest
        else f"from {written(first)} to {written(last)}"
        for first, last in times
    )


def check_codes(
    table: Table,
    column: str,
    known: dict[int, str],
    origin: str,
    *,
    label: str = "",
    excused: Sequence[bool] | None = None,
) -> None:
    """Check that every code in a column belongs to a state, and to the one in `label`.

    Parameters
    ----------
    known : the abbreviations of all states by code
    origin : the file with the list of states
    label : the column with the abbreviation, if the file has one
    excused : rows that may have another code

    Raises
    ------
    DataError
        A code is unknown, or its row has the abbreviation of another state.
    """
    labels = table.names(label) if label else [""] * len(table)
    for row, code in enumerate(table.known(column, 1, MOST_CODE)):
        if code is None:
            continue
        if code not in known:
            if not (excused and excused[row]):
                table.refuse(row, column, f"no state has code {code} in {origin}")
        elif labels[row] and labels[row] != known[code]:
            table.refuse(row, column, f"{code} is {known[code]}, not {quoted(labels[row])}")


def check_years(table: Table, spells: Sequence[Spell]) -> None:
    """Check that each row's year lies within or near its state's membership.

    Years after the end of all `spells` are not checked.

    Raises
    ------
    DataError
        A year is wrong, or rows of other years were mixed in.
    """
    of_state: dict[int, list[Spell]] = {}
    for spell in spells:
        of_state.setdefault(spell.state.code, []).append(spell)
    latest = max(spell.last.year for spell in spells)
    pairs = zip(table.whole("ccode", 1, MOST_CODE), table.years("year"), strict=True)
    for row, (code, year) in enumerate(pairs):
        known = of_state.get(code)
        if known is None or year > latest:
            continue
        first = min(spell.first.year for spell in known)
        last = max(spell.last.year for spell in known)
        if not first - SLACK_YEARS <= year <= last + SLACK_YEARS:
            who = f"{known[0].state.id} ({code})"
            table.refuse(
                row,
                "year",
                f"{who} was not a member of the state system in {year}, "
                f"only from {first} to {last}",
            )


def read_states(table: Table, known: Mapping[int, str] | None = None) -> list[State]:
    """The state of each row.

    Parameters
    ----------
    known : abbreviations by code, for a table without them

    Raises
    ------
    DataError
        A code is invalid, a state has two codes or abbreviations, or there are no abbreviations.
    """
    codes = table.whole("ccode", 1, MOST_CODE)
    names = table.names("statenme")
    if "stateabb" not in table.columns:
        if not known:
            raise DataError(
                f"{table.name}: line 1, column stateabb: missing; without it a list of states is "
                "required, which has the abbreviations: COW State System Membership"
            )
        return [State(code, known[code], name) for code, name in zip(codes, names, strict=True)]
    abbreviations = table.names("stateabb")
    id_of: dict[int, str] = {}
    code_of: dict[str, int] = {}
    for row, (code, abbreviation) in enumerate(zip(codes, abbreviations, strict=True)):
        if not (abbreviation.isascii() and abbreviation.isalnum() and len(abbreviation) <= 8):
            table.refuse(row, "stateabb", f"expected an abbreviation, found {quoted(abbreviation)}")
        if (other := id_of.setdefault(code, abbreviation)) != abbreviation:
            table.refuse(
                row, "ccode", f"{code} is {quoted(other)} elsewhere, {quoted(abbreviation)} here"
            )
        if (number := code_of.setdefault(abbreviation, code)) != code:
            table.refuse(
                row, "ccode", f"{quoted(abbreviation)} has code {number} elsewhere, {code} here"
            )
    return [State(*values) for values in zip(codes, abbreviations, names, strict=True)]
