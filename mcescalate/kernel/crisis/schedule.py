"""Between turns: slots, words, governments, mediation, laws and bounds brought up to date.

All that the decisions of a turn rest on is found here, before it is simulated. What has changed
since the last time is known (`memory.forget`), and what rests on none of it is left as it is. In
most turns nothing has changed, and no word is due.
"""

import numpy as np

from mcescalate.kernel.crisis.backers import balance_among_backers, find_backers
from mcescalate.kernel.crisis.bystanders import draw_bystanders
from mcescalate.kernel.crisis.calls import bound_calls, end_call, join_purpose, n_calls
from mcescalate.kernel.crisis.governments import learn_government, redraw_governments
from mcescalate.kernel.crisis.laws import fill_pulls, find_law
from mcescalate.kernel.crisis.memory import (
    QUIET,
    change_slot,
    events_on,
    forget,
    n_groups,
    slots_within_bounds,
    take_slot,
    word_at,
)
from mcescalate.kernel.lanes.words import WINDOW, fill_lane_of_window, fill_window
from mcescalate.model import words
from mcescalate.model.chain.draws import end_war
from mcescalate.model.chain.transition import close_turn
from mcescalate.model.codes import (
    HEIGHTS,
    INITIATOR,
    MEDIATION,
    NEUTRAL,
    NEWS,
    STANDING,
    TURN,
)
from mcescalate.model.jit import inlined, jitable
from mcescalate.model.rules.joining import (
    highest_bystander_occasion,
    highest_occasion,
    may_stand_by,
)
from mcescalate.model.rules.outcome import war_end_chance
from mcescalate.model.rules.power import balance_of_power
from mcescalate.model.rules.response import may_mediate, mediation_chance, weighs_threats
from mcescalate.model.state import clock, highest_of_all, n_on, originator, other
from mcescalate.model.words import threshold
from mcescalate.model.world import relation

_MEDIATOR = 0
_WAR_END = 1
"""The slots of the mediator, and, where wars can end, of the end of war."""

_FEW = 3
"""So many slots get their words one by one: that is less work than `LANES` side by side."""


@inlined
def bring_up_to_date(world, state, memory, seed, chain):
    """Find again all that the next turn rests on and that has changed."""
    now = state.now
    known = memory.known
    if known.world_known == 0:
        learn_world(world, memory)
    give_slots(world, state, memory, seed, chain)
    provide_words(world, state, memory, seed, chain)
    row = now.turn - known.words_from
    look_at_words(state, memory, row)
    redraw_governments(world, state, memory)
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
    changed = known.initiator_events | known.target_events
    if changed:
        find_laws(world, state, memory)
    if now.war_turn > 0 and known.n_common > _WAR_END:
        bound_war_end(world, state, memory, changed)
        if word_at(memory, row, _WAR_END) < known.war_end_below:
            end_war(world, state, seed, chain, known.balance)
    if may_stand_by(world):
        draw_bystanders(world, state, memory, seed, chain)
    now.turn -= 1
    if changed or may_stand_by(world):
        look_at_words(state, memory, row)


@inlined
def look_at_words(state, memory, row):
    """Find the slots whose words may do something in turn `row` of the window."""
    for group in range(n_groups(memory)):
        memory.due[group] = slots_within_bounds(state, memory, row, group)


@jitable
def learn_world(world, memory):
    """Find what holds in all crises of `world`."""
    memory.known.world_known = 1
    memory.known.pulls_rise = 1
    memory.known.highest_occasion = highest_occasion(world)
    memory.known.highest_bystander_occasion = highest_bystander_occasion(world)
    fill_pulls(world, memory)


@inlined
def find_laws(world, state, memory):
    """Find again all laws and bounds that rest on what has changed."""
    known = memory.known
    changed = known.initiator_events | known.target_events
    if weighs_threats(world):
        if changed & world.rests_on.backing:
            find_backers(world, state, memory)
        if changed & world.rests_on.balance:
            known.balance = balance_among_backers(world, state, memory)
    elif changed & world.rests_on.balance and known.has_balance == 0:
        known.balance = balance_of_power(world, state)
    known.has_balance = 0
    for side in range(2):
        events = events_on(memory, side)
        if events != 0:
            for e in range(n_on(state, side)):
                find_law(world, state, memory, state.sides[side, e], events)
        bound_calls(world, state, memory, side)
    known.initiator_events = 0
    known.target_events = 0


@inlined
def provide_words(world, state, memory, seed, chain):
    """Make the words that are missing for the next turn, to the end of its window."""
    now = state.now
    known = memory.known
    if now.turn - known.words_from == WINDOW:
        known.words_known = 0
        known.words_from = now.turn
    if known.words_known < known.n_slots:
        if known.n_slots - known.words_known > _FEW:
            first, end = clock(state, now.turn), clock(state, world.horizon)
            make_words(memory, known.words_known, known.n_slots, seed, chain, first, end)
        else:
            for place in range(known.words_known, known.n_slots):
                make_words_of(world, state, memory, seed, chain, place)
        known.words_known = known.n_slots


