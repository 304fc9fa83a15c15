"""Between turns: seats, governments, balance and bounds brought up to date.

All that the decisions of a turn rest on is found here, before it is played. Whoever may decide
something has a seat (`state.State`), with bounds that are cheap to find: `chain` asks the rules
only when a word falls within them, and turns in which none does are passed.
"""

import numpy as np

from mcescalate.model import rng
from mcescalate.model.bits import highest_bit
from mcescalate.model.codes import INITIATOR, NEUTRAL, TARGET
from mcescalate.model.jit import inlined
from mcescalate.model.rng import BLOCK, LANES, WINDOW, draw_slot, fill_window, happens, threshold
from mcescalate.model.rules import (
    balance_of_power,
    close_turn,
    entry_ceiling,
    fill_readings,
    fill_tables,
    may_exploit,
    may_honour,
    may_mediate,
    mean_moves,
    mediation_probability,
    set_odds,
    take_stance,
    turnover_law,
)
from mcescalate.model.state import (
    FROM,
    NEWS,
    QUIET,
    change_seat,
    forget_odds,
    other,
    set_bounds,
    set_call_bounds,
    take_seat,
    unsettle,
    word_at,
)
from mcescalate.model.wide import outside
from mcescalate.model.world import relation

_MEDIATOR = 0
"""The mediator's seat."""

_SLACK = 1e-9
"""Keeps a bound a bound when both it and what it bounds are rounded."""

# What can bring neutrals in: nothing, promises, or rivalry too.
_NOTHING = 0
_HONOUR = 1
_EXPLOIT = 2


@inlined
def settle(world, state, seed, chain):
    """Bring up to date all that the next turn rests on: seats, governments, balance, bounds."""
    now = state.now
    seat_everybody(world, state, seed, chain)
    if now.turn - now.words_from == WINDOW:
        now.words_known = 0
        now.words_from = now.turn
    if now.words_known < now.n_seats:
        make_words(state, now.words_known, now.n_seats, seed, chain, now.turn)
        now.words_known = now.n_seats
    row = now.turn - now.words_from
    redraw_governments(world, state, row)
    mediate(world, state, row)
    if now.balance_known == 0:
        now.balance_known = 1
        now.balance = balance_of_power(world, state)
    if now.laws_known == 0:
        now.laws_known = 1
        for e in range(now.n_engaged):
            if state.actors[state.engaged[e]].law_known == 0:
                find_law(world, state, state.engaged[e])
    for side in range(2):
        if now.calls_known == 0:
            for n in range(n_calls(state, side)):
                limit_call(world, state, side, state.calls[side, n])
        if (now.initiator_calls_priced if side == INITIATOR else now.target_calls_priced) == 0:
            bound_calls(world, state, side)
    now.calls_known = 1
    now.initiator_calls_priced = 1
    now.target_calls_priced = 1
    for group in range(n_groups(state)):
        # What changes governments, or brings a mediator, has been done.
        done = state.restless[group] | (1 << _MEDIATOR if group == 0 else 0)
        state.due[group] = seats_within_bounds(state, row, group) & ~done


@inlined
def pass_quiet_turns(world, state):
    """Let turns go by up to the next one in which something may happen; whether there were any.

    The next turn has been settled. Where nothing is due in it, the turns after it are like it
    until a word says otherwise.
    """
    now = state.now
    for group in range(n_groups(state)):
        if state.due[group] != 0:
            return False
    last = min(now.words_from + WINDOW, world.horizon)
    while True:
        now.turn += 1
        close_turn(world, state, False, False)
        if now.turn == last or now.mediated == 1 or not is_quiet(world, state):
            return True


@inlined
def is_quiet(world, state):
    """Whether no word of the next turn is within the bounds of this one."""
    now = state.now
    if now.mediator_below < 0 and may_mediate(world, now.turn + 1):
        return False
    bits = np.int64(0)
    for group in range(n_groups(state)):
        bits |= seats_within_bounds(state, now.turn - now.words_from, group)
    return bits == 0


@inlined
def seat_everybody(world, state, seed, chain):
    """Seat those who have come in and whom that concerns, and draw what is not known of them."""
    now = state.now
    if now.arrivals_seated == 0:
        now.arrivals_seated = 1
        for e in range(now.n_engaged):
            if state.seat_of[state.engaged[e], rng.RESPONSE] < 0:
                seat_arrival(world, state, state.engaged[e])
        for e in range(now.n_engaged + now.n_watching):
            i = state.engaged[e] if e < now.n_engaged else state.watching[e - now.n_engaged]
            if state.actors[i].divided_since < 0:
                learn_government(world, state, seed, chain, i)


