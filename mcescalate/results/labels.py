"""Labels of a result: those along every dim, and the attributes of each variable."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from mcescalate.model.counts import DIMS, Count, Scope, counts_of
from mcescalate.results.variables import (
    DIM_MEANINGS,
    RECORD_FLAGS,
    RECORD_KINDS,
    RECORD_MEANINGS,
    SCHEMA_VERSION,
)
from mcescalate.scenario.merged_rows import actor_order, merge_rows
from mcescalate.scenario.schema import Scenario

PERIODS = "periods"
"""Coordinate of results whose chains are several crises each: how many periods they have. All
that is taken out of such a result carries it along."""

PERIODS_ATTRIBUTES = {"long_name": "periods of a chain", "units": "1"}


def places_of(scenario: Scenario) -> np.ndarray:
    """For each actor of the file, its place in the world's order."""
    order = {actor_id: place for place, actor_id in enumerate(actor_order(scenario))}
    return np.array([order[actor.id] for actor in scenario.actors])


def count_attributes(count: Count) -> dict[str, str]:
    """What is said of a variable of counts."""
    attrs = {"long_name": count.meaning, "units": "1"}
    if count.dims:
        attrs["cell_methods"] = " ".join(f"{dim}: sum" for dim in count.dims)
    return attrs


def record_attributes(field: str, version: int = SCHEMA_VERSION) -> dict[str, Any]:
    """What is said of a variable of records, in results of a format."""
    attrs: dict[str, Any] = {"long_name": RECORD_MEANINGS[field], "units": "1"}
    if field in RECORD_FLAGS:
        meanings: Sequence[str]
        codes, meanings = RECORD_FLAGS[field]
        if field in DIMS:
            meanings = DIMS[field].in_format(meanings, version)
        attrs["flag_values"] = np.array(codes, RECORD_KINDS[field])[: len(meanings)]
        attrs["flag_meanings"] = " ".join(meanings)
    return attrs


def chain_coordinate(spans: Iterable[tuple[int, int]]) -> tuple[str, np.ndarray, dict[str, str]]:
    """The numbers of chains that were recorded, from the first and the count of each stretch."""
    parts = [np.uint64(first) + np.arange(n, dtype=np.uint64) for first, n in spans]
    return "chain", np.concatenate(parts), {"long_name": DIM_MEANINGS["chain"], "units": "1"}


def scope_of(scenario: Scenario) -> Scope:
    """What a scenario has of its own to count by."""
    merged = merge_rows(scenario)
    return Scope(
        rungs=tuple(scenario.ladder.rungs),
        horizon=int(scenario.run.horizon),
        actors=merged.actor_ids,
        ties=tuple(f"{k}-{j}" for k, j in merged.tie_labels),
        domains=tuple(domain.name for domain in merged.domains),
        crises=n_periods(scenario),
    )


def n_periods(scenario: Scenario) -> int:
    """Periods of a chain by which crises are counted; 0 where chains are one crisis each."""
    sequence = scenario.sequence
    return sequence.crises if sequence.crises > 1 or sequence.quiet > 0.0 else 0


def coords_of(
    scenario: Scenario, counts: Iterable[Count] | None = None, version: int = SCHEMA_VERSION
) -> dict[str, tuple[Any, ...]]:
    """Names along every dim of a result with these counts, days and the actors' names.

    Parameters
    ----------
    counts : of the result; by default all that it should have
    version : format of the result
    """
    scope = scope_of(scenario)
    counts = counts_of([scope]) if counts is None else counts
    used = dict.fromkeys(dim for count in counts for dim in count.dims)
    labels = {dim: DIMS[dim].in_format(DIMS[dim].labels_in(scope), version) for dim in used}
    coords: dict[str, tuple[Any, ...]] = {
        dim: coordinate(dim, names) for dim, names in labels.items()
    }
    days = np.arange(scope.horizon + 1) * float(scenario.run.turn_days)
    names = _texts(actor.name or actor.id for actor in scenario.actors)
    coords["day"] = ("turn", days, {"long_name": "days since the incident", "units": "day"})
    coords["actor_name"] = ("actor", names, {"long_name": "name of the actor"})
    if scope.crises > 0:
        coords[PERIODS] = ((), np.array(scope.crises, np.int64), PERIODS_ATTRIBUTES)
    return coords


def coordinate(dim: str, labels: Sequence[Any]) -> tuple[str, np.ndarray, dict[str, str]]:
    """The labels along a dim, and what they are."""
    attrs = {"long_name": DIM_MEANINGS[dim]}
    if isinstance(labels, range):
        return dim, np.array(labels, np.int64), {**attrs, "units": "1"}
    return dim, _texts(labels), attrs


def _texts(values: Iterable[str]) -> np.ndarray:
    return np.array(list(values), dtype=str)  # of a kind even where there is none
