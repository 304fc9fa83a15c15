"""How the header of a file shows which published data set it is.

File names differ from one download to the next; columns do not.
"""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field

from mcescalate.importing.files.csv_files import Header

_SHARED = {"ccode", "ccode1", "ccode2", "stateabb", "state", "country", "year", "version"} | {
    *("styear", "stday", "endyear", "endday", "begin", "start", "end"),
    *("dyad", "note", "notes", "number", "source"),
}
"""Columns that many data sets have, so that they do not identify any."""
_MOST_NEEDED, _HALF = 0.75, 0.5


@dataclass(frozen=True)
class Layout:
    """A kind of published file.

    Parameters
    ----------
    kind : short name in this package
    title : the data set, as a report names it
    needed : columns that the importer requires
    usual : further columns that identify it
    taken : what the importer takes from it; empty for a data set that is recognised, not read
    short : the data set in few words, for the source of a row
    reported : usual columns whose absence the report mentions
    instead : for a data set that is not read, the one to use
    renamed : the package's names of columns, by the file's
    others : of a layout whose columns many files have, which more are allowed; None if any
    named_only : whether the file must be named, and is passed over in folders
    """

    kind: str
    title: str
    needed: tuple[str, ...]
    usual: tuple[str, ...]
    taken: str = ""
    short: str = ""
    reported: tuple[str, ...] = ()
    instead: str = ""
    renamed: Mapping[str, str] = field(default_factory=dict)
    others: tuple[str, ...] | None = None
    named_only: bool = False

    def fits(self, columns: Set[str]) -> bool:
        """Whether a file with these columns has this layout."""
        if self.others is not None and columns - {*self.needed, *self.usual, *self.others, ""}:
            return False
        return not self.missing(columns)

    def missing(self, columns: Set[str]) -> list[str]:
        """The required columns that a file lacks."""
        return [column for column in self.needed if column not in columns]

    def matches(self, words: Set[str]) -> int:
        """How many columns of the layout are among the words of a header."""
        return len(words & _bare((*self.needed, *self.usual)))

    def likeness(self, words: Set[str]) -> float:
        """The share of the layout's columns that are among the words of a header."""
        return self.matches(words) / len({*self.needed, *self.usual})

    def is_near(self, words: Set[str]) -> bool:
        """Whether a header is so similar that the file is a damaged copy of this data set.

        It has three quarters of the required columns, or half of these and of the layout's own.
        """
        own = _bare((*self.needed, *self.usual)) - _SHARED
        needed = _bare(self.needed)
        known = own & words
        share = len(needed & words) / len(needed)
        if not known.isdisjoint(needed) and share >= _MOST_NEEDED:
            return True
        return bool(known) and share > _HALF and len(known) >= _HALF * len(own)


def _bare(names: Iterable[str]) -> set[str]:
    return {name.replace("_", "") for name in names}


@dataclass(frozen=True)
class Match:
    """The layout to which a header is most similar.

    Parameters
    ----------
    missing : required columns that the header lacks
    """

    layout: Layout
    missing: tuple[str, ...]

    def lack(self, header: Header) -> str:
        """What is wrong with the header, to follow the number of its line."""
        if len(header.columns) < 2:
            return (
                f": expected the columns of {self.layout.title}, separated by commas; "
                "save the file with commas, as it was published"
            )
        needed = ", ".join(self.missing)
        return f", column {self.missing[0]}: missing; {self.layout.title} requires {needed}"


def match_header(header: Header, layouts: Iterable[Layout]) -> Match | None:
    """The layout that a header has or nearly has; None if it resembles none of `layouts`."""
    columns, words = frozenset(header.columns), header.words
    best = max(
        (layout for layout in layouts if layout.fits(columns) or layout.is_near(words)),
        key=lambda layout: (
            layout.fits(columns) or bool(layout.taken),
            layout.matches(words),
            layout.fits(columns),
            layout.likeness(words),
        ),
        default=None,
    )
    return None if best is None else Match(best, tuple(best.missing(columns)))
