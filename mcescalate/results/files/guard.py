"""Examines a file of unknown origin, and refuses what a result never contains.

HDF5 files can point into other files, claim sizes far beyond their own and nest without
end. All of that is detected here from the file's metadata, before its data are read.
"""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import h5py
import numpy as np

from mcescalate.errors import DataError, ResourceError
from mcescalate.inputs import open_regular
from mcescalate.machine import available_memory
from mcescalate.quantities import in_bytes

MOST_VARIABLES = 2_000
MOST_ATTRIBUTES = 200
MOST_ATTRIBUTE_VALUES = 10_000
MOST_ATTRIBUTE_TEXTS = 100
ALWAYS_BYTES = 64_000_000
"""Data of this size are read whatever the size of the file."""
MOST_INFLATION = 500
"""Larger data are read if the file is at most this many times smaller."""
TEXTS_AT_ONCE = 64

_HDF5 = b"\x89HDF\r\n\x1a\n"
_LIKENESS = {
    b"CDF": "a netCDF 3 file",
    b"PK": "a zip archive",
    b"\x89PNG": "a PNG picture",
    b"\x1f\x8b": "a gzip archive",
    b"\x93NUMPY": "an array of numpy",
    b"mcescalate shard": "a shard of a sweep",
    b"<": "an HTML or XML page",
}
_FILTERS = {h5py.h5z.FILTER_DEFLATE, h5py.h5z.FILTER_SHUFFLE, h5py.h5z.FILTER_FLETCHER32}


def open_file(
    path: Path,
    what: str = "a mcescalate result",
    hint: str = "give a result file, which must be on disk; of a sweep, result.h5",
) -> BinaryIO:
    """Open a file that looks like HDF5.

    Parameters
    ----------
    what : it should be
    hint : what to do if it is no file

    Raises
    ------
    DataError
        It is not there, cannot be read, or looks like something else.
    """
    file = open_regular(path, DataError, hint=hint)
    try:
        head = file.read(16) or b""
    except OSError as error:
        file.close()
        raise DataError(f"{path}: cannot be read: {error.strerror}") from None
    if head.startswith(_HDF5):
        return file
    file.close()
    found = "an empty file" if not head else "a text or another kind of file"
    for mark, likeness in _LIKENESS.items():
        if head.startswith(mark):
            found = likeness
    raise DataError(f"{path}: not {what}, but {found}")


def check_structure(path: Path, file: h5py.Group, file_bytes: int) -> None:
    """Refuse links, groups, odd kinds and filters, and sizes out of all proportion.

    Raises
    ------
    DataError
        Names the first object at fault.
    ResourceError
        The data are larger than the memory.
    """
    if len(file) > MOST_VARIABLES:
        raise DataError(f"{path}: holds {len(file)} objects, more than a result can have; not read")
    texts = _Texts(path, file_bytes)
    _look_at_attributes(f"{path}", file, texts)
    n_bytes = 0
    for name in file:
        place = f"{path}: {name!a}"
        if not isinstance(file.get(name, getlink=True), h5py.HardLink):
            raise DataError(f"{place}: a link to another object; results contain none")
        item = file[name]
        if not isinstance(item, h5py.Dataset):
            raise DataError(f"{place}: not a variable; results hold nothing else")
        if item.external or item.is_virtual:
            raise DataError(f"{place}: its data are in another file; not read")
        n_bytes += _claimed_bytes(place, item)
        if n_bytes > max(ALWAYS_BYTES, MOST_INFLATION * file_bytes):
            raise DataError(
                f"{place}: claims {in_bytes(n_bytes)} in a file of {in_bytes(file_bytes)}; not read"
            )
        _look_at_attributes(place, item, texts)
        _look_at_texts(place, item, texts)
    if n_bytes > available_memory():
        raise ResourceError(f"{path}: needs {in_bytes(n_bytes)} of memory, more than there is")


def _claimed_bytes(place: str, item: h5py.Dataset) -> int:
    """Memory that a variable takes when read: its own, or at least one of its chunks."""
    is_text = h5py.check_string_dtype(item.dtype) is not None
    if not is_text and item.dtype.kind not in "biuf":
        raise DataError(f"{place}: its data type does not occur in results; not read")
    if is_text and item.ndim > (2 if item.dtype.itemsize == 1 else 1):
        raise DataError(f"{place}: a table of texts; results hold none")
    layout = item.id.get_create_plist()
    if not {layout.get_filter(k)[0] for k in range(layout.get_nfilters())} <= _FILTERS:
        raise DataError(f"{place}: written through an unknown filter; not read")
    values = max(math.prod(item.shape or ()), math.prod(item.chunks or ()))
    return values * item.dtype.itemsize


class _Texts:
    """Adds up the lengths of texts: all of them together fit into the file that holds them."""

    def __init__(self, path: Path, file_bytes: int):
        self.path = path
        self.left = file_bytes

    def add(self, length: int) -> None:
        self.left -= length
        if self.left < 0:
            raise DataError(f"{self.path}: its texts claim more bytes than the file has; not read")


def _look_at_attributes(place: str, item: Any, texts: _Texts) -> None:
    if len(item.attrs) > MOST_ATTRIBUTES:
        raise DataError(f"{place}: has {len(item.attrs)} attributes, more than any result's")
    for key in item.attrs:
        attribute = item.attrs.get_id(key)
        n_values = math.prod(attribute.shape or ())
        is_text = h5py.check_string_dtype(attribute.dtype) is not None
        if n_values > (MOST_ATTRIBUTE_TEXTS if is_text else MOST_ATTRIBUTE_VALUES):
            raise DataError(f"{place}: attribute {key!a}: {n_values} values; not read")
        if is_text and n_values:
            for text in np.ravel(item.attrs[key]).tolist():
                texts.add(len(text))


def _look_at_texts(place: str, item: h5py.Dataset, texts: _Texts) -> None:
    kind = h5py.check_string_dtype(item.dtype)
    if kind is None or kind.length is not None:
        return
    for cells in _slices(item):
        for text in cells:
            texts.add(len(text))


def _slices(item: h5py.Dataset) -> Iterator[Any]:
    if item.ndim == 0:
        yield [item[()]]
        return
    for start in range(0, len(item), TEXTS_AT_ONCE):
        yield item[start : start + TEXTS_AT_ONCE]
