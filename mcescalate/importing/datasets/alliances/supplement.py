"""Further ties, which no published file has: informal ones, aid, guarantees, recent treaties.

The user's own list, with columns ccode1, ccode2, directed, types, treaty_name, start_date and
end_date, and optionally treaty_id, conditional, in_force, stake, note and source. Rows whose
source is a published file are skipped, so that a table derived from these can be given. If ccode2
is empty, ccode1 accedes to the treaty `treaty_id` of ATOP on its members' terms; if the type is
"ended", the treaty no longer binds the two states, or ccode1 to any member. A stake says how much
is at stake between the two, and needs no type.
"""

import datetime
from dataclasses import dataclass, replace
from typing import Annotated, NamedTuple

from mcescalate.importing.datasets.alliances import atop
from mcescalate.importing.datasets.alliances.promises import (
    Conditions,
    Promise,
    Terms,
    treaty_label,
)
from mcescalate.importing.datasets.states import Code, OptionalCode
from mcescalate.importing.files.rows import (
    Answer,
    Date,
    Flag,
    Name,
    OptionalShare,
    optional_integer,
    read_rows,
)
from mcescalate.importing.files.tables import Table
from mcescalate.quantities import counted
from mcescalate.scenario.wording import quoted, suggestion

TYPES = {
    "defence": ("defence", "treaty"),
    "defense": ("defence", "treaty"),
    "offence": ("offence", "treaty"),
    "offense": ("offence", "treaty"),
    "neutrality": ("neutrality", "treaty"),
    "nonaggression": ("nonaggression", "treaty"),
    "consultation": ("consultation", "treaty"),
    "informal": ("consultation", "informal"),
    "aid": ("support", "aid"),
    "guarantee": ("defence", "guarantee"),
}
"""Kind of tie and form, by the word in the column `types`."""
ENDED = "ended"
_PUBLISHED = ("ATOP", "COW")


