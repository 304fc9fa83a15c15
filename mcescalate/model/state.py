"""`State`: where one chain stands, what its actors decide this turn, and what is remembered.

One set of arrays serves chain after chain. `engaged` and `watching` list actors in rising
order, so that the same crisis gives the same sums however it came about, and work grows
with who is concerned, not with the number of actors.

What is remembered never changes a result: it is what `rules` would say again. The functions
here forget what no longer holds.
"""

from typing import NamedTuple

import numpy as np

from mcescalate.model.apart import full, zeros
from mcescalate.model.codes import HOLD, INITIATOR, MOST_RUNGS, NEUTRAL, NOBODY, TARGET
from mcescalate.model.jit import inlined
from mcescalate.model.rng import LANES, PURPOSES, WINDOW, WORDS, place_of

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
            "n_initiators",  # on the initiator's side
            "n_targets",  # on the target's side
            "n_watching",
            "highest_initiator",  # highest rung so far of each side
            "highest_target",
            "war_turn",
            "misreads",
            "war_began_misread",
            "over",
            "outcome",
            "pulls_known",
            "pulls_rise",  # whether `pulls` make going up the likelier, the higher a reading is
            "balance_known",  # whether `balance` holds for the present sides and governments
            "height_initiator",  # highest rung of each side now
            "height_target",
            "n_moved",  # how many moves are written down, of this turn or the last one
            "somebody_drawn",  # whether a neutral is drawn to a side
            # seats
            "n_seats",
            "words_from",  # turns before the first one that `seat_words` has words for
            "words_known",  # how many of the first seats have them
            "arrivals_seated",  # whether everybody engaged, and those concerned by them, are seated
            "laws_known",  # whether every seat of an engaged actor has its bounds
            "calls_known",  # whether every seat of a neutral has its ceilings
            "initiator_calls_priced",  # and its bounds, if it may come in on this side
            "target_calls_priced",
            "n_initiator_calls",  # seats of neutrals by the side on which they may come in
            "n_target_calls",
            "initiator_calls_heed",  # what can bring these neutrals in, for which their bounds are
            "target_calls_heed",
            "mediator_below",  # words below this one bring a mediator
        )
    ]
    + [("initiator", np.uint32), ("target", np.uint32)]
    + [("balance", np.float64), ("pull_span", np.float64)]  # largest logit in `pulls`
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
            "readings_known",  # whether what it reads does for the present rungs
            "odds_known",  # whether its odds do
            "law_known",  # whether its law and the bounds of its seat do for the present turn
        )
    ]
    + [
        (name, np.float64)
        for name in (
            "lean_up",  # stance: see rules.take_stance
            "lean_down",
            "consultation",
            "nuclear_threat",
            "pledge",
            "tempo",
            "down_tempo",  # odds: see rules.set_odds
            "up_logit",
            "down_logit",
            "up_odds",
            "down_odds",
        )
    ]
)

# Rows of `State.seat_bounds`; the first two are numbered as `news` is.
QUIET = 0
NEWS = 1
FROM = 2

# Rows of an actor in `State.law`.
PERCEIVED = 0
ACCURATE = 1
UPS = 2
DOWNS = 3
LAW_ROWS = 4

# Places in State.eagerness.
HONOURING = 0
EXPLOITING = 1

ARMS_LAW = np.dtype(
    [
        ("goal", np.float64),
        ("level", np.int64),  # -1: none yet
        ("up", np.int64),  # thresholds
        ("down", np.int64),
    ]
)

SEAT = np.dtype(
    [
        ("purpose", np.int64),
        # a neutral's:
        ("n_ties", np.int64),  # promises that may bring it in
        ("is_rival", np.int64),  # of the other side's originator
        ("actor", np.uint32),
    ]
)