@inlined
def make_words_of(world, state, memory, seed, chain, place):
    """Make the words of one slot from the present turn on to the end of the window."""
    purpose, key = memory.slot_lanes[0, place], memory.slot_lanes[1, place]
    first, end = clock(state, state.now.turn), clock(state, world.horizon)
    fill_lane_of_window(memory.slot_words, place, purpose, key, seed, chain, first, end)


@inlined
def make_words(memory, known, n_lanes, seed, chain, first, end):
    """Make the words of the lanes beyond those `known` from turn or period `first` (from 0) on,
    to the end of its window, or up to `end`."""
    purposes, keys = memory.slot_lanes[0], memory.slot_lanes[1]
    fill_window(memory.slot_words, purposes, keys, known, n_lanes, seed, chain, first, end)


# ------------------------------------------------------------ turns in which nothing is due


@inlined
def pass_quiet_turns(world, state, memory):
    """Let turns go by in which nothing has changed and no word does anything.

    It stops where words end that are known, or anything may have to be found again.
    """
    now = state.now
    known = memory.known
    changed = known.initiator_events | known.target_events
    if changed or now.n_arrivals != known.arrivals or now.mediated == 1:
        return
    if world.rests_on.anything & TURN or may_stand_by(world):
        return
    if now.war_turn > 0 and known.n_common > _WAR_END:
        return
    last = min(known.words_from + WINDOW, world.horizon)
    while now.turn < last and now.over == 0:
        if now.news != known.news and world.rests_on.anything & NEWS:
            return
        row = now.turn - known.words_from
        if may_mediate(world, now.turn + 1) and (
            known.may_mediate == 0 or word_at(memory, row, _MEDIATOR) < known.mediator_below
        ):
            return
        bits = np.int64(0)
        for group in range(n_groups(memory)):
            bits |= slots_within_bounds(state, memory, row, group)
        if bits != 0:
            return
        now.turn += 1
        close_turn(world, state, False, False)


# ------------------------------------------------------------ mediation and ends of wars


@inlined
def mediate(world, state, memory, row):
    """Draw whether a mediator is heard in the present turn."""
    now = state.now
    known = memory.known
    changed = known.initiator_events | known.target_events
    is_due = may_mediate(world, now.turn)
    if is_due and (known.may_mediate == 0 or changed & world.rests_on.mediation):
        known.mediator_below = threshold(mediation_chance(world, state))
    known.may_mediate = 1 if is_due else 0
    mediated = 1 if is_due and word_at(memory, row, _MEDIATOR) < known.mediator_below else 0
    if mediated != now.mediated:
        now.mediated = mediated
        forget(memory, MEDIATION)


@inlined
def bound_war_end(world, state, memory, changed):
    """Bound the words that end the war with the present turn, as far as its chance has `changed`.

    It changes with the turn where the length of a war bears on it.
    """
    known = memory.known
    if known.war_end_below == 0 or (changed | TURN) & world.rests_on.war_end:
        known.war_end_below = threshold(war_end_chance(world, state, known.balance))


# ------------------------------------------------------------ slots


@inlined
def give_common_slots(world, memory):
    """Give slots to what is drawn by turn for the whole crisis."""
    nobody = np.uint64(words.NO_ACTOR)
    take_slot(memory, words.MEDIATION, 0, nobody)
    if world.coefficients.war_rate > 0.0:
        take_slot(memory, words.WAR_END, 0, nobody)
    memory.known.n_common = memory.known.n_slots
    memory.apart[0] = (1 << memory.known.n_common) - 1


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
            give_slot(world, state, memory, seed, chain, state.engaged[e])
    for e in range(now.n_engaged + now.n_watching):
        i = state.engaged[e] if e < now.n_engaged else state.watching[e - now.n_engaged]
        if memory.actors[i].divided_since < 0:
            learn_government(world, state, memory, seed, chain, i)


@inlined
def give_slot(world, state, memory, seed, chain, j):
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
                make_words_of(world, state, memory, seed, chain, place)
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
        place = call(world, state, memory, k, other(side) if is_rival else side)
        memory.limits[place, QUIET] = -1
        if is_rival:
            memory.slots[place].is_rival = 1
        else:
            memory.slots[place].n_ties += 1


@inlined
def call(world, state, memory, k, side):
    """The slot of neutral `k` for coming in on `side`; it is given one if it has none."""
    known = memory.known
    purpose = join_purpose(side)
    place = np.int64(memory.slot_of[k, purpose])
    if place < 0:
        place = take_slot(memory, purpose, k, world.actors[k].key)
        memory.slot_of[k, purpose] = place
        o = originator(state, other(side))
        if may_stand_by(world) and relation(world, k, o).rivalry == 0.0:
            memory.slots[place].is_bystander = 1
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