@inlined
def n_calls(state, side):
    """How many neutrals have a seat because they may come in on `side`."""
    return state.now.n_initiator_calls if side == INITIATOR else state.now.n_target_calls


@inlined
def n_groups(state):
    """How many groups of `LANES` the seats are."""
    return (state.now.n_seats + LANES - 1) // LANES


@inlined
def seats_within_bounds(state, row, group):
    """Seats of a group of `LANES` whose words may do something, as the bits of a number."""
    words = (group * WINDOW + row) * LANES
    below, from_ = state.seat_bounds[state.now.news], state.seat_bounds[FROM]
    return outside(state.seat_words, words, below, from_, group * LANES)


@inlined
def mediate(world, state, row):
    """Draw whether a mediator is heard in the next turn."""
    now = state.now
    if now.mediator_below < 0 and may_mediate(world, now.turn + 1):
        now.turn += 1  # the rule speaks of the turn in play
        now.mediator_below = threshold(mediation_probability(world, state))
        now.turn -= 1
        set_bounds(state, _MEDIATOR, now.mediator_below, rng.WORDS)
    mediated = 1 if word_at(state, row, _MEDIATOR) < now.mediator_below else 0
    if mediated != now.mediated:
        now.mediated = mediated
        for e in range(now.n_engaged):
            forget_odds(state, state.engaged[e])


@inlined
def seat_arrival(world, state, j):
    """Seat `j`, newly engaged, and the neutrals who may come in because of it."""
    now = state.now
    side = state.actors[j].side
    place = np.int64(-1)
    for to in range(2):
        called = np.int64(state.seat_of[j, join_purpose(to)])
        if called >= 0:
            # Who has come in needs no call any more; its seat on this side is for what it does now.
            end_call(state, to, called)
            if to == side:
                place = called
                state.seat_of[j, join_purpose(to)] = -1
                change_seat(state, place, rng.RESPONSE)
    if place < 0:
        place = take_seat(state, rng.RESPONSE, j, world.actors[j].key)
    state.seat_of[j, rng.RESPONSE] = place
    n_backers = world.actors[j].backers_end - world.actors[j].backers
    n_rivals = 0
    if state.actors[j].cause == side:
        n_rivals = world.actors[j].rivals_end - world.actors[j].rivals
    for n in range(n_backers + n_rivals):
        is_rival = n >= n_backers
        link = world.actors[j].rivals + n - n_backers if is_rival else world.actors[j].backers + n
        k = world.links[link]
        if state.actors[k].side != NEUTRAL:
            continue
        if not is_rival and not owes_fight(world, k, j):
            continue
        purpose = join_purpose(other(side) if is_rival else side)
        place = np.int64(state.seat_of[k, purpose])
        if place < 0:
            place = take_seat(state, purpose, k, world.actors[k].key)
            state.seat_of[k, purpose] = place
            to = side_of(purpose)
            state.calls[to, n_calls(state, to)] = place
            if purpose == rng.JOIN_INITIATOR:
                now.n_initiator_calls += 1
            else:
                now.n_target_calls += 1
        if is_rival:
            state.seats[place].is_rival = 1
        else:
            state.seats[place].n_ties += 1


@inlined
def end_call(state, side, place):
    """Let no word bring in the neutral in seat `place` on `side` any more."""
    set_bounds(state, place, 0, rng.WORDS)
    if side == INITIATOR:
        state.now.n_initiator_calls -= 1
    else:
        state.now.n_target_calls -= 1
    last = n_calls(state, side)
    for n in range(last):
        if state.calls[side, n] == place:
            state.calls[side, n] = state.calls[side, last]


@inlined
def owes_fight(world, k, j):
    """Whether `k` has promised `j` defence or offence, whoever the enemy."""
    dyad = relation(world, k, j)
    return dyad.defence > 0.0 or dyad.offence > 0.0


@inlined
def join_purpose(side):
    """The purpose of draws on whether a neutral comes in on `side`."""
    return rng.JOIN_INITIATOR if side == INITIATOR else rng.JOIN_TARGET


@inlined
def side_of(purpose):
    """The side on which a neutral may come in by draws of `purpose`."""
    return INITIATOR if purpose == rng.JOIN_INITIATOR else TARGET


