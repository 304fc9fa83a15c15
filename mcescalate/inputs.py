"""Safe reading of files that a user names: bounded in size and time.

A name may lead to a pipe, a device or a virtual file. Only regular files are read and, where
allowed, standard input, up to a number of bytes and for a limited time.
"""

import os
import queue
import stat
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from mcescalate.errors import McEscalateError, UsageError

STDIN_NAMES = tuple(map(Path, ("-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0")))
LONGEST_SILENCE = 20.0
"""Seconds that standard input may stay silent."""
LONGEST_WAIT = 120.0
"""Seconds that it may take in all."""
_AT_ONCE = 2**16

_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
# Windows has none of these but O_BINARY, and only there is it needed.
_FLAGS = os.O_RDONLY
for _name in ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY", "O_NOINHERIT"):
    _FLAGS |= getattr(os, _name, 0)

_stdin_read: tuple[object, bytes] | None = None
"""What standard input held, with the stream that it was then: it can be read but once."""


def is_stdin(path: str | os.PathLike[str]) -> bool:
    """Whether `path` stands for standard input."""
    return Path(path) in STDIN_NAMES


def read_input(
    path: str | os.PathLike[str], most: int, error: type[McEscalateError] = UsageError
) -> bytes:
    """The bytes of a regular file or of standard input, at most `most` and one more.

    Raises
    ------
    McEscalateError
        Of the class `error`: there is no such file, it cannot be read, it is neither, or
        standard input brings nothing for too long.
    """
    if is_stdin(path):
        return _read_stdin(most, error)
    return read_regular(path, most, error, hint="give a file, or - for standard input")


def read_regular(
    path: str | os.PathLike[str],
    most: int,
    error: type[McEscalateError] = UsageError,
    hint: str = "give a file",
) -> bytes:
    """The bytes of a regular file, at most `most` and one more; see `open_regular`."""
    with open_regular(path, error, hint) as file:
        try:
            return b"".join(_parts(file.fileno(), most))
        except OSError as reason:
            raise error(f"{os.fspath(path)}: cannot be read: {reason.strerror}") from reason


def open_regular(
    path: str | os.PathLike[str],
    error: type[McEscalateError] = UsageError,
    hint: str = "give a file",
) -> BinaryIO:
    """Open a regular file to be read.

    Parameters
    ----------
    hint : what to do if it is something else

    Raises
    ------
    McEscalateError
        Of the class `error`: there is no such file, or it cannot be read, or is none.
    """
    name = os.fspath(path)
    try:
        _refuse_other_kinds(name, os.stat(path).st_mode, error, hint)
        handle = os.open(path, _FLAGS)
        try:
            # Another file may have this name by now.
            _refuse_other_kinds(name, os.fstat(handle).st_mode, error, hint)
            return os.fdopen(handle, "rb")
        except BaseException:
            os.close(handle)
            raise
    except FileNotFoundError as reason:
        raise error(f"{name}: there is no such file") from reason
    except OSError as reason:
        raise error(f"{name}: cannot be read: {reason.strerror}") from reason
    except ValueError as reason:
        raise error(f"{name!r}: not the name of a file") from reason


def _refuse_other_kinds(name: str, mode: int, error: type[McEscalateError], hint: str) -> None:
    for is_kind, kind in _KINDS:
        if is_kind(mode):
            raise error(f"{name}: expected a file, found {kind}; {hint}")


def _parts(handle: int, most: int) -> Iterator[bytes]:
    """What can be read, up to one byte more than `most`."""
    left = most + 1
    while left > 0 and (part := os.read(handle, min(left, _AT_ONCE))):
        yield part
        left -= len(part)


def _read_stdin(most: int, error: type[McEscalateError]) -> bytes:
    """The content of standard input; a second call returns the same."""
    global _stdin_read
    if _stdin_read is None or _stdin_read[0] is not sys.stdin:
        _stdin_read = sys.stdin, _wait_for_stdin(most, error)
    return _stdin_read[1]


def _wait_for_stdin(most: int, error: type[McEscalateError]) -> bytes:
    try:
        handle = sys.stdin.fileno()
        is_terminal = os.isatty(handle)
    except (AttributeError, OSError, ValueError):
        raise error("standard input: closed; give a file") from None
    if is_terminal:
        raise error("standard input: is a terminal; pipe a file into it, or name one")
    brought: queue.SimpleQueue[bytes | OSError] = queue.SimpleQueue()

    def bring() -> None:
        try:
            for part in _parts(handle, most):
                brought.put(part)
            brought.put(b"")
        except OSError as reason:
            brought.put(reason)

    # A thread, since Windows cannot wait for a pipe in another way.
    threading.Thread(target=bring, daemon=True).start()
    image = bytearray()
    end = time.monotonic() + LONGEST_WAIT
    while True:
        try:
            part = brought.get(timeout=min(LONGEST_SILENCE, max(end - time.monotonic(), 0.0)))
        except queue.Empty:
            raise error(
                f"standard input: no data for {LONGEST_SILENCE:g} seconds, or no end within "
                f"{LONGEST_WAIT:g} seconds; give a file"
            ) from None
        if isinstance(part, OSError):
            raise error(f"standard input: cannot be read: {part.strerror}")
        if not part:
            return bytes(image)
        image += part
