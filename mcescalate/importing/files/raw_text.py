"""Data files as text: plain or gzipped, in UTF-8, UTF-16 or Windows-1252.

Damage is reported with its file and line.
"""

import gzip
import os
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

from mcescalate.errors import DataError, UsageError

LARGEST_TEXT = 256 * 2**20
"""Bytes of the largest text that is read; the published files have a few megabytes."""
HEAD = 2**16
"""Bytes at the start of a file that must contain its header."""
UNSHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""Characters that are invisible or change the direction of text."""

_GZIP = b"\x1f\x8b"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_BYTE_ORDER_MARK = "\ufeff"
_SEVERAL_BYTES = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
"""Characters that UTF-8 writes with more than one byte."""


def shown(path: str | os.PathLike[str]) -> str:
    """A file's name without invisible characters."""
    return UNSHOWN.sub("?", os.fspath(path)).encode("utf-8", "replace").decode("utf-8")


def read_text(path: Path) -> tuple[str, str]:
    """The text of a file, and a remark if it is not in UTF-8.

    Raises
    ------
    DataError
        The file is damaged.
    UsageError
        There is no such file.
    """
    text, remark = _decoded(path, b"".join(_chunks(path)))
    _check_gzip_name(path, text)
    return text, remark


def read_start(path: Path) -> bytes:
    """The first bytes of a file, unpacked if they are gzipped.

    Raises
    ------
    DataError
        The file is damaged there.
    UsageError
        There is no such file.
    """
    start = b""
    for chunk in _chunks(path):
        start += chunk
        if len(start) >= HEAD:
            break
    return start


def head_of(path: Path, start: bytes) -> str:
    """The text of a file's first bytes, without a last character that is cut off.

    Raises
    ------
    DataError
        It is no text.
    """
    if start.startswith(_UTF16):
        text = start[: len(start) // 2 * 2].decode("utf-16", "replace")
    else:
        try:
            text = start.decode("utf-8")
        except UnicodeDecodeError as error:
            if error.end == len(start):
                text = start[: error.start].decode("utf-8")
            else:
                text = start.decode("cp1252", "replace")
    text = text.removeprefix(_BYTE_ORDER_MARK)
    _refuse_zero(path, text)
    _check_gzip_name(path, text)
    return text


def check_packing(path: Path) -> None:
    """Check that a gzipped file can be unpacked, up to the largest size that is read.

    Raises
    ------
    DataError
        It is damaged.
    """
    if not _is_packed(path):
        return
    size = 0
    for chunk in _pieces(path):
        size += len(chunk)
        if size > LARGEST_TEXT:
            return


def _decoded(path: Path, data: bytes) -> tuple[str, str]:
    """The text of a file, and a remark if it is not in UTF-8."""
    text, remark = "", ""
    try:
        if data.startswith(_UTF16):
            text, remark = data.decode("utf-16"), "read as UTF-16"
        else:
            text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        where = f"line {_lines_in(data[: error.start]) + 1}"
        byte = f"byte 0x{data[error.start]:02x}"
        if data.startswith(_UTF16):
            raise DataError(f"{shown(path)}: {where}: {byte} is not UTF-16") from None
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError as other:
            line = _lines_in(data[: other.start]) + 1
            raise DataError(
                f"{shown(path)}: line {line}: byte 0x{data[other.start]:02x} is neither UTF-8 nor "
                "Windows-1252; save the file as UTF-8"
            ) from None
        if _SEVERAL_BYTES.search(data):
            raise DataError(
                f"{shown(path)}: {where}: {byte} is not UTF-8, as the file is elsewhere; "
                "download it again, or save it as UTF-8"
            ) from None
        remark = f"read as Windows-1252: it is not UTF-8 ({where}, {byte})"
    text = text.removeprefix(_BYTE_ORDER_MARK)
    _refuse_zero(path, text)
    return text, remark


def _refuse_zero(path: Path, text: str) -> None:
    if "\0" in text:
        line = _lines_in(text[: text.index("\0")].encode("utf-8", "replace")) + 1
        raise DataError(f"{shown(path)}: line {line}: a zero byte; this is not a CSV file")


def _check_gzip_name(path: Path, text: str) -> None:
    """Check that a file named .gz is gzipped, or a text that was unpacked under its old name."""
    if not path.name.lower().endswith(".gz") or _is_packed(path):
        return
    if UNSHOWN.search(re.sub(r"[\t\r\n]", "", text)) or not text.strip():
        raise DataError(
            f"{shown(path)}: line 1: expected gzip data, as the name ends in .gz; "
            "they are damaged; download the file again"
        )


def _lines_in(data: bytes) -> int:
    """Line ends in `data`: LF, CR or CRLF."""
    return data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")


def _is_packed(path: Path) -> bool:
    with path.open("rb") as raw:
        return raw.read(2) == _GZIP


def _chunks(path: Path) -> Iterator[bytes]:
    """The bytes of a file piece by piece, unpacked if they are gzipped, up to the largest size."""
    size = 0
    for chunk in _pieces(path):
        size += len(chunk)
        if size > LARGEST_TEXT:
            raise DataError(
                f"{shown(path)}: more than {LARGEST_TEXT // 2**20} MiB of text; "
                "no published file is that large"
            )
        yield chunk


def _pieces(path: Path) -> Iterator[bytes]:
    n_lines = 1
    try:
        if path.exists() and not path.is_file():
            kind = "a folder" if path.is_dir() else "a pipe or a device"
            raise UsageError(f"{shown(path)}: expected a file, found {kind}")
        with path.open("rb") as raw:
            packed = raw.read(2) == _GZIP
            raw.seek(0)
            file = gzip.GzipFile(fileobj=raw) if packed else raw
            while chunk := file.read1(HEAD):
                n_lines += chunk.count(b"\n") or chunk.count(b"\r")
                yield chunk
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(
            f"{shown(path)}: line {n_lines}: the gzip data are damaged or end too early "
            f"at or after this line ({error}); download the file again"
        ) from None
    except FileNotFoundError:
        raise UsageError(f"{shown(path)}: there is no such file") from None
    except OSError as error:
        raise DataError(f"{shown(path)}: cannot be read: {error.strerror or error}") from None
