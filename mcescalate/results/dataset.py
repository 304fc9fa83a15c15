"""A tally as a labelled `xarray.Dataset`, and the sum of several."""

import datetime
import json
from collections.abc import Sequence

import numpy as np
import xarray as xr

from mcescalate import __version__
from mcescalate.errors import DataError, UsageError
from mcescalate.model.codes import CAUSES, MISREAD_CLASSES, OUTCOMES, SIDES, TIE_FATES
from mcescalate.model.scoring import Records, Tally
from mcescalate.results.provenance import describe
from mcescalate.results.variables import (
    ACTOR_RECORDS,
    COUNTS,
    PLACES_OF_ACTORS,
    RECORD_MEANINGS,
    Count,
    record_name,
)
from mcescalate.scenario.build import actor_order
from mcescalate.scenario.resolve import resolve
from mcescalate.scenario.schema import Scenario

SCHEMA_VERSION = 1
"""Version of the result's layout; files of a later one are refused."""

SAME = ("scenario_sha256", "seed", "rng_layout", "schema_version")
"""Attributes in which results must agree to be added up."""


def build_dataset(
    scenario: Scenario,
    tally: Tally,
    *,
    seed: int,
    first_chain: int,
    rng_layout: str,
    records: Records | None = None,
    elapsed: float = 0.0,
) -> xr.Dataset:
    """Label a tally: actors in the order of the file, every dim with its names."""
    places = places_of(scenario)
    coords = coords_of(scenario)
    variables = {}
    for count in COUNTS:
        array = labelled(count, tally, places)
        attrs = {"long_name": count.meaning, "units": "1"}
        if count.dims:
            attrs["cell_methods"] = " ".join(f"{dim}: sum" for dim in count.dims)
        variables[count.name] = (count.dims, array, attrs)
    n_chains = int(tally.n_chains[0])
    if records is not None:
        coords["chain"] = ("chain", np.uint64(first_chain) + np.arange(n_chains, dtype=np.uint64))
        variables |= _records(records, places)
    provenance = describe(
        scenario,
        seed=seed,
        ranges=[[first_chain, n_chains]],
        rng_layout=rng_layout,
        elapsed=elapsed,
    )
    now = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    dataset = xr.Dataset(
        variables,
        coords,
        attrs={
            "Conventions": "CF-1.11",
            "title": scenario.title or "untitled scenario",
            "source": f"mcescalate {__version__}",
            "history": f"{now} simulated by mcescalate {__version__}",
            "date_created": now,
            "schema_version": SCHEMA_VERSION,
            "seed": str(seed),
            "first_chain": str(first_chain),
            "n_chains": n_chains,
            "rng_layout": rng_layout,
            "scenario_sha256": provenance["parameters"]["sha256"],
            "provenance": json.dumps(provenance, sort_keys=True, ensure_ascii=False),
        },
    )
    check_counts(dataset)
    return dataset


def check_counts(dataset: xr.Dataset, name: str = "result") -> None:
    """Check that counts are there, none is negative, and each adds up to what it must.

    Raises
    ------
    DataError
        Names the first variable that does not.
    """
    over = ("point",) if "point" in dataset.dims else ()
    for count in COUNTS:
        if count.name not in dataset or dataset[count.name].dims != (*over, *count.dims):
            raise DataError(f"{name}: {count.name} is missing or has other dims")
        if dataset[count.name].dtype != np.int64 or (dataset[count.name].values < 0).any():
            raise DataError(f"{name}: {count.name} is not a count: expected int64 from 0 up")
    n_chains = dataset["n_chains"]
    n_wars = dataset["outcome_count"].sel(outcome=["limited_war", "general_war"]).sum("outcome")
    for count in COUNTS:
        values = dataset[count.name]
        if count.total == "n_chains each":
            # A point of a sweep need not have every actor.
            is_there = dataset.get("actor_present", True)
            fits = (values.sum("rung") == n_chains.where(is_there, 0)).all()
        elif count.total:
            fits = (values.sum(count.dims) == (n_wars if count.total == "war" else n_chains)).all()
        else:
            continue
        if not fits:
            raise DataError(f"{name}: {count.name} does not add up to {count.total}")


