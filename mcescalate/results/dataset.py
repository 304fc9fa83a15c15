"""Tallies and exact solutions as labelled arrays.

An exact solution has the dims of a result of counts, and for each of its variables one named
`…_probability` instead of `…_count`: the counts of one chain, in expectation. Of a pruned solution
only bounds are known; it has `…_probability_lower` and `…_probability_upper`.
"""

import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from mcescalate import __version__
from mcescalate.model.chain.scoring import Records
from mcescalate.model.counts import Tally, counts_of, values_of
from mcescalate.results.arrays import Arrays
from mcescalate.results.checks.counts import SEQUENCE_DIM, check_counts
from mcescalate.results.checks.probabilities import check_probabilities
from mcescalate.results.labels import (
    chain_coordinate,
    coords_of,
    count_attributes,
    n_periods,
    places_of,
    record_attributes,
    scope_of,
)
from mcescalate.results.provenance.describe import (
    describe,
    describe_work,
    provenance_json,
    thresholds_digest,
)
from mcescalate.results.variables import (
    ACTOR_RECORDS,
    EXACT,
    PLACES_OF_ACTORS,
    PROBABILITIES,
    SCHEMA_VERSION,
    SEQUENCE_RECORDS,
    per_period,
    probability_meaning,
    probability_name,
    record_name,
)
from mcescalate.scenario.schema import Scenario

if TYPE_CHECKING:
    from mcescalate.engine.exact import Solution


def import_xarray() -> None:
    """Have xarray imported, with whatever it imports in turn for the first dataset."""
    import xarray as xr

    xr.Dataset({"nothing": ("dim", [0])})


def build_arrays(
    scenario: Scenario,
    tally: Tally,
    *,
    seed: int,
    first_chain: int,
    rng_layout: str,
    records: Records | None = None,
    elapsed: float = 0.0,
) -> Arrays:
    """Label a tally: actors in the order of the file, every dim with its names."""
    places = places_of(scenario)
    coords = coords_of(scenario)
    variables = {}
    for count in counts_of([scope_of(scenario)]):
        array = values_of(count, tally, places)
        variables[count.name] = (count.dims, array, count_attributes(count))
    n_chains = int(tally.n_chains[0])
    if records is not None:
        coords["chain"] = chain_coordinate([(first_chain, n_chains)])
        variables |= _records(records, places, n_periods(scenario))
    provenance = describe(
        scenario,
        seed=seed,
        ranges=[[first_chain, n_chains]],
        rng_layout=rng_layout,
        elapsed=elapsed,
    )
    own = {
        "seed": str(seed),
        "first_chain": str(first_chain),
        "n_chains": n_chains,
        "rng_layout": rng_layout,
        "thresholds_sha256": thresholds_digest(),
    }
    attrs = _attributes(scenario, provenance, "simulated", own)
    dataset = Arrays.of(variables, coords, attrs)
    check_counts(dataset)
    return dataset


def build_probabilities(
    scenario: Scenario,
    solution: "Solution",
    *,
    prune: float = 0.0,
    rounded: bool = False,
    elapsed: float = 0.0,
) -> Arrays:
    """Label a solution: actors in the order of the file, every dim with its names."""
    from mcescalate.engine.exact import AT_OPENING  # a run does without it

    places = places_of(scenario)
    periods = n_periods(scenario)
    variables = {}
    for count in counts_of([scope_of(scenario)], PROBABILITIES):
        values = values_of(count, solution.tally, places) / per_period(count, periods)
        # Sums and differences of probabilities may end a rounding error outside.
        lower = np.clip(np.asarray(values, np.float64), 0.0, 1.0)
        name, meaning = probability_name(count), probability_meaning(count)
        if prune == 0.0:
            variables[name] = (count.dims, lower, {"long_name": meaning, "units": "1"})
            continue
        lost = 0.0 if count.field in AT_OPENING else solution.lost
        for bound, ends in (("lower", lower), ("upper", np.minimum(lower + lost, 1.0))):
            attrs = {"long_name": f"{bound} bound: {meaning}", "units": "1"}
            variables[f"{name}_{bound}"] = (count.dims, ends, attrs)
    provenance = describe_work(scenario, elapsed) | {
        "exact": {
            "prune": prune,
            "mass_lost": solution.lost,
            "mass_gap": solution.gap,
            "n_crises": solution.n_crises,
            "n_states": solution.n_states,
            **({"rounded": 1} if rounded else {}),
        }
    }
    own = {
        "kind": EXACT,
        "prune": prune,
        "mass_lost": solution.lost,
        "mass_gap": solution.gap,
        "n_crises": solution.n_crises,
        "n_states": solution.n_states,
        **({"rounded": 1} if rounded else {}),
    }
    attrs = _attributes(scenario, provenance, "solved exactly", own)
    dataset = Arrays.of(variables, coords_of(scenario), attrs)
    check_probabilities(dataset)
    return dataset


def _attributes(
    scenario: Scenario, provenance: dict[str, Any], verb: str, own: dict[str, Any]
) -> dict[str, Any]:
    """Attributes that every result of one scenario has, around those of its `own` kind."""
    now = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "Conventions": "CF-1.11",
        "title": scenario.title or "untitled scenario",
        "source": f"mcescalate {__version__}",
        "history": f"{now} {verb} by mcescalate {__version__}",
        "date_created": now,
        "schema_version": SCHEMA_VERSION,
        **own,
        "scenario_sha256": provenance["parameters"]["sha256"],
        "provenance": provenance_json(provenance, scenario),
    }


def _records(records: Records, places: np.ndarray, periods: int) -> dict[str, Any]:
    """Records by name; those of chains of several crises by period too."""
    in_file = np.empty(len(places) + 1, np.int32)
    in_file[places] = np.arange(len(places))
    in_file[-1] = -1  # nobody
    variables = {}
    own = ("chain", SEQUENCE_DIM) if periods else ("chain",)
    for field, array in records._asdict().items():
        if field in SEQUENCE_RECORDS and not periods:
            continue
        if field in PLACES_OF_ACTORS:
            array = in_file[array]
        dims: tuple[str, ...] = own
        if field in ACTOR_RECORDS:
            array = array[:, places]
            dims = (*own, "actor")
        if periods:
            array = array.reshape(-1, periods, *array.shape[1:])
        variables[record_name(field)] = (dims, array, record_attributes(field))
    return variables
