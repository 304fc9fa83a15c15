"""One crisis followed once more, by what it leaves to later ones.

The solver of one crisis carries what is counted. What a crisis leaves depends on more than that:
on peaks, and on who came in when. So its law is followed here with these in the state, and with
nothing that is only counted.
"""

import itertools
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from mcescalate.engine.backend_python import light_state
from mcescalate.engine.exact.opening import race
from mcescalate.model.chain.transition import apply_turn, open_crisis, watch_for
from mcescalate.model.codes import (
    DETERRED,
    DOWN,
    HOLD,
    INITIATOR,
    NEUTRAL,
    NOBODY,
    TARGET,
    TREATY,
    UNDECIDED,
    UP,
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
from mcescalate.model.world import World


class Crisis(NamedTuple):
    """One crisis that may begin: originators as fought, and domain."""

    initiator: int
    target: int
    domain: int


class End(NamedTuple):
    """How a crisis has ended: all that later ones may depend on.

    Parameters
    ----------
    outcome, drawn : its outcome, and the pair that was drawn
    crisis : as fought; None if it was deterred
    key : who stands where, since when and how high so far; if deterred, the levels of arms alone
    turn : the last one
    winner : the side that prevailed in war
    """

    outcome: int
    drawn: tuple[int, int]
    crisis: Crisis | None
    key: tuple[Any, ...]
    turn: int
    winner: int


class Aftermath:
    """Follows crises of a world whose carried values may differ from crisis to crisis."""

    def __init__(self, world: World):
        self.file = world
        self.state: State = light_state(world)
        self.n_states = 0
        self._next: dict[Any, Any] = {}

    def follow(self, own: World) -> dict[End, float]:
        """Law of the end of the next crisis, which finds the world `own`."""
        ends: dict[End, float] = defaultdict(float)
        arrays = self._arrays(own)
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

    def put_end(self, own: World, end: End) -> None:
        """Put the state in place in which a crisis has ended."""
        state = self.state
        if end.crisis is None:
            clear(state)
            state.now.turn = 0
        else:
            self._load(own, end.crisis, end.key, end.turn)
            state.now.winner = end.winner
        for actor, level in zip(state.actors, end.key[-1], strict=True):
            actor.arms = level
        state.now.outcome = end.outcome
        state.now.drawn_initiator, state.now.drawn_target = end.drawn

    def _arrays(self, own: World) -> World:
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
        ends: dict[End, float],
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
            deterred = End(DETERRED, drawn, None, (arms,), 0, UNDECIDED)
            ends[deterred] += p * (1.0 - goes_ahead)
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
        ends: dict[End, float],
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
                            end = End(outcome, drawn, crisis, goal[1], turn, step[1])
                            ends[end] += p * chance
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

    def _load(self, own: World, crisis: Crisis, key: tuple[Any, ...], turn: int) -> None:
        """Put a state in place, after `turn` turns."""
        state = self.state
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
        self._load(own, crisis, key, turn - 1)
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
        self._load(own, crisis, key, turn - 1)
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
