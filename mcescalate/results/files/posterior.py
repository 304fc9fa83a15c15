"""Posteriors as ArviZ writes them: the group `posterior` of a netCDF4 file, by any program.

Only that group is examined, and read by means of HDF5 alone: a reader of netCDF would open all
other groups of the file too, and what they link to.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np

from mcescalate.errors import DataError, McEscalateError
from mcescalate.results.files.guard import check_structure, open_file

if TYPE_CHECKING:
    import xarray as xr

GROUP = "posterior"
OF_MODEL = ("ladder", "model_version")
"""Attributes of the file that say which model its values belong to."""

_OF_HDF5 = {"CLASS", "NAME", "REFERENCE_LIST", "DIMENSION_LIST", "_Netcdf4Dimid"}
_OF_HDF5 |= {"_Netcdf4Coordinates", "_NCProperties", "_nc3_strict"}
"""Attributes by which netCDF4 is made of HDF5."""
_NO_VARIABLE = b"This is a netCDF dimension but not a netCDF variable"


def load_posterior(path: str | os.PathLike[str]) -> "xr.Dataset":
    """Read the group `posterior` of a file, with what the file says of its model as attributes.

    Raises
    ------
    DataError
        There is no such file or no such group, or it is damaged.
    ResourceError
        It is larger than the memory.
    """
    path = Path(path)
    with open_file(path, "a posterior (netCDF4)", "give a netCDF4 file") as stream:
        try:
            with h5py.File(stream, "r") as file:
                return _decoded(_group_of(path, file), _attributes(file, OF_MODEL))
        except McEscalateError:
            raise
        except Exception as error:  # whatever damage makes the readers raise
            reason = str(error).partition("\n")[0]
            raise DataError(f"{path}: damaged, it cannot be read: {reason}") from error


def _group_of(path: Path, file: h5py.File) -> h5py.Group:
    link = file.get(GROUP, getlink=True)
    group = file[GROUP] if isinstance(link, h5py.HardLink) else None
    if not isinstance(group, h5py.Group):
        found = ", found a result of mcescalate" if "rng_layout" in file.attrs else ""
        raise DataError(
            f"{path}: not a posterior: expected a group `{GROUP}`, as ArviZ writes it{found}"
        )
    check_structure(path, group, path.stat().st_size)
    return group


def _decoded(group: h5py.Group, of_file: dict[str, Any]) -> "xr.Dataset":
    """The variables of a group; packed and missing values are those that CF says."""
    import xarray as xr

    raw = xr.Dataset(
        {name: _variable(item) for name, item in group.items() if not _is_bare_dim(item)},
        attrs=of_file | _attributes(group, group.attrs),
    )
    return xr.decode_cf(raw, decode_times=False, decode_timedelta=False)


def _is_bare_dim(item: h5py.Dataset) -> bool:
    name = item.attrs.get("NAME")
    return isinstance(name, bytes) and name.startswith(_NO_VARIABLE)


def _variable(item: h5py.Dataset) -> tuple[tuple[str, ...], np.ndarray, dict[str, Any]]:
    if h5py.check_string_dtype(item.dtype) is not None:
        values = np.asarray(item.asstr()[...], object)
    else:
        values = np.asarray(item[...])
        if values.dtype.kind in "iuf":
            values = values.astype(values.dtype.newbyteorder("="), copy=False)
    return _dims(item), values, _attributes(item, item.attrs)


def _dims(item: h5py.Dataset) -> tuple[str, ...]:
    """Names of the dims of a variable; a scale is the first of its own."""
    if item.is_scale:
        return tuple(item.name.rpartition("/")[2] + "'" * place for place in range(item.ndim))
    return tuple(
        dim[0].name.rpartition("/")[2] if len(dim) else f"dim_{place}"
        for place, dim in enumerate(item.dims)
    )


def _attributes(holder: Any, keys: Any) -> dict[str, Any]:
    return {
        key: _text(holder.attrs[key]) for key in keys if key in holder.attrs and key not in _OF_HDF5
    }


def _text(value: Any) -> Any:
    """A text as text, though other programs store it as bytes."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
