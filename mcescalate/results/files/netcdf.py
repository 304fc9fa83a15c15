"""netCDF4 files of labelled arrays, written and read by h5netcdf alone.

The file is the one that xarray writes of the same data, byte for byte; a test compares them.
What xarray decodes in files of other programs (texts of fixed length, flags, enumerations) is
left to it: `read_netcdf` then returns None.
"""

import io
from typing import Any, BinaryIO

import numpy as np

from mcescalate.results.arrays import Array, Arrays

_COMPRESSION = {"compression": "gzip", "compression_opts": 1, "shuffle": True, "fletcher32": True}
_DECODED = {"dtype", "_Encoding"}
"""Attributes that say how values are to be decoded."""


def netcdf_image(arrays: Arrays) -> memoryview:
    """The bytes of a netCDF4 file of `arrays`."""
    import h5netcdf
    import h5py

    stream = io.BytesIO()
    with h5netcdf.File(stream, "w") as file:
        for key, value in arrays.attrs.items():
            file.attrs[key] = value
        for dim, size in arrays.sizes.items():
            file.dimensions[dim] = size
        for name, (dims, values, attrs) in arrays.variables.items():
            is_text = values.dtype.kind in "OU"
            variable = file.create_variable(
                name,
                dtype=h5py.string_dtype() if is_text else values.dtype,
                dimensions=dims,
                **({} if is_text or not values.size or not dims else _COMPRESSION),
            )
            for key, value in attrs.items():
                variable.attrs[key] = value
            if beside := _coordinates_of(name, dims, arrays):
                variable.attrs["coordinates"] = beside
            variable[...] = values.astype(object) if is_text else values
    return stream.getbuffer()


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
