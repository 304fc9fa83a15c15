"""One chain: draw each decision from its rule, and carry it out.

No formula stands here. Every draw is one word of `rng`, compared with a probability of
`rules`; each loop runs over actors in the order of their ids.

Most words decide nothing, whatever the exact probability: each seat (`state.State`) has bounds
on it that are cheap to find, and the rules are asked only when a word falls within them.
"""

import numpy as np

from mcescalate.model import rng
from mcescalate.model.bits import bits_of, highest_bit
from mcescalate.model.codes import DETERRED, DOWN, HOLD, NEUTRAL, NOBODY, OPPORTUNISM, TREATY, UP
from mcescalate.model.jit import inlined, jitable
from mcescalate.model.rng import LANES, WINDOW, choose, draw_slot, happens, threshold
from mcescalate.model.rules import (
    apply_turn,
    arms_goal,
    arms_moves,
    balance_of_power,
    blame_weight,
    challenge_probability,
    fill_entry_shares,
    open_crisis,
    sound_chance,
)
from mcescalate.model.settling import (
    make_words,
    opposite_height,
    pass_quiet_turns,
    seat_everybody,
    settle,
    side_of,
)
from mcescalate.model.state import (
    ARMS_LAWS,
    NEWS,
    QUIET,
    clear,
    n_on,
    set_call_bounds,
    take_seat,
    wipe_moves,
    word_at,
    write_move,
)

# Steps of a chain before its first turn.
_DRAWN = 0
_ATTRIBUTED = 1

# Every function below that is used in each turn or chain is called at one place only: it is
# compiled into the kernel there, and a second place would make the kernel larger and slower.


@inlined
def run_chain(world, state, seed, chain):
    """Play chain number `chain` (uint64) under `seed` (uint64) to its end, in `state`."""
    begin_chain(world, state, seed, chain)
    while state.now.over == 0:
        settle(world, state, seed, chain)
        if not pass_quiet_turns(world, state):
            play_turn(world, state)


@inlined
def begin_chain(world, state, seed, chain):
    """Background, incident and deterrence test; `state.now.over` is 1 if it was deterred."""
    now = state.now
    clear(state)
    if world.arms_periods > 0:
        race(world, state, seed, chain)
    dyad_word, domain_word, accident_word, challenge_word = draw_slot(
        seed, chain, 0, rng.INCIDENT, np.uint64(rng.NO_ACTOR)
    )
    incident, now.domain, now.accident = draw_incident(world, dyad_word, domain_word, accident_word)
    now.drawn_initiator = world.incidents[incident].initiator
    now.drawn_target = world.incidents[incident].target
    now.misattributed = 0
    initiator, target = now.drawn_initiator, now.drawn_target
    for step in (_DRAWN, _ATTRIBUTED):
        convene(world, state, seed, chain, initiator, target)
        if step == _ATTRIBUTED:
            return
        if now.accident == 0 and not happens(
            challenge_word,
            challenge_probability(world, state, balance_of_power(world, state)),
        ):
            clear(state)
            now.over = 1
            now.outcome = DETERRED
            return
        if world.domains[now.domain].misattribution == 0.0:
            return
        blamed = draw_blamed(world, state, seed, chain)
        if blamed == NOBODY:
            return
        now.misattributed = 1
        initiator, target = target, blamed
        clear(state)


@inlined
def draw_incident(world, dyad_word, domain_word, accident_word):
    """(incident, domain, whether it is an accident) that the words mean."""
    return (
        choose(dyad_word, world.incidents.cumulative),
        choose(domain_word, world.domains.cumulative),
        1 if happens(accident_word, world.accident) else 0,
    )


@inlined
def convene(world, state, seed, chain, initiator, target):
    """Open the crisis, and seat whoever may decide something in it."""
    open_crisis(world, state, initiator, target)
    take_seat(state, rng.MEDIATION, 0, np.uint64(rng.NO_ACTOR))
    seat_everybody(world, state, seed, chain)


@jitable
def race(world, state, seed, chain):
    """Run the arms race: all actors at once, period by period."""
    for i in range(world.n_actors):
        state.actors[i].arms = min(max(world.actors[i].arms, 0), world.arms_levels)
        state.seat_lanes[0, i] = np.uint64(rng.ARMS)
        state.seat_lanes[1, i] = world.actors[i].key
    for period in range(world.arms_periods):
        if period % WINDOW == 0:
            make_words(state, 0, world.n_actors, seed, chain, period)
        for i in range(world.n_actors):
            state.actors[i].move = arm(world, state, period % WINDOW, i)
        for i in range(world.n_actors):
            state.actors[i].arms += state.actors[i].move
            state.actors[i].move = HOLD


