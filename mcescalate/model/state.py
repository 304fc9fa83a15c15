"""`State`: where one chain stands, what its actors decide this turn, and what is remembered.

One set of arrays serves chain after chain. `engaged` and `watching` list actors in rising
order, so that the same crisis gives the same sums however it came about, and work grows
with who is concerned, not with the number of actors.
"""

from typing import NamedTuple

import numpy as np

from mcescalate.model.codes import INITIATOR, NEUTRAL, NOBODY, TARGET
from mcescalate.model.jit import njit

NOW = np.dtype(
    [
        (name, np.int64)
        for name in (
            "drawn_initiator",
            "drawn_target",
            "initiator",
            "target",
            "domain",
            "accident",
            "misattributed",
            "turn",  # turns played; the turn in play while one is
            "news",
            "mediated",  # whether a mediator is heard in this turn
            "n_engaged",
            "n_watching",
            "highest_initiator",  # highest rung so far of each side
            "highest_target",
            "war_turn",
            "misreads",
            "war_began_misread",
            "over",
            "outcome",
            "balance_known",  # whether `balance` holds for the present sides and governments
        )
    ]
    + [("balance", np.float64)]
)


class State(NamedTuple):
    """Markov state, decisions of the turn, ledger of the chain and memory of sightings.

    N actors, R = the rung of war. Arrays of N hold 0 (or NEUTRAL, NOBODY) for everybody who
    is not engaged; `divided` is kept for those engaged or watching only.
    """

    now: np.record
    side: np.ndarray
    rung: np.ndarray
    divided: np.ndarray
    divided_since: np.ndarray
    """Turn up to which `divided` is known; -1 while it is not."""
    arms: np.ndarray
    engaged: np.ndarray
    watching: np.ndarray
    is_watching: np.ndarray
    # decisions of the turn in play
    move: np.ndarray
    is_misread: np.ndarray
    drawn_to: np.ndarray
    drawn_cause: np.ndarray
    drawn_through: np.ndarray
    # ledger
    peak: np.ndarray
    entry_turn: np.ndarray
    cause: np.ndarray
    through: np.ndarray
    # scratch and memory of pure functions of the world
    perceived: np.ndarray
    accurate: np.ndarray
    up: np.ndarray
    down: np.ndarray
    sighting_slot: np.ndarray
    sighting: np.ndarray
    n_sightings: np.ndarray


SIGHTINGS = 4096
"""Pairs of actors (and domain) whose sighting tables are remembered; more are recomputed."""


def new_state(world) -> State:
    """A state with nobody in a crisis, ready for chains of `world`."""
    n = world.n_actors
    rungs = world.top + 1

    def integers(fill):
        return np.full(n, fill, np.int64)

    pairs = min(SIGHTINGS, n * n * len(world.domain_rung)) + 1
    return State(
        now=np.zeros(1, NOW).view(np.recarray)[0],
        side=integers(NEUTRAL),
        rung=integers(0),
        divided=integers(0),
        divided_since=integers(-1),
        arms=np.clip(world.actors["arms"], 0, world.arms_levels).astype(np.int64),
        engaged=integers(0),
        watching=integers(0),
        is_watching=integers(0),
        move=integers(0),
        is_misread=integers(0),
        drawn_to=integers(NEUTRAL),
        drawn_cause=integers(NOBODY),
        drawn_through=integers(NOBODY),
        peak=integers(0),
        entry_turn=integers(0),
        cause=integers(NOBODY),
        through=integers(NOBODY),
        perceived=np.zeros(rungs),
        accurate=np.zeros(rungs),
        up=np.zeros(rungs),
        down=np.zeros(rungs),
        sighting_slot=np.full((n, n, len(world.domain_rung)), -1, np.int32),
        sighting=np.zeros((pairs, rungs, rungs)),
        n_sightings=np.zeros(1, np.int64),
    )


@njit
def originator(state, side):
    """The actor that stands at the head of `side`."""
    return state.now.initiator if side == INITIATOR else state.now.target


@njit
def other(side):
    """The opposite side."""
    return TARGET if side == INITIATOR else INITIATOR


@njit
def insert_sorted(members, count, actor):
    """Put `actor` in its place among the first `count` of `members`, which are in rising order."""
    place = count
    while place > 0 and members[place - 1] > actor:
        members[place] = members[place - 1]
        place -= 1
    members[place] = actor


@njit
def remove_sorted(members, count, actor):
    """Take `actor` out of the first `count` of `members`."""
    place = 0
    while members[place] != actor:
        place += 1
    for k in range(place, count - 1):
        members[k] = members[k + 1]


@njit
def enlist(state, actor, side, rung, turn, cause, through):
    """Engage `actor` on `side` at `rung`, and write down how it came in."""
    now = state.now
    if state.is_watching[actor] == 1:
        state.is_watching[actor] = 0
        remove_sorted(state.watching, now.n_watching, actor)
        now.n_watching -= 1
    insert_sorted(state.engaged, now.n_engaged, actor)
    now.n_engaged += 1
    now.balance_known = 0
    state.side[actor] = side
    state.rung[actor] = rung
    state.peak[actor] = rung
    state.entry_turn[actor] = turn
    state.cause[actor] = cause
    state.through[actor] = through


@njit
def watch(state, actor):
    """Add neutral `actor` to those whom the crisis concerns; True if it was not yet."""
    if state.side[actor] != NEUTRAL or state.is_watching[actor] == 1:
        return False
    state.is_watching[actor] = 1
    insert_sorted(state.watching, state.now.n_watching, actor)
    state.now.n_watching += 1
    return True


@njit
def clear(state):
    """Send everybody home: the state before any crisis, in time of those concerned."""
    now = state.now
    for e in range(now.n_engaged):
        actor = state.engaged[e]
        state.side[actor] = NEUTRAL
        state.rung[actor] = 0
        state.peak[actor] = 0
        state.entry_turn[actor] = 0
        state.cause[actor] = NOBODY
        state.through[actor] = NOBODY
        state.divided_since[actor] = -1
    for w in range(now.n_watching):
        state.is_watching[state.watching[w]] = 0
        state.divided_since[state.watching[w]] = -1
    now.n_engaged = 0
    now.n_watching = 0
