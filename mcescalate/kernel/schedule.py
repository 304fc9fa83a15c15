"""Between turns: slots, words, governments, mediation, laws and bounds brought up to date.

All that the decisions of a turn rest on is found here, before it is simulated. What has changed
since the last time is known (`memory.forget`), and what rests on none of it is left as it is.
Turns in which no word is due are passed.
"""

import numpy as np

from mcescalate.kernel.bits import highest_bit
from mcescalate.kernel.calls import (
    bound_calls,
    end_call,
    join_purpose,
    limit_call,
    n_calls,
)
from mcescalate.kernel.laws import fill_pulls, find_law
from mcescalate.kernel.memory import (
    FROM,
    change_slot,
    events_on,
    forget,
    set_bounds,
    take_slot,
    word_at,
)
from mcescalate.kernel.simd import outside
from mcescalate.kernel.words import LANES, WINDOW, fill_window
from mcescalate.model import words
from mcescalate.model.codes import (
    GOVERNMENTS,
    HEIGHTS,
    INITIATOR,
    MEDIATION,
    NEUTRAL,
    NEWS,
    STANDING,
    TURN,
)
from mcescalate.model.draws import draw_war_end
from mcescalate.model.jit import inlined, jitable
from mcescalate.model.rules.background import turnover_law
from mcescalate.model.rules.joining import highest_occasion, may_exploit, may_stand_by
from mcescalate.model.rules.power import balance_of_power
from mcescalate.model.rules.response import may_mediate, mediation_chance
from mcescalate.model.state import highest_of_all, highest_rung, originator, other
from mcescalate.model.transition import close_turn
from mcescalate.model.words import BLOCK, draw_slot, happens, threshold
from mcescalate.model.world import relation

_MEDIATOR = 0
"""The mediator's slot."""


@inlined
def bring_up_to_date(world, state, memory, seed, chain):
    """Find again all that the next turn rests on and that has changed."""
    now = state.now
    known = memory.known
    if known.world_known == 0:
        learn_world(world, memory)
    give_slots(world, state, memory, seed, chain)
    if may_stand_by(world):
        for side in range(2):
            give_bystander_slots(world, state, memory, side, seed, chain)
    provide_words(state, memory, seed, chain)
    row = now.turn - known.words_from
    redraw_governments(world, state, memory, row)
    if now.news != known.news:
        known.news = now.news
        forget(memory, NEWS)
    height = highest_of_all(state)
    if height != known.height:
        known.height = height
        forget(memory, HEIGHTS)
    if world.rests_on.anything & TURN:
        forget(memory, TURN)
    now.turn += 1  # rules speak of the present turn
    mediate(world, state, memory, row)
    if known.initiator_events | known.target_events:
        find_laws(world, state, memory)
    if now.war_turn > 0:
        draw_war_end(world, state, seed, chain, known.balance)
    now.turn -= 1
    for group in range(n_groups(memory)):
        # What changes governments, or brings a mediator, has been done.
        done = memory.restless[group] | (1 << _MEDIATOR if group == 0 else 0)
        memory.due[group] = slots_within_bounds(state, memory, row, group) & ~done


@jitable
def learn_world(world, memory):
    """Find what holds in all crises of `world`."""
    memory.known.world_known = 1
    memory.known.pulls_rise = 1
    memory.known.highest_occasion = highest_occasion(world)
    fill_pulls(world, memory)


@inlined
def find_laws(world, state, memory):
    """Find again all laws and bounds that rest on what has changed."""
    known = memory.known
    if (known.initiator_events | known.target_events) & world.rests_on.balance:
        known.balance = balance_of_power(world, state)
    for e in range(state.now.n_engaged):
        i = state.engaged[e]
        me = state.actors[i]
        events = events_on(memory, me.side)
        if events != 0 or me.rung != memory.actors[i].rung:
            find_law(world, state, memory, i, events)
    for side in range(2):
        bound_calls(world, state, memory, side)
    known.initiator_events = 0
    known.target_events = 0


@inlined
def provide_words(state, memory, seed, chain):
    """Make the words that are missing for the next turn, to the end of its window."""
    now = state.now
    known = memory.known
    if now.turn - known.words_from == WINDOW:
        known.words_known = 0
        known.words_from = now.turn
    if known.words_known < known.n_slots:
        make_words(memory, known.words_known, known.n_slots, seed, chain, now.turn)
        known.words_known = known.n_slots


