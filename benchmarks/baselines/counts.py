"""What the baseline counts, under the names that a result gives its variables."""

import numpy as np

from mcescalate.model.codes import CAUSES, MISREAD_CLASSES, OUTCOMES, SIDES, TIE_FATES
from mcescalate.model.counts import COUNTS
from mcescalate.model.world import World
from mcescalate.results.dataset import places_of
from mcescalate.scenario.schema import Scenario

Counts = dict[str, np.ndarray]
"""Counts, int64, by the name of the variable of a result; actors in the world's order."""

DIMS = {count.name: count.dims for count in COUNTS}


def sizes(world: World) -> dict[str, int]:
    """Length of every dim."""
    return {
        "outcome": len(OUTCOMES),
        "rung": world.top + 1,
        "turn": world.horizon + 1,
        "actor": world.n_actors,
        "partner": world.n_actors,
        "side": len(SIDES),
        "cause": len(CAUSES),
        "tie": len(world.ties),
        "misreads": MISREAD_CLASSES,
        "n_actors": world.n_actors + 1,
        "domain": len(world.domains),
    }


def new_counts(world: World) -> Counts:
    """Zeros for all variables that a result has."""
    size = sizes(world)
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
            if dim in ("actor", "partner"):
                array = array.take(places, axis)
        ordered[name] = array
    return ordered
