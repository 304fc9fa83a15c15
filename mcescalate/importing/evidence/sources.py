"""Choose the file to read for each data set."""

import hashlib
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mcescalate.errors import DataError, UsageError
from mcescalate.importing.datasets.alliances.cow_alliances import is_directed
from mcescalate.importing.datasets.layouts import LAYOUTS, SCENARIO_LAYOUTS
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
    "gml_disputes": ("mid_disputes",),
    "gml_participants": ("mid_participants",),
}
"""Kinds that are not read if one of the others, which are more detailed, is there."""

_OTHER_USE = ("data on disputes: used by backtest", "no data on disputes")
"""Why a file is not read, by whether scenarios are made from it."""

_PUBLISHED_ROWS = {
    ("nmc", "2021"): 15951,
    ("states", "2016"): 243,
    ("system", "2016"): 15951,
    ("majors", "2016"): 14,
    ("contiguity", "3.2"): 847,
    ("atop_members", "4.01"): 2398,
}
"""Rows of published files by kind and version; a file with fewer may be truncated."""


@dataclass(frozen=True)
class Source:
    """A file that was read.

    Parameters
    ----------
    table : its rows
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
        """The data set and its version in few words, for the source of a row."""
        return f"{self.layout.short} {self.table.version}".rstrip()

    @property
    def label(self) -> str:
        """The file, its data set and version, for comments."""
        return f"{self.name} ({self.title})"


@dataclass(frozen=True)
class Library:
    """The files to import from.

    Parameters
    ----------
    sources : by kind of layout
    unused : files that were found and not read, each with the reason
    """

    sources: dict[str, Source]
    unused: tuple[str, ...]

    @property
    def passed_over(self) -> list[str]:
        """Lines on the files that were not read, for a message that a file is missing."""
        return [f"  found, and not read: {line}" for line in self.unused]

    def short_of(self, *kinds: str) -> str:
        """The first available of `kinds`, in few words; empty if there is none."""
        source = self.first_of(*kinds)
        return source.short if source else ""

    def first_of(self, *kinds: str) -> Source | None:
        """The source of the first available of `kinds`."""
        return next((self.sources[kind] for kind in kinds if kind in self.sources), None)


def find_sources(
    paths: Iterable[str | os.PathLike[str]], layouts: Sequence[Layout] = SCENARIO_LAYOUTS
) -> Library:
    """Read the files of some known layouts among `paths`.

    A folder stands for the CSV files in it and below it. A named file takes precedence over one
    found in a folder, and one at most one folder down over a deeper one; among equals, the
    latest version is read.

    Raises
    ------
    DataError
        A file is damaged, or was named and has no known layout.
    UsageError
        A file cannot be opened, or two files qualify equally.
    """
    found, unused = look_through(paths, LAYOUTS)
    kinds = {layout.kind for layout in layouts}
    files: dict[str, list[Found]] = {}
    for file in found:
        if file.layout.kind in kinds:
            files.setdefault(file.layout.kind, []).append(file)
        else:
            unused.append(f"{file.label}: {_OTHER_USE[file.layout in SCENARIO_LAYOUTS]}")
    for kind, alike in files.items():
        files[kind] = _first(alike, unused)
    for kind, better in _SUPERSEDED.items():
        if kind in files:
            _drop_superseded(kind, [other for other in better if other in files], files, unused)
    for file in (file for alike in files.values() for file in alike if file.damage):
        raise DataError(f"{file.damage}; if this is the wrong file, name the one to read")
    sources: dict[str, Source] = {}
    for layout in layouts:
        if layout.kind in files and layout.kind not in sources:
            read = [_source(file.path, file.layout) for file in files[layout.kind]]
            if layout.kind == "majors" and "states" not in files and "nmc" in sources:
                for source in read:
                    check_some(source.table, sources["nmc"].table)
            sources[layout.kind] = _latest(read, unused)
    return Library(sources, tuple(unused))


def _first(alike: list[Found], unused: list[str]) -> list[Found]:
    """The named files of one kind; else those that do not lie deep; else all."""
    named = [file for file in alike if file.named]
    first = named or [file for file in alike if not file.deep] or alike
    why = "another file was named" if named else f"{first[0].label} lies in a higher folder"
    _pass_over([file for file in alike if file not in first], why, unused)
    return first


def _drop_superseded(
    kind: str, rivals: list[str], files: dict[str, list[Found]], unused: list[str]
) -> None:
    """Drop the files of `kind` from `files`, or those of the more detailed kinds `rivals`.

    A named file takes precedence; otherwise the more detailed one does, if it is undamaged.
    """
    named = [other for other in rivals if files[other][0].named]
    if files[kind][0].named and not named:
        for other in rivals:
            _pass_over(files.pop(other), "another file was named", unused)
        return
    for other in named or rivals:
        if not any(file.damage for file in files[other]):
            why = f"not needed: {files[other][0].label} is more detailed"
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
            f"{counted(len(table), 'rows')}; version {table.version} was published with "
            f"{grouped(n_rows)}"
        )
    table.remarks.extend(
        f"no column {column}: treated as missing"
        for column in layout.reported
        if column not in table.columns
    )
    return Source(table, layout, hashlib.sha256(path.read_bytes()).hexdigest())


def _latest(sources: list[Source], unused: list[str]) -> Source:
    """The source of the latest version; among files of the same content, the first."""
    ranked = sorted(sources, key=lambda source: (_rank(source), _is_directed(source)))
    *others, latest = ranked
    for other in reversed(others):
        if _rank(other) != _rank(latest):
            unused.append(f"{other.name}: {latest.name} is a later version")
        elif _is_directed(latest) and not _is_directed(other):
            unused.append(f"{other.name}: not needed: {latest.name} is more detailed")
        elif _content(other) == _content(latest):
            unused.append(f"{other.name}: has the same content as {latest.name}")
        else:
            raise UsageError(
                f"{latest.table.name} and {other.table.name} are both {latest.title}; "
                "name the one to use, and no other of its kind"
            )
    return latest


def _is_directed(source: Source) -> bool:
    return source.layout.kind.startswith("cow_dyad") and is_directed(source.table)


def _content(source: Source) -> list[tuple[str, ...]]:
    """The columns that the importer reads."""
    layout = source.layout
    columns = (*layout.needed, *layout.reported)
    return [source.table.texts(layout.renamed.get(column, column)) for column in columns]


def _rank(source: Source) -> tuple[float, ...]:
    """A version such as "4.01" as numbers."""
    try:
        return tuple(float(part) for part in source.table.version.split("."))
    except ValueError:
        return ()
