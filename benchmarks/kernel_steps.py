"""The elementary steps of a chain played alone: each in a loop of its own, and how often it comes.

A loop repeats one step on a state from the middle of a chain, as numba compiles it there. What a
step costs among others may differ: `floors` says how far all of them explain a chain.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np

from mcescalate.model import apart, batch, chain, rules, scoring, settling
from mcescalate.model.codes import DOWN, INITIATOR, TARGET, TREATY, UP
from mcescalate.model.jit import inlined
from mcescalate.model.rng import BLOCK, LANES, RESPONSE, STABILITY, WINDOW
from mcescalate.model.state import NOW, State, new_state, originator, wipe_moves, write_move
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
    governments: np.ndarray
    """Seats of governments that may change."""
    live: tuple[np.ndarray, ...]
    """What an entry writes to, in words of 32 bits;"""
    changed: np.ndarray
    """(n) the places of the words that it changes, array by array;"""
    ends: np.ndarray
    """(arrays) how many there are up to the end of each;"""
    before: np.ndarray
    """(n) and what they were."""


# ---------------------------------------------------------------- loops


def make_words(world, state, at, repeats):
    for r in range(repeats):
        settling.make_words(state, 0, LANES, SEED, np.uint64(r), 0)


def learn_government(world, state, at, repeats):
    n_seats = state.now.n_seats
    for r in range(repeats):
        settling.learn_government(world, state, SEED, np.uint64(r), at.mover)
        state.now.n_seats = n_seats


def change_government(world, state, at, repeats):
    for _ in range(repeats):
        for place in at.governments:
            state.actors[state.seats[place].actor].divided_since = state.now.turn - 1
            settling.change_government(world, state, place)


def find_law(world, state, at, repeats):
    """For a stance, readings and odds that are known."""
    for _ in range(repeats):
        settling.find_law(world, state, at.mover)


def fill_readings(world, state, at, repeats):
    for _ in range(repeats):
        rules.fill_readings(world, state, at.mover)


def set_odds(world, state, at, repeats):
    """Where they turn out to be what they were."""
    for _ in range(repeats):
        rules.set_odds(world, state, at.mover, state.now.mediated)


def odds(world, state, at, repeats):
    total = 0.0
    for r in range(repeats):
        total += rules.odds(1e-6 * r)
    return total


def sound_chance(world, state, at, repeats):
    total = 0.0
    for _ in range(repeats):
        total += rules.sound_chance(world, state, at.mover)
    return total


def take_stance(world, state, at, repeats):
    for _ in range(repeats):
        rules.take_stance(world, state, at.mover, state.now.balance)


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
        for group in range(settling.n_groups(state)):
            total ^= settling.seats_within_bounds(state, r & 7, group)
    return total


def bound_calls(world, state, at, repeats):
    if at.side == INITIATOR:
        state.now.height_target = at.height
    else:
        state.now.height_initiator = at.height
    for _ in range(repeats):
        settling.bound_calls(world, state, at.side)


def limit_call(world, state, at, repeats):
    for _ in range(repeats):
        for n in range(settling.n_calls(state, at.side)):
            settling.limit_call(world, state, at.side, state.calls[at.side, n])


def quiet_turn(world, state, at, repeats):
    """A turn in which nobody's word does anything; scans have a step of their own."""
    turn = state.now.turn
    for _ in range(repeats):
        settling.settle(world, state, SEED, np.uint64(0))
        for group in range(settling.n_groups(state)):
            state.due[group] = 0
        chain.play_turn(world, state)
        state.now.turn = turn


def make_moves(world, state, at, repeats):
    """The mover goes up and down in turn."""
    for r in range(repeats):
        wipe_moves(state)
        write_move(state, at.mover, DOWN if r & 1 else UP, 0)
        rules.apply_turn(world, state)


def enter(world, state, at, repeats):
    """The neutral comes in, and is seated as are those whom that concerns; then it is undone."""
    for _ in range(repeats):
        rules.enter_the_drawn(state)
        rules.watch_for(world, state, at.neutral)
        settling.seat_arrival(world, state, at.neutral)
        put_back(at)


def undo_entry(world, state, at, repeats):
    for _ in range(repeats):
        put_back(at)