@inlined
def learn_government(world, state, seed, chain, i):
    """Draw the government of `i` at the start, and redraw it for each turn played since."""
    now = state.now
    me = state.actors[i]
    actor = world.actors[i]
    me.divided_since = now.turn
    me.divided = 0
    if actor.instability == 0.0 and actor.turnover == 0.0:
        return
    last = now.turn if actor.turnover > 0.0 else 0
    words = draw_slot(seed, chain, 0, rng.STABILITY, actor.key)
    for turn in range(last + 1):
        if turn % BLOCK == 0 and turn > 0:
            words = draw_slot(seed, chain, turn // BLOCK, rng.STABILITY, actor.key)
        chance = actor.instability if turn == 0 else turnover_law(world, i, me.divided)
        if happens(words[turn % BLOCK], chance):
            me.divided = 1 - me.divided
    if actor.turnover > 0.0:
        place = take_seat(state, rng.STABILITY, i, actor.key)
        state.restless[place // LANES] |= 1 << place % LANES
        set_bounds(state, place, threshold(turnover_law(world, i, me.divided)), rng.WORDS)


@inlined
def redraw_governments(world, state, row):
    """Change those of the restless governments whose words say so after the last turn."""
    for group in range(n_groups(state)):
        seats = state.restless[group]
        if seats != 0:
            seats &= seats_within_bounds(state, row, group)
        while seats != 0:
            place = highest_bit(seats)
            seats ^= 1 << place
            change_government(world, state, group * LANES + place)


@inlined
def change_government(world, state, place):
    """Change the government in seat `place`, unless it has been drawn for this turn before."""
    i = state.seats[place].actor
    me = state.actors[i]
    if me.divided_since < state.now.turn:
        me.divided_since = state.now.turn
        me.divided = 1 - me.divided
        set_bounds(state, place, threshold(turnover_law(world, i, me.divided)), rng.WORDS)
        unsettle(state)


@inlined
def find_law(world, state, i):
    """Find the law of engaged `i` in the next turn, and with it the bounds of its seat."""
    me = state.actors[i]
    me.law_known = 1
    up_below = np.int64(0)
    down_from = np.int64(rng.WORDS)
    if me.rung < world.top:
        if me.stance_known == 0:
            me.stance_known = 1
            take_stance(world, state, i, state.now.balance)
            fill_tables(world, state, i)
        if me.readings_known == 0:
            me.readings_known = 1
            fill_readings(world, state, i)
        if me.odds_known == 0:
            me.odds_known = 1
            set_odds(world, state, i, state.now.mediated)
        up, down = mean_moves(world, state, i)
        up_below = threshold(up)
        down_from = rng.WORDS - threshold(down)
    set_bounds(state, state.seat_of[i, rng.RESPONSE], up_below, down_from)


@inlined
def limit_call(world, state, side, place):
    """Find bounds, whatever the rungs, on the chance that the neutral in seat `place` comes in."""
    seat = state.seats[place]
    for news in range(2):
        ceiling = entry_ceiling(
            world, state, seat.actor, side, seat.n_ties, seat.is_rival, news == 1
        )
        state.limits[place, news] = threshold(min(1.0, ceiling + _SLACK))


@inlined
def bound_calls(world, state, side):
    """Bound the words that bring in neutrals on `side`."""
    now = state.now
    highest = opposite_height(state, side)
    heed = _NOTHING
    if may_exploit(world, highest):
        heed = _EXPLOIT
    elif may_honour(world, highest):
        heed = _HONOUR
    if side == INITIATOR:
        heeded = now.initiator_calls_heed
        now.initiator_calls_heed = heed
    else:
        heeded = now.target_calls_heed
        now.target_calls_heed = heed
    if heed == _NOTHING and heeded == _NOTHING:
        return
    for n in range(n_calls(state, side)):
        place = state.calls[side, n]
        hears = heed == _EXPLOIT or (heed == _HONOUR and state.seats[place].n_ties > 0)
        quiet = state.limits[place, QUIET] if hears else 0
        set_call_bounds(state, place, quiet, state.limits[place, NEWS] if hears else 0)


@inlined
def opposite_height(state, side):
    """The highest rung now of the side opposite to `side`."""
    return state.now.height_target if side == INITIATOR else state.now.height_initiator


@inlined
def make_words(state, known, n_lanes, seed, chain, first):
    """Make the words of the lanes beyond those `known` from turn or period `first` (from 0) on,
    to the end of its window."""
    purposes, keys = state.seat_lanes[0], state.seat_lanes[1]
    fill_window(state.seat_words, purposes, keys, known, n_lanes, seed, chain, first)
