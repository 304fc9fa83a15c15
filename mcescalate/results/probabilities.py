"""Exact probabilities as a labelled `xarray.Dataset`: the counts of one chain, in expectation.

It has the dims of a result of counts, and for each of its variables one named
`…_probability` instead of `…_count`. Of a pruned solution only bounds are known; it has
`…_probability_lower` and `…_probability_upper`, and nothing that could be taken for the value.
"""

import datetime
from typing import TYPE_CHECKING

import numpy as np

from mcescalate import __version__
from mcescalate.engine.exact import AT_OPENING, Solution
from mcescalate.errors import DataError
from mcescalate.model.counts import COUNTS, Count, values_of
from mcescalate.results.checks.counts import bounds, check_names, stored_counts, totals
from mcescalate.results.labels import coords_of, places_of
from mcescalate.results.provenance.describe import describe_work, provenance_json
from mcescalate.results.variables import SCHEMA_VERSION
from mcescalate.scenario.schema import Scenario

if TYPE_CHECKING:
    import xarray as xr

KIND = "exact"
SLACK = 1e-9
"""By how much sums of probabilities may be rounded."""

PROBABILITIES: tuple[Count, ...] = tuple(count for count in COUNTS if count.name != "n_chains")


def probability_name(count: Count) -> str:
    """Name of the variable with the probabilities of what `count` counts."""
    return count.name.removesuffix("_count") + "_probability"


def is_exact(dataset: "xr.Dataset") -> bool:
    """Whether a dataset has exact probabilities rather than counts."""
    return dataset.attrs.get("kind") == KIND


def is_bounded(dataset: "xr.Dataset") -> bool:
    """Whether an exact dataset has bounds only: states were dropped in solving it."""
    return float(dataset.attrs["prune"]) > 0.0


def build_probabilities(
    scenario: Scenario, solution: Solution, *, prune: float = 0.0, elapsed: float = 0.0
) -> "xr.Dataset":
    """Label a solution: actors in the order of the file, every dim with its names."""
    import xarray as xr

    places = places_of(scenario)
    variables = {}
    for count in PROBABILITIES:
        values = values_of(count, solution.tally, places)
        # Sums and differences of probabilities may end a rounding error outside.
        lower = np.clip(np.asarray(values, np.float64), 0.0, 1.0)
        name, meaning = probability_name(count), _meaning(count)
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
        }
    }
    now = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    dataset = xr.Dataset(
        variables,
        coords_of(scenario),
        attrs={
            "Conventions": "CF-1.11",
            "title": scenario.title or "untitled scenario",
            "source": f"mcescalate {__version__}",
            "history": f"{now} solved exactly by mcescalate {__version__}",
            "date_created": now,
            "schema_version": SCHEMA_VERSION,
            "kind": KIND,
            "prune": prune,
            "mass_lost": solution.lost,
            "mass_gap": solution.gap,
            "n_crises": solution.n_crises,
            "n_states": solution.n_states,
            "scenario_sha256": provenance["parameters"]["sha256"],
            "provenance": provenance_json(provenance, scenario),
        },
    )
    check_probabilities(dataset)
    return dataset


def check_probabilities(dataset: "xr.Dataset", name: str = "result") -> None:
    """Check that every variable is there, is a probability, and adds up to what it must.

    Raises
    ------
    DataError
        Names the first variable that does not.
    """
    import xarray as xr

    counts = stored_counts(PROBABILITIES, dataset)
    check_names(dataset, name, counts)
    suffix = "_lower" if is_bounded(dataset) else ""
    for count in counts:
        variable = probability_name(count) + suffix
        if variable not in dataset or dataset[variable].dims != count.dims:
            raise DataError(f"{name}: {variable} is missing or has other dims")
        values = dataset[variable]
        if values.dtype != np.float64 or not bool(((values >= 0.0) & (values <= 1.0)).all()):
            raise DataError(f"{name}: {variable} is no probability: expected float64 in [0, 1]")
        if suffix:
            _check_upper(dataset, count, name)
    values = {count.name: dataset.variables[probability_name(count) + suffix] for count in counts}
    values["n_chains"] = xr.Variable((), 1.0)
    for count, total, expected in totals(values, counts):
        if not (abs(total - expected) <= _lost(dataset, count) + SLACK).all():
            raise DataError(
                f"{name}: {probability_name(count) + suffix} does not add up to {count.total}"
            )
    for count, total, bound in bounds(values, counts):
        if not (total <= bound + float(dataset.attrs["mass_lost"]) + SLACK).all():
            raise DataError(
                f"{name}: {probability_name(count) + suffix} is more than {count.at_most}"
            )


def _lost(dataset: "xr.Dataset", count: Count) -> float:
    """The probability of what was dropped in solving, as far as it bears on a count."""
    return 0.0 if count.field in AT_OPENING else float(dataset.attrs["mass_lost"])


def _check_upper(dataset: "xr.Dataset", count: Count, name: str) -> None:
    """The upper bounds are the lower ones with all that was lost, up to 1."""
    lower, upper = (f"{probability_name(count)}_{bound}" for bound in ("lower", "upper"))
    if upper not in dataset or dataset[upper].dims != count.dims:
        raise DataError(f"{name}: {upper} is missing or has other dims")
    expected = np.minimum(dataset[lower] + _lost(dataset, count), 1.0)
    if not bool((abs(dataset[upper] - expected) <= SLACK).all()):
        raise DataError(f"{name}: {upper} is not {lower} with all that was lost")


def probability_attributes(dataset: "xr.Dataset") -> dict[str, dict[str, str]]:
    """What is said of each variable of an exact solution, by its name."""
    suffixes = ("_lower", "_upper") if is_bounded(dataset) else ("",)
    return {
        probability_name(count) + suffix: {"long_name": _meaning(count), "units": "1"}
        for count in stored_counts(PROBABILITIES, dataset)
        for suffix in suffixes
    }


def _meaning(count: Count) -> str:
    return f"probability per chain; as a count: {count.meaning}"
