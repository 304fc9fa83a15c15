"""A tally as a row of numbers, as workers hand it back and shards hold it."""

import numpy as np

from mcescalate.model.scoring import Tally


def tally_row(tally: Tally) -> np.ndarray:
    """All counts of a tally, one after the other."""
    return np.concatenate([array.ravel() for array in tally])
