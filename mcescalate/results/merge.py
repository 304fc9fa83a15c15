"""The sum of several results of one scenario."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mcescalate.arguments import kind_of, several
from mcescalate.errors import UsageError
from mcescalate.model.counts import RUN_COUNTS
from mcescalate.results.checks.counts import SEQUENCE_DIM, check_counts, stored_counts
from mcescalate.results.checks.result import check_result, expect_result
from mcescalate.results.provenance.schema import provenance_tables

if TYPE_CHECKING:
    import xarray as xr

SAME = {
    "scenario_sha256": "scenario",
    "seed": "seed",
    "rng_layout": "scheme of random numbers",
    "thresholds_sha256": "rounded probabilities",
    "schema_version": "format",
    "source": "version",
}
"""Attributes in which results must agree to be added up, and what to call them."""


def merge(datasets: Sequence["xr.Dataset"]) -> "xr.Dataset":
    """Add up results of one scenario and seed whose chains differ.

    Neither the order of the results nor intermediate merges make a difference. Records of chains
    are kept if every result has them.

    Parameters
    ----------
    datasets
        Counts of runs, as `simulate` or `load` returns them.

    Returns
    -------
    xarray.Dataset
        The counts of all chains, as one run would have returned them.

    Raises
    ------
    UsageError
        There is none, they are not counts of one scenario, seed and version, or chains overlap.
    DataError
        One is not a result of this program.

    Examples
    --------
    >>> import mcescalate as mc
    >>> scenario = mc.load_case("july-1914")
    >>> first = mc.simulate(scenario, n_chains=600, seed=7)
    >>> later = mc.simulate(scenario, n_chains=400, seed=7, first_chain=600)
    >>> mc.merge([first, later])["n_chains"].item()
    1000
    """
    if not isinstance(datasets, Iterable) or isinstance(datasets, Mapping):
        raise UsageError(f"merge: expected a list of results, found {kind_of(datasets)}")
    datasets = several(datasets, "merge")
    for dataset in datasets:
        expect_result(dataset, "merge")
    if not datasets:
        raise UsageError("merge: expected one result or more, found none")
    names = [dataset.encoding.get("source") or f"result {k}" for k, dataset in enumerate(datasets)]
    origins = [_origin(dataset, name) for dataset, name in zip(datasets, names, strict=True)]
    for dataset, name in zip(datasets[1:], names[1:], strict=True):
        _check_same(datasets[0], dataset, names[0], name)
    spans = [
        (*span, name)
        for origin, name in zip(origins, names, strict=True)
        for span in origin["rng"]["chains"]
    ]
    ranges = _joined(spans)
    order = sorted(range(len(datasets)), key=lambda k: origins[k]["rng"]["chains"][0])
    return _sum([datasets[k] for k in order], [origins[k] for k in order], ranges)


def _origin(dataset: "xr.Dataset", name: str) -> dict[str, Any]:
    kind = dataset.attrs.get("kind")
    if kind is not None:
        raise UsageError(f'merge: expected counts of one scenario, found kind "{kind}" in {name}')
    check_result(dataset, name)
    return provenance_tables(dataset, name)


def _check_same(first: "xr.Dataset", other: "xr.Dataset", first_name: str, other_name: str) -> None:
    differing = [key for key in SAME if first.attrs.get(key) != other.attrs.get(key)]
    if differing:
        raise UsageError(
            f"merge: {first_name} and {other_name} differ in",
            *(
                f"  {SAME[key]}: {_short(first.attrs.get(key))} and {_short(other.attrs.get(key))}"
                for key in differing
            ),
        )


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 24 else f"{text[:12]}…"


def _sum(
    datasets: list["xr.Dataset"], origins: list[dict[str, Any]], ranges: list[list[int]]
) -> "xr.Dataset":
    import xarray as xr

    merged = datasets[0].drop_dims("chain", errors="ignore").copy()
    for count in stored_counts(RUN_COUNTS, merged):
        values = sum(dataset[count.name].values for dataset in datasets)
        merged[count.name] = merged[count.name].copy(data=values)
    if all("chain" in dataset.dims for dataset in datasets):
        kept = [
            dataset.drop_dims(set(dataset.dims) - {"chain", "actor", SEQUENCE_DIM})
            for dataset in datasets
        ]
        # A result of before a record was added lacks it, and so does the sum.
        names = [name for name in kept[0] if all(name in rows for rows in kept)]
        kept = [rows[[name for name in names if "chain" in rows[name].dims]] for rows in kept]
        chains = xr.concat(kept, "chain", coords="minimal", compat="override", join="override")
        chains = chains.sortby("chain")
        merged = merged.assign_coords(chain=chains["chain"]).assign(chains.data_vars)
    origin = origins[0]
    elapsed = sum(part["resources"]["elapsed_seconds"] for part in origins)
    origin["rng"]["chains"] = ranges
    origin["resources"]["elapsed_seconds"] = round(elapsed, 3)
    lines = {line for dataset in datasets for line in dataset.attrs["history"].splitlines()}
    merged.attrs |= {
        "history": "\n".join(sorted(lines, reverse=True)),
        "date_created": max(dataset.attrs["date_created"] for dataset in datasets),
        "first_chain": str(ranges[0][0]),
        "n_chains": int(merged["n_chains"]),
        "provenance": json.dumps(origin, sort_keys=True, ensure_ascii=False),
    }
    merged.encoding = {}
    check_counts(merged)
    return merged


def _joined(spans: list[tuple[int, int, str]]) -> list[list[int]]:
    """Stretches (first chain, number, result's name) in order, neighbours made one."""
    joined: list[list[int]] = []
    end, last = 0, ""
    for first, count, name in sorted(spans):
        if joined and first < end:
            shared = min(end, first + count) - 1
            raise UsageError(f"merge: chains {first} to {shared} are both in {last} and in {name}")
        if joined and first == end:
            joined[-1][1] += count
        else:
            joined.append([first, count])
        end, last = first + count, name
    return joined
