"""The folder of compiled kernels: this user's own, for the sources of this version."""

import atexit
import functools
import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from mcescalate.model import dependences

SOURCES = (
    *("model/**/*.py", "kernel/**/*.py", "engine/exact/**/*.py"),
    *("engine/branches/*.py", "engine/rare/*.py", "engine/compiler.py", "engine/machine_code.py"),
)
"""What compiled code depends on, whatever the kernel: it names the folder."""


def code_folder() -> Path:
    """A folder that no other user may write into, since what is in it is run.

    It is below `NUMBA_CACHE_DIR` if that is set, else among the user's caches, failing that among
    temporary files; failing all, it goes when this process ends.

    Raises
    ------
    UndeclaredDependence
        The sources are new, and a rule reads what it does not declare.
    """
    return _folder_below(os.environ.get("NUMBA_CACHE_DIR") or "")


@functools.cache
def _folder_below(chosen: str) -> Path:
    name = f"kernels-{_source_digest()}"
    places = [Path(chosen) / name] if chosen else []
    for folder in (*places, *_cache_folders(name), *_temporary_folders(name)):
        try:
            if not folder.exists():
                # Before any kernel is made of these sources for the first time.
                dependences.check()
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if _is_private(folder):
                return folder
        except OSError:
            continue
    temporary = tempfile.mkdtemp(prefix="mcescalate-")
    atexit.register(shutil.rmtree, temporary, ignore_errors=True)
    return Path(temporary)


def keep(path: Path, image: bytes) -> None:
    """Write a file whole or not at all, whatever other processes write there.

    Raises
    ------
    OSError
        It could not be written.
    """
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(image)
        os.replace(draft, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(draft)
        raise


def _cache_folders(name: str) -> Iterator[Path]:
    """The folder of this name among the user's caches; none for a user without a home."""
    base = os.environ.get("XDG_CACHE_HOME")
    with suppress(RuntimeError):
        yield (Path(base) if base else Path.home() / ".cache") / "mcescalate" / name


def _temporary_folders(name: str) -> Iterator[Path]:
    """The folder of this name among temporary files, where it can be seen whose it is."""
    if hasattr(os, "getuid"):
        yield Path(tempfile.gettempdir()) / f"mcescalate-{os.getuid()}-{name}"


def _is_private(folder: Path) -> bool:
    """Whether it is a folder of this user's, no link to one, writable by no other user."""
    facts = folder.lstat()
    if not stat.S_ISDIR(facts.st_mode) or not os.access(folder, os.W_OK | os.X_OK):
        return False
    if not hasattr(os, "getuid"):
        # Windows keeps owners and rights elsewhere; a user's own caches are closed to others.
        return True
    return facts.st_uid == os.getuid() and not facts.st_mode & 0o022


def _source_digest() -> str:
    digest = hashlib.sha256(f"{version('numba')} {version('llvmlite')}".encode())
    package = Path(__file__).parents[1]
    for source in sorted(path for pattern in SOURCES for path in package.glob(pattern)):
        digest.update(source.name.encode())
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]
