"""Checks of the output file, made before any work begins."""

import os
from pathlib import Path

from mcescalate.errors import OutputError, ResourceError
from mcescalate.machine import free_disk
from mcescalate.quantities import in_bytes
from mcescalate.results.files.atomic import refuse_special_files
from mcescalate.results.files.kinds import FileKind, check_ending

MARGIN_BYTES = 1_000_000
"""Space for file structure and provenance, beyond the estimate."""


def check_output(path: Path, kind: FileKind, *, force: bool, n_bytes: int = 0) -> None:
    """Check that `path` can be written: it is free, its folder is writable, the disk has space.

    Parameters
    ----------
    kind : what will be written; the ending of the name must fit it
    force : allow `path` to exist, and the space to be too small
    n_bytes : estimated size of the file

    Raises
    ------
    OutputError
        `path` exists, is a folder or has the ending of another kind of file, or its folder is
        missing or not writable.
    ResourceError
        The disk has too little free space.
    """
    check_ending(path, kind)
    folder = path.parent
    if path.is_dir():
        raise OutputError(f"{path}: is a folder; expected a file")
    refuse_special_files(path)
    if os.path.lexists(path) and not force:
        raise OutputError(
            f"{path}: exists already; use --force to replace it, or choose another --out"
        )
    if not folder.exists():
        raise OutputError(f"{path}: the folder {folder} does not exist; create it first")
    if not folder.is_dir():
        raise OutputError(f"{path}: {folder} is not a folder")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OutputError(f"{path}: the folder {folder} is not writable")
    needed, free = n_bytes + MARGIN_BYTES, free_disk(folder)
    if free < needed and not force:
        raise ResourceError(
            f"{path}: needs about {in_bytes(needed)}, the disk has {in_bytes(free)} free; "
            "free some space, choose another disk with --out, or use --force to try"
        )


def check_folder(path: Path) -> None:
    """See that a folder can be made or written to at `path`.

    Raises
    ------
    OutputError
        There is a file of that name, or the folder above is missing or closed to this user.
    """
    if os.path.lexists(path) and not path.is_dir():
        raise OutputError(f"{path}: is a file; name a folder")
    holder = path if path.is_dir() else path.absolute().parent
    if not holder.is_dir():
        raise OutputError(f"{path}: the folder {holder} does not exist; create it first")
    if not os.access(holder, os.W_OK | os.X_OK):
        raise OutputError(f"{path}: the folder {holder} is not writable")
