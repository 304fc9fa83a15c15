"""Chains of several crises, exactly: every past that crises may leave, followed to the last one.

Two things are asked of a crisis, given what earlier ones have left: what it counts, of the solver
of one crisis, and what it leaves, of `aftermath`. Chains that have left the same go on together.
"""

import time
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from mcescalate.engine.exact.sequences.aftermath import Aftermath
from mcescalate.engine.exact.sequences.carried import Carried, Left
from mcescalate.errors import ResourceError
from mcescalate.model.chain.past import credibility_class, credibility_of
from mcescalate.model.codes import NOBODY, OTHER_PAIR, ROLES_REVERSED, SAME_INITIATOR
from mcescalate.model.counts import Tally, field_shapes, n_numbers, scope_of, tally_of
from mcescalate.model.rules.sequence import quiet_chance
from mcescalate.model.world import World
from mcescalate.quantities import counted, in_time

MOST_CRISES = 3
"""Longer chains are refused."""

MOST_SECONDS = 1800
"""A solution estimated to take longer is refused."""


class Course(NamedTuple):
    """Where one chain has come to: its probability, and the expected number of outcomes so far."""

    probability: float
    outcomes: np.ndarray


def solve_sequence(
    world: World,
    solve_crisis: Callable[[World], Any],
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Tally, float, int, int]:
    """Expected counts of one chain, how far probabilities come from 1, and crises and states met.

    Parameters
    ----------
    solve_crisis : the solver of one crisis, of a world whose chains are one crisis each
    progress : called with the number of periods solved, and that of all

    Raises
    ------
    ResourceError
        There are more than `MOST_CRISES` periods, or it takes longer than it may.
    Unsolvable
        The solver of one crisis cannot solve one of them.
    """
    if world.crises > MOST_CRISES:
        raise ResourceError(
            f"the exact solver follows chains of up to {MOST_CRISES} crises, found {world.crises}: "
            "lower sequence.crises, or simulate"
        )
    shapes = field_shapes(scope_of(world))
    numbers = np.zeros(n_numbers(shapes))
    expected = tally_of(numbers, shapes)
    aftermath = Aftermath(world)
    carried = Carried(world, aftermath.state)
    courses: dict[Left, Course] = {
        carried.nothing_left(): Course(1.0, np.zeros(len(expected.outcome)))
    }
    n_crises = n_states = 0
    gap = 0.0
    taken: list[float] = []
    for period in range(world.crises):
        after: dict[Left, list[Any]] = {}
        for done, (left, course) in enumerate(courses.items()):
            if taken:
                _check_time(len(courses) - done, min(taken[-20:]))
            own = carried.put(left)
            chance = quiet_chance(own, carried.past.chain.weight)
            if chance > 0.0:
                expected.quiet[period] += course.probability * chance
                _count_credibility(expected, period, own, course.probability * chance)
                carried.pass_time()
                _go_on(after, carried.left(left[-3:]), course, chance, None)
            if chance < 1.0:
                weight = course.probability * (1.0 - chance)
                solution = solve_crisis(carried.world_of(left))
                begin = time.perf_counter()
                _count_crisis(expected, period, solution.tally, left, course, 1.0 - chance)
                law = aftermath.follow(carried.put(left))
                gap = max(gap, abs(sum(law.values()) - 1.0), solution.gap)
                for end, p in law.items():
                    own = carried.put(left)
                    aftermath.put_end(own, end)
                    carried.leave()
                    _count_credibility(expected, period, own, weight * p)
                    carried.pass_time()
                    then = carried.left((end.outcome, *end.drawn))
                    _go_on(after, then, course, (1.0 - chance) * p, end.outcome)
                n_crises += solution.n_crises
                n_states = max(n_states, solution.n_states, aftermath.n_states)
                taken.append(time.perf_counter() - begin + solution.estimate.seconds)
        courses = {left: Course(p, outcomes) for left, (p, outcomes) in after.items()}
        if progress is not None:
            progress(period + 1, world.crises)
    expected.n_chains[0] = 1.0
    gap = max(gap, abs(sum(course.probability for course in courses.values()) - 1.0))
    return expected, gap, n_crises, n_states


def _check_time(n_left: int, seconds: float) -> None:
    needed = n_left * seconds
    if needed > MOST_SECONDS:
        raise ResourceError(
            f"the exact solution has {counted(n_left, 'different pasts')} to follow and needs "
            f"{in_time(needed)} or more, may take {in_time(MOST_SECONDS)}: lower sequence.crises, "
            "leave out memories, actors, rungs or turns, or simulate"
        )


def _go_on(
    after: dict[Left, list[Any]], left: Left, course: Course, chance: float, outcome: int | None
) -> None:
    """Add what follows with this chance to what later periods find."""
    probability = course.probability * chance
    outcomes = course.outcomes * chance
    if outcome is not None:
        outcomes = outcomes.copy()
        outcomes[outcome] += probability
    sums = after.setdefault(left, [0.0, np.zeros(len(outcomes))])
    sums[0] += probability
    sums[1] = sums[1] + outcomes


def _count_crisis(
    expected: Tally, period: int, one: Tally, left: Left, course: Course, chance: float
) -> None:
    """Add what one crisis counts, in expectation, to what a chain counts."""
    weight = course.probability * chance
    for field, numbers in one._asdict().items():
        if field != "n_chains" and numbers.size:
            getattr(expected, field)[...] += weight * numbers
    expected.crisis_outcome[period] += weight * one.outcome
    expected.crisis_incident[period] += weight * one.incident
    expected.outcome_pair[...] += np.diag(weight * one.outcome)
    joint = chance * np.outer(course.outcomes, one.outcome)
    expected.outcome_pair[...] += joint + joint.T
    last, initiator, target = left[-3:]
    if last != NOBODY:
        same, reversed_ = one.incident[initiator, target], one.incident[target, initiator]
        expected.recurrence[last, SAME_INITIATOR] += weight * same
        expected.recurrence[last, ROLES_REVERSED] += weight * reversed_
        others = one.incident.sum() - same - reversed_
        expected.recurrence[last, OTHER_PAIR] += weight * others


def _count_credibility(expected: Tally, period: int, own: World, weight: float) -> None:
    for tie in range(len(own.ties)):
        expected.credibility[period, tie, credibility_class(credibility_of(own, tie))] += weight
