"""The elementary steps of the kernel: each in a loop of its own, and how often a chain takes it.

A loop repeats one step on a state from the middle of a chain, as numba compiles it there. What a
step costs among others may differ: `floors` says how far all of them explain a chain.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np

from mcescalate.model import apart, chain, rules, scoring, settling
from mcescalate.model.codes import DOWN, NEUTRAL, TREATY, UP
from mcescalate.model.jit import jitable
from mcescalate.model.rng import JOIN_INITIATOR, LANES, RESPONSE, STABILITY
from mcescalate.model.state import NOW, State, new_state
from mcescalate.model.world import World

SEED = np.uint64(1914)


class Place(NamedTuple):
    """Where in a chain a step is repeated, and on whom; actor 0 where nobody is needed."""

    mover: np.uint32
    """Engaged, neither on the lowest rung nor one below war."""
    neutral: np.uint32
    """Seated, as it has promised something to somebody on `side`."""
    side: int
    height: int
    """Of the other side, at which promises count."""
    calls: np.ndarray
    """Seats of neutrals."""
    governments: np.ndarray
    """Seats of governments that may change."""
    live: tuple[np.ndarray, ...]
    """What an entry writes to, in words of 32 bits;"""
    changed: np.ndarray
    """(n, 2) which of the words it changes: the array, and the place in it;"""
    before: np.ndarray
    """(n) and what they were."""


# ---------------------------------------------------------------- loops


@jitable
def n_groups(state):
    """How many groups of `LANES` the seats are."""
    return (state.now.n_seats + LANES - 1) // LANES


def make_words(world, state, at, repeats):
    for r in range(repeats):
        settling.make_words(state, LANES, SEED, np.uint64(r), 0)


def learn_government(world, state, at, repeats):
    now = state.now
    n_seats, n_restless = now.n_seats, now.n_restless
    for r in range(repeats):
        settling.learn_government(world, state, SEED, np.uint64(r), at.mover)
        now.n_seats, now.n_restless = n_seats, n_restless


def redraw_government(world, state, at, repeats):
    for _ in range(repeats):
        for place in at.governments:
            state.actors[state.seats[place].actor].divided_since = state.now.turn - 1
            settling.redraw_government(world, state, place)


def move_law(world, state, at, repeats):
    total = 0.0
    for _ in range(repeats):
        state.actors[at.mover].odds_rung = -1
        up, down = rules.move_law(world, state, at.mover, 0)
        total += up - down
    return total


def sound_chance(world, state, at, repeats):
    total = 0.0
    for _ in range(repeats):
        total += rules.sound_chance(world, state, at.mover)
    return total


def take_stance(world, state, at, repeats):
    for _ in range(repeats):
        rules.take_stance(world, state, at.mover, state.now.balance)
        chain.name_stance(world, state, at.mover)


def find_law(world, state, at, repeats):
    total = np.uint64(0)
    for _ in range(repeats):
        slot, _ = chain.find_law(world, state, at.mover, 0)
        total ^= slot
    return total


def balance_of_power(world, state, at, repeats):
    total = 0.0
    for _ in range(repeats):
        total += rules.balance_of_power(world, state)
    return total


def mediation_probability(world, state, at, repeats):
    total = 0.0
    for _ in range(repeats):
        total += rules.mediation_probability(world, state)
    return total


def fill_entry_shares(world, state, at, repeats):
    for _ in range(repeats):
        rules.fill_entry_shares(world, state, at.neutral, at.side, at.height, state.now.balance)


def seats_within_bounds(world, state, at, repeats):
    total = 0
    for r in range(repeats):
        for group in range(n_groups(state)):
            total += chain.seats_within_bounds(state, r & 7, group)
    return total


def bound_response(world, state, at, repeats):
    for _ in range(repeats):
        for e in range(state.now.n_engaged):
            settling.bound_response(world, state, state.engaged[e])


def bound_call(world, state, at, repeats):
    for _ in range(repeats):
        for place in at.calls:
            settling.bound_call(world, state, place)


def limit_call(world, state, at, repeats):
    for _ in range(repeats):
        for place in at.calls:
            settling.limit_call(world, state, place)


def make_moves(world, state, at, repeats):
    """The mover goes up and down in turn."""
    for r in range(repeats):
        state.actors[at.mover].move = DOWN if r & 1 else UP
        state.now.somebody_moved = 1
        rules.apply_turn(world, state)


def enter(world, state, at, repeats):
    """The neutral comes in, and is seated as are those whom that concerns; then it is undone."""
    for _ in range(repeats):
        rules.enter_the_drawn(state)
        rules.watch_for(world, state, at.neutral)
        settling.seat_arrival(world, state, at.neutral)
        for n in range(len(at.before)):
            at.live[at.changed[n, 0]][at.changed[n, 1]] = at.before[n]


def undo_entry(world, state, at, repeats):
    for _ in range(repeats):
        for n in range(len(at.before)):
            at.live[at.changed[n, 0]][at.changed[n, 1]] = at.before[n]


def begin_chain(world, state, at, repeats):
    for r in range(repeats):
        chain.begin_chain(world, state, SEED, np.uint64(r))


def score(world, state, tally, repeats):
    for r in range(repeats):
        scoring.score(world, state, tally, np.uint64(r))


def play_again(world, state, tally, number, repeats):
    """The same chain again and again: processors come to know its branches."""
    for _ in range(repeats):
        chain.run_chain(world, state, SEED, number)
        scoring.score(world, state, tally, number)


class Step(NamedTuple):
    """An elementary step."""

    group: str
    name: str
    loop: Callable
    counted: tuple[object, str]
    """Module and function whose calls are counted."""
    per_repeat: Callable[[State, Place], int] = lambda state, at: 1
    """How many steps a repeat of the loop takes."""
    undo: Callable | None = None
    """What the loop does besides, as a loop of its own."""


GROUPS = ("random numbers", "probabilities", "state and bounds", "beginning", "tallies")
_RANDOM, _LAWS, _STATE, BEGINNING, TALLIES = GROUPS

STEPS = (
    Step(_RANDOM, "words of 16 seats for 8 turns", make_words, (settling, "make_words")),
    Step(_RANDOM, "a government at the start", learn_government, (settling, "learn_government")),
    Step(_LAWS, "law of moves", move_law, (chain, "move_law")),
    Step(_LAWS, "of moves not misread", sound_chance, (chain, "sound_chance")),
    Step(_LAWS, "stance", take_stance, (chain, "take_stance")),
    Step(_LAWS, "search for a law", find_law, (chain, "find")),
    Step(_LAWS, "balance of power", balance_of_power, (settling, "balance_of_power")),
    Step(_LAWS, "mediation", mediation_probability, (chain, "mediation_probability")),
    Step(_LAWS, "law of entry", fill_entry_shares, (chain, "fill_entry_shares")),
    Step(
        _LAWS,
        "change of government",
        redraw_government,
        (settling, "redraw_government"),
        lambda state, at: len(at.governments),
    ),
    Step(
        _STATE,
        "scan of 16 seats",
        seats_within_bounds,
        (chain, "seats_within_bounds"),
        lambda state, at: n_groups(state),
    ),
    Step(
        _STATE,
        "bounds of a response",
        bound_response,
        (settling, "bound_response"),
        lambda state, at: state.now.n_engaged,
    ),
    Step(
        _STATE,
        "bounds of a call",
        bound_call,
        (settling, "bound_call"),
        lambda state, at: len(at.calls),
    ),
    Step(
        _STATE,
        "ceilings of a call",
        limit_call,
        (settling, "limit_call"),
        lambda state, at: len(at.calls),
    ),
    Step(_STATE, "turn with a move", make_moves, (rules, "make_moves")),
    Step(_STATE, "entry", enter, (rules, "enlist"), undo=undo_entry),
)


# ---------------------------------------------------------------- how often


class Often(NamedTuple):
    """What some chains consist of."""

    chains: int
    turns: float
    """A chain."""
    engaged: float
    """Actors, in a turn."""
    steps: dict[str, float]
    """Times a chain, after its beginning, by the name of the step."""


def count_steps(world: World, state: State, n_chains: int) -> Often:
    """Play the first chains uncompiled, and count the steps after their beginnings."""
    counts, turns, engaged = Counter(), 0, 0
    with _counting(counts):
        for number in range(n_chains):
            before = counts.copy()
            chain.begin_chain(world, state, SEED, np.uint64(number))
            counts.clear()
            counts.update(before)
            while state.now.over == 0:
                turns += 1
                engaged += state.now.n_engaged
                chain.play_turn(world, state, SEED, np.uint64(number))
    steps = {step.name: counts[step.name] / n_chains for step in STEPS}
    return Often(n_chains, turns / n_chains, engaged / max(turns, 1), steps)


@contextmanager
def _counting(counts: Counter) -> Iterator[None]:
    """Count the calls of all steps' functions; of words in sixteens of seats."""

    def wrapped(step: Step, function: Callable) -> Callable:
        def call(*arguments):
            n_seats = arguments[1] if step.loop is make_words else 1
            counts[step.name] += -(-n_seats // LANES)
            return function(*arguments)

        return call

    functions = {step: getattr(*step.counted) for step in STEPS}
    try:
        for step, function in functions.items():
            setattr(*step.counted, wrapped(step, function))
        yield
    finally:
        for step, function in functions.items():
            setattr(*step.counted, function)


# ---------------------------------------------------------------- where


def replaceable_state(world: World) -> tuple[State, np.ndarray]:
    """A new state, and the array that its `now` is a row of."""
    now = apart.zeros(1, NOW).view(np.recarray)
    return new_state(world)._replace(now=now[0]), now


def middle_of_a_chain(world: World, state: State, now: np.ndarray, often: Often) -> Place:
    """Play on to a turn with as many engaged as on average, and choose on whom steps are tried."""
    needs_neutral = often.steps["law of entry"] > 0
    needs_government = often.steps["change of government"] > 0
    engaged = max(2, round(often.engaged))
    number = 0
    while True:
        chain.begin_chain(world, state, SEED, np.uint64(number))
        while state.now.over == 0:
            chain.play_turn(world, state, SEED, np.uint64(number))
            if state.now.over == 1 or state.now.n_engaged != engaged:
                continue
            place = _place(world, state, now)
            if (
                place is not None
                and (len(place.calls) > 0 or not needs_neutral)
                and (len(place.governments) > 0 or not needs_government)
            ):
                return place
        number += 1


def _place(world: World, state: State, now: np.ndarray) -> Place | None:
    """Who is tried in this turn; None where nobody can move up and down unseen by the rest."""
    actors = state.actors
    engaged = state.engaged[: state.now.n_engaged]
    movers = [i for i in engaged if 0 < actors[i].rung < world.top - 1]
    if not movers or sum(actors[i].rung > 0 for i in engaged) < 2:
        return None
    seats = state.seats[: state.now.n_seats]
    calls = [
        n
        for n, seat in enumerate(seats)
        if n > 0 and settling.is_call(seat.purpose) and actors[seat.actor].side == NEUTRAL
    ]
    bound = [n for n in calls if seats[n].n_ties > 0]
    governments = [n for n, seat in enumerate(seats) if seat.purpose == STABILITY]
    caller = seats[bound[0]] if bound else None
    place = Place(
        mover=movers[0],
        neutral=np.uint32(0) if caller is None else caller.actor,
        side=0 if caller is None or caller.purpose == JOIN_INITIATOR else 1,
        height=world.casus,
        calls=np.array(calls if bound else [], np.int64),
        governments=np.array(governments, np.int64),
        live=tuple(
            array.reshape(-1).view(np.uint32)
            for array in (
                now,
                state.actors,
                state.engaged,
                state.watching,
                state.seats,
                state.seat_of,
                state.seat_bounds,
                state.seat_lanes,
            )
        ),
        changed=np.zeros((0, 2), np.int64),
        before=np.zeros(0, np.uint32),
    )
    return place if caller is None else _with_entry(world, state, place)


def _with_entry(world: World, state: State, place: Place) -> Place:
    """Draw the neutral to its side, let it come in once, and write down how that is undone."""
    me = state.actors[place.neutral]
    me.drawn_to, me.drawn_cause = place.side, TREATY
    me.drawn_through = state.now.target if place.side else state.now.initiator
    before = [array.copy() for array in place.live]
    enter(world, state, place, 1)
    assert state.seat_of[place.neutral, RESPONSE] >= 0
    changed = [
        (n, word)
        for n, (array, old) in enumerate(zip(place.live, before, strict=True))
        for word in np.flatnonzero(array != old)
    ]
    for array, old in zip(place.live, before, strict=True):
        array[:] = old
    words = np.array([before[n][word] for n, word in changed], np.uint32)
    return place._replace(changed=np.array(changed, np.int64), before=words)
