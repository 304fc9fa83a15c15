"""Ties that no published file has: informal ones, aid, guarantees, and treaties too recent.

A list of one's own, with columns ccode1, ccode2, directed, types, treaty_name, start_date and
end_date, and where wanted treaty_id, conditional, in_force, note and source. Rows whose source
is one of the published files are passed over, so that a sheet made from these can be given.
Where ccode2 is empty, ccode1 enters the treaty `treaty_id` of ATOP on its members' terms; where
the type is "ended", the treaty no longer binds the two, or binds ccode1 to nobody.
"""

import datetime
from dataclasses import dataclass, replace

from mcescalate.importing.datasets import atop
from mcescalate.importing.datasets.commitments import Conditions, Pledge, Terms
from mcescalate.importing.datasets.states import MOST_CODE
from mcescalate.importing.datasets.treaty_names import treaty_label
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
    pledge : what the first promises the second; without kind where it enters or ends a treaty
    mutual : whether the second promises the same
    last : last day; None where it goes on
    treaty : ATOP's number of the treaty that is entered or ended
    ended : whether the treaty is at an end, for the two or for the first with everybody
    """

    pledge: Pledge
    mutual: bool
    last: datetime.date | None
    treaty: int | None = None
    ended: bool = False

    def holds_on(self, day: datetime.date) -> bool:
        """Whether it is in force."""
        since = self.pledge.since
        return (since is None or since <= day) and (self.last is None or day <= self.last)


def read_entries(table: Table) -> list[Entry]:
    """The rows of a list of further ties.

    Raises
    ------
    DataError
        The table is damaged.
    """
    givers = table.whole("ccode1", 1, MOST_CODE)
    takers = table.known("ccode2", 1, MOST_CODE)
    directed = table.flags("directed")
    conditional = table.answers("conditional")
    treaties = table.known("treaty_id", 1, 99999)
    absent = [answer is False for answer in table.answers("in_force")]
    begins, ends = table.dates("start_date"), table.dates("end_date")
    names, types = table.names("treaty_name"), table.names("types")
    sources = table.names("source")
    entries = []
    n_published = 0
    for row, (giver, to) in enumerate(zip(givers, takers, strict=True)):
        since, last = begins[row], ends[row]
        if sources[row].startswith(_PUBLISHED):
            n_published += 1
            continue
        if since is None and absent[row]:
            continue
        if to == giver:
            table.refuse(row, "ccode2", f"state {to} is tied to itself")
        ended = types[row].lower() == ENDED
        if to is None or ended:
            if treaties[row] is None:
                table.refuse(row, "treaty_id", "expected ATOP's number of a treaty")
            pledge = Pledge(giver, to or giver, "", treaty=names[row], since=since)
            entries.append(Entry(pledge, False, last, treaties[row], ended))
            continue
        words = [word.strip().lower() for word in types[row].split(";")]
        for word in words:
            if word not in TYPES:
                table.refuse(
                    row, "types", f"no kind of tie is {quoted(word)}{suggestion(word, TYPES)}"
                )
            kind, form = TYPES[word]
            pledge = Pledge(giver, to, kind, form, names[row], since)
            pledge = replace(
                pledge, terms=_terms(kind, form, conditional[row]), source=sources[row]
            )
            entries.append(Entry(pledge, not directed[row], last))
    if n_published:
        table.remarks.append(
            f"{counted(n_published, 'rows')} with {' or '.join(_PUBLISHED)} as source passed over: "
            "these files are read themselves"
        )
    return entries


def pledges_on(
    entries: list[Entry], memberships: list[atop.Membership], day: datetime.date, *, widest: int
) -> list[Pledge]:
    """The promises of the list in force on `day`.

    Parameters
    ----------
    memberships : members of treaties, for those who enter one
    widest : a treaty of more members than this, with neither common command nor bases, is wide
    """
    pledges = []
    entering: dict[int, set[int]] = {}
    present = [membership for membership in memberships if membership.holds_on(day)]
    for entry in entries:
        if entry.ended or not entry.holds_on(day):
            continue
        pledge = entry.pledge
        if entry.treaty is None:
            pledges.append(pledge)
            if entry.mutual:
                pledges.append(replace(pledge, giver=pledge.to, to=pledge.giver))
            continue
        models = [membership for membership in present if membership.treaty == entry.treaty]
        if models:
            first = pledge.since or models[0].first
            present.append(replace(models[0], member=pledge.giver, first=first, last=None))
            entering.setdefault(entry.treaty, set()).add(pledge.giver)
    for treaty, newcomers in entering.items():
        members = [membership for membership in present if membership.treaty == treaty]
        pledges += [
            pledge
            for pledge in atop.pledges_on(members, day, widest=widest)
            if newcomers & {pledge.giver, pledge.to}
        ]
    return pledges


def without_treaty(
    entries: list[Entry], memberships: list[atop.Membership], day: datetime.date
) -> int:
    """How many entries enter a treaty on `day` that is not in force then."""
    treaties = {membership.treaty for membership in memberships if membership.holds_on(day)}
    return sum(
        entry.treaty is not None
        and not entry.ended
        and entry.holds_on(day)
        and entry.treaty not in treaties
        for entry in entries
    )


def still_bound(entries: list[Entry], pledges: list[Pledge], day: datetime.date) -> list[Pledge]:
    """The promises of treaties that, by the list, had not ended by `day`."""
    over: set[tuple[str, frozenset[int]]] = set()
    for entry in entries:
        if entry.ended and entry.treaty is not None and entry.holds_on(day):
            parties = frozenset({entry.pledge.giver, entry.pledge.to})
            over.add((treaty_label("ATOP", entry.treaty), parties))
    return [
        pledge
        for pledge in pledges
        if not any(
            treaty == pledge.treaty and parties <= {pledge.giver, pledge.to}
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
