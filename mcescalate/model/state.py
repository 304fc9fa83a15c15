"""`State`: where one chain stands, what its actors decide this turn, and what is remembered.

One set of arrays serves chain after chain. `engaged` and `watching` list actors in rising
order, so that the same crisis gives the same sums however it came about, and work grows
with who is concerned, not with the number of actors.

What is remembered never changes a result: it is what `rules` would say again. The functions
here forget what no longer holds.
"""

from typing import NamedTuple

import numpy as np

from mcescalate.model.codes import INITIATOR, NEUTRAL, NOBODY, TARGET
from mcescalate.model.jit import jitable
from mcescalate.model.rng import PURPOSES

NOW = np.dtype(
    [
        (name, np.int64)
        for name in (
            "drawn_initiator",
            "drawn_target",
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
            "serial",  # counts chains, so that words of earlier ones are not taken for this one's
            "n_sightings",  # places of `sighting` in use
            "pulls_known",
            "balance_known",  # whether `balance` holds for the present sides and governments
            "height_initiator",  # highest rung of each side now
            "height_target",
            "n_restless",
            "calls_known",  # whether `calls` lists everybody who may come in
            "calls_priced",  # whether their thresholds hold for the present heights and news
            "n_calls",
        )
    ]
    + [("initiator", np.uint32), ("target", np.uint32), ("balance", np.float64)]
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
            # what is remembered of an engaged actor
            "stance_known",  # whether its stance holds for the present sides and governments
            "law_known",  # whether its law holds for the present rungs too
            "law_mediated",  # with a mediator (1) or without (0)
            "reading_row",  # its row of `readings`
        )
    ]
    + [
        (name, np.float64)
        for name in (
            "lean_up",  # stance: see rules.take_stance
            "lean_down",
            "consultation",
            "nuclear_threat",
            "up_logit",  # odds: see rules.set_odds
            "down_logit",
            "up_odds",
            "down_odds",
            "up_tempo",
            "down_tempo",
            "up_below",  # law: words below this one mean up
            "down_from",  # and words from this one on mean down
        )
    ]
)

READING = np.dtype([("perceived", np.float64), ("accurate", np.float64)])

PULL = np.dtype([("up", np.float64), ("down", np.float64)])

NAME = np.dtype([("a", np.uint64), ("b", np.uint64)])

CALL = np.dtype(
    [
        ("side", np.int64),
        ("n_ties", np.int64),  # promises that may bring it in
        ("is_rival", np.int64),  # of the other side's originator
        ("below", np.float64),  # words below this one bring it in
        ("is_exact", np.int64),  # if 0, `below` is only a bound
        ("actor", np.uint32),
    ]
)


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
    restless: np.ndarray
    """The first `now.n_restless` are those concerned whose governments may change."""
    calls: np.ndarray
    """(2N) of CALL: neutrals who may come in this turn, and on which side."""
    pulls: np.ndarray
    """(R + 1, R + 1) of PULL: factors of the odds of moves by [own rung, rung read]."""
    names: np.ndarray
    """(N + domains, R + 2) of NAME: what goes into the name of a set of readings."""
    memory: np.ndarray
    """(MEMORY) names of the sets of readings kept in the same row of `readings`."""
    readings: np.ndarray
    """(MEMORY, R + 1) of READING: two CDFs of what an actor takes to face it."""
    sighting_slot: np.ndarray
    """(N, N, domains) places in `sighting`, -1 before first use."""
    sighting: np.ndarray
    """(slots, R + 1, R + 1) tables of `rules.sighting_probability` by [rung, rung seen]."""
    words: np.ndarray
    """(N, PURPOSES, 4) random words of the present block of four turns."""
    words_of: np.ndarray
    """(N, PURPOSES) which chain and block `words` belongs to."""


MEMORY = 1 << 14
"""Sets of readings that are remembered, a power of 2; new ones take the place of old ones."""

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
        engaged=np.zeros(n, np.uint32),
        watching=np.zeros(n, np.uint32),
        restless=np.zeros(n, np.uint32),
        calls=np.zeros(2 * n, CALL).view(np.recarray),
        pulls=np.zeros((rungs, rungs), PULL).view(np.recarray),
        names=_names(n + len(world.domains), rungs + 1),
        memory=np.zeros(MEMORY, NAME).view(np.recarray),
        readings=np.zeros((MEMORY, rungs), READING).view(np.recarray),
        sighting_slot=np.full((n, n, len(world.domains)), -1, np.int32),
        sighting=np.zeros((pairs, rungs, rungs)),
        words=np.zeros((n, PURPOSES, 4), np.uint64),
        words_of=np.full((n, PURPOSES), -1, np.int64),
    )


def _names(rows: int, columns: int) -> np.recarray:
    """Random names of 128 bits: a run in which two sets share one will not be seen."""
    draw = np.random.Generator(np.random.Philox(key=1))
    names = np.empty((rows, columns), NAME)
    for half in ("a", "b"):
        names[half] = draw.integers(0, 1 << 64, size=(rows, columns), dtype=np.uint64)
    return names.view(np.recarray)


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
    state.actors[actor].side = side
    state.actors[actor].rung = rung
    state.actors[actor].peak = rung
    state.actors[actor].entry_turn = turn
    state.actors[actor].cause = cause
    state.actors[actor].through = through
    unsettle(state)


@jitable
def watch(state, actor):
    """Add neutral `actor` to those whom the crisis concerns; True if it was not yet."""
    if state.actors[actor].side != NEUTRAL or state.actors[actor].is_watching == 1:
        return False
    state.actors[actor].is_watching = 1
    insert_sorted(state.watching, state.now.n_watching, actor)
    state.now.n_watching += 1
    unsettle(state)
    return True


@jitable
def unsettle(state):
    """Forget what depends on who stands where, or on a government."""
    now = state.now
    now.balance_known = 0
    now.calls_known = 0
    for e in range(now.n_engaged):
        state.actors[state.engaged[e]].stance_known = 0
        state.actors[state.engaged[e]].law_known = 0


@jitable
def set_heights(state, initiator, target):
    """Write down the highest rung of each side now."""
    now = state.now
    if now.height_initiator != initiator or now.height_target != target:
        now.height_initiator = initiator
        now.height_target = target
        now.calls_priced = 0


@jitable
def set_news(state, is_news):
    """Write down whether the next turn begins with news."""
    news = 1 if is_news else 0
    if state.now.news != news:
        state.now.news = news
        state.now.calls_priced = 0


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
    now.n_restless = 0
    now.serial += 1
