"""The exact solver: the law of (turn, state) carried forward, for scenarios small enough.

It branches where `model.chain.plain` draws, over the same rules, and holds no formula. `opening`
gives the crises that may begin, `configurations` the states of one and where they lead, `forward`
takes one crisis turn by turn, with the probabilities and counts of `turn`; `sequences` carries
what a crisis leaves to the next, `budget` says what all that needs, and `solve` puts it together.
"""

from mcescalate.engine.exact.solve import Solution, solve_world
from mcescalate.engine.exact.turn.ends import AT_OPENING

__all__ = ["AT_OPENING", "Solution", "solve_world"]