@dataclass(frozen=True)
class Entry:
    """A row of the list.

    Parameters
    ----------
    promise : from the first state to the second; without kind in an accession or an end
    mutual : whether the second state promises the same
    last : last day; None if open
    treaty : ATOP's number of the treaty, in an accession or an end
    ended : whether the row ends the treaty, for the pair or for the first state with all
    """

    promise: Promise
    mutual: bool
    last: datetime.date | None
    treaty: int | None = None
    ended: bool = False

    def holds_on(self, day: datetime.date) -> bool:
        """Whether it is in force."""
        since = self.promise.since
        return (since is None or since <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Stake:
    """What is at stake for the first state towards the second, and for the second if mutual."""

    states: tuple[int, int]
    size: float
    mutual: bool
    since: datetime.date | None
    last: datetime.date | None
    source: str

    def holds_on(self, day: datetime.date) -> bool:
        """Whether it is at stake on the day."""
        return (self.since is None or self.since <= day) and (self.last is None or day <= self.last)


class _StakeRow(NamedTuple):
    ccode1: Code
    ccode2: OptionalCode
    directed: Flag
    in_force: Answer
    start_date: Date
    end_date: Date
    stake: OptionalShare
    types: Name
    source: Name


class _Row(NamedTuple):
    ccode1: Code
    ccode2: OptionalCode
    directed: Flag
    conditional: Answer
    treaty_id: Annotated[int | None, optional_integer(1, 99999)]
    in_force: Answer
    start_date: Date
    end_date: Date
    treaty_name: Name
    types: Name
    source: Name
    stake: OptionalShare


def read_stakes(table: Table) -> list[Stake]:
    """The stakes of a list of further ties; rows whose source is a published file are skipped.

    Raises
    ------
    DataError
        The table is damaged.
    """
    stakes = []
    for i, row in enumerate(read_rows(table, _StakeRow)):
        if row.stake is None or row.source.startswith(_PUBLISHED):
            continue
        if row.start_date is None and row.in_force is False:
            continue
        if row.types.lower() == ENDED:
            table.refuse(i, "stake", "expected none in a row that ends a treaty")
        if row.ccode2 is None:
            table.refuse(i, "ccode2", "expected a second state, with which something is at stake")
        if row.ccode2 == row.ccode1:
            table.refuse(i, "ccode2", f"state {row.ccode1} has a stake with itself")
        stakes.append(
            Stake(
                (row.ccode1, row.ccode2),
                row.stake,
                not row.directed,
                row.start_date,
                row.end_date,
                row.source,
            )
        )
    return stakes


def stakes_on(stakes: list[Stake], day: datetime.date) -> dict[tuple[int, int], Stake]:
    """The largest stake of each first state towards each second one on `day`."""
    found: dict[tuple[int, int], Stake] = {}
    for stake in stakes:
        if not stake.holds_on(day):
            continue
        for pair in (stake.states, stake.states[::-1])[: 1 + stake.mutual]:
            if pair not in found or stake.size > found[pair].size:
                found[pair] = stake
    return found


def read_entries(table: Table) -> list[Entry]:
    """The rows of a list of further ties.

    Raises
    ------
    DataError
        The table is damaged.
    """
    entries = []
    n_published = 0
    for i, row in enumerate(read_rows(table, _Row)):
        giver, to = row.ccode1, row.ccode2
        if row.source.startswith(_PUBLISHED):
            n_published += 1
            continue
        if row.start_date is None and row.in_force is False:
            continue
        if to == giver:
            table.refuse(i, "ccode2", f"state {to} has a tie to itself")
        ended = row.types.lower() == ENDED
        if to is None or ended:
            if row.treaty_id is None:
                table.refuse(i, "treaty_id", "expected ATOP's number of a treaty")
            promise = Promise(giver, to or giver, "", "", row.treaty_name, row.start_date)
            entries.append(Entry(promise, False, row.end_date, row.treaty_id, ended))
            continue
        if row.stake is not None and not row.types:
            continue
        for word in (word.strip().lower() for word in row.types.split(";")):
            if word not in TYPES:
                table.refuse(
                    i,
                    "types",
                    f"expected a kind of tie, found {quoted(word)}{suggestion(word, TYPES)}",
                )
            kind, form = TYPES[word]
            promise = Promise(
                giver,
                to,
                kind,
                form,
                row.treaty_name,
                row.start_date,
                terms=_terms(kind, form, row.conditional),
                source=row.source,
            )
            entries.append(Entry(promise, not row.directed, row.end_date))
    if n_published:
        table.remarks.append(
            f"{counted(n_published, 'rows')} with {' or '.join(_PUBLISHED)} as source skipped: "
            "these files are read directly"
        )
    return entries


def promises_on(
    entries: list[Entry], memberships: list[atop.Membership], day: datetime.date, *, widest: int
) -> list[Promise]:
    """The promises of the list in force on `day`.

    Parameters
    ----------
    memberships : members of treaties, for accessions
    widest : a treaty of more members than this, with neither common command nor bases, is wide
    """
    promises = []
    entering: dict[int, set[int]] = {}
    present = [membership for membership in memberships if membership.holds_on(day)]
    for entry in entries:
        if entry.ended or not entry.holds_on(day):
            continue
        promise = entry.promise
        if entry.treaty is None:
            promises.append(promise)
            if entry.mutual:
                promises.append(replace(promise, giver=promise.to, to=promise.giver))
            continue
        models = [membership for membership in present if membership.treaty == entry.treaty]
        if models:
            first = promise.since or models[0].first
            present.append(replace(models[0], member=promise.giver, first=first, last=None))
            entering.setdefault(entry.treaty, set()).add(promise.giver)
    for treaty, newcomers in entering.items():
        members = [membership for membership in present if membership.treaty == treaty]
        promises += [
            promise
            for promise in atop.promises_on(members, day, widest=widest)
            if newcomers & {promise.giver, promise.to}
        ]
    return promises


def count_void_accessions(
    entries: list[Entry], memberships: list[atop.Membership], day: datetime.date
) -> int:
    """The number of accessions in force on `day` to a treaty that is not in force."""
    treaties = {membership.treaty for membership in memberships if membership.holds_on(day)}
    return sum(
        entry.treaty is not None
        and not entry.ended
        and entry.holds_on(day)
        and entry.treaty not in treaties
        for entry in entries
    )


def without_ended(
    entries: list[Entry], promises: list[Promise], day: datetime.date
) -> list[Promise]:
    """The promises of treaties that the list has not ended by `day`."""
    over: set[tuple[str, frozenset[int]]] = set()
    for entry in entries:
        if entry.ended and entry.treaty is not None and entry.holds_on(day):
            parties = frozenset({entry.promise.giver, entry.promise.to})
            over.add((treaty_label("ATOP", entry.treaty), parties))
    return [
        promise
        for promise in promises
        if not any(
            treaty == promise.treaty and parties <= {promise.giver, promise.to}
            for treaty, parties in over
        )
    ]


def _terms(kind: str, form: str, conditional: bool | None) -> Terms:
    if kind not in atop.PAIRED:
        return Terms()
    if form == "guarantee":
        return Terms(Conditions.UNKNOWN, ("guarantee",))
    if conditional is None:
        return Terms(Conditions.UNKNOWN, ("unknown",))
    return Terms(Conditions.OTHER if conditional else Conditions.NONE)
