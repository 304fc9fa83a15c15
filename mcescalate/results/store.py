"""Results on disk: netCDF4 files, whole or not at all, checked when they are read.

xarray and h5py are imported when a file is at hand: a run starts without them.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mcescalate.arguments import file_name
from mcescalate.errors import DataError, McEscalateError, OutputError
from mcescalate.model.words import RNG_LAYOUT
from mcescalate.results.checks import check_counts, check_origin
from mcescalate.results.expecting import expect_result
from mcescalate.results.file_kinds import RESULT, check_ending
from mcescalate.results.probabilities import check_probabilities, is_exact
from mcescalate.results.variables import SCHEMA_VERSION
from mcescalate.results.whole_file import exists_already, write_whole

if TYPE_CHECKING:
    import xarray as xr

DIGEST = "content_sha256"
KNOWN_LAYOUTS = (RNG_LAYOUT,)
"""Schemes of random numbers whose results this version reads."""

_COMPRESSION = {"zlib": True, "complevel": 1, "shuffle": True, "fletcher32": True}
_TEXT_KINDS = "OUST"


def content_digest(dataset: "xr.Dataset") -> str:
    """sha256 over every variable, coordinate and attribute of a result but this digest.

    For each variable, in the order of the names, a line of JSON (name, dims, shape, kind,
    attributes), then its values: numbers little-endian, texts as JSON. Last, a line with the
    attributes of the whole. Files of equal content have equal digests, however compressed.
    """
    digest = hashlib.sha256()
    for name in sorted(dataset.variables, key=str):
        variable = dataset.variables[name]
        values, is_text = variable.values, variable.dtype.kind in _TEXT_KINDS
        kind = "text" if is_text else values.dtype.newbyteorder("<").str
        if variable.size == 0:
            kind, is_text = "none", True  # files do not tell empty texts from other empty values
        digest.update(_line([name, variable.dims, variable.shape, kind, _plain(variable.attrs)]))
        if is_text:
            digest.update(_line(values.tolist()))
        else:
            digest.update(np.ascontiguousarray(values, kind).data)
    digest.update(_line(_plain(dataset.attrs)))
    return digest.hexdigest()


def _line(content: Any) -> bytes:
    return json.dumps(content, sort_keys=True).encode() + b"\n"


def _plain(attributes: dict) -> dict[str, Any]:
    """Attributes as JSON has them; the same before they were written as after."""
    return {
        key: value.tolist() if isinstance(value, np.ndarray | np.generic) else value
        for key, value in attributes.items()
        if key != DIGEST
    }


def save(dataset: "xr.Dataset", path: str | os.PathLike[str], force: bool = False) -> None:
    """Write a result as netCDF4.

    Parameters
    ----------
    force : replace a file of this name

    Raises
    ------
    OutputError
        The file exists and `force` is not set, its name ends like another kind of file, or its
        folder cannot take it.
    ResourceError
        The disk is full.
    """
    expect_result(dataset, "save")
    path = Path(file_name(path, "save"))
    check_ending(path, RESULT)
    if os.path.isdir(path):
        raise OutputError(f"{path}: is a folder; name a file")
    if os.path.lexists(path) and not force:
        raise exists_already(path)
    write_whole(path, _image(dataset), force=force)


def _image(dataset: "xr.Dataset") -> memoryview:
    """The bytes of the file, made in memory: HDF5 does not survive a disk that fills up."""
    marked = dataset.assign_attrs({DIGEST: content_digest(dataset)})
    encoding = {}
    for name, variable in marked.variables.items():
        if variable.dtype.kind not in _TEXT_KINDS:
            is_array = variable.ndim > 0 and variable.size > 0
            encoding[name] = {"_FillValue": None, **(_COMPRESSION if is_array else {})}
    return marked.to_netcdf(engine="h5netcdf", encoding=encoding)


def load(path: str | os.PathLike[str]) -> "xr.Dataset":
    """Read a result into memory, and close its file.

    Raises
    ------
    DataError
        There is no such file, it is not a result, is damaged, or is of a later version.
    ResourceError
        It is larger than the memory.
    """
    from mcescalate.results.store_guard import open_file

    path = Path(file_name(path, "load"))
    with open_file(path) as stream:
        try:
            dataset = _read(path, stream)
            if dataset.attrs.get(DIGEST) != content_digest(dataset):
                raise DataError(f"{path}: damaged: its content does not fit its checksum")
            _check(path, dataset)
        except McEscalateError:
            raise
        except Exception as error:  # whatever damage makes the readers raise
            reason = str(error).partition("\n")[0]
            raise DataError(f"{path}: damaged, it cannot be read: {reason}") from error
    for variable in dataset.variables.values():
        variable.encoding.clear()
    dataset.encoding = {"source": str(path)}
    return dataset


def _read(path: Path, stream: Any) -> "xr.Dataset":
    """Look the file over, and only then read it, through the same handle and without locks."""
    import h5py
    import xarray as xr

    from mcescalate.results.store_guard import refuse_strange

    with h5py.File(stream, "r") as file:
        _check_version(path, file.attrs)
        refuse_strange(path, file, path.stat().st_size)
    with xr.open_dataset(
        stream, engine="h5netcdf", mask_and_scale=False, decode_times=False, cache=False
    ) as opened:
        return opened.load()


def _check_version(path: Path, attributes: Mapping[str, Any]) -> None:
    version = attributes.get("schema_version")
    if not isinstance(version, int | np.integer | np.ndarray):
        raise DataError(f"{path}: not a mcescalate result: it has no schema_version")
    version = int(np.ravel(version)[0])
    if version > SCHEMA_VERSION:
        raise DataError(
            f"{path}: written in format {version}, this version reads up to {SCHEMA_VERSION}; "
            "upgrade mcescalate"
        )
    layout = attributes.get("rng_layout", RNG_LAYOUT)
    if layout not in KNOWN_LAYOUTS:
        raise DataError(
            f'{path}: its random numbers are of the scheme "{layout}", this version knows '
            f"{' and '.join(KNOWN_LAYOUTS)}; read it with the mcescalate that wrote it"
        )


def _check(path: Path, dataset: "xr.Dataset") -> None:
    if is_exact(dataset):
        check_probabilities(dataset, str(path))
    else:
        check_counts(dataset, str(path))
    check_origin(dataset, str(path))
