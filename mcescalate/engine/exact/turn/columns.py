"""What is carried along for each state: the columns of a row of probabilities.

A row belongs to one Markov state. Its first column is the probability of being there; the
others are parts of it, singled out by what has happened so far. So one pass forward gives
every count, and no state has to remember its past.
"""

from typing import NamedTuple

from mcescalate.model.codes import MISREAD_CLASSES

PROBABILITY = 0
ACCIDENT = 1
"""The part that began with an accident."""
MEDIATED = 2
"""The part that came here in a turn in which a mediator was heard."""
ACCIDENT_MEDIATED = 3
_FIXED = 4


class Columns(NamedTuple):
    """Places of the columns, given the number of members and the rung of war.

    Members are the actors that a crisis may concern, by their place among them.
    """

    treaty: int
    """First of one for each member: the part in which it came in by treaty."""
    peak: int
    """First of `top` for each member: the parts in which it has been on rung 1, 2, … or above."""
    misread: int
    """First of one for each class of misread moves: the part that has made so many."""
    width: int


def columns_of(n_members: int, top: int) -> Columns:
    """Layout for a crisis of `n_members` members with war at rung `top`."""
    peak = _FIXED + n_members
    misread = peak + n_members * top
    return Columns(_FIXED, peak, misread, misread + MISREAD_CLASSES)
