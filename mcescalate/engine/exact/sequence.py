"""Chains of several crises, exactly: what each crisis may leave, followed to the last one.

Two things are asked of a crisis, given what earlier ones have left. What it counts is asked of the
solver of one crisis. What it leaves depends on more than that solver carries: on peaks, and on who
came in when. So the law of the crisis is followed once more, with these in its state and nothing
that is only counted. Chains that have left the same, up to `MERGED`, go on together.
"""

import itertools
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from mcescalate.engine.backend_python import light_past, light_state, light_world
from mcescalate.engine.exact.opening import race
from mcescalate.errors import ResourceError
from mcescalate.model.codes import (
    DETERRED,
    DOWN,
    HOLD,
    INITIATOR,
    NEUTRAL,
    NOBODY,
    OTHER_PAIR,
    ROLES_REVERSED,
    SAME_INITIATOR,
    TARGET,
    TREATY,
    UNDECIDED,
    UP,
)
from mcescalate.model.counts import Tally, field_shapes, n_numbers, scope_of, tally_of
from mcescalate.model.past import (
    Past,
    begin_chain_of_crises,
    credibility_class,
    credibility_of,
    leave_behind,
    note_moved,
    note_pair,
    own_world,
    pass_time,
    set_credibility,
    weigh_incidents,
)
from mcescalate.model.rules.background import turnover_law
from mcescalate.model.rules.challenge import blame_weight, challenge_probability
from mcescalate.model.rules.joining import (
    n_hazards,
    n_listeners,
    next_hazard,
    nth_impulse,
    nth_listener,
    review_share,
)
from mcescalate.model.rules.outcome import initiator_prevails_chance, war_end_chance
from mcescalate.model.rules.power import balance_of_power
from mcescalate.model.rules.response import mediation_probability, response_law
from mcescalate.model.rules.sequence import quiet_chance
from mcescalate.model.state import (
    State,
    clear,
    enlist,
    highest_rung,
    new_state,
    other,
    set_heights,
    wipe_moves,
    write_entry,
    write_move,
)
from mcescalate.model.transition import apply_turn, open_crisis, watch_for
from mcescalate.model.world import World
from mcescalate.quantities import counted, in_time

MOST_CRISES = 3
"""Longer chains are refused."""

MOST_SECONDS = 1800
"""A solution estimated to take longer is refused."""

MERGED = 12
"""Decimals beyond which two carried-over values count as equal."""

Left = tuple[Any, ...]
"""What crises have left: credibility by tie, memory and records by pair, arms, and outcome and pair
of the crisis before."""


class Crisis(NamedTuple):
    """One crisis that may begin: originators as fought, and domain."""

    initiator: int
    target: int
    domain: int


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
    follower = _Follower(world)
    courses: dict[Left, Course] = {
        follower.nothing_left(): Course(1.0, np.zeros(len(expected.outcome)))
    }
    n_crises = n_states = 0
    gap = 0.0
    taken: list[float] = []
    for period in range(world.crises):
        after: dict[Left, list[Any]] = {}
        for done, (left, course) in enumerate(courses.items()):
            if taken:
                _check_time(len(courses) - done, min(taken[-20:]))
            own = follower.put(left)
            chance = quiet_chance(own, follower.past.chain.weight)
            if chance > 0.0:
                expected.quiet[period] += course.probability * chance
                _count_credibility(expected, period, own, course.probability * chance)
                follower.pass_time()
                _go_on(after, follower.left(left[-3:]), course, chance, None)
            if chance < 1.0:
                weight = course.probability * (1.0 - chance)
                solution = solve_crisis(follower.world_of(left))
                begin = time.perf_counter()
                _count_crisis(expected, period, solution.tally, left, course, 1.0 - chance)
                law = follower.follow(left)
                gap = max(gap, abs(sum(law.values()) - 1.0), solution.gap)
                for (outcome, drawn, end), p in law.items():
                    own = follower.put(left)
                    follower.leave(outcome, drawn, end)
                    _count_credibility(expected, period, own, weight * p)
                    follower.pass_time()
                    then = follower.left((outcome, *drawn))
                    _go_on(after, then, course, (1.0 - chance) * p, outcome)
                n_crises += solution.n_crises
                n_states = max(n_states, solution.n_states, follower.n_states)
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


