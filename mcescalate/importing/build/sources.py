"""Which of the files at hand is read for what."""

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mcescalate.errors import DataError, UsageError
from mcescalate.importing.datasets.cow_alliances import is_directed
from mcescalate.importing.datasets.layouts import LAYOUTS
from mcescalate.importing.datasets.states import check_majors, check_some
from mcescalate.importing.files.csv_files import read_table
from mcescalate.importing.files.folders import Found, look_through
from mcescalate.importing.files.headers import Layout
from mcescalate.importing.files.tables import Table
from mcescalate.quantities import counted, grouped

_ATOP = ("atop_members", "atop_dyads")
_SUPERSEDED = {
    "system": ("states",),
    "td": ("tss",),
    "cow_members": _ATOP,
    "cow_dyads": (*_ATOP, "cow_members"),
    "cow_member_years": (*_ATOP, "cow_members", "cow_dyads"),
    "cow_dyad_years": (*_ATOP, "cow_members", "cow_dyads", "cow_member_years"),
}
"""Kinds that are not read where one of the others is there, which tells more."""

_PUBLISHED_ROWS = {
    ("nmc", "2021"): 15951,
    ("states", "2016"): 243,
    ("system", "2016"): 15951,
    ("majors", "2016"): 14,
    ("contiguity", "3.2"): 847,
    ("atop_members", "4.01"): 2398,
}
"""Rows of published files by kind and version: with fewer, a file may have been cut off."""


@dataclass(frozen=True)
class Source:
    """A file that has been read.

    Parameters
    ----------
    table : its rows
    layout : what kind of file it is
    digest : SHA-256 of its bytes
    """

    table: Table
    layout: Layout
    digest: str

    @property
    def name(self) -> str:
        """The file's name without its folder."""
        return os.path.basename(self.table.name)

    @property
    def title(self) -> str:
        """The data set and its version."""
        version = self.table.version
        return f"{self.layout.title}, version {version}" if version else self.layout.title

    @property
    def short(self) -> str:
        """The data set and its version in few words, for rows."""
        return f"{self.layout.short} {self.table.version}".rstrip()

    @property
    def label(self) -> str:
        """The file and what it is, for comments."""
        return f"{self.name} ({self.title})"


@dataclass(frozen=True)
class Library:
    """The files to import from.

    Parameters
    ----------
    sources : by kind of layout
    unused : names of files that were found and are not needed, each with the reason
    """

    sources: dict[str, Source]
    unused: tuple[str, ...]

    @property
    def passed_over(self) -> list[str]:
        """The files that are not read, as further lines of a message that something is missing."""
        return [f"  found, and not read: {line}" for line in self.unused]

    def short_of(self, *kinds: str) -> str:
        """The first of `kinds` that is there, in few words; empty if none is."""
        source = self.first_of(*kinds)
        return source.short if source else ""

    def first_of(self, *kinds: str) -> Source | None:
        """The first of `kinds` that is there."""
        return next((self.sources[kind] for kind in kinds if kind in self.sources), None)


def find_sources(paths: Iterable[str | os.PathLike[str]]) -> Library:
    """Read the files of known layouts among `paths`.

    A folder stands for the CSV files in it and in the folders within it. A file that is named
    goes before one that is found, and one at most one folder down before one that lies deeper;
    of several as near, the one of the latest version is taken.

    Raises
    ------
    DataError
        A file is damaged, or was named and is of no known layout.
    UsageError
        A file cannot be opened, or it is not clear which one is meant.
    """
    found, unused = look_through(paths, LAYOUTS)
    files: dict[str, list[Found]] = {}
    for file in found:
        files.setdefault(file.layout.kind, []).append(file)
    for kind, alike in files.items():
        files[kind] = _first(alike, unused)
    for kind, better in _SUPERSEDED.items():
        if kind in files:
            _settle(kind, [other for other in better if other in files], files, unused)
    for file in (file for alike in files.values() for file in alike if file.damage):
        raise DataError(f"{file.damage}; if it is not meant to be read, name the file that is")
    sources: dict[str, Source] = {}
    for layout in LAYOUTS:
        if layout.kind in files and layout.kind not in sources:
            read = [_source(file.path, file.layout) for file in files[layout.kind]]
            if layout.kind == "majors" and "states" not in files and "nmc" in sources:
                for source in read:
                    check_some(source.table, sources["nmc"].table)
            sources[layout.kind] = _latest(read, unused)
    return Library(sources, tuple(unused))


