"""The exact solver: the law of (turn, state) carried forward, for scenarios small enough.

It branches where `model.plain` draws, over the same rules, and holds no formula. `opening`
gives the crises that may begin, `configurations` the states of one and where they lead, `laws` the
chances in each, `probabilities` moves probability along them, `columns` names what is carried for
each state, `ends` has counted what shows as chains end, `forward` takes one crisis turn by turn,
`budget` says what all that needs, and `solve` puts it together.
"""

from mcescalate.engine.exact.ends import AT_OPENING
from mcescalate.engine.exact.solve import Solution, solve_world

__all__ = ["AT_OPENING", "Solution", "solve_world"]
