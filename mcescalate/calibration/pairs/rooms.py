"""Room in which the chains of two work."""

from typing import Any

import numpy as np

from mcescalate.calibration.pairs.ends import N_FOLLOWED
from mcescalate.calibration.pairs.joins import places_of
from mcescalate.calibration.pairs.moves import SETTINGS
from mcescalate.model.world import World


def room_for_ends(world: World) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """`moves`, `later` and `now` of `ends.fill_ends`."""
    top = world.top
    return (
        np.zeros((SETTINGS, top, top, 3, 3)),
        np.zeros((SETTINGS, top, top, N_FOLLOWED)),
        np.zeros((SETTINGS, top, top, N_FOLLOWED)),
    )


def room_for_joins(world: World, n_bystanders: int) -> tuple[Any, ...]:
    """`places` of `joins.fill_joins`, and its room: `moves` to `flow`."""
    top, places = world.top, places_of(world)
    n_places = len(places.rungs)
    return (
        places,
        np.zeros((SETTINGS, top, top, 3, 3)),
        np.zeros((world.horizon, top, top)),
        np.zeros((world.horizon + 1, n_places, 2)),
        np.zeros((world.horizon, n_places, 2, n_bystanders)),
        np.zeros((2, n_places, 2, 2, n_bystanders)),
        np.zeros((2, n_places, 2, n_bystanders)),
        np.zeros(n_bystanders),
    )
