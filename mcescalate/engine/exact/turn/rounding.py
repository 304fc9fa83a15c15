"""Probabilities as a run draws them, rounded to multiples of 2^-32: see docs/model.md 9."""

import numpy as np

from mcescalate.model.jit import jitable
from mcescalate.model.words import WORDS, threshold


@jitable
def as_drawn(probability: float, is_rounded: int) -> float:
    """The share of words that mean "yes" to `probability` if it is rounded, else itself."""
    return threshold(probability) / WORDS if is_rounded == 1 else probability


@jitable
def moves_as_drawn(
    anyway: float, misread: float, down: float, is_rounded: int
) -> tuple[float, float, float]:
    """Chances to go up as with the accurate reading, up by misreading, and down, of one word."""
    if is_rounded == 0:
        return anyway, misread, down
    up = as_drawn(anyway + misread, 1)
    clear = min(as_drawn(anyway, 1), up)
    return clear, up - clear, min(as_drawn(down, 1), 1.0 - up)


def shares_as_drawn(shares: np.ndarray, is_rounded: bool) -> np.ndarray:
    """Chances of classes of which one word picks one, the last of them by default."""
    if not is_rounded:
        return shares
    reached = np.cumsum(shares)
    ends = np.array([as_drawn(float(end), 1) for end in reached[:-1]] + [1.0])
    return np.diff(ends, prepend=0.0)
