"""Disputes from the files of a library."""

from mcescalate.errors import UsageError
from mcescalate.importing.datasets.disputes import (
    Dispute,
    read_disputes,
    read_first_events,
    read_parties,
)
from mcescalate.importing.evidence.sources import Library

_FAMILIES = ("mid", "gml")


def disputes_in(library: Library) -> tuple[Dispute, ...]:
    """The disputes of the first family of files that is whole, by day and number.

    Raises
    ------
    DataError
        A file is damaged.
    UsageError
        The file of disputes or that of participants is missing.
    """
    sources = library.sources
    for family in _FAMILIES:
        disputes, parties = (
            sources.get(f"{family}_{what}") for what in ("disputes", "participants")
        )
        if disputes and parties:
            mie = sources.get("mie")
            return tuple(
                read_disputes(
                    disputes.table,
                    read_parties(parties.table),
                    read_first_events(mie.table) if mie else {},
                )
            )
    found = [source.name for source in sources.values()]
    raise UsageError(
        "no disputes: expected the two files of Militarized Interstate Disputes, disputes (MIDA) "
        f"and participants (MIDB), found {' and '.join(found) or 'neither'}"
    )
