"""What an actor may have seen, given what it did.

A run sums over readings: it draws the move alone. To tell what the actor saw, a reading is
drawn from the law that it has once the move is known, with words of a purpose of their own.
"""

import numpy as np

from mcescalate.engine.trace.parts import Reading
from mcescalate.model.words import choose

ReadingLaw = list[tuple[int, int, dict[str, float]]]
"""(rung seen, rung an accurate reading shows, chance of each move together with the two)."""


def reading_law(
    perceived: np.ndarray, accurate: np.ndarray, ups: np.ndarray, downs: np.ndarray
) -> ReadingLaw:
    """The joint law of readings and move.

    Between two neighbouring steps of the two distribution functions one uniform number gives
    one reading and one accurate reading, and another one the move. Summed over readings, the
    chances are those of `rules.response_law`.

    Parameters
    ----------
    perceived, accurate : (rungs) the two distribution functions
    ups, downs : (rungs) chances to move for each rung that may be read
    """
    steps = np.unique(np.concatenate([perceived, accurate]))
    law = []
    done = 0.0
    for reached in steps[steps > 0.0].tolist():
        seen = int(np.searchsorted(perceived, reached))
        true = int(np.searchsorted(accurate, reached))
        share, done = reached - done, reached
        up, down = float(ups[seen]), float(downs[seen])
        anyway = min(up, float(ups[true]))
        chances = {
            "up": share * anyway,
            "misread up": share * (up - anyway),
            "hold": share * max(0.0, 1.0 - up - down),
            "down": share * down,
        }
        law.append((seen, true, chances))
    return law


def draw_reading(law: ReadingLaw, move: str, word: int) -> Reading:
    """The pair of readings that `word` picks from their law given `move`."""
    weights = np.array([chances[move] for _, _, chances in law])
    possible = np.flatnonzero(weights)
    shares = weights[possible] / weights.sum()
    picked = choose(word, np.cumsum(shares))
    seen, accurate, _ = law[possible[picked]]
    return Reading(seen, accurate, float(shares[picked]), int(word))