@inlined
def put_back(at):
    n = 0
    for k in range(len(at.live)):
        array = at.live[k]
        while n < at.ends[k]:
            array[at.changed[n]] = at.before[n]
            n += 1


def begin_chain(world, state, at, repeats):
    for r in range(repeats):
        chain.begin_chain(world, state, SEED, np.uint64(r))


def score(world, state, tally, repeats):
    for r in range(repeats):
        scoring.score(world, state, tally, np.uint64(r))


def play_again(world, state, rank, tally, first, n, repeats):
    """The same chains again and again: processors come to know their branches."""
    for _ in range(repeats):
        batch.count_batch(world, state, rank, tally, SEED, first, n)


class Step(NamedTuple):
    """An elementary step."""

    group: str
    name: str
    loop: Callable
    counted: tuple[object, str]
    """Module and function whose calls are counted."""
    per_repeat: Callable = lambda state, at: 1
    """How many steps a repeat of the loop takes."""
    per_call: Callable = lambda *arguments: 1
    """How many steps a call of the function takes, by its arguments."""
    undo: Callable | None = None
    """What the loop does besides, as a loop of its own."""


def sixteens(n: int) -> int:
    """How many groups of `LANES` the first `n` are."""
    return -(-n // LANES)


def n_bounded(world: World, state: State, side: int) -> int:
    """How many calls will be bounded: none if nothing brings neutrals in, now or before."""
    now = state.now
    highest = settling.opposite_height(state, side)
    heeded = now.initiator_calls_heed if side == INITIATOR else now.target_calls_heed
    may_come = rules.may_honour(world, highest) or rules.may_exploit(world, highest)
    return settling.n_calls(state, side) if may_come or heeded else 0


GROUPS = ("random numbers", "probabilities", "state and bounds", "beginning", "tallies")
RANDOM, LAWS, STATE, BEGINNING, TALLIES = GROUPS

STEPS = (
    Step(
        RANDOM,
        "words of 16 seats for 8 turns",
        make_words,
        (settling, "make_words"),
        per_call=lambda state, known, n, seed, chain, first: (
            (sixteens(n) - known // LANES) * (1 - first % WINDOW // BLOCK * BLOCK / WINDOW)
        ),
    ),
    Step(RANDOM, "a government at the start", learn_government, (settling, "learn_government")),
    Step(LAWS, "law of moves, and bounds by it", find_law, (settling, "mean_moves")),
    Step(LAWS, "readings", fill_readings, (settling, "fill_readings")),
    Step(LAWS, "logits of moves", set_odds, (settling, "set_odds")),
    Step(LAWS, "odds", odds, (rules, "odds")),
    Step(LAWS, "of moves not misread", sound_chance, (chain, "sound_chance")),
    Step(LAWS, "stance", take_stance, (settling, "take_stance")),
    Step(LAWS, "balance of power", balance_of_power, (settling, "balance_of_power")),
    Step(LAWS, "mediation", mediation_probability, (settling, "mediation_probability")),
    Step(LAWS, "law of entry", fill_entry_shares, (chain, "fill_entry_shares")),
    Step(
        LAWS,
        "change of government",
        change_government,
        (settling, "change_government"),
        lambda state, at: len(at.governments),
    ),
    Step(
        STATE,
        "scan of 16 seats",
        seats_within_bounds,
        (settling, "seats_within_bounds"),
        lambda state, at: settling.n_groups(state),
    ),
    Step(
        STATE,
        "bounds of a call",
        bound_calls,
        (settling, "bound_calls"),
        lambda state, at: settling.n_calls(state, at.side),
        n_bounded,
    ),
    Step(
        STATE,
        "ceilings of a call",
        limit_call,
        (settling, "limit_call"),
        lambda state, at: settling.n_calls(state, at.side),
    ),
    Step(
        STATE,
        "turn that is not passed, whatever happens in it",
        quiet_turn,
        (chain, "apply_turn"),
        undo=seats_within_bounds,
    ),
    Step(STATE, "moves of a turn", make_moves, (rules, "make_moves")),
    Step(STATE, "entry", enter, (rules, "enlist"), undo=undo_entry),
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
    """Times a chain, by the name of the step."""


def count_steps(world: World, state: State, n_chains: int) -> Often:
    """Play the first chains uncompiled, and count the steps after their beginnings."""
    counts, turns, engaged = Counter(), 0, 0
    with counting(STEPS, counts):
        for number in range(n_chains):
            before = counts.copy()
            chain.begin_chain(world, state, SEED, np.uint64(number))
            counts.clear()
            counts.update(before)
            while state.now.over == 0:
                turn, n_engaged = state.now.turn, state.now.n_engaged
                settling.settle(world, state, SEED, np.uint64(number))
                if not settling.pass_quiet_turns(world, state):
                    chain.play_turn(world, state)
                turns += state.now.turn - turn
                engaged += n_engaged * (state.now.turn - turn)
    steps = {step.name: counts[step.name] / n_chains for step in STEPS}
    return Often(n_chains, turns / n_chains, engaged / max(turns, 1), steps)


@contextmanager
def counting(steps: tuple[Step, ...], counts: Counter) -> Iterator[None]:
    """Count the calls of the steps' functions."""

    def wrapped(step: Step, function: Callable) -> Callable:
        def call(*arguments):
            counts[step.name] += step.per_call(*arguments)
            return function(*arguments)

        return call

    functions = {step: getattr(*step.counted) for step in steps}
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
    """Play on to before a turn with as many engaged as on average, and choose whom to try."""
    needs_neutral = often.steps["law of entry"] > 0
    needs_government = often.steps["change of government"] > 0
    engaged = max(2, round(often.engaged))
    number = 0
    while True:
        chain.begin_chain(world, state, SEED, np.uint64(number))
        while state.now.over == 0:
            settling.settle(world, state, SEED, np.uint64(number))
            place = _place(world, state, now) if state.now.n_engaged == engaged else None
            if (
                place is not None
                and (len(place.before) > 0 or not needs_neutral)
                and (len(place.governments) > 0 or not needs_government)
            ):
                return place
            chain.play_turn(world, state)
        number += 1


def _place(world: World, state: State, now: np.ndarray) -> Place | None:
    """Who is tried in this turn; None where nobody can move up and down unseen by the rest."""
    actors = state.actors
    engaged = state.engaged[: state.now.n_engaged]
    movers = [i for i in engaged if 0 < actors[i].rung < world.top - 1]
    if not movers or sum(actors[i].rung > 0 for i in engaged) < 2:
        return None
    seats = state.seats[: state.now.n_seats]
    bound = [
        (side, seats[n].actor)
        for side in (INITIATOR, TARGET)
        for n in state.calls[side, : settling.n_calls(state, side)]
        if seats[n].n_ties > 0
    ]
    side, neutral = bound[0] if bound else (INITIATOR, np.uint32(0))
    place = Place(
        mover=movers[0],
        neutral=neutral,
        side=side,
        height=world.casus,
        governments=np.array(
            [n for n, seat in enumerate(seats) if seat.purpose == STABILITY], np.int64
        ),
        live=tuple(
            array.reshape(-1).view(np.uint32)
            for array in (
                now,
                state.actors,
                state.engaged,
                state.watching,
                state.sides,
                state.seats,
                state.calls,
                state.seat_of,
                state.seat_bounds,
                state.seat_lanes,
            )
        ),
        changed=np.zeros(0, np.int64),
        ends=np.zeros(0, np.int64),
        before=np.zeros(0, np.uint32),
    )
    return _with_entry(world, state, place) if bound else place


def _with_entry(world: World, state: State, place: Place) -> Place:
    """Draw the neutral to its side, let it come in once, and write down how that is undone."""
    me = state.actors[place.neutral]
    me.drawn_to, me.drawn_cause = place.side, TREATY
    me.drawn_through = originator(state, place.side)
    before = [array.copy() for array in place.live]
    enter(world, state, place._replace(live=()), 1)
    assert state.seat_of[place.neutral, RESPONSE] >= 0
    changed = [np.flatnonzero(new != old) for new, old in zip(place.live, before, strict=True)]
    for array, old in zip(place.live, before, strict=True):
        array[:] = old
    return place._replace(
        changed=np.concatenate(changed),
        ends=np.cumsum([len(places) for places in changed]),
        before=np.concatenate([old[n] for old, n in zip(before, changed, strict=True)]),
    )