@inlined
def make_words(memory, known, n_lanes, seed, chain, first):
    """Make the words of the lanes beyond those `known` from turn or period `first` (from 0) on,
    to the end of its window."""
    purposes, keys = memory.slot_lanes[0], memory.slot_lanes[1]
    fill_window(memory.slot_words, purposes, keys, known, n_lanes, seed, chain, first)


@inlined
def n_groups(memory):
    """How many groups of `LANES` the slots are."""
    return (memory.known.n_slots + LANES - 1) // LANES


@inlined
def slots_within_bounds(state, memory, row, group):
    """Slots of a group of `LANES` whose words may do something, as the bits of a number."""
    at = (group * WINDOW + row) * LANES
    below, from_ = memory.slot_bounds[state.now.news], memory.slot_bounds[FROM]
    return outside(memory.slot_words, at, below, from_, group * LANES)


# ------------------------------------------------------------ turns in which nothing is due


@inlined
def pass_quiet_turns(world, state, memory, seed, chain):
    """Let turns go by up to the next one in which something may happen; whether there were any.

    The next turn has been brought up to date. Where nothing is due in it, the turns after it are
    like it until a word says otherwise, or something changes with time.
    """
    now = state.now
    if world.rests_on.anything & TURN:
        return False
    for group in range(n_groups(memory)):
        if memory.due[group] != 0:
            return False
    last = min(memory.known.words_from + WINDOW, world.horizon)
    while True:
        now.turn += 1
        close_turn(world, state, False, False)
        if now.turn == last or now.over == 1 or now.mediated == 1:
            return True
        if not is_quiet(world, state, memory, seed, chain):
            return True


@inlined
def is_quiet(world, state, memory, seed, chain):
    """Whether the next turn is like the last one, and no word of it does anything."""
    now = state.now
    known = memory.known
    if known.may_mediate == 0 and may_mediate(world, now.turn + 1):
        return False
    if now.news != known.news and world.rests_on.anything & NEWS:
        return False
    if now.war_turn > 0:
        now.turn += 1
        draw_war_end(world, state, seed, chain, known.balance)
        now.turn -= 1
        if now.war_over == 1:
            return False
    bits = np.int64(0)
    for group in range(n_groups(memory)):
        bits |= slots_within_bounds(state, memory, now.turn - known.words_from, group)
    return bits == 0


# ------------------------------------------------------------ mediation and governments


@inlined
def mediate(world, state, memory, row):
    """Draw whether a mediator is heard in the present turn."""
    now = state.now
    known = memory.known
    changed = known.initiator_events | known.target_events
    is_due = may_mediate(world, now.turn)
    if is_due and (known.may_mediate == 0 or changed & world.rests_on.mediation):
        known.mediator_below = threshold(mediation_chance(world, state))
        set_bounds(memory, _MEDIATOR, known.mediator_below, words.WORDS)
    known.may_mediate = 1 if is_due else 0
    mediated = 1 if is_due and word_at(memory, row, _MEDIATOR) < known.mediator_below else 0
    if mediated != now.mediated:
        now.mediated = mediated
        forget(memory, MEDIATION)


