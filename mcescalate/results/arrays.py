"""Named arrays with their dims and attributes: a result before xarray is needed.

Importing xarray takes longer than a short run. What writes, reads, checks and summarises a
result therefore asks of it only what `Arrays` and `xarray.Dataset` both have: `variables` (each
with `dims`, `values` and `attrs`), `coords`, `sizes` and `attrs`.
"""

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np

if TYPE_CHECKING:
    import xarray as xr
    from xarray.indexes import PandasIndex


class Array(NamedTuple):
    """Values along dims, and what is said of them."""

    dims: tuple[str, ...]
    values: np.ndarray
    attrs: dict[str, Any]

    @property
    def dtype(self) -> np.dtype:
        """Kind of the values."""
        return self.values.dtype

    @property
    def shape(self) -> tuple[int, ...]:
        """Length along each dim."""
        return self.values.shape

    @property
    def size(self) -> int:
        """Number of values."""
        return self.values.size


@dataclass(frozen=True)
class Arrays:
    """Variables by name, which of them are coordinates, and attributes of the whole.

    Raises
    ------
    ValueError
        Dims do not fit the values, or a dim has two lengths.
    """

    variables: Mapping[str, Array]
    coord_names: frozenset[str]
    attrs: dict[str, Any]
    sizes: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        sizes: dict[str, int] = {}
        for name, (dims, values, _) in self.variables.items():
            for dim, size in zip(dims, values.shape, strict=True):
                if sizes.setdefault(dim, size) != size:
                    raise ValueError(f"{name}: {size} along {dim}, other variables {sizes[dim]}")
        object.__setattr__(self, "sizes", sizes)

    @classmethod
    def of(
        cls,
        data: Mapping[str, tuple[Any, ...]],
        coords: Mapping[str, tuple[Any, ...]],
        attrs: Mapping[str, Any],
    ) -> Self:
        """From rows (dims, values, attributes), as `xarray.Dataset` takes them."""
        variables = {name: _array(*row) for name, row in (*data.items(), *coords.items())}
        return cls(variables, frozenset(coords), dict(attrs))

    @classmethod
    def from_dataset(cls, dataset: "xr.Dataset") -> Self:
        """The same as these arrays."""
        variables = {
            str(name): _array(tuple(map(str, row.dims)), row.values, row.attrs)
            for name, row in dataset.variables.items()
        }
        return cls(variables, frozenset(map(str, dataset.coords)), dict(dataset.attrs))

    @property
    def dims(self) -> dict[str, int]:
        """The dims, with their lengths."""
        return self.sizes

    @property
    def coords(self) -> dict[str, Array]:
        """The coordinates, by name."""
        return {name: row for name, row in self.variables.items() if name in self.coord_names}

    @property
    def data_vars(self) -> dict[str, Array]:
        """All variables but the coordinates, by name."""
        return {name: row for name, row in self.variables.items() if name not in self.coord_names}

    def __iter__(self) -> Iterator[str]:
        return iter(self.data_vars)

    def with_attrs(self, **attrs: Any) -> Self:
        """The same arrays, with these attributes too."""
        return type(self)(self.variables, self.coord_names, {**self.attrs, **attrs})

    def to_dataset(self) -> "xr.Dataset":
        """The same as an `xarray.Dataset`."""
        import xarray as xr

        coords, indexes = {}, {}
        for name, row in self.coords.items():
            coords[name] = xr.Variable(row.dims, row.values, row.attrs)
            if row.dims == (name,):
                values = tuple(row.values.tolist())
                index = indexes[name] = _index(name, row.values.dtype.str, values)
                coords |= index.create_variables(coords)
        return xr.Dataset(self.data_vars, xr.Coordinates(coords, indexes), self.attrs)


@functools.lru_cache(maxsize=256)
def _index(name: str, dtype: str, values: tuple[Any, ...]) -> "PandasIndex":
    """The index of a dim: results of one scenario have the same, which takes time to make."""
    from xarray.indexes import PandasIndex

    return PandasIndex(np.array(values, dtype), name, coord_dtype=np.dtype(dtype))


def _array(
    dims: str | tuple[str, ...], values: Any, attrs: Mapping[str, Any] | None = None
) -> Array:
    dims = (dims,) if isinstance(dims, str) else tuple(dims)
    return Array(dims, np.asarray(values), dict(attrs or {}))
