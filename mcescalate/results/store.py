"""Results on disk: netCDF4 files, whole or not at all, checked when they are read."""

import hashlib
import os
import socket
import uuid
from pathlib import Path

import h5py
import numpy as np
import xarray as xr

from mcescalate.errors import DataError, OutputError, ResourceError
from mcescalate.results.dataset import SCHEMA_VERSION, check_counts
from mcescalate.results.probabilities import check_probabilities, is_exact

DIGEST = "content_sha256"
_COMPRESSION = {"zlib": True, "complevel": 1, "shuffle": True, "fletcher32": True}
_FOREIGN = {
    b"CDF": "a netCDF 3 file",
    b"PK": "a zip archive",
    b"\x89PNG": "a PNG picture",
    b"<": "an HTML or XML page",
    b"\x1f\x8b": "a gzip archive",
}
_HDF5 = b"\x89HDF\r\n\x1a\n"
_MOST_BYTES = 8 << 30
_FILTERS = {h5py.h5z.FILTER_DEFLATE, h5py.h5z.FILTER_SHUFFLE, h5py.h5z.FILTER_FLETCHER32}


def content_digest(dataset: xr.Dataset) -> str:
    """sha256 over every variable, coordinate and attribute of a result but this digest.

    Variables in the order of their names: name, dims, kind, bytes (texts as UTF-8, each
    ended by a NUL), attributes by name; then the attributes of the whole.
    """
    digest = hashlib.sha256()
    for name in sorted(dataset.variables):
        variable = dataset.variables[name]
        digest.update(repr((name, variable.dims, variable.shape)).encode())
        if variable.dtype.kind in "OUST":
            for text in variable.values.ravel():
                digest.update(f"{text}\0".encode())
        else:
            values = variable.values
            digest.update(values.dtype.newbyteorder("<").str.encode())
            digest.update(np.ascontiguousarray(values, values.dtype.newbyteorder("<")).tobytes())
        _add_attributes(digest, variable.attrs)
    _add_attributes(digest, dataset.attrs)
    return digest.hexdigest()


def _add_attributes(digest, attributes: dict) -> None:
    for key in sorted(attributes):
        value = attributes[key]
        if key != DIGEST:
            plain = value.item() if isinstance(value, np.generic) else value
            digest.update(f"{key}={plain!r}\0".encode())


def save(dataset: xr.Dataset, path: str | Path, force: bool = False) -> None:
    """Write a result as netCDF4.

    Raises
    ------
    OutputError
        The file exists and `force` is not set, or its folder cannot take it.
    ResourceError
        The disk is full.
    """
    path = Path(path)
    if path.is_dir():
        raise OutputError(f"{path}: is a folder; name a file")
    if path.exists() and not force:
        raise OutputError(f"{path}: exists already; use another name, or force to replace it")
    marked = dataset.assign_attrs({DIGEST: content_digest(dataset)})
    encoding = {
        name: dict(_COMPRESSION)
        for name, variable in marked.variables.items()
        if variable.ndim > 0 and variable.size > 0 and variable.dtype.kind not in "OUST"
    }
    image = bytes(marked.to_netcdf(engine="h5netcdf", encoding=encoding))
    _write_whole(path, image)


def _write_whole(path: Path, image: bytes) -> None:
    """Write beside `path`, make it durable, and only then give it its name."""
    draft = path.with_name(f".{path.name}.{socket.gethostname()}.{uuid.uuid4().hex}.tmp")
    try:
        with open(draft, "xb") as file:
            file.write(image)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        if error.errno in (28, 122):
            raise ResourceError(f"{path}: no room for {len(image)} bytes; free some") from error
        raise OutputError(f"{path}: cannot be written: {error.strerror}") from error
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def load(path: str | Path) -> xr.Dataset:
    """Read a result into memory, and close its file.

    Raises
    ------
    DataError
        There is no such file, it is not a result, is damaged, or is of a later version.
    """
    path = Path(path)
    _check_kind(path)
    try:
        _check_objects(path)
        with xr.open_dataset(path, engine="h5netcdf") as file:
            dataset = file.load()
    except DataError:
        raise
    except Exception as error:  # whatever damage makes the readers raise
        raise DataError(f"{path}: damaged or not a result: {error}") from error
    _check_content(path, dataset)
    for name in dataset.variables:
        dataset[name].encoding.clear()
    return dataset


def _check_kind(path: Path) -> None:
    try:
        with open(path, "rb") as file:
            head = file.read(8)
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror}") from error
    if head == _HDF5:
        return
    likeness = "an empty file" if not head else "a text or another kind of file"
    for mark, name in _FOREIGN.items():
        if head.startswith(mark):
            likeness = name
    raise DataError(f"{path}: not a mcescalate result, but {likeness}")


def _check_objects(path: Path) -> None:
    """Refuse whatever a result never holds, before anything is read through it."""
    with h5py.File(path, "r", locking=False) as file:
        size = 0
        for name in file:
            link = file.get(name, getlink=True)
            if not isinstance(link, h5py.HardLink):
                raise DataError(f"{path}: {name}: a link to elsewhere; results hold none")
            item = file[name]
            if not isinstance(item, h5py.Dataset):
                raise DataError(f"{path}: {name}: a group; results hold none")
            if item.external or item.is_virtual:
                raise DataError(f"{path}: {name}: its data lie in another file; not read")
            layout = item.id.get_create_plist()
            filters = {layout.get_filter(k)[0] for k in range(layout.get_nfilters())}
            if not filters <= _FILTERS:
                raise DataError(f"{path}: {name}: an unknown filter; not read")
            size += int(np.prod(item.shape, dtype=object)) * item.dtype.itemsize
            if size > _MOST_BYTES:
                raise DataError(f"{path}: {name}: claims {size} bytes; not read")


def _check_content(path: Path, dataset: xr.Dataset) -> None:
    version = dataset.attrs.get("schema_version")
    if version is None:
        raise DataError(f"{path}: not a mcescalate result: it has no schema_version")
    if int(version) > SCHEMA_VERSION:
        raise DataError(
            f"{path}: written in format {int(version)}, this version reads up to "
            f"{SCHEMA_VERSION}; upgrade mcescalate"
        )
    if dataset.attrs.get(DIGEST) != content_digest(dataset):
        raise DataError(f"{path}: damaged: its content does not fit its checksum")
    if is_exact(dataset):
        check_probabilities(dataset, str(path))
    else:
        check_counts(dataset, str(path))
