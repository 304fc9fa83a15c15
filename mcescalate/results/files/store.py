"""Results on disk: netCDF4 files, whole or not at all, checked when they are read.

h5py is imported when a file is read or written, and xarray only for a dataset: a run does without.
"""

import os
import sys
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mcescalate.arguments import file_name
from mcescalate.errors import DataError, McEscalateError, OutputError
from mcescalate.results.arrays import Arrays
from mcescalate.results.checks.result import check_result, expect_result
from mcescalate.results.files.atomic import already_exists, write_atomically
from mcescalate.results.files.canonical import (
    DIGEST,
    canonical_attributes,
    canonical_form,
    content_digest,
)
from mcescalate.results.files.kinds import RESULT, check_ending
from mcescalate.results.files.netcdf import netcdf_image, read_netcdf
from mcescalate.results.variables import SCHEMA_VERSION
from mcescalate.scenario.wording import found

if TYPE_CHECKING:
    import xarray as xr

KNOWN_LAYOUTS = ("philox4x32-10/1",)
"""Schemes of random numbers whose results this version reads, its own last."""

MOST_NAMED = 5
"""So many additions to a result are named; more are counted."""


def save(dataset: "Arrays | xr.Dataset", path: str | os.PathLike[str], force: bool = False) -> None:
    """Write a result as netCDF4, that is HDF5.

    Parameters
    ----------
    dataset
        A result of `simulate`, `solve`, `run_sweep` or `merge`.
    path
        File to write; its name ends in .h5, .hdf5, .nc or .nc4, or has no ending.
    force
        Whether to replace a file of this name.

    Raises
    ------
    DataError
        It is not a whole result, or contradicts itself; `load` would refuse such a file.
    OutputError
        The file exists and `force` is not set, its name ends like another kind of file, or its
        folder cannot take it.
    ResourceError
        The disk is full.

    Examples
    --------
    >>> import mcescalate as mc
    >>> result = mc.simulate(mc.load_case("july-1914"), n_chains=1000, seed=7)
    >>> mc.save(result, "july.h5", force=True)
    """
    expect_result(dataset, "save")
    path = Path(file_name(path, "save"))
    check_ending(path, RESULT)
    if os.path.isdir(path):
        raise OutputError(f"{path}: is a folder; name a file")
    if os.path.lexists(path) and not force:
        raise already_exists(path)
    check_result(dataset)
    write_atomically(path, _image(dataset), force=force)


def _image(dataset: "Arrays | xr.Dataset") -> memoryview:
    """The bytes of the file, made in memory: HDF5 does not survive a disk that fills up."""
    arrays = dataset if isinstance(dataset, Arrays) else Arrays.from_dataset(dataset)
    return netcdf_image(arrays.with_attrs(**{DIGEST: content_digest(arrays)}))


def load(path: str | os.PathLike[str]) -> "xr.Dataset":
    """Read a result as `load_arrays` does, into an `xarray.Dataset`."""
    dataset = load_arrays(path).to_dataset()
    dataset.encoding = {"source": str(Path(path))}
    return dataset


def load_arrays(path: str | os.PathLike[str]) -> Arrays:
    """Read a result into memory, and close its file.

    It may have been stored again by another program, with notes as further attributes. A
    warning names what was added; variables that were added are left out.

    Raises
    ------
    DataError
        There is no such file, it is not a result, is damaged or contradicts itself, or is of a
        later version.
    ResourceError
        It is larger than the memory.
    """
    from mcescalate.results.files.guard import open_file

    path = Path(file_name(path, "load"))
    with open_file(path) as stream:
        try:
            arrays, additions = canonical_form(_read(path, stream))
            if DIGEST not in arrays.attrs:
                raise DataError(f"{path}: not a mcescalate result: it has no {DIGEST}")
            if arrays.attrs[DIGEST] != content_digest(arrays):
                raise DataError(f"{path}: damaged: its content does not match its checksum")
            check_result(arrays, str(path))
        except McEscalateError:
            raise
        except Exception as error:  # whatever damage makes the readers raise
            reason = str(error).partition("\n")[0]
            raise DataError(f"{path}: damaged, it cannot be read: {reason}") from error
    if additions:
        warnings.warn(_additions_warning(path, additions), stacklevel=_level_of_caller())
    return arrays


def _level_of_caller() -> int:
    """How many calls lie between the one that warns and the first one outside this package."""
    package = __name__.partition(".")[0]
    level, frame = 1, sys._getframe(1)
    while frame.f_back and frame.f_globals.get("__name__", "").partition(".")[0] == package:
        level, frame = level + 1, frame.f_back
    return level


def _additions_warning(path: Path, additions: tuple[str, ...]) -> str:
    """A warning that names the first additions to a result since it was written."""
    names = ", ".join(additions[:MOST_NAMED])
    more = f" and {len(additions) - MOST_NAMED} more" if len(additions) > MOST_NAMED else ""
    return f"{path}: added since it was written, and no part of the result: {names}{more}"


def _read(path: Path, stream: Any) -> "Arrays | xr.Dataset":
    """Look the file over, and only then read it, through the same handle and without locks."""
    import h5py

    from mcescalate.results.files.guard import check_structure

    with h5py.File(stream, "r") as file:
        _check_version(path, file.attrs)
        check_structure(path, file, path.stat().st_size)
        if (arrays := read_netcdf(file)) is not None:
            return arrays
    import xarray as xr

    with xr.open_dataset(
        stream,
        engine="h5netcdf",
        mask_and_scale=False,
        decode_times=False,
        decode_coords=False,
        cache=False,
    ) as opened:
        return opened.load()


def _check_version(path: Path, attributes: Mapping[str, Any]) -> None:
    keys = ("schema_version", "rng_layout")
    known = canonical_attributes({key: attributes[key] for key in keys if key in attributes})
    version, layout = (known.get(key) for key in keys)
    if not isinstance(version, int) or version < 1:
        raise DataError(f"{path}: not a mcescalate result: it has no schema_version")
    if version > SCHEMA_VERSION:
        raise DataError(
            f"{path}: written in format {version}, this version reads up to {SCHEMA_VERSION}; "
            "upgrade mcescalate"
        )
    if layout is not None and layout not in KNOWN_LAYOUTS:
        raise DataError(
            f"{path}: its random numbers are of the scheme {found(layout)}, this version knows "
            f"{' and '.join(KNOWN_LAYOUTS)}; read it with the mcescalate that wrote it"
        )