@inlined
def arm(world, state, row, i):
    """Draw what `i` does in a period of the arms race, `row` periods after the window's first."""
    level = state.actors[i].arms
    goal = arms_goal(world, state, i)
    place = (bits_of(goal) >> np.uint64(46)) + np.uint64(level)
    law = state.arms_laws[i, place % np.uint64(ARMS_LAWS)]
    if law.level != level or law.goal != goal:
        up, down = arms_moves(world, level, goal)
        law.level = level
        law.goal = goal
        law.up = threshold(up)
        law.down = threshold(down)
    return decide(word_at(state, row, i), law.up, law.down)


@inlined
def decide(word, up, down):
    """The move that `word` means: up below `up`, down from 2^32 - `down` on, else hold."""
    if word < up:
        return UP
    if word >= rng.WORDS - down:
        return DOWN
    return HOLD


@jitable
def draw_blamed(world, state, seed, chain):
    """The actor whom the target blames by mistake; NOBODY if it makes none."""
    now = state.now
    blame_word, scapegoat_word, _, _ = draw_slot(
        seed, chain, 0, rng.ATTRIBUTION, np.uint64(rng.NO_ACTOR)
    )
    if not happens(blame_word, world.domains[now.domain].misattribution):
        return NOBODY
    victim = now.target
    total = 0.0
    for r in range(world.actors[victim].regarded, world.actors[victim].regarded_end):
        total += blame_weight(world, now.initiator, victim, world.links[r])
    blamed = NOBODY
    reached = 0.0
    for r in range(world.actors[victim].regarded, world.actors[victim].regarded_end):
        x = world.links[r]
        weight = blame_weight(world, now.initiator, victim, x)
        if weight > 0.0:
            reached += weight
            blamed = x
            if happens(scapegoat_word, reached / total):
                break
    return blamed


# ---------------------------------------------------------------------- a turn


@inlined
def play_turn(world, state):
    """One turn that has been settled: every response, every entry, all from its start."""
    now = state.now
    row = now.turn - now.words_from
    now.turn += 1
    wipe_moves(state)
    for group in range((now.n_seats + LANES - 1) // LANES):
        seats = state.due[group]
        while seats != 0:
            place = highest_bit(seats)
            seats ^= 1 << place
            act(world, state, row, group * LANES + place)
    apply_turn(world, state)


@inlined
def act(world, state, row, place):
    """Draw what is decided in seat `place`, whose word is within its bounds."""
    seat = state.seats[place]
    word = word_at(state, row, place)
    if seat.purpose == rng.RESPONSE:
        respond(world, state, seat.actor, place, word)
    else:
        hear_call(world, state, place, word)


@inlined
def respond(world, state, i, place, word):
    """Write down the move of `i`, which `word` means."""
    move, is_misread = DOWN, 0
    if word < state.seat_bounds[QUIET, place]:
        move = UP
        is_misread = 0 if happens(word, sound_chance(world, state, i)) else 1
    write_move(state, i, move, is_misread)


@inlined
def hear_call(world, state, place, word):
    """Draw whether the neutral in seat `place` comes in on a side, and why.

    Its word falls into the share of the first hazard to fire: ties in the order of the allies'
    ids, then opportunism.
    """
    now = state.now
    seat = state.seats[place]
    k = seat.actor
    side = side_of(seat.purpose)
    highest = opposite_height(state, side)
    fill_entry_shares(world, state, k, side, highest, now.balance)
    n = n_on(state, side)
    quiet, news = threshold(state.shares[QUIET, n]), threshold(state.shares[NEWS, n])
    set_call_bounds(state, place, quiet, news)
    if word >= (news if now.news == 1 else quiet):
        return
    now.somebody_drawn = 1
    me = state.actors[k]
    if me.drawn_to != NEUTRAL:
        # Drawn to both sides at once, it stays out this turn.
        me.drawn_to = NEUTRAL
        return
    me.drawn_to = side
    me.drawn_cause = OPPORTUNISM
    me.drawn_through = NOBODY
    for e in range(n):
        if word < threshold(state.shares[now.news, e]):
            me.drawn_cause = TREATY
            me.drawn_through = state.sides[side, e]
            return