def _first(alike: list[Found], unused: list[str]) -> list[Found]:
    """Those of one kind that are named; else those that do not lie deep, if there are any."""
    named = [file for file in alike if file.named]
    first = named or [file for file in alike if not file.deep] or alike
    why = "another was named" if named else f"{first[0].label} is nearer to the top"
    _pass_over([file for file in alike if file not in first], why, unused)
    return first


def _settle(kind: str, rivals: list[str], files: dict[str, list[Found]], unused: list[str]) -> None:
    """Take the files of a kind out of `files`, or those of `rivals`, which tell more.

    What is named goes first; of two that are named, or two that are found, the one that tells
    more, if nothing is wrong with it.
    """
    named = [other for other in rivals if files[other][0].named]
    if files[kind][0].named and not named:
        for other in rivals:
            _pass_over(files.pop(other), "another was named", unused)
        return
    for other in named or rivals:
        if not any(file.damage for file in files[other]):
            why = f"not needed: {files[other][0].label} tells more"
            _pass_over(files.pop(kind), why, unused)
            return


def _pass_over(files: list[Found], why: str, unused: list[str]) -> None:
    unused += [f"{file.label}: {why}" for file in files]


def _source(path: Path, layout: Layout) -> Source:
    table = read_table(path).renamed(layout.renamed)
    if layout.kind == "majors":
        check_majors(table)
    table.remarks.extend(
        f"column {column} is empty" for column in layout.needed if table.is_empty(column)
    )
    n_rows = _PUBLISHED_ROWS.get((layout.kind, table.version))
    if n_rows not in (None, len(table)):
        table.remarks.append(
            f"{counted(len(table), 'rows')}, where version {table.version} was published with "
            f"{grouped(n_rows)}"
        )
    table.remarks.extend(
        f"has no column {column}: it counts as missing"
        for column in layout.reported
        if column not in table.columns
    )
    return Source(table, layout, hashlib.sha256(path.read_bytes()).hexdigest())


def _latest(sources: list[Source], unused: list[str]) -> Source:
    """The one of the latest version; of several that say the same, the first."""
    ranked = sorted(sources, key=lambda source: (_rank(source), _tells_directions(source)))
    *others, latest = ranked
    for other in reversed(others):
        if _rank(other) != _rank(latest):
            unused.append(f"{other.name}: {latest.name} is a later version")
        elif _tells_directions(latest) and not _tells_directions(other):
            unused.append(f"{other.name}: not needed: {latest.name} tells more")
        elif _says(other) == _says(latest):
            unused.append(f"{other.name}: says the same as {latest.name}")
        else:
            raise UsageError(
                f"{latest.table.name} and {other.table.name} are both {latest.title}; "
                "name the one to use, and no other of its kind"
            )
    return latest


def _tells_directions(source: Source) -> bool:
    return source.layout.kind.startswith("cow_dyad") and is_directed(source.table)


def _says(source: Source) -> list[tuple[str, ...]]:
    """What is taken from a file."""
    layout = source.layout
    columns = (*layout.needed, *layout.reported)
    return [source.table.texts(layout.renamed.get(column, column)) for column in columns]


def _rank(source: Source) -> tuple[float, ...]:
    """A version such as "4.01" as numbers."""
    try:
        return tuple(float(part) for part in source.table.version.split("."))
    except ValueError:
        return ()