class State(NamedTuple):
    """Markov state, decisions of the turn, ledger of the chain and memory of sightings.

    N actors, R = the rung of war. Whoever is neither engaged nor watching has no side, no
    cause, and zeros.

    Whoever may decide something in a turn has a *seat*: a column of words, and two bounds.
    Words below the first or from the second on may do something; what, is found out when one
    of them comes up. S seats, room for all purposes of all actors.
    """

    now: np.record
    """Of NOW."""
    actors: np.ndarray
    """(N) of ACTOR_STATE."""
    engaged: np.ndarray
    """The first `now.n_engaged` are those engaged."""
    watching: np.ndarray
    """The first `now.n_watching` are neutrals whom the crisis concerns."""
    moved: np.ndarray
    """The first `now.n_moved` have a move written down."""
    sides: np.ndarray
    """(2, N) the engaged by side: see `n_on`."""
    restless: np.ndarray
    """(groups of seats) those of governments that may change, as the bits of a number."""
    due: np.ndarray
    """(groups of seats) those whose words may do something in the next turn, likewise."""
    seats: np.ndarray
    """(S) of SEAT."""
    calls: np.ndarray
    """(2, N) seats of neutrals, by the side on which they may come in."""
    limits: np.ndarray
    """(S, 2) for seats of neutrals: words below may bring them in, without and with news."""
    seat_of: np.ndarray
    """(N, PURPOSES) its seat; -1 without one."""
    seat_words: np.ndarray
    """(S WINDOW) words, where `rng.place_of` says."""
    seat_bounds: np.ndarray
    """(3, S): words below the first, or below the second if there is news, or from the third on
    may do something."""
    seat_lanes: np.ndarray
    """(2, S): purposes and actors' keys, uint64."""
    pulls: np.ndarray
    """(2, R + 1, MOST_RUNGS) factors of the odds of up and down by [own rung, rung read]."""
    law: np.ndarray
    """(N LAW_ROWS MOST_RUNGS) of each engaged actor, by rung read: two CDFs of what it takes to
    face it, as perceived and if accurate, and its chances to move: see `law_row`."""
    shares: np.ndarray
    """(2, N + 1) scratch: see rules.fill_entry_shares."""
    eagerness: np.ndarray
    """(N, N, 2) the most that a promise, or enmity, can do to bring in a neutral, able to, against
    an originator: a chance, by [originator, neutral, which]; 0 until it is asked for."""
    arms_laws: np.ndarray
    """(N, ARMS_LAWS) of ARMS_LAW: what actors did in arms races with these goals and levels."""
    is_sighted: np.ndarray
    """(views domains) which tables of `sighting` are filled; each is on first use."""
    sighting: np.ndarray
    """(views domains (R + 1) MOST_RUNGS) by [rung, rung seen]: chance that one actor does not
    make another, on that rung, feel a higher threat."""


ARMS_LAWS = 16
"""How many of each actor are remembered, a power of 2."""