@inlined
def learn_government(world, state, memory, seed, chain, i):
    """Draw the government of `i` at the start, and redraw it for each turn since."""
    now = state.now
    me = state.actors[i]
    actor = world.actors[i]
    memory.actors[i].divided_since = now.turn
    me.divided = 0
    if actor.instability == 0.0 and actor.turnover == 0.0:
        return
    last = now.turn if actor.turnover > 0.0 else 0
    drawn = draw_slot(seed, chain, 0, words.STABILITY, actor.key)
    for turn in range(last + 1):
        if turn % BLOCK == 0 and turn > 0:
            drawn = draw_slot(seed, chain, turn // BLOCK, words.STABILITY, actor.key)
        chance = actor.instability if turn == 0 else turnover_law(world, i, me.divided)
        if happens(drawn[turn % BLOCK], chance):
            me.divided = 1 - me.divided
    if actor.turnover > 0.0:
        place = take_slot(memory, words.STABILITY, i, actor.key)
        memory.restless[place // LANES] |= 1 << place % LANES
        set_bounds(memory, place, threshold(turnover_law(world, i, me.divided)), words.WORDS)


@inlined
def redraw_governments(world, state, memory, row):
    """Change those of the restless governments whose words say so after the last turn."""
    for group in range(n_groups(memory)):
        slots = memory.restless[group]
        if slots != 0:
            slots &= slots_within_bounds(state, memory, row, group)
        while slots != 0:
            place = highest_bit(slots)
            slots ^= 1 << place
            change_government(world, state, memory, group * LANES + place)


@inlined
def change_government(world, state, memory, place):
    """Change the government of slot `place`, unless it has been drawn for this turn before."""
    i = memory.slots[place].actor
    me = state.actors[i]
    if memory.actors[i].divided_since < state.now.turn:
        memory.actors[i].divided_since = state.now.turn
        me.divided = 1 - me.divided
        set_bounds(memory, place, threshold(turnover_law(world, i, me.divided)), words.WORDS)
        forget(memory, GOVERNMENTS)


# ------------------------------------------------------------ slots


@inlined
def give_slots(world, state, memory, seed, chain):
    """Give slots to actors that have come in and to all that this concerns; draw governments."""
    now = state.now
    known = memory.known
    if now.n_arrivals == known.arrivals:
        return
    known.arrivals = now.n_arrivals
    forget(memory, STANDING)
    for e in range(now.n_engaged):
        if memory.slot_of[state.engaged[e], words.RESPONSE] < 0:
            give_slot(world, state, memory, state.engaged[e])
    for e in range(now.n_engaged + now.n_watching):
        i = state.engaged[e] if e < now.n_engaged else state.watching[e - now.n_engaged]
        if memory.actors[i].divided_since < 0:
            learn_government(world, state, memory, seed, chain, i)


@inlined
def give_slot(world, state, memory, j):
    """Give slots to `j`, newly engaged, and to the neutrals that may come in because of it."""
    side = state.actors[j].side
    place = np.int64(-1)
    for to in range(2):
        called = np.int64(memory.slot_of[j, join_purpose(to)])
        if called >= 0:
            # Once in, it needs no call any more; its slot on this side is for its moves now.
            end_call(memory, to, called)
            if to == side:
                place = called
                memory.slot_of[j, join_purpose(to)] = -1
                change_slot(memory, place, words.RESPONSE)
    if place < 0:
        place = take_slot(memory, words.RESPONSE, j, world.actors[j].key)
    memory.slot_of[j, words.RESPONSE] = place
    memory.actors[j].rung = -1
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
        place = call(world, memory, k, other(side) if is_rival else side)
        if is_rival:
            memory.slots[place].is_rival = 1
        else:
            memory.slots[place].n_ties += 1


@inlined
def give_bystander_slots(world, state, memory, side, seed, chain):
    """Give slots on `side` to all neutrals that may come in without promise or rivalry.

    That waits until they can, which few crises come to.
    """
    known = memory.known
    are_called = known.initiator_bystanders if side == INITIATOR else known.target_bystanders
    if are_called == 1 or not may_exploit(world, highest_rung(state, other(side))):
        return
    if side == INITIATOR:
        known.initiator_bystanders = 1
    else:
        known.target_bystanders = 1
    o = originator(state, other(side))
    for k in range(world.n_actors):
        if state.actors[k].side == NEUTRAL and relation(world, k, o).rivalry == 0.0:
            place = call(world, memory, k, side)
            memory.slots[place].is_bystander = 1
            if memory.actors[k].divided_since < 0:
                learn_government(world, state, memory, seed, chain, k)
            limit_call(world, state, memory, side, place)


@inlined
def call(world, memory, k, side):
    """The slot of neutral `k` for coming in on `side`; it is given one if it has none."""
    known = memory.known
    purpose = join_purpose(side)
    place = np.int64(memory.slot_of[k, purpose])
    if place < 0:
        place = take_slot(memory, purpose, k, world.actors[k].key)
        memory.slot_of[k, purpose] = place
        memory.calls[side, n_calls(memory, side)] = place
        if side == INITIATOR:
            known.n_initiator_calls += 1
        else:
            known.n_target_calls += 1
    return place


@inlined
def owes_fight(world, k, j):
    """Whether `k` has promised `j` defence or offence against any enemy."""
    dyad = relation(world, k, j)
    return dyad.defence > 0.0 or dyad.offence > 0.0
