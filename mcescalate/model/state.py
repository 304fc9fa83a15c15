"""`State`: where one chain stands, what its actors decide this turn, and what is counted of it.

This is the Markov state of docs/model.md and nothing else: nothing here is remembered to save
work. One set of arrays serves chain after chain. `engaged` and `watching` list actors in rising
order, so that the same crisis gives the same sums however it came about, and work grows with
the number of actors concerned, not with that of all actors.

Rules read rungs, sides and governments through the functions below, each of which stands for
one dependence of `model.dependences`.
"""

from typing import NamedTuple

import numpy as np

from mcescalate.model.codes import HOLD, INITIATOR, NEUTRAL, NOBODY, TARGET
from mcescalate.model.jit import inlined
from mcescalate.model.words import MOST_BLOCKS, TURNS_OF_CRISIS

NOW = np.dtype(
    [
        (name, np.int64)
        for name in (
            "crisis",  # its number in the chain, from 0
            "drawn_initiator",
            "drawn_target",
            "domain",
            "accident",
            "misattributed",
            "turn",  # turns simulated; the present turn while one is
            "news",
            "mediated",  # whether a mediator is heard in this turn
            "n_engaged",
            "n_initiators",  # on the initiator's side
            "n_targets",  # on the target's side
            "n_watching",
            "highest_initiator",  # highest rung so far of each side
            "highest_target",
            "height_initiator",  # highest rung now of each side
            "height_target",
            "war_turn",
            "misreads",
            "war_began_misread",
            "war_over",  # whether the war ends with this turn
            "winner",  # side, or UNDECIDED
            "over",
            "outcome",
            # decisions of the turn, and what they changed
            "n_moved",  # how many moves are written down, of this turn or the last one
            "n_drawn",  # how many neutrals have been drawn to a side in this turn
            "moved_initiator",  # whether a rung changed on each side
            "moved_target",
            "n_arrivals",  # how many have come in or begun to watch since the chain began
        )
    ]
    + [("initiator", np.uint32), ("target", np.uint32)]
)

ACTOR_STATE = np.dtype(
    [
        (name, np.int64)
        for name in (
            "side",
            "rung",
            "divided",  # of actors engaged or watching
            "arms",
            "is_watching",
            # decisions of the turn
            "move",
            "is_misread",
            "drawn_to",
            "drawn_cause",
            "drawn_through",
            # what is counted
            "peak",
            "held",  # highest rung at the end of a turn
            "entry_turn",
            "cause",
            "through",
        )
    ]
)


class State(NamedTuple):
    """Markov state, decisions of the turn and what is counted of the chain.

    N actors. An actor neither engaged nor watching has no side, no cause, and zeros.
    """

    now: np.record
    """Of NOW."""
    actors: np.ndarray
    """(N) of ACTOR_STATE."""
    engaged: np.ndarray
    """The first `now.n_engaged` are those engaged."""
    watching: np.ndarray
    """The first `now.n_watching` are neutrals that the crisis concerns."""
    moved: np.ndarray
    """The first `now.n_moved` have a move written down."""
    drawn: np.ndarray
    """The first `now.n_drawn` have been drawn to a side; those drawn to both stay out."""
    sides: np.ndarray
    """(2, N) the engaged by side: see `n_on`."""


def new_state(world, zeros=np.zeros) -> State:
    """A state without a crisis, ready for chains of `world`; `zeros` makes its arrays."""
    n = world.n_actors
    actors = zeros(n, ACTOR_STATE).view(np.recarray)
    for name in ("side", "drawn_to"):
        actors[name] = NEUTRAL
    for name in ("cause", "through", "drawn_cause", "drawn_through"):
        actors[name] = NOBODY
    actors["arms"] = np.clip(world.actors.arms, 0, world.arms_levels)
    return State(
        now=zeros(1, NOW).view(np.recarray)[0],
        actors=actors,
        engaged=zeros(n, np.uint32),
        watching=zeros(n, np.uint32),
        moved=zeros(n, np.uint32),
        drawn=zeros(n, np.uint32),
        sides=zeros((2, n), np.uint32),
    )


# ------------------------------------------------------------ read by rules


@inlined
def originator(state, side):
    """The actor that stands at the head of `side`."""
    return state.now.initiator if side == INITIATOR else state.now.target


@inlined
def other(side):
    """The opposite side."""
    return INITIATOR + TARGET - side


@inlined
def side_of(state, i):
    """The side on which `i` stands, or NEUTRAL."""
    return state.actors[i].side


@inlined
def n_on(state, side):
    """How many are on `side`: the first so many of `state.sides[side]`, in rising order."""
    return state.now.n_initiators if side == INITIATOR else state.now.n_targets


@inlined
def is_divided(state, i):
    """1 if the government of `i`, engaged or watching, is divided, else 0."""
    return state.actors[i].divided


@inlined
def own_rung(state, i):
    """The rung of the actor whose decision is at stake."""
    return state.actors[i].rung