def new_state(world) -> State:
    """A state with nobody in a crisis, ready for chains of `world`."""
    n = world.n_actors
    rungs = world.top + 1
    actors = zeros(n, ACTOR_STATE).view(np.recarray)
    for name in ("side", "drawn_to", "cause", "through", "drawn_cause", "drawn_through"):
        actors[name] = NEUTRAL if name in ("side", "drawn_to") else NOBODY
    actors["divided_since"] = -1
    actors["up_odds"] = actors["down_odds"] = 1.0
    actors["arms"] = np.clip(world.actors["arms"], 0, world.arms_levels)
    tables = world.n_views * len(world.domains)
    n_seats = -(-(1 + 4 * n) // LANES) * LANES
    bounds = zeros((3, n_seats), np.int64)
    bounds[FROM] = WORDS
    arms_laws = zeros((n, ARMS_LAWS), ARMS_LAW).view(np.recarray)
    arms_laws["level"] = -1
    return State(
        now=zeros(1, NOW).view(np.recarray)[0],
        actors=actors,
        engaged=zeros(n, np.uint32),
        watching=zeros(n, np.uint32),
        moved=zeros(n, np.uint32),
        sides=zeros((2, n), np.uint32),
        restless=zeros(n_seats // LANES, np.int64),
        due=zeros(n_seats // LANES, np.int64),
        seats=zeros(n_seats, SEAT).view(np.recarray),
        calls=zeros((2, n), np.uint32),
        limits=zeros((n_seats, 2), np.int64),
        seat_of=full((n, PURPOSES), -1, np.int32),
        seat_words=zeros(WINDOW * n_seats, np.uint32),
        seat_bounds=bounds,
        seat_lanes=zeros((2, n_seats), np.uint64),
        pulls=zeros((2, rungs, MOST_RUNGS)),
        law=zeros(n * LAW_ROWS * MOST_RUNGS),
        shares=zeros((2, n + 1)),
        eagerness=zeros((n, n, 2)),
        arms_laws=arms_laws,
        is_sighted=zeros(tables, np.uint8),
        sighting=zeros(tables * rungs * MOST_RUNGS),
    )


@inlined
def originator(state, side):
    """The actor that stands at the head of `side`."""
    return state.now.initiator if side == INITIATOR else state.now.target


@inlined
def other(side):
    """The opposite side."""
    return INITIATOR + TARGET - side


@inlined
def n_on(state, side):
    """How many are on `side`: the first so many of `state.sides[side]`, in rising order."""
    return state.now.n_initiators if side == INITIATOR else state.now.n_targets


@inlined
def law_row(i, row):
    """Where a row of actor `i` begins in `State.law`."""
    return np.uint64((i * LAW_ROWS + row) * MOST_RUNGS)


def law_rows(state, i) -> np.ndarray:
    """(LAW_ROWS, MOST_RUNGS) the rows of actor `i` in `State.law`."""
    return state.law.reshape(-1, LAW_ROWS, MOST_RUNGS)[i]


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
    now.arrivals_seated = 0
    now.calls_known = 0
    state.actors[actor].side = side
    state.actors[actor].rung = rung
    state.actors[actor].peak = rung
    state.actors[actor].entry_turn = turn
    state.actors[actor].cause = cause
    state.actors[actor].through = through
    unsettle(state)


@inlined
def watch(state, actor):
    """Add neutral `actor` to those whom the crisis concerns; True if it was not yet."""
    if state.actors[actor].side != NEUTRAL or state.actors[actor].is_watching == 1:
        return False
    state.actors[actor].is_watching = 1
    insert_sorted(state.watching, state.now.n_watching, actor)
    state.now.n_watching += 1
    unsettle(state)
    return True


@inlined
def unsettle(state):
    """Forget what depends on who stands where, or on a government."""
    now = state.now
    now.balance_known = 0
    now.initiator_calls_priced = 0
    now.target_calls_priced = 0
    for e in range(now.n_engaged):
        i = state.engaged[e]
        state.actors[i].stance_known = 0
        state.actors[i].readings_known = 0
        forget_odds(state, i)


@inlined
def forget_odds(state, i):
    """Forget the odds of engaged `i`, and its law with them."""
    state.actors[i].odds_known = 0
    state.actors[i].law_known = 0
    state.now.laws_known = 0


@inlined
def write_move(state, i, move, is_misread):
    """Write down that engaged `i` moves, UP or DOWN; `is_misread` is 0 or 1."""
    state.actors[i].move = move
    state.actors[i].is_misread = is_misread
    state.moved[state.now.n_moved] = i
    state.now.n_moved += 1


@inlined
def wipe_moves(state):
    """Let everybody hold."""
    for m in range(state.now.n_moved):
        state.actors[state.moved[m]].move = HOLD
        state.actors[state.moved[m]].is_misread = 0
    state.now.n_moved = 0


@inlined
def set_heights(state, initiator, target):
    """Write down the highest rung of each side now."""
    now = state.now
    if now.height_initiator != initiator:
        now.height_initiator = initiator
        now.target_calls_priced = 0
        now.mediator_below = -1
    if now.height_target != target:
        now.height_target = target
        now.initiator_calls_priced = 0
        now.mediator_below = -1


@inlined
def take_seat(state, purpose, actor, key):
    """Seat `actor` for decisions of `purpose`; its words are made before the next turn."""
    now = state.now
    place = now.n_seats
    now.n_seats += 1
    seat = state.seats[place]
    seat.actor = actor
    seat.purpose = purpose
    seat.n_ties = 0
    seat.is_rival = 0
    state.seat_lanes[0, place] = np.uint64(purpose)
    state.seat_lanes[1, place] = key
    return place


@inlined
def change_seat(state, place, purpose):
    """Let the actor in seat `place` decide on something else from now on."""
    state.now.words_known = min(state.now.words_known, place)
    state.seats[place].purpose = purpose
    state.seat_lanes[0, place] = np.uint64(purpose)


@inlined
def word_at(state, row, place):
    """The word of seat `place` in turn `row` (from 0) of the window."""
    return np.int64(state.seat_words[place_of(row, place)])


@inlined
def set_bounds(state, place, below, from_):
    """Give a seat its bounds, whether there is news or not."""
    state.seat_bounds[QUIET, place] = below
    state.seat_bounds[NEWS, place] = below
    state.seat_bounds[FROM, place] = from_


@inlined
def set_call_bounds(state, place, quiet, news):
    """Give the seat of a neutral its bounds."""
    state.seat_bounds[QUIET, place] = quiet
    state.seat_bounds[NEWS, place] = news


@inlined
def clear(state):
    """Send everybody home: the state before any crisis, in time of those concerned."""
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
        state.actors[actor].divided_since = -1
    for w in range(now.n_watching):
        state.actors[state.watching[w]].is_watching = 0
        state.actors[state.watching[w]].divided_since = -1
    for group in range((now.n_seats + LANES - 1) // LANES):
        state.restless[group] = 0
    for place in range(now.n_seats):
        set_bounds(state, place, 0, WORDS)
        # The first seat is the mediator's, who is nobody's actor.
        if place > 0:
            state.seat_of[state.seats[place].actor, state.seats[place].purpose] = -1
    now.n_engaged = 0
    now.n_initiators = 0
    now.n_targets = 0
    now.n_watching = 0
    now.n_initiator_calls = 0
    now.n_target_calls = 0
    now.initiator_calls_heed = 0
    now.target_calls_heed = 0
    now.mediated = 0
    now.n_seats = 0
    now.words_known = 0
    now.words_from = 0
    now.mediator_below = -1