def merge(datasets: Sequence[xr.Dataset]) -> xr.Dataset:
    """Add up results of one scenario and seed whose chains differ.

    Raises
    ------
    UsageError
        There is none, they are of different scenarios, seeds or layouts, or chains overlap.
    """
    if not datasets:
        raise UsageError("merge: expected one result or more, found none")
    if any("n_chains" not in dataset for dataset in datasets):
        raise UsageError("merge: expected counts of chains, found an exact solution")
    first = datasets[0]
    for dataset in datasets[1:]:
        differing = [key for key in SAME if dataset.attrs.get(key) != first.attrs.get(key)]
        if differing:
            found = "; ".join(
                f"{key}: {first.attrs.get(key)} and {dataset.attrs.get(key)}" for key in differing
            )
            raise UsageError(f"merge: results differ in {found}")
    stories = [json.loads(dataset.attrs["provenance"]) for dataset in datasets]
    ranges = _join([span for story in stories for span in story["rng"]["chains"]])
    merged = first.copy(deep=True)
    if any("chain" in dataset.dims for dataset in datasets):
        merged = merged.drop_dims("chain", errors="ignore")
    for count in COUNTS:
        merged[count.name].values = sum(dataset[count.name].values for dataset in datasets)
    if all("chain" in dataset.dims for dataset in datasets):
        kept = [dataset[[v for v in dataset if "chain" in dataset[v].dims]] for dataset in datasets]
        chains = xr.concat(kept, "chain", coords="minimal", compat="override").sortby("chain")
        merged = merged.merge(chains, combine_attrs="override", compat="no_conflicts", join="outer")
    story = stories[0]
    story["rng"]["chains"] = ranges
    story["resources"]["elapsed_seconds"] = sum(s["resources"]["elapsed_seconds"] for s in stories)
    merged.attrs["provenance"] = json.dumps(story, sort_keys=True, ensure_ascii=False)
    merged.attrs["first_chain"] = str(ranges[0][0])
    merged.attrs["n_chains"] = int(merged["n_chains"])
    merged.attrs["history"] = "\n".join(
        dict.fromkeys(line for d in datasets for line in d.attrs["history"].splitlines())
    )
    merged.attrs["date_created"] = max(d.attrs["date_created"] for d in datasets)
    check_counts(merged)
    return merged


def _join(ranges: list[list[int]]) -> list[list[int]]:
    """Stretches of chains in order, neighbours made one."""
    joined: list[list[int]] = []
    for first, count in sorted(ranges):
        end = joined[-1][0] + joined[-1][1] if joined else 0
        if joined and first < end:
            raise UsageError(f"merge: chains {first} to {end - 1} are in more than one result")
        if joined and first == end:
            joined[-1][1] += count
        else:
            joined.append([first, count])
    return joined


def places_of(scenario: Scenario) -> np.ndarray:
    """For each actor of the file, its place in the world's order."""
    order = {actor_id: place for place, actor_id in enumerate(actor_order(scenario))}
    return np.array([order[actor.id] for actor in scenario.actors])


def labelled(count: Count, tally: Tally, places: np.ndarray) -> np.ndarray:
    """The values of one variable, its actors in the order of the file (see `places_of`)."""
    array = getattr(tally, count.field)
    if not count.dims:
        return array[0]
    if count.field == "tie":
        return array[TIE_FATES.index(count.name.removeprefix("tie_").removesuffix("_count"))]
    if count.name == "actor_peak_count":
        # The tally leaves out those whom no crisis touched: they stayed at rung 0.
        array = array.copy()
        array[:, 0] += tally.n_chains[0] - array.sum(axis=1)
    for axis, dim in enumerate(count.dims):
        if dim in ("actor", "partner"):
            array = array.take(places, axis)
    return array


def _records(records: Records, places: np.ndarray) -> dict:
    in_file = np.empty(len(places) + 1, np.int32)
    in_file[places] = np.arange(len(places))
    in_file[-1] = -1  # nobody
    variables = {}
    for field, array in records._asdict().items():
        if field in PLACES_OF_ACTORS:
            array = in_file[array]
        dims = ("chain",)
        if field in ACTOR_RECORDS:
            array = array[:, places]
            dims = ("chain", "actor")
        attrs = {"long_name": RECORD_MEANINGS[field], "units": "1"}
        variables[record_name(field)] = (dims, array, attrs)
    return variables


def coords_of(scenario: Scenario) -> dict:
    """Names along every dim of a result."""
    resolved = resolve(scenario)
    ids = np.array(resolved.actor_ids, dtype=object)
    turns = np.arange(scenario.run.horizon + 1)

    def names(values) -> np.ndarray:
        return np.array(list(values), dtype=object)

    return {
        "outcome": names(OUTCOMES),
        "rung": names(scenario.ladder.rungs),
        "turn": ("turn", turns, {"long_name": "turn, 0 for the incident", "units": "1"}),
        "day": (
            "turn",
            turns * float(scenario.run.turn_days),
            {"long_name": "days since the incident", "units": "day"},
        ),
        "actor": ids,
        "partner": ids,
        "actor_name": ("actor", names(actor.name or actor.id for actor in scenario.actors)),
        "side": names(SIDES),
        "cause": names(CAUSES),
        "tie": names(f"{k}-{j}" for k, j in resolved.tie_labels),
        "misreads": np.arange(MISREAD_CLASSES),
        "n_actors": np.arange(len(ids) + 1),
        "domain": names(domain.name for domain in resolved.domains),
    }
