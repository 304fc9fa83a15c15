"""What must hold of every result: its counts add up, and it is what its provenance says."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from mcescalate.errors import DataError
from mcescalate.limits import CHAIN_END
from mcescalate.model.codes import CAUSES, OUTCOMES, SIDES
from mcescalate.results.provenance import canonical_json
from mcescalate.results.variables import COUNTS, Count

if TYPE_CHECKING:
    import xarray as xr

WARS = ["limited_war", "general_war"]
FIXED_NAMES = {"outcome": OUTCOMES, "side": SIDES, "cause": CAUSES}


def check_counts(dataset: "xr.Dataset", name: str = "result") -> None:
    """Check that counts are there, none is negative, and each adds up to what it must.

    Raises
    ------
    DataError
        Names the first variable that does not.
    """
    check_names(dataset, name)
    over = ("point",) if "point" in dataset.dims else ()
    for count in COUNTS:
        variable = dataset.variables.get(count.name)
        if variable is None or variable.dims != (*over, *count.dims):
            raise DataError(f"{name}: {count.name} is missing or has other dims")
        if variable.dtype != np.int64 or (variable.values < 0).any():
            raise DataError(f"{name}: {count.name} is not a count: expected int64 from 0 up")
    for count, total, expected in totals(dataset, dataset.get("actor_present")):
        if not bool((total == expected).all()):
            raise DataError(f"{name}: {count.name} does not add up to {count.total}")


def check_names(dataset: "xr.Dataset", name: str) -> None:
    """Check that every dim of counts has its names, and those fixed by the model are the model's.

    Raises
    ------
    DataError
        Names the first dim that has not.
    """
    for dim in dict.fromkeys(dim for count in COUNTS for dim in count.dims):
        if dim not in dataset.coords:
            raise DataError(f"{name}: the dim {dim} is missing or has no names")
        if dim in FIXED_NAMES and tuple(dataset[dim].values.tolist()) != tuple(FIXED_NAMES[dim]):
            raise DataError(f"{name}: the dim {dim} has other names than the model's")


def totals(
    values: Mapping[str, "xr.DataArray"], present: "xr.DataArray | None" = None
) -> Iterator[tuple[Count, "xr.DataArray", "xr.DataArray"]]:
    """Each count that adds up to something, its sum, and what that must be.

    Parameters
    ----------
    values : by the name of the count
    present : whether a point of a sweep has an actor
    """
    for count in COUNTS:
        if count.total:
            expected = _expected(count.total, values, present)
            own = [dim for dim in count.dims if dim not in expected.dims]
            yield count, values[count.name].sum(own), expected


def _expected(total: str, values, present: "xr.DataArray | None") -> "xr.DataArray":
    import xarray as xr

    match total:
        case "n_chains":
            return values["n_chains"]
        case "n_chains of each actor":
            if present is None:
                present = xr.ones_like(values["actor_peak_count"]["actor"], np.int64)
            return values["n_chains"] * present
        case "outcome_count":
            return values["outcome_count"]
        case "chains with war":
            return values["outcome_count"].sel(outcome=WARS).sum("outcome")
        case "actor_engaged_count":
            return values["actor_engaged_count"].sum("side")
        case "entries by treaty":
            return values["entry_count"].sel(cause="treaty")
    raise ValueError(f"no such total: {total}")


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
