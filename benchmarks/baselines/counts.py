"""What the baseline counts, under the names that a result gives its variables."""

import numpy as np

from mcescalate.model import counts as declared
from mcescalate.model.codes import TIE_FATES
from mcescalate.model.counts import COUNTS, scope_of
from mcescalate.model.world import World
from mcescalate.results.labels import places_of
from mcescalate.scenario.schema import Scenario

Counts = dict[str, np.ndarray]
"""Counts, int64, by the name of the variable of a result; actors in the world's order."""

DIMS = {count.name: count.dims for count in COUNTS}


def new_counts(world: World) -> Counts:
    """Zeros for all variables that a result has."""
    size = {name: len(dim.labels_in(scope_of(world))) for name, dim in declared.DIMS.items()}
    return {name: np.zeros([size[dim] for dim in dims], np.int64) for name, dims in DIMS.items()}


def complete_peaks(counts: Counts) -> None:
    """Count rung 0 for those whom no crisis touched, which is left out while counting."""
    peaks = counts["actor_peak_count"]
    peaks[:, 0] += counts["n_chains"] - peaks.sum(axis=1)


def tie_count_names() -> list[str]:
    """The variables of the fates of promises, in the order of their codes."""
    return [f"tie_{fate}_count" for fate in TIE_FATES]


def in_file_order(counts: Counts, scenario: Scenario) -> Counts:
    """The same with actors in the order of the scenario's file, as a result has them."""
    places = places_of(scenario)
    ordered = {}
    for name, array in counts.items():
        for axis, dim in enumerate(DIMS[name]):
            if declared.DIMS[dim].is_actor:
                array = array.take(places, axis)
        ordered[name] = array
    return ordered