@inlined
def allied_rung(state, j):
    """The rung of an actor on the side of the one whose decision is at stake."""
    return state.actors[j].rung


@inlined
def opposite_rung(state, j):
    """The rung of an actor opposite the one whose decision is at stake."""
    return state.actors[j].rung


@inlined
def highest_of_all(state):
    """Highest rung on which any actor stands."""
    return max(state.now.height_initiator, state.now.height_target)


@inlined
def highest_rung(state, side):
    """Highest rung on which an actor of `side` stands."""
    return state.now.height_initiator if side == INITIATOR else state.now.height_target


# ------------------------------------------------------------ read by draws


@inlined
def clock(state, turn):
    """The turn or period, from 0, of the present crisis as it counts in the words of the chain."""
    return state.now.crisis * TURNS_OF_CRISIS + turn


@inlined
def first_block(state):
    """The first block of the words of the present crisis."""
    return state.now.crisis * MOST_BLOCKS


# ------------------------------------------------------------ changed by transitions


@inlined
def insert_sorted(members, count, actor):
    """Put `actor` in its place among the first `count` of `members`, which are in rising order."""
    place = count
    while place > 0 and members[place - 1] > actor:
        members[place] = members[place - 1]
        place -= 1
    members[place] = actor


@inlined
def remove_sorted(members, count, actor):
    """Take `actor` out of the first `count` of `members`."""
    place = 0
    while members[place] != actor:
        place += 1
    for k in range(place, count - 1):
        members[k] = members[k + 1]


@inlined
def enlist(state, actor, side, rung, turn, cause, through):
    """Engage `actor` on `side` at `rung`, and write down how it came in."""
    now = state.now
    if state.actors[actor].is_watching == 1:
        state.actors[actor].is_watching = 0
        remove_sorted(state.watching, now.n_watching, actor)
        now.n_watching -= 1
    insert_sorted(state.engaged, now.n_engaged, actor)
    now.n_engaged += 1
    insert_sorted(state.sides[side], n_on(state, side), actor)
    if side == INITIATOR:
        now.n_initiators += 1
    else:
        now.n_targets += 1
    now.n_arrivals += 1
    state.actors[actor].side = side
    state.actors[actor].rung = rung
    state.actors[actor].peak = rung
    state.actors[actor].held = rung
    state.actors[actor].entry_turn = turn
    state.actors[actor].cause = cause
    state.actors[actor].through = through


@inlined
def watch(state, actor):
    """Add neutral `actor` to those that the crisis concerns; True if it was not yet."""
    if state.actors[actor].side != NEUTRAL or state.actors[actor].is_watching == 1:
        return False
    state.actors[actor].is_watching = 1
    insert_sorted(state.watching, state.now.n_watching, actor)
    state.now.n_watching += 1
    state.now.n_arrivals += 1
    return True


@inlined
def set_heights(state):
    """Write down the highest rung now of each side."""
    now = state.now
    now.height_initiator = 0
    now.height_target = 0
    for e in range(now.n_engaged):
        me = state.actors[state.engaged[e]]
        if me.side == INITIATOR:
            now.height_initiator = max(now.height_initiator, me.rung)
        else:
            now.height_target = max(now.height_target, me.rung)


@inlined
def write_move(state, i, move, is_misread):
    """Write down that engaged `i` moves, UP or DOWN; `is_misread` is 0 or 1."""
    state.actors[i].move = move
    state.actors[i].is_misread = is_misread
    state.moved[state.now.n_moved] = i
    state.now.n_moved += 1


@inlined
def wipe_moves(state):
    """Let all actors hold."""
    for m in range(state.now.n_moved):
        state.actors[state.moved[m]].move = HOLD
        state.actors[state.moved[m]].is_misread = 0
    state.now.n_moved = 0


@inlined
def write_entry(state, k, side, cause, through):
    """Write down that neutral `k` is drawn to `side`; drawn to both, it stays out this turn."""
    me = state.actors[k]
    if me.drawn_to != NEUTRAL:
        me.drawn_to = NEUTRAL
        return
    state.drawn[state.now.n_drawn] = k
    state.now.n_drawn += 1
    me.drawn_to = side
    me.drawn_cause = cause
    me.drawn_through = through


@inlined
def clear(state):
    """The state before any crisis; takes time by the number of actors concerned."""
    now = state.now
    wipe_moves(state)
    for e in range(now.n_engaged):
        actor = state.engaged[e]
        state.actors[actor].side = NEUTRAL
        state.actors[actor].rung = 0
        state.actors[actor].peak = 0
        state.actors[actor].entry_turn = 0
        state.actors[actor].cause = NOBODY
        state.actors[actor].through = NOBODY
    for w in range(now.n_watching):
        state.actors[state.watching[w]].is_watching = 0
    now.n_engaged = 0
    now.n_initiators = 0
    now.n_targets = 0
    now.n_watching = 0
    now.n_arrivals = 0
    now.mediated = 0
