"""netCDF4 files of labelled arrays, without xarray.

What is written are the datasets, dimension scales and attributes that xarray writes of the same
data through h5netcdf; a test compares them. h5py alone writes them in a fifth of the time, which
matters in short runs. What xarray decodes in files of other programs (texts of fixed length,
flags, enumerations) is left to it: `read_netcdf` then returns None.
"""

import io
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from mcescalate.results.arrays import Array, Arrays

if TYPE_CHECKING:
    import h5py

_COMPRESSION = {"compression": "gzip", "compression_opts": 1, "shuffle": True, "fletcher32": True}
_DECODED = {"dtype", "_Encoding"}
"""Attributes that say how values are to be decoded."""
_NO_VARIABLE = b"This is a netCDF dimension but not a netCDF variable.%10d"
"""Name of the scale of a dim without labels, as the format prescribes it."""


def netcdf_image(arrays: Arrays) -> memoryview:
    """The bytes of a netCDF4 file of `arrays`."""
    import h5py

    ids = {dim: number for number, dim in enumerate(arrays.sizes)}
    stream = io.BytesIO()
    with h5py.File(stream, "w", track_order=True) as file:
        _write_attributes(file, arrays.attrs)
        for name, array in arrays.variables.items():
            _write_variable(file, name, array, arrays)
        for dim, size in arrays.sizes.items():
            scale = file[dim] if dim in file else _write_bare_scale(file, dim, size)
            scale.make_scale(dim if dim in arrays.variables else _NO_VARIABLE % size)
            scale.attrs["_Netcdf4Dimid"] = np.int32(ids[dim])
        scales = {dim: file[dim].id for dim in arrays.sizes}
        for name, array in arrays.variables.items():
            if not array.dims:
                continue
            dataset = file[name]
            for place, dim in enumerate(array.dims):
                if dim != name:
                    h5py.h5ds.attach_scale(dataset.id, scales[dim], place)
            own = np.array([ids[dim] for dim in array.dims], np.int32)
            dataset.attrs["_Netcdf4Coordinates"] = own
            dataset.attrs["_Netcdf4Dimid"] = own[0]
        versions = f"version=2,hdf5={h5py.version.hdf5_version},h5py={h5py.__version__}"
        file.attrs["_NCProperties"] = np.bytes_(versions)
    return stream.getbuffer()


def _write_variable(file: "h5py.File", name: str, array: Array, arrays: Arrays) -> None:
    import h5py

    dims, values, attrs = array
    if values.dtype.kind in "OU":
        how: dict[str, Any] = {"dtype": h5py.string_dtype()}
        values = values.astype(object)
    elif values.dtype.kind == "b":
        how, attrs = {"dtype": np.int8}, {**attrs, "dtype": "bool"}
    else:
        how = {"dtype": values.dtype}
    if values.size and dims and values.dtype.kind != "O":
        how |= _COMPRESSION
    if dims and not values.size:
        how["maxshape"] = tuple(size or None for size in values.shape)
    dataset = file.create_dataset(name, values.shape, data=values, track_order=True, **how)
    _write_attributes(dataset, attrs)
    if beside := _coordinates_of(name, dims, arrays):
        dataset.attrs["coordinates"] = beside


def _write_bare_scale(file: "h5py.File", dim: str, size: int) -> "h5py.Dataset":
    """A dim without labels."""
    maxshape = None if size else (None,)
    return file.create_dataset(dim, (size,), ">f4", maxshape=maxshape, track_order=True)


def _write_attributes(place: "h5py.File | h5py.Dataset", attrs: dict[str, Any]) -> None:
    for key, value in attrs.items():
        # The format has no scalar numbers.
        place.attrs[key] = value if isinstance(value, str | list) else np.atleast_1d(value)


def _coordinates_of(name: str, dims: tuple[str, ...], arrays: Arrays) -> str:
    """The coordinates along the dims of a variable, beside the labels of these, as CF has them."""
    beside = {key: row for key, row in arrays.coords.items() if key not in row.dims}
    if name in beside or name in dims:
        return ""
    return " ".join(sorted(key for key, row in beside.items() if set(row.dims) <= set(dims)))


def read_netcdf(stream: BinaryIO) -> Arrays | None:
    """All variables of a file; None if one is stored in a way that needs decoding."""
    import h5netcdf

    try:
        with h5netcdf.File(stream, "r", decode_vlen_strings=True) as file:
            rows = {}
            for name, variable in file.variables.items():
                attrs = {key: _text(value) for key, value in variable.attrs.items()}
                if not _is_plain(variable.dtype) or not _DECODED.isdisjoint(attrs):
                    return None
                rows[name] = Array(variable.dimensions, _values(variable), attrs)
            whole = {key: _text(value) for key, value in file.attrs.items()}
    except ValueError:  # a dim without a scale
        return None
    return Arrays(rows, frozenset(), whole)


def _is_plain(dtype: Any) -> bool:
    import h5py

    if dtype is str or h5py.check_dtype(vlen=dtype) is str:
        return True
    return dtype.kind in "iuf" and h5py.check_dtype(enum=dtype) is None


def _values(variable: Any) -> np.ndarray:
    values = np.asarray(variable[...])
    return values.astype(values.dtype.newbyteorder("="), copy=False)


def _text(value: Any) -> Any:
    """An attribute; texts that are stored as bytes, where they are UTF-8, as texts."""
    if not isinstance(value, bytes):
        return value
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value
