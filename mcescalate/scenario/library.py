"""The cases, overlays, presets and plans of the package, and what a name stands for.

A name of an input is that of a file or of a part of this library: `july-1914` is the case
of that name, in whatever folder the program runs. A file of that name goes first.
"""

import os
import tomllib
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from mcescalate.errors import UsageError
from mcescalate.inputs import is_stdin
from mcescalate.scenario.wording import closest, quoted

_PACKAGE = Path(__file__).resolve().parents[1]
_ENDING = ".toml"
_MOST_NAMED = 3
_FEWEST_LETTERS = 3
"""Letters of the shortest text that is looked for within names."""


class Kind(NamedTuple):
    """One part of the library.

    Parameters
    ----------
    word : what one of them is called
    folder : where they are, within the library
    """

    word: str
    folder: str


CASE = Kind("case", "")
OVERLAY = Kind("overlay", "overlays")
PRESET = Kind("preset", "eras")
PLAN = Kind("plan", "sweeps")
KINDS = (CASE, OVERLAY, PRESET, PLAN)


class Source(NamedTuple):
    """What a name stands for.

    Parameters
    ----------
    name : how messages call it
    path : the file to read, or a name of standard input
    """

    name: str
    path: str


class Entry(NamedTuple):
    """One file of the library, with a line on what it is."""

    name: str
    line: str
    path: str


def library_folder() -> Path:
    """The folder of the cases: in a checkout `configs`, else its copy within the package."""
    installed = _PACKAGE / "cases"
    return installed if installed.is_dir() else _PACKAGE.parent / "configs"


def list_names(kind: Kind) -> list[str]:
    """The names of all files of one kind, in order."""
    return sorted(path.stem for path in (library_folder() / kind.folder).glob(f"*{_ENDING}"))


def list_entries(kind: Kind) -> Iterator[Entry]:
    """All files of one kind, each with its line: its description, title, or first comment."""
    for name in list_names(kind):
        path = _path_of(name, kind)
        text = path.read_text(encoding="utf-8")
        # What stands before the first table is whole by itself, and quick to read.
        head = tomllib.loads(text.partition("\n[")[0]) if kind in (CASE, PLAN) else {}
        comment = text.partition("\n")[0].removeprefix("#").strip()
        yield Entry(name, head.get("description") or head.get("title") or comment, str(path))


def find_entry(name: str, kind: Kind) -> Source:
    """The file of the library that has this name.

    Raises
    ------
    UsageError
        There is none; names those that are like it.
    """
    if name not in list_names(kind):
        raise UsageError(f"{name}: there is no such {kind.word}{_advice(name, kind, Path())}")
    return Source(name, str(_path_of(name, kind)))


def find_input(name: str, kind: Kind, folder: str | os.PathLike[str] = "") -> Source:
    """The file that a name stands for: one seen from `folder`, or else one of the library.

    A bare name of the library stands for the file `name` or `name.toml` of `folder`, if there
    is one, and a warning says so.

    Raises
    ------
    UsageError
        There is neither; names those of the library that are like it.
    """
    path = Path(folder, name)
    is_bare = not os.path.dirname(name)
    if is_stdin(path):
        return Source(name, str(path))
    if is_bare and name in list_names(kind):
        own = _path_of(name, kind)
        for file in (path, path.with_name(f"{name}{_ENDING}")):
            if os.path.lexists(file) and not file.is_dir():
                _warn_unless_same(file, own, name, kind)
                return Source(str(file), str(file))
        return Source(name, str(own))
    if _is_absent(path):
        if is_bare:
            message = f"there is no such file and no such {kind.word}{_advice(name, kind, path)}"
            raise UsageError(f"{path}: {message}")
        if path.stem in list_names(kind):
            known = f"the {kind.word} {quoted(path.stem)} comes with mcescalate; give that name"
            raise UsageError(f"{path}: there is no such file; {known} alone")
    return Source(str(path), str(path))


def _path_of(name: str, kind: Kind) -> Path:
    return library_folder() / kind.folder / f"{name}{_ENDING}"


def _is_absent(path: Path) -> bool:
    """Whether nothing has this name; whatever else is wrong with it shows when it is opened."""
    try:
        os.lstat(path)
    except FileNotFoundError:
        return True
    except (OSError, ValueError):
        return False
    return False


def _warn_unless_same(file: Path, own: Path, name: str, kind: Kind) -> None:
    try:
        if os.path.samefile(file, own):
            return
    except OSError:  # unreadable: reading it reports that
        pass
    warnings.warn(
        f"{file}: this file is used, not the {kind.word} {quoted(name)} that comes with "
        f"mcescalate; rename the file to use the {kind.word}",
        stacklevel=3,
    )


def _advice(name: str, kind: Kind, path: Path) -> str:
    """What may have been meant by an unknown name, and where all names are."""
    others = [other for other in KINDS if other != kind and name in list_names(other)]
    if others:
        meant = f"; {quoted(name)} is {'an' if others[0] == OVERLAY else 'a'} {others[0].word};"
    else:
        longer = path.with_name(f"{path.name}{_ENDING}") if path.name else path
        near = [longer.name] if longer.is_file() else []
        near += [known for known in _near(name, list_names(kind)) if known not in near]
        meant = f"; did you mean {' or '.join(map(quoted, near))}?" if near else ";"
    return f"{meant} `mcescalate cases` lists all"


def _near(name: str, known: list[str]) -> list[str]:
    """Those of `known` that hold `name`, and then those that are like it, unless it is one."""
    plain = name.removesuffix(_ENDING).casefold().replace("_", "-").replace(" ", "-")
    if plain in known:
        return [plain]
    holding = [it for it in known if len(plain) >= _FEWEST_LETTERS and plain in it]
    near = holding + [it for it in closest(plain, known, _MOST_NAMED) if it not in holding]
    return near[:_MOST_NAMED]
