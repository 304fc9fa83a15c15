"""Room in which the chains of two work."""

import numpy as np

from mcescalate.calibration.pairs.ends import N_FOLLOWED
from mcescalate.calibration.pairs.joins import N_JOINS
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


def room_for_joins(world: World, n_bystanders: int) -> tuple[np.ndarray, ...]:
    """`moves`, `war`, `ahead`, `joins`, `present` and `flow` of `joins.fill_joins`."""
    top = world.top
    highs = top - world.casus + 1
    n_places = (top * highs) ** 2 + 1
    return (
        np.zeros((SETTINGS, top, top, 3, 3)),
        np.zeros((world.horizon, top, top)),
        np.zeros((world.horizon, n_places, N_JOINS, n_bystanders)),
        np.zeros((2, n_places, 2, N_JOINS, n_bystanders)),
        np.zeros((2, n_places, 2, n_bystanders)),
        np.zeros(n_bystanders),
    )
