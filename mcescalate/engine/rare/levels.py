"""Which thresholds chains stop at: a pilot leaves out those that most chains pass."""

import numpy as np
from numpy.typing import NDArray

from mcescalate.engine.rare.thresholds import Goal

PASSED = 0.4
"""A threshold is kept once so few of the chains from the last one kept are expected to reach it."""


def keep_thresholds(goal: Goal, reached: NDArray[np.float64], start: float) -> Goal:
    """`goal` with the thresholds that are worth a stage.

    Parameters
    ----------
    reached : probability to reach each one, as a pilot estimated it
    start : probability that a crisis begins
    """
    last = len(reached) - 1
    kept, before = [], start
    for place, chance in enumerate(reached):
        is_needed = bool(goal.thresholds[place].is_fixed) or place == last
        if is_needed or chance <= PASSED * before:
            kept.append(place)
            before = chance if chance > 0.0 else before
    return goal._replace(thresholds=goal.thresholds[[*kept, last + 1]])
