"""What must hold of every result: its counts add up, and it is what its provenance says."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from mcescalate.errors import DataError
from mcescalate.limits import CHAIN_END
from mcescalate.model.counts import DIMS, SWEEP_COUNTS, Count, Total
from mcescalate.results.provenance import canonical_json
from mcescalate.results.variables import SCHEMA_VERSION, mask_name

if TYPE_CHECKING:
    import xarray as xr


def check_counts(dataset: "xr.Dataset", name: str = "result") -> None:
    """Check that counts are there, none is negative, and each adds up to what it must.

    Raises
    ------
    DataError
        Names the first variable that does not.
    """
    counts = [count for count in SWEEP_COUNTS if count.in_runs or count.name in dataset]
    counts = of_format(counts, dataset)
    over = ("point",) if "point" in dataset.dims else ()
    check_names(dataset, name, counts)
    for count in counts:
        variable = dataset.variables.get(count.name)
        if variable is None or variable.dims != (*over, *count.dims):
            raise DataError(f"{name}: {count.name} is missing or has other dims")
        if variable.dtype != count.dtype or (variable.values < 0).any():
            raise DataError(f"{name}: {count.name} is not a count: expected int64 from 0 up")
    for count, total, expected in totals(dataset, counts):
        if not bool((total == expected).all()):
            raise DataError(f"{name}: {count.name} does not add up to {count.total}")


def of_format(counts: Iterable[Count], dataset: "xr.Dataset") -> list[Count]:
    """Those of `counts` that a result of its format has."""
    version = int(dataset.attrs.get("schema_version", SCHEMA_VERSION))
    return [count for count in counts if count.since <= version]


def check_names(dataset: "xr.Dataset", name: str, counts: Sequence[Count]) -> None:
    """Check that every dim of counts has its names, and those fixed by the model are the model's.

    Raises
    ------
    DataError
        Names the first dim that has not.
    """
    for dim in dict.fromkeys(dim for count in counts for dim in count.dims):
        if dim not in dataset.coords:
            raise DataError(f"{name}: the dim {dim} is missing or has no names")
        if DIMS[dim].is_fixed and dataset[dim].values.tolist() != list(DIMS[dim].labels):
            raise DataError(f"{name}: the dim {dim} has other names than the model's")


def totals(
    values: Mapping[str, "xr.DataArray"], counts: Iterable[Count]
) -> Iterator[tuple[Count, "xr.DataArray", "xr.DataArray"]]:
    """Each of `counts` that adds up to something, its sum, and what that must be.

    Parameters
    ----------
    values : by the name of the count; of a sweep also which labels its points have
    """
    for count in counts:
        if count.total is not None:
            expected = _expected(count.total, count.dims, values)
            kept = (*expected.dims, count.total.each)
            own = [dim for dim in count.dims if dim not in kept]
            yield count, values[count.name].sum(own), expected


def _expected(total: Total, dims: tuple[str, ...], values) -> "xr.DataArray":
    expected = values[total.of].sel({dim: list(labels) for dim, labels in total.only.items()})
    expected = expected.sum([dim for dim in expected.dims if dim in DIMS and dim not in dims])
    present = values.get(mask_name(total.each))
    return expected if present is None else expected * present


def check_origin(dataset: "xr.Dataset", name: str) -> None:
    """Check that attributes and provenance of a result agree.

    Raises
    ------
    DataError
        They do not, or one is missing.
    """
    origin = provenance_of(dataset, name)
    if "scenario_sha256" not in dataset.attrs:
        return  # a sweep has many scenarios
    try:
        scenario = canonical_json(origin["parameters"]["scenario"])
        digests = {dataset.attrs["scenario_sha256"], origin["parameters"]["sha256"]}
        fits = digests == {hashlib.sha256(scenario.encode()).hexdigest()}
        if "seed" in dataset.attrs:
            spans = origin["rng"]["chains"]
            ends = [0, *(first + count for first, count in spans)]
            fits &= all(first >= end for (first, _), end in zip(spans, ends, strict=False))
            fits &= all(count > 0 for _, count in spans) and ends[-1] <= CHAIN_END
            fits &= sum(count for _, count in spans) == int(dataset["n_chains"])
            fits &= origin["rng"]["seed"] == dataset.attrs["seed"]
    except (KeyError, TypeError, ValueError):
        fits = False
    if not fits:
        raise DataError(f"{name}: its provenance is not that of its counts")


def provenance_of(dataset: "xr.Dataset", name: str) -> dict:
    """The provenance of a result.

    Raises
    ------
    DataError
        There is none.
    """
    try:
        origin = json.loads(dataset.attrs["provenance"])
    except (KeyError, TypeError, ValueError, RecursionError):
        origin = None
    if not isinstance(origin, dict):
        raise DataError(f"{name}: has no provenance, or one that cannot be read")
    return origin
