"""Files written atomically: whole or not at all, and never over another file by accident."""

import errno
import os
import stat
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from mcescalate.errors import McEscalateError, OutputError, ResourceError
from mcescalate.quantities import in_bytes

_drafts: set[Path] = set()
"""Drafts of this process that are not named yet."""

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK, errno.EXDEV)


def write_atomically(path: Path, image: bytes | memoryview, *, force: bool = False) -> None:
    """Write `image` as the file `path`, as `atomic_file` does."""
    with atomic_file(path, force=force, n_bytes=len(image)) as file:
        file.write(image)


@contextmanager
def atomic_file(path: Path, *, force: bool = False, n_bytes: int = 0) -> Iterator[BinaryIO]:
    """A file to write, beside `path`; at the end it is made durable and given its name.

    A name that is a symbolic link is taken or replaced itself, never what it points to. If the
    block raises an error, nothing is left.

    Parameters
    ----------
    force : replace a file of this name; otherwise one that appears meanwhile is kept
    n_bytes : size of the file, if it is known beforehand

    Raises
    ------
    OutputError
        There is a file of this name and `force` is not set, or the folder does not take it.
    ResourceError
        There is no room.
    """
    _check_name(path)
    refuse_special_files(path)
    draft = path.parent / f".mcescalate-{uuid.uuid4().hex}.tmp"
    _drafts.add(draft)
    try:
        with _opened(draft) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if force:
            os.replace(draft, path)
        else:
            _name_newly(draft, path)
    except OSError as error:
        raise _explained(error, path, n_bytes) from error
    finally:
        _remove(draft)
        _drafts.discard(draft)
    _make_name_durable(path.parent)


def refuse_special_files(path: Path) -> None:
    """Check that `path` is free, a file or a link: a pipe or a device is never replaced.

    Raises
    ------
    OutputError
        It is something else.
    """
    try:
        mode = path.lstat().st_mode
    except (OSError, ValueError):
        return
    if stat.S_ISDIR(mode):
        raise OutputError(f"{path}: is a folder; name a file")
    if not (stat.S_ISREG(mode) or stat.S_ISLNK(mode)):
        raise OutputError(f"{path}: is a pipe, a socket or a device; name a file")


def remove_temporary_files() -> None:
    """Remove what is being written: for a process that is about to end."""
    for draft in list(_drafts):
        _remove(draft)


def already_exists(path: Path) -> OutputError:
    """The error for a name that is taken."""
    return OutputError(f"{path}: exists already; use another name, or force to replace it")


def _opened(draft: Path) -> BinaryIO:
    return open(draft, "xb")


def _check_name(path: Path) -> None:
    try:
        os.lstat(path)
    except OSError:
        return
    except ValueError as error:  # a null byte, or letters that no file system takes
        raise OutputError(f"{str(path)!r}: not the name of a file") from error


def _name_newly(draft: Path, path: Path) -> None:
    """Name the draft, unless the name is taken; of two processes the second gets an error."""
    try:
        os.link(draft, path)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        # A file system without links: hold the name with an empty file, then replace that.
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        try:
            os.replace(draft, path)
        except BaseException:
            _remove(path)
            raise


def _make_name_durable(folder: Path) -> None:
    """Bring the new name to disk, where a file system can; the file is whole without it too."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        return
    finally:
        os.close(handle)


def _remove(file: Path) -> None:
    try:
        file.unlink(missing_ok=True)
    except (OSError, ValueError):
        return


def _explained(error: OSError, path: Path, n_bytes: int) -> McEscalateError:
    if isinstance(error, FileExistsError):
        return already_exists(path)
    if error.errno in _NO_ROOM:
        needed = f" for {in_bytes(n_bytes)}" if n_bytes else ""
        return ResourceError(
            f"{path}: no room{needed} ({error.strerror}); make space and try again"
        )
    return OutputError(f"{path}: cannot be written: {error.strerror or error}")
