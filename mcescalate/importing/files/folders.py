"""Find the data files among the files and folders that the user names."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mcescalate.errors import DataError, UsageError
from mcescalate.importing.files.csv_files import header_of
from mcescalate.importing.files.formats import FORMATS, Format, format_by_content, format_by_name
from mcescalate.importing.files.headers import Layout, match_header
from mcescalate.importing.files.raw_text import check_packing, head_of, read_start, shown

MOST_FILES = 5000
"""Most files that are inspected; a folder with more is not a folder of data."""

_NEAR = 2
"""Parts of the path of a file one folder down."""
_NO_DATA = ("__macosx",)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Found:
    """A file of a known layout.

    Parameters
    ----------
    label : its name in the report, with the folders below the one that was named
    named : whether the user named it, and did not only name its folder
    layout : the data set that its header shows
    damage : what its header lacks; empty if nothing
    deep : whether it lies more than one folder down, where derived tables may lie
    """

    path: Path
    label: str
    named: bool
    layout: Layout
    damage: str = ""
    deep: bool = False


def look_through(
    paths: Iterable[str | os.PathLike[str]], layouts: Sequence[Layout]
) -> tuple[list[Found], list[str]]:
    """The files with one of `layouts` among `paths` and in folders, and what else is there and why.

    Raises
    ------
    DataError
        A file is damaged, or was named and has none of the layouts.
    UsageError
        There is no such file or folder, or a folder has too many files.
    """
    found: list[Found] = []
    unused: list[str] = []
    seen: set[Path] = set()
    folders: list[Path] = []
    for path in map(Path, paths):
        if path.is_dir():
            folders.append(path)
        elif path.resolve() not in seen:
            seen.add(path.resolve())
            found.append(_named(path, layouts))
    for folder in folders:
        for path in sorted(_files_in(folder)):
            if path.resolve() in seen:
                continue
            seen.add(path.resolve())
            inside = path.relative_to(folder)
            answer = _in_folder(path, layouts)
            if isinstance(answer, Found):
                deep = len(inside.parts) > _NEAR
                found.append(replace(answer, label=shown(inside), deep=deep))
            elif answer:
                unused.append(f"{shown(inside)}: {answer}")
    return found, unused


def _named(path: Path, layouts: Sequence[Layout]) -> Found:
    """A file that was named, and therefore must be usable."""
    start = read_start(path)
    where = f"{shown(path)}: line 1"
    by_name = format_by_name(path)
    _refuse_format(path, format_by_content(start) or (by_name if b"\0" in start else None))
    header = header_of(head_of(path, start))
    if not header.words:
        raise DataError(f"{where}: expected column names, found nothing")
    match = match_header(header, layouts)
    if match is None:
        _refuse_format(path, by_name)
        raise DataError(f"{where}: the columns match no data set that can be read")
    if match.missing:
        raise DataError(f"{where}{match.lack(header)}")
    if not match.layout.taken:
        raise DataError(
            f"{where}: {match.layout.title} is not read; name {match.layout.instead} instead"
        )
    return Found(path, shown(path.name), True, match.layout)


def _in_folder(path: Path, layouts: Sequence[Layout]) -> Found | str:
    """A file in a folder, or why it is not read; empty if it cannot be data."""
    if not path.exists():
        return "a broken link" if _is_csv(path) else ""
    if not path.is_file():
        return "not a file, but a pipe or a device" if _is_csv(path) else ""
    if not _is_csv(path):
        return _other(path, layouts)
    if path.stat().st_size == 0 and not path.name.lower().endswith(".gz"):
        return "empty"
    start = read_start(path)
    _refuse_format(path, format_by_content(start))
    header = header_of(head_of(path, start))
    check_packing(path)
    match = match_header(header, layouts)
    if match is None:
        return "not a data set that can be read" if header.words else "empty"
    layout = match.layout
    if not layout.taken:
        return f"not needed: {layout.title}; the importer reads {layout.instead}"
    if layout.named_only:
        return f"a list of {layout.title} is read only if it is named"
    damage = f"{shown(path)}: line 1{match.lack(header)}" if match.missing else ""
    return Found(path, shown(path.name), False, layout, damage)


def _other(path: Path, layouts: Sequence[Layout]) -> str:
    """Why a file without the suffix .csv is not read; empty if it cannot be data."""
    kind = format_by_name(path)
    if kind is None:
        start = read_start(path)
        kind = format_by_content(start)
        if kind is None and (b"\0" not in start or start.startswith(_UTF16)):
            match = match_header(header_of(head_of(path, start)), layouts)
            if match is not None:
                title = match.layout.title
                return f"has columns of {title}; to read it, rename it to .csv or name it"
    return f"{kind.name}; {kind.advice}" if kind in FORMATS else ""


def _refuse_format(path: Path, kind: Format | None) -> None:
    """Check that a file is not in another format."""
    if kind is not None:
        kind = format_by_name(path) or kind
        raise DataError(
            f"{shown(path)}: line 1: expected a CSV file, found {kind.name}; {kind.advice}"
        )


def _is_csv(path: Path) -> bool:
    return path.name.lower().endswith((".csv", ".csv.gz"))


def _files_in(folder: Path) -> Iterator[Path]:
    """The files in a folder and below it, without those that operating systems create."""
    been: set[tuple[int, int]] = set()
    n_files = 0
    for place, inside, names in os.walk(folder, onerror=_refuse_folder, followlinks=True):
        status = os.stat(place)
        if (status.st_dev, status.st_ino) in been:
            inside.clear()
            continue
        been.add((status.st_dev, status.st_ino))
        inside[:] = [name for name in inside if not _is_leftover(name)]
        for name in names:
            if _is_leftover(name):
                continue
            n_files += 1
            if n_files > MOST_FILES:
                raise UsageError(
                    f"{shown(folder)}: more than {MOST_FILES} files; "
                    "name a folder that holds the data only, or the files themselves"
                )
            yield Path(place, name)


def _is_leftover(name: str) -> bool:
    """Whether an operating system or editor creates files of this name beside data."""
    return name.startswith((".", "~$")) or name.lower() in _NO_DATA


def _refuse_folder(error: OSError) -> None:
    raise UsageError(
        f"{shown(error.filename)}: cannot be read: {error.strerror or error}"
    ) from None
