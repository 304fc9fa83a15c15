"""Which of the files at hand is read for what."""

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mcescalate.errors import DataError, UsageError
from mcescalate.scenario.importing.layouts import LAYOUTS, Layout, layout_of
from mcescalate.scenario.importing.states import check_majors
from mcescalate.scenario.importing.tables import Table, read_header, read_table, shown

SUFFIXES = (".csv", ".csv.gz")
_ATOP = ("atop_members", "atop_dyads")
_SUPERSEDED = {
    "system": ("states",),
    "td": ("tss",),
    "cow_members": _ATOP,
    "cow_dyads": (*_ATOP, "cow_members"),
}
"""Kinds that are not read where one of the others is there, which tells more."""


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

    def first_of(self, *kinds: str) -> Source | None:
        """The first of `kinds` that is there."""
        return next((self.sources[kind] for kind in kinds if kind in self.sources), None)


def find_sources(paths: Iterable[str | os.PathLike[str]]) -> Library:
    """Read the files of known layouts among `paths`.

    A folder stands for the CSV files in it and in the folders within it. A file that is named
    goes before one that is found; of several found, the one of the latest version is taken.

    Raises
    ------
    DataError
        A file is damaged, or was named and is of no known layout.
    UsageError
        A file cannot be opened, or it is not clear which one is meant.
    """
    named: dict[str, list[Path]] = {}
    found: dict[str, list[Path]] = {}
    unused: list[str] = []
    for path in map(Path, paths):
        if path.is_dir():
            for file in _files_in(path):
                layout = layout_of(file)
                if layout is None or not layout.about:
                    unused.append(f"{shown(file.name)}: not among the layouts that are read")
                elif layout.kind != "further":
                    found.setdefault(layout.kind, []).append(file)
        else:
            layout = layout_of(path)
            if layout is None:
                raise DataError(_unknown(path))
            if not layout.about:
                raise DataError(
                    f"{shown(path)}: line 1: {layout.title} are not read; "
                    "name the members' or the dyads' file"
                )
            named.setdefault(layout.kind, []).append(path)
    sources: dict[str, Source] = {}
    for layout in LAYOUTS:
        files = named.get(layout.kind) or found.get(layout.kind)
        if not files:
            continue
        read = [_source(file, layout) for file in files]
        latest = _latest(read)
        sources[layout.kind] = latest
        unused += [
            f"{source.name}: {latest.name} is a later version"
            for source in read
            if source is not latest
        ]
    for kind, better in _SUPERSEDED.items():
        # What is named counts; of two that are named, or two that are found, the better one.
        rivals = [other for other in better if other in sources]
        if kind in sources and any(other in named or kind not in named for other in rivals):
            unused.append(f"{sources.pop(kind).name}: {sources[rivals[0]].name} tells more")
        elif kind in sources:
            unused += [f"{sources.pop(other).name}: another was named" for other in rivals]
    return Library(sources, tuple(unused))


def _files_in(folder: Path) -> list[Path]:
    """The CSV files in a folder and one level below, by name."""
    try:
        inside = [folder, *(path for path in folder.iterdir() if path.is_dir())]
        files = {file for place in inside for file in place.iterdir() if file.is_file()}
    except OSError as error:
        raise UsageError(f"{shown(folder)}: cannot be read: {error.strerror or error}") from None
    return sorted(file for file in files if file.name.lower().endswith(SUFFIXES))


def _source(path: Path, layout: Layout) -> Source:
    table = read_table(path)
    if layout.kind == "majors":
        check_majors(table)
    return Source(table, layout, hashlib.sha256(path.read_bytes()).hexdigest())


def _latest(sources: list[Source]) -> Source:
    """The one of the latest version."""
    ranked = sorted(sources, key=_rank)
    if len(ranked) > 1 and _rank(ranked[-1]) == _rank(ranked[-2]):
        raise UsageError(
            f"{ranked[-2].table.name} and {ranked[-1].table.name} are both "
            f"{ranked[-1].title}; name the one to use"
        )
    return ranked[-1]


def _rank(source: Source) -> tuple[float, ...]:
    """A version such as "4.01" as numbers."""
    try:
        return tuple(float(part) for part in source.table.version.split("."))
    except ValueError:
        return ()


def _unknown(path: Path) -> str:
    header = set(read_header(path))
    near = max(LAYOUTS, key=lambda layout: (layout.matches(header), layout.likeness(header)))
    missing = [column for column in near.needed if column not in header]
    text = f"{shown(path)}: line 1: the columns are those of no file that can be read"
    if near.matches(header) and missing:
        return f"{text}; for {near.title} column {missing[0]} is missing"
    return text
