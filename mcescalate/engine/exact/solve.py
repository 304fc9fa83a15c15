"""The exact solution: every crisis that may begin, carried forward to its ends."""

import functools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mcescalate.engine.exact.budget import Budget, Estimate
from mcescalate.engine.exact.configurations import Configurations
from mcescalate.engine.exact.forward import Forward
from mcescalate.engine.exact.opening import Start, openings
from mcescalate.engine.exact.sequences.sequence import solve_sequence
from mcescalate.engine.exact.turn.ends import new_scores
from mcescalate.engine.exact.turn.loops import loops_of
from mcescalate.errors import ResourceError
from mcescalate.model.codes import DETERRED
from mcescalate.model.counts import Tally, field_shapes, n_numbers, scope_of, tally_of
from mcescalate.model.state import new_state
from mcescalate.model.world import World, is_sequence

CLOSES = 1e-12
"""After every turn all probabilities together are as far from 1 as this at most."""


@dataclass(frozen=True)
class Solution:
    """Exact probabilities of a world, or lower bounds of them.

    Attributes
    ----------
    tally : expected counts of one chain, as floats; actors in the world's order. Its
        `n_chains` is the probability that was followed to the end, 1 - `lost`
    lost : probability dropped: each value of `tally` is a lower bound, and this much more an
        upper one
    gap : furthest that all probabilities together came from 1 after any turn
    n_crises, n_states : crises solved, and the most states that one of them had at a time
    estimate : what it was expected to take, from the states met before any probability moved
    """

    tally: Tally
    lost: float
    gap: float
    n_crises: int
    n_states: int
    estimate: Estimate


def solve_world(
    world: World,
    *,
    prune: float = 0.0,
    rounded: bool = False,
    backend: str = "numba",
    progress: Callable[[int, int], None] | None = None,
) -> Solution:
    """Solve a world exactly, or bound its probabilities.

    Parameters
    ----------
    prune : states of a probability below this are dropped at the start of each turn; 0 keeps all
    rounded : whether probabilities of decisions are rounded to 2^-32, as a run draws them
    backend : "numba", or "python" for the same source uncompiled
    progress : called with the number of crises solved, and that of all

    Raises
    ------
    ResourceError
        It takes more memory or time than it may.
    Unsolvable
        Something is counted that an exact solution cannot tell.
    ArithmeticError
        Probabilities do not add up to 1 within `CLOSES`.
    """
    if is_sequence(world):
        return _solve_chains(world, prune, rounded, backend, progress)
    state, loops, scores = new_state(world), loops_of(backend), new_scores(world)
    tally_shapes = field_shapes(scope_of(world))
    numbers = np.zeros(n_numbers(tally_shapes))
    expected = tally_of(numbers, tally_shapes)
    groups: dict[tuple[int, int, int], list[Start]] = {}
    for start in openings(world, state, loops, scores, expected, numbers, rounded):
        crisis = start.crisis
        rung = int(world.domains[crisis.domain].rung)
        groups.setdefault((crisis.initiator, crisis.target, rung), []).append(start)
    expected.actor_peak[:, 0] += expected.outcome[DETERRED]

    budget = Budget(
        world,
        {key: (starts[0].crisis, len(starts)) for key, starts in groups.items()},
        is_timed=prune == 0.0,
    )
    configurations_of = {
        key: Configurations(
            world, state, loops, scores, starts[0].crisis, functools.partial(budget.note, key)
        )
        for key, starts in groups.items()
    }
    if prune == 0.0:
        for configurations in configurations_of.values():
            configurations.meet_all()
    foreseen = budget.estimate()

    n_crises = sum(map(len, groups.values()))
    done = n_states = 0
    lost = 0.0
    gap = abs(float(expected.incident.sum()) - 1.0)
    for key, starts in groups.items():
        for start in starts:
            forward = Forward(world, state, loops, configurations_of[key], scores, start)
            course = forward.run(expected, numbers, prune)
            lost += course.lost
            gap = max(gap, course.gap)
            n_states = max(n_states, course.n_states)
            done += 1
            if progress is not None:
                progress(done, n_crises)
    expected.n_chains[0] = 1.0 - lost
    gap = max(gap, abs(float(expected.outcome.sum()) + lost - 1.0))
    if gap > CLOSES:
        raise ArithmeticError(f"probabilities add up to 1 only within {gap}, not within {CLOSES}")
    return Solution(expected, lost, gap, n_crises, n_states, foreseen)


def _solve_chains(
    world: World,
    prune: float,
    rounded: bool,
    backend: str,
    progress: Callable[[int, int], None] | None,
) -> Solution:
    """The same where chains are several crises each."""
    if prune > 0.0 or rounded:
        raise ResourceError(
            "prune and rounded: the exact solver takes them for chains of one crisis only; leave "
            "them out, or simulate"
        )
    estimates: list[Estimate] = []

    def solve_crisis(one: World) -> Solution:
        solution = solve_world(one, backend=backend)
        estimates.append(solution.estimate)
        return solution

    tally, gap, n_crises, n_states = solve_sequence(world, solve_crisis, progress)
    if gap > CLOSES:
        raise ArithmeticError(f"probabilities add up to 1 only within {gap}, not within {CLOSES}")
    together = Estimate(
        n_crises,
        n_states,
        sum(one.n_branches for one in estimates),
        max((one.memory_bytes for one in estimates), default=0),
        sum(one.seconds for one in estimates),
    )
    return Solution(tally, 0.0, gap, n_crises, n_states, together)
