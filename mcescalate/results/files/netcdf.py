"""netCDF4 files of labelled arrays, without xarray.

What is written are the datasets, dimension scales and attributes that xarray writes of the same
data through h5netcdf; a test compares them. h5py alone writes them in a fifth of the time, which
matters in short runs. What xarray decodes in files of other programs (texts of fixed length,
flags, enumerations) is left to it: `read_netcdf` then returns None.
"""

import io
from typing import TYPE_CHECKING, Any

import numpy as np

from mcescalate.results.arrays import Array, Arrays

if TYPE_CHECKING:
    import h5py

_COMPRESSION = {"compression": "gzip", "compression_opts": 1, "shuffle": True, "fletcher32": True}
_DECODED = {"dtype", "_Encoding"}
"""Attributes that say how values are to be decoded."""
_FORMAT = {
    *("CLASS", "NAME", "REFERENCE_LIST", "DIMENSION_LIST"),
    *("_Netcdf4Dimid", "_Netcdf4Coordinates", "_nc3_strict", "_NCProperties"),
}
"""Attributes of the format, which netCDF libraries do not show."""
_BARE = b"This is a netCDF dimension but not a netCDF variable"
_NO_VARIABLE = _BARE + b".%10d"
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


def read_netcdf(file: "h5py.File") -> Arrays | None:
    """All variables of a file; None if one is stored in a way that needs decoding."""
    rows = {}
    for name, dataset in file.items():
        if _BARE in dataset.attrs.get("NAME", b""):
            continue
        dims, attrs = _dims_of(file, name, dataset), _attributes_of(dataset)
        if dims is None or attrs is None or not _is_plain(dataset.dtype):
            return None
        rows[name] = Array(dims, _values(dataset), attrs)
    whole = _attributes_of(file)
    return None if whole is None else Arrays(rows, frozenset(), whole)


def _dims_of(file: "h5py.File", name: str, dataset: "h5py.Dataset") -> tuple[str, ...] | None:
    """The names of the scales of each dim; None if they are not all there and of its length."""
    import h5py

    if "_nc4_non_coord_" in name:
        return None
    if not dataset.shape:
        return ()
    if h5py.h5ds.is_scale(dataset.id):
        return (name,) if dataset.ndim == 1 else None
    dims = []
    for size, scales in zip(dataset.shape, dataset.attrs.get("DIMENSION_LIST", ()), strict=False):
        path = h5py.h5r.get_name(scales[0], file.id) if len(scales) == 1 else None
        dim = (path or b"").decode().removeprefix("/")
        if dim not in file or file[dim].shape != (size,):
            return None
        dims.append(dim)
    return tuple(dims) if len(dims) == dataset.ndim else None


def _attributes_of(place: "h5py.File | h5py.Dataset") -> dict[str, Any] | None:
    """Attributes but for those of the format; None if one is empty or has to be decoded."""
    import h5py

    attrs: dict[str, Any] = {}
    for key in place.attrs:
        if key in _FORMAT:
            continue
        value = place.attrs[key]
        if key in _DECODED or isinstance(value, h5py.Empty):
            return None
        if isinstance(value, np.ndarray):
            if value.dtype.kind == "S":
                return None
            items = value.tolist() if value.dtype.kind == "O" else value
            value = items[0] if len(items) == 1 else items
        attrs[key] = _text(value)
    return attrs


def _is_plain(dtype: Any) -> bool:
    import h5py

    if h5py.check_dtype(vlen=dtype) is str:
        return True
    return dtype.kind in "iuf" and h5py.check_dtype(enum=dtype) is None


def _values(dataset: "h5py.Dataset") -> np.ndarray:
    import h5py

    is_text = h5py.check_string_dtype(dataset.dtype) is not None
    values = np.asarray((dataset.asstr() if is_text else dataset)[...])
    return values.astype(values.dtype.newbyteorder("="), copy=False)


def _text(value: Any) -> Any:
    """An attribute; texts that are stored as bytes, where they are UTF-8, as texts."""
    if not isinstance(value, bytes):
        return value
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value
