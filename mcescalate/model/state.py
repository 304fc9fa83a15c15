"""`State`: where one chain stands, what its actors decide this turn, and what is remembered.

One set of arrays serves chain after chain. `engaged` and `watching` list actors in rising
order, so that the same crisis gives the same sums however it came about, and work grows
with who is concerned, not with the number of actors.
"""

from typing import NamedTuple

import numpy as np

from mcescalate.model.codes import INITIATOR, NEUTRAL, NOBODY, TARGET
from mcescalate.model.jit import jitable

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
            "n_sightings",  # places of `sighting` in use
            "balance_known",  # whether `balance` holds for the present sides and governments
        )
    ]
    + [("balance", np.float64)]
)


ACTOR_STATE = np.dtype(
    [
        (name, np.int64)
        for name in (
            "side",
            "rung",
            "divided",  # kept for those engaged or watching only
            "divided_since",  # turn up to which `divided` is known; -1 while it is not
            "arms",
            "is_watching",
            # decisions of the turn in play
            "move",
            "is_misread",
            "drawn_to",
            "drawn_cause",
            "drawn_through",
            # ledger
            "peak",
            "entry_turn",
            "cause",
            "through",
        )
    ]
)

READING = np.dtype([(name, np.float64) for name in ("perceived", "accurate", "up", "down")])


class State(NamedTuple):
    """Markov state, decisions of the turn, ledger of the chain and memory of sightings.

    N actors, R = the rung of war. Whoever is neither engaged nor watching has no side, no
    cause, and zeros.
    """

    now: np.record
    """Of NOW."""
    actors: np.ndarray
    """(N) of ACTOR_STATE."""
    engaged: np.ndarray
    """The first `now.n_engaged` are those engaged."""
    watching: np.ndarray
    """The first `now.n_watching` are neutrals whom the crisis concerns."""
    readings: np.ndarray
    """(R + 1) of READING, scratch: of one actor, CDFs of what it reads, chances of its moves."""
    sighting_slot: np.ndarray
    """(N, N, domains) places in `sighting`, -1 before first use."""
    sighting: np.ndarray
    """(slots, R + 1, R + 1) tables of `rules.sighting_probability` by [rung, rung seen]."""


SIGHTINGS = 4096
"""Pairs of actors (and domain) whose sighting tables are remembered; more are recomputed."""


def new_state(world) -> State:
    """A state with nobody in a crisis, ready for chains of `world`."""
    n = world.n_actors
    rungs = world.top + 1
    actors = np.zeros(n, ACTOR_STATE).view(np.recarray)
    for name in ("side", "drawn_to", "cause", "through", "drawn_cause", "drawn_through"):
        actors[name] = NEUTRAL if name in ("side", "drawn_to") else NOBODY
    actors["divided_since"] = -1
    actors["arms"] = np.clip(world.actors["arms"], 0, world.arms_levels)
    pairs = min(SIGHTINGS, n * n * len(world.domains)) + 1
    return State(
        now=np.zeros(1, NOW).view(np.recarray)[0],
        actors=actors,
        engaged=np.zeros(n, np.int64),
        watching=np.zeros(n, np.int64),
        readings=np.zeros(rungs, READING).view(np.recarray),
        sighting_slot=np.full((n, n, len(world.domains)), -1, np.int32),
        sighting=np.zeros((pairs, rungs, rungs)),
    )


@jitable
def originator(state, side):
    """The actor that stands at the head of `side`."""
    return state.now.initiator if side == INITIATOR else state.now.target


@jitable
def other(side):
    """The opposite side."""
    return TARGET if side == INITIATOR else INITIATOR


@jitable
def insert_sorted(members, count, actor):
    """Put `actor` in its place among the first `count` of `members`, which are in rising order."""
    place = count
    while place > 0 and members[place - 1] > actor:
        members[place] = members[place - 1]
        place -= 1
    members[place] = actor


@jitable
def remove_sorted(members, count, actor):
    """Take `actor` out of the first `count` of `members`."""
    place = 0
    while members[place] != actor:
        place += 1
    for k in range(place, count - 1):
        members[k] = members[k + 1]


@jitable
def enlist(state, actor, side, rung, turn, cause, through):
    """Engage `actor` on `side` at `rung`, and write down how it came in."""
    now = state.now
    if state.actors[actor].is_watching == 1:
        state.actors[actor].is_watching = 0
        remove_sorted(state.watching, now.n_watching, actor)
        now.n_watching -= 1
    insert_sorted(state.engaged, now.n_engaged, actor)
    now.n_engaged += 1
    now.balance_known = 0
    state.actors[actor].side = side
    state.actors[actor].rung = rung
    state.actors[actor].peak = rung
    state.actors[actor].entry_turn = turn
    state.actors[actor].cause = cause
    state.actors[actor].through = through


@jitable
def watch(state, actor):
    """Add neutral `actor` to those whom the crisis concerns; True if it was not yet."""
    if state.actors[actor].side != NEUTRAL or state.actors[actor].is_watching == 1:
        return False
    state.actors[actor].is_watching = 1
    insert_sorted(state.watching, state.now.n_watching, actor)
    state.now.n_watching += 1
    return True


@jitable
def clear(state):
    """Send everybody home: the state before any crisis, in time of those concerned."""
    now = state.now
    for e in range(now.n_engaged):
        actor = state.engaged[e]
        state.actors[actor].side = NEUTRAL
        state.actors[actor].rung = 0
        state.actors[actor].peak = 0
        state.actors[actor].entry_turn = 0
        state.actors[actor].cause = NOBODY
        state.actors[actor].through = NOBODY
        state.actors[actor].divided_since = -1
    for w in range(now.n_watching):
        state.actors[state.watching[w]].is_watching = 0
        state.actors[state.watching[w]].divided_since = -1
    now.n_engaged = 0
    now.n_watching = 0
