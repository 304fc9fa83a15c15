"""Shards and manifest on disk: written atomically, and verified by a checksum.

A shard is a line with the sha256 of all that follows, a line of JSON that describes it, and the
tallies of its points as little-endian integers of the smallest sufficient type. Equal work gives
equal bytes, so it does not matter which process writes a shard, or how often.
"""

import errno
import hashlib
import json
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from mcescalate.errors import DataError, OutputError
from mcescalate.inputs import read_regular
from mcescalate.results.files.atomic import write_atomically
from mcescalate.results.provenance.schema import parse_tables
from mcescalate.sweep.schedule.shards import Shard

MANIFEST = "manifest.json"
SHARDS = "shards"
FAILED = "failed"
RESULT = "result.h5"

SHARD_VERSION = 1
_MARK = b"mcescalate shard sha256="
_KINDS = (np.uint8, np.uint16, np.uint32, np.int64)
_HEADER_BYTES = 10_000
"""More than the header of any shard takes, but for its list of points."""
_TRIES = 4
_PAUSE_SECONDS = 0.1
_DRAFT_SECONDS = 86_400


def shard_image(shard: Shard, rows: Iterable[np.ndarray], sweep: str) -> bytes:
    """The bytes of a shard's file; `sweep` is the digest of its sweep."""
    numbers = np.concatenate(list(rows))
    most = int(numbers.max(initial=0))
    kind = next(kind for kind in _KINDS if most <= np.iinfo(kind).max)
    header = _header(shard, sweep) | {"kind": np.dtype(kind).str, "numbers": len(numbers)}
    body = json.dumps(header, sort_keys=True).encode() + b"\n"
    body += np.ascontiguousarray(numbers, np.dtype(kind).newbyteorder("<")).tobytes()
    return _MARK + hashlib.sha256(body).hexdigest().encode() + b"\n" + body


def _header(shard: Shard, sweep: str) -> dict[str, Any]:
    points = shard.points
    return {
        "format": SHARD_VERSION,
        "sweep": sweep,
        "group": shard.group,
        "look": shard.look,
        "piece": shard.piece,
        "points": [points.start, points.stop] if isinstance(points, range) else None,
        "point_list": None if isinstance(points, range) else list(points),
        "first_chain": str(shard.first_chain),
        "n_chains": shard.n_chains,
    }


def parse_shard(
    image: bytes, shard: Shard, lengths: list[int], sweep: str, name: str
) -> list[np.ndarray]:
    """The tallies in the bytes of a shard's file, one row of numbers for each point.

    Parameters
    ----------
    lengths : of the row of each point
    sweep : digest of the sweep that it must belong to
    name : of the file

    Raises
    ------
    DataError
        The bytes are damaged, or those of another shard, sweep or version.
    """
    start = len(_MARK) + 64 + 1
    if not image.startswith(_MARK) or image[start - 1 : start] != b"\n":
        raise DataError(f"{name}: damaged or not a shard of a sweep")
    if hashlib.sha256(image[start:]).hexdigest().encode() != image[len(_MARK) : start - 1]:
        raise DataError(f"{name}: damaged: its content does not match its checksum")
    line, _, data = image[start:].partition(b"\n")
    header = parse_tables(line)
    if header is None:
        raise DataError(f"{name}: damaged: its header cannot be read")
    if header.get("format") != SHARD_VERSION:
        raise DataError(f"{name}: written in format {header.get('format')}; upgrade mcescalate")
    if header.get("sweep") != sweep:
        raise DataError(f"{name}: belongs to another sweep")
    expected = _header(shard, sweep)
    if any(header.get(key) != value for key, value in expected.items()):
        raise DataError(f"{name}: its points or chains differ from those in its name")
    kind = next((kind for kind in _KINDS if np.dtype(kind).str == header.get("kind")), None)
    if kind is None or len(data) != sum(lengths) * np.dtype(kind).itemsize:
        raise DataError(f"{name}: its number of counts differs from that of its points")
    numbers = np.frombuffer(data, np.dtype(kind).newbyteorder("<")).astype(np.int64)
    if numbers.min(initial=0) < 0:
        raise DataError(f"{name}: holds a count below 0")
    return np.split(numbers, np.cumsum(lengths)[:-1])


def read_shard(
    folder: Path, shard: Shard, lengths: list[int], sweep: str
) -> list[np.ndarray] | None:
    """The tallies of a shard in a sweep's folder; None if it is not there.

    Raises
    ------
    DataError
        Its file is damaged, or another's; or cannot be read.
    """
    path = folder / SHARDS / shard.name
    most = _HEADER_BYTES + sum(lengths) * 8 + len(shard.points) * 24
    try:
        image = read_regular(path, most, DataError)
    except DataError as error:
        if _is_absent(error.__cause__):
            return None
        raise
    return parse_shard(image, shard, lengths, sweep, str(path))


def _is_absent(reason: BaseException | None) -> bool:
    """Whether a file could not be read because it is not there, or no longer.

    A function, as a name given to the reason would keep all that the caller holds until garbage
    is collected.
    """
    return isinstance(reason, FileNotFoundError | NotADirectoryError) or _is_stale(reason)


def replace_file(path: Path, image: bytes) -> None:
    """Write a file whole, in place of one of its name; a stale handle is asked again.

    Raises
    ------
    ResourceError
        There is no room.
    OutputError
        The folder does not take it for another reason.
    """
    for attempt in range(_TRIES):
        try:
            write_atomically(path, image, force=True)
            return
        except OutputError as error:
            if not _is_stale(error.__cause__) or attempt + 1 == _TRIES:
                raise
            time.sleep(_PAUSE_SECONDS)


def create_file(path: Path, image: bytes) -> bool:
    """Write a file that must not exist yet; False if it does."""
    try:
        write_atomically(path, image)
    except OutputError as error:
        if isinstance(error.__cause__, FileExistsError):
            return False
        raise
    return True


def _is_stale(error: BaseException | None) -> bool:
    """Whether a network file system lost its handle on a file."""
    return isinstance(error, OSError) and error.errno == errno.ESTALE


def remove_old_temporary_files(folder: Path) -> None:
    """Remove drafts that a killed process left more than a day ago."""
    for draft in folder.glob(".mcescalate-*.tmp"):
        try:
            if time.time() - draft.stat().st_mtime > _DRAFT_SECONDS:
                draft.unlink()
        except OSError:
            continue