class _Follower:
    """Follows one crisis after another in a world whose carried values can be put in place."""

    def __init__(self, world: World):
        self.file = world
        self.light = light_world(world)
        self.past: Past = light_past(world)
        self.state: State = light_state(world)
        self.pairs = list(itertools.combinations(range(world.n_actors), 2))
        self.n_states = 0
        self._next: dict[Any, Any] = {}

    # ---- what is carried

    def nothing_left(self) -> Left:
        """What the first crisis finds."""
        begin_chain_of_crises(self.light, self.past, self.state)
        return self.left((NOBODY, NOBODY, NOBODY))

    def left(self, last: tuple[int, ...]) -> Left:
        """What there is now; `last` is the crisis before."""
        own = self.past.world
        credibility = tuple(
            round(float(credibility_of(own, tie)), MERGED) for tie in range(len(own.ties))
        )
        memory = tuple(round(float(own.memory[pair]), MERGED) for pair in self.pairs)
        record = tuple(
            round(float(own.record[pair[::way]]), MERGED) for pair in self.pairs for way in (1, -1)
        )
        arms = tuple(int(actor.arms) for actor in own.actors)
        return (credibility, memory, record, arms, *last)

    def put(self, left: Left) -> World:
        """Put what was left in place; returns the world that the next crisis finds."""
        credibility, memory, record, arms, *_ = left
        past, state = self.past, self.state
        clear(state)
        begin_chain_of_crises(self.light, past, state)
        own = past.world
        for tie, value in enumerate(credibility):
            if value != round(float(credibility_of(self.light, tie)), MERGED):
                set_credibility(own, tie, value)
                note_moved(past, tie)
        for n, (i, j) in enumerate(self.pairs):
            if memory[n] != 0.0 or record[2 * n] != 0.0 or record[2 * n + 1] != 0.0:
                note_pair(past, i, j)
            own.memory[i, j] = own.memory[j, i] = memory[n]
            own.record[i, j], own.record[j, i] = record[2 * n], record[2 * n + 1]
        for actor, level in zip(own.actors, arms, strict=True):
            actor.arms = level
        self._weigh()
        return own

    def _weigh(self) -> None:
        if self.light.coefficients.sequence_recur != 0.0 and self.past.chain.n_pairs > 0:
            weigh_incidents(self.light, self.past)

    def pass_time(self) -> None:
        """Let what is carried fade."""
        pass_time(self.light, self.past)

    def world_of(self, left: Left) -> World:
        """The world that the next crisis finds, of chains of one crisis, as arrays."""
        own = self.put(left)
        world = own_world(self.file)
        for tie in range(len(world.ties)):
            set_credibility(world, tie, credibility_of(own, tie))
        world.memory[...] = own.memory
        world.record[...] = own.record
        world.actors["arms"] = [actor.arms for actor in own.actors]
        world.incidents["share"] = [incident.share for incident in own.incidents]
        world.incidents["cumulative"] = np.cumsum(world.incidents["share"])
        return world._replace(crises=1, quiet=0.0)

    def leave(self, outcome: int, drawn: tuple[int, int], end: Any) -> None:
        """Let the crisis that ended so leave what it does."""
        state = self.state
        if outcome == DETERRED:
            clear(state)
            state.now.turn = 0
        else:
            crisis, key, turn, winner = end
            self._load(crisis, key, turn)
            state.now.winner = winner
        arms = end[1][-1] if outcome == DETERRED else key[-1]
        for actor, level in zip(state.actors, arms, strict=True):
            actor.arms = level
        state.now.outcome = outcome
        state.now.drawn_initiator, state.now.drawn_target = drawn
        leave_behind(self.past, state)

    # ---- one crisis

    def follow(self, left: Left) -> dict[Any, float]:
        """Law of (outcome, drawn pair, end) of the next crisis."""
        own = self.put(left)
        ends: dict[Any, float] = defaultdict(float)
        arrays = self.world_arrays(own)
        for arms, p_arms in race(arrays, new_state(arrays)).items():
            for actor, level in zip(self.state.actors, arms, strict=True):
                actor.arms = level
            for incident in own.incidents:
                for d, domain in enumerate(own.domains):
                    share = p_arms * float(incident.share) * float(domain.share)
                    if share > 0.0:
                        drawn = int(incident.initiator), int(incident.target)
                        self._follow_incident(own, drawn, d, arms, share, ends)
        return ends

    def world_arrays(self, own: World) -> World:
        """A world in which the arms race can be asked as the solver of one crisis asks it."""
        actors = self.file.actors.copy()
        actors["arms"] = [actor.arms for actor in own.actors]
        return self.file._replace(actors=actors)

    def _follow_incident(
        self,
        own: World,
        drawn: tuple[int, int],
        domain: int,
        arms: tuple[int, ...],
        share: float,
        ends: dict[Any, float],
    ) -> None:
        state = self.state
        open_: dict[Any, float] = defaultdict(float)
        for governments, p_governments in self._governments(own):
            clear(state)
            state.now.domain = domain
            open_crisis(own, state, *drawn)
            for actor, divided in zip(state.actors, governments, strict=True):
                actor.divided = divided
            p = share * p_governments
            challenge = challenge_probability(own, state, balance_of_power(own, state))
            goes_ahead = own.accident + (1.0 - own.accident) * challenge
            deterred = (None, (arms,), 0, UNDECIDED)
            ends[DETERRED, drawn, deterred] += p * (1.0 - goes_ahead)
            for (a, b), p_blame in self._blamed(own, drawn, domain):
                clear(state)
                open_crisis(own, state, a, b)
                for actor, divided in zip(state.actors, governments, strict=True):
                    actor.divided = divided
                open_[Crisis(a, b, domain), self._key(arms)] += p * goes_ahead * p_blame
        by_crisis: dict[Crisis, dict[Any, float]] = {}
        for (crisis, key), p in open_.items():
            by_crisis.setdefault(crisis, {})[key] = p
        for crisis, law in by_crisis.items():
            self._follow_crisis(own, crisis, drawn, law, ends)

    def _governments(self, own: World) -> Iterator[tuple[tuple[int, ...], float]]:
        laws = [((0, 1.0 - a.instability), (1, a.instability)) for a in own.actors]
        for choice in itertools.product(*laws):
            p = float(np.prod([chance for _, chance in choice]))
            if p > 0.0:
                yield tuple(divided for divided, _ in choice), p

    def _blamed(
        self, own: World, drawn: tuple[int, int], domain: int
    ) -> Iterator[tuple[tuple[int, int], float]]:
        weights = {x: blame_weight(own, *drawn, x) for x in range(own.n_actors)}
        total = sum(weights.values())
        wrong = float(own.domains[domain].misattribution) if total > 0.0 else 0.0
        if wrong < 1.0:
            yield drawn, 1.0 - wrong
        for x, weight in weights.items():
            if wrong > 0.0 and weight > 0.0:
                yield (drawn[1], x), wrong * weight / total

    def _follow_crisis(
        self,
        own: World,
        crisis: Crisis,
        drawn: tuple[int, int],
        law: dict[Any, float],
        ends: dict[Any, float],
    ) -> None:
        """Carry the law of the crisis forward, turn by turn."""
        for turn in range(1, own.horizon + 1):
            after: dict[Any, float] = defaultdict(float)
            for key, p in law.items():
                for step, chance in self._steps(own, crisis, key, turn):
                    goal = self._next_key(own, crisis, key, step, turn)
                    for governments, q in self._redrawn(own, goal):
                        outcome = goal[0]
                        if outcome is not None:
                            winner = step[1]
                            end = (crisis, goal[1], turn, winner)
                            ends[outcome, drawn, end] += p * chance
                            break
                        after[(*goal[1][:-2], governments, goal[1][-1])] += p * chance * q
            law = after
            self.n_states = max(self.n_states, len(law))

    # ---- states of a crisis: who stands where, since when and how high so far

    def _key(self, arms: tuple[int, ...]) -> tuple[Any, ...]:
        state, now = self.state, self.state.now
        members = tuple(
            (i, me.side, me.rung, me.peak, me.held, me.entry_turn)
            for i, me in enumerate(state.actors)
            if me.side != NEUTRAL
        )
        course = (now.highest_initiator, now.highest_target, now.news, now.war_turn)
        governments = tuple(actor.divided for actor in state.actors)
        return (members, course, governments, arms)

    def _load(self, crisis: Crisis, key: tuple[Any, ...], turn: int) -> None:
        """Put a state in place, after `turn` turns."""
        own, state = self.past.world, self.state
        now = state.now
        members, course, governments, arms = key
        clear(state)
        now.domain = crisis.domain
        open_crisis(own, state, crisis.initiator, crisis.target)
        for i, side, rung, peak, held, entry_turn in members:
            me = state.actors[i]
            if me.side == NEUTRAL:
                enlist(state, i, side, rung, entry_turn, TREATY, NOBODY)
                watch_for(own, state, i)
            me.rung, me.peak, me.held = rung, peak, held
        set_heights(state)
        now.highest_initiator, now.highest_target, now.news, now.war_turn = course
        for actor, divided, level in zip(state.actors, governments, arms, strict=True):
            actor.divided, actor.arms = divided, level
        now.turn = turn
        now.over = 0

    def _steps(
        self, own: World, crisis: Crisis, key: tuple[Any, ...], turn: int
    ) -> Iterator[tuple[Any, float]]:
        """Everything that may be decided in a turn: (mediated, winner, moves, entries)."""
        state = self.state
        now = state.now
        self._load(crisis, key, turn - 1)
        now.turn = turn
        balance = balance_of_power(own, state)
        heard = mediation_probability(own, state)
        ends = war_end_chance(own, state, balance) if now.war_turn > 0 else 0.0
        first = initiator_prevails_chance(own, balance)
        wars = ((UNDECIDED, 1.0 - ends), (INITIATOR, ends * first), (TARGET, ends * (1.0 - first)))
        engaged = state.engaged[: now.n_engaged].tolist()
        movers = [i for i in engaged if state.actors[i].rung < own.top]
        entries = self._entry_laws(own, balance)
        for mediated, p in ((0, 1.0 - heard), (1, heard)):
            if p == 0.0:
                continue
            moves = []
            for i in movers:
                anyway, misread, down = response_law(own, state, i, balance, mediated)
                up = anyway + misread
                moves.append(((i, UP, up), (i, DOWN, down), (i, HOLD, max(0.0, 1.0 - up - down))))
            for winner, p_war in wars:
                for move in itertools.product(*moves):
                    chance = p * p_war
                    for _, _, q in move:
                        chance *= q
                    if chance == 0.0:
                        continue
                    moved = tuple((i, m) for i, m, _ in move if m != HOLD)
                    for entry, q in entries:
                        yield (mediated, winner, moved, entry), chance * q

    def _entry_laws(self, own: World, balance: float) -> list[tuple[Any, float]]:
        """Who comes in on which side, with the chance of each combination."""
        state = self.state
        laws = []
        for n in range(n_listeners(own, state)):
            k = int(nth_listener(own, state, n))
            if state.actors[k].side != NEUTRAL:
                continue
            stays = []
            for side in range(2):
                highest, out = highest_rung(state, other(side)), 1.0
                for hazard in range(n_hazards(state, side)):
                    impulse = nth_impulse(own, state, k, side, hazard, highest, balance)
                    _, out = next_hazard(out, review_share(own, state), impulse)
                stays.append(out)
            to_initiator = (1.0 - stays[0]) * stays[1]
            to_target = (1.0 - stays[1]) * stays[0]
            laws.append(
                (
                    (k, INITIATOR, to_initiator),
                    (k, TARGET, to_target),
                    (k, NEUTRAL, 1.0 - to_initiator - to_target),
                )
            )
        found = []
        for choice in itertools.product(*laws):
            chance = 1.0
            for _, _, q in choice:
                chance *= q
            if chance > 0.0:
                found.append((tuple((k, s) for k, s, _ in choice if s != NEUTRAL), chance))
        return found

    def _next_key(
        self, own: World, crisis: Crisis, key: tuple[Any, ...], step: Any, turn: int
    ) -> tuple[int | None, tuple[Any, ...]]:
        """Outcome, if that ends the crisis, and state after a turn; the same whatever was left."""
        place = (crisis, key, step, turn)
        known = self._next.get(place)
        if known is not None:
            return known
        mediated, winner, moved, entries = step
        state = self.state
        now = state.now
        self._load(crisis, key, turn - 1)
        wipe_moves(state)
        now.turn = turn
        now.mediated = mediated
        now.war_over = 0 if winner == UNDECIDED else 1
        now.winner = winner
        for i, move in moved:
            write_move(state, i, move, 0)
        for k, side in entries:
            write_entry(state, k, side, TREATY, NOBODY)
        apply_turn(own, state)
        outcome = int(now.outcome) if now.over == 1 else None
        self._next[place] = found = (outcome, self._key(key[-1]))
        wipe_moves(state)
        return found

    def _redrawn(self, own: World, goal: Any) -> Iterator[tuple[tuple[int, ...], float]]:
        """Governments after the turn."""
        laws = []
        for i, divided in enumerate(goal[1][-2]):
            change = turnover_law(own, i, divided)
            laws.append(((divided, 1.0 - change), (1 - divided, change)))
        for choice in itertools.product(*laws):
            p = 1.0
            for _, q in choice:
                p *= q
            if p > 0.0:
                yield tuple(divided for divided, _ in choice), p
