"""One chain: draw each decision from its rule, and carry it out.

No formula stands here. Every draw is one word of `rng`, compared with a probability of
`rules`; each loop runs over actors in the order of their ids.

Most words decide nothing, whatever the exact probability: each seat (`state.State`) has bounds
on it that are cheap to find, and the rules are asked only when a word falls within them.
"""

import numpy as np

from mcescalate.model import rng
from mcescalate.model.codes import (
    DETERRED,
    DOWN,
    HOLD,
    INITIATOR,
    NEUTRAL,
    NOBODY,
    OPPORTUNISM,
    TARGET,
    TREATY,
    UP,
)
from mcescalate.model.jit import inlined, jitable
from mcescalate.model.memory import bits_of, blend_a, blend_b, find
from mcescalate.model.rng import (
    BLOCK,
    LANES,
    WINDOW,
    choose,
    draw_slot,
    fill_window,
    happens,
    threshold,
)
from mcescalate.model.rules import (
    apply_turn,
    arms_goal,
    arms_moves,
    balance_of_power,
    blame_weight,
    challenge_probability,
    entry_ceiling,
    fill_entry_shares,
    may_exploit,
    may_honour,
    mediation_probability,
    move_ceiling,
    move_law,
    open_crisis,
    reassurance,
    sound_chance,
    take_stance,
    turnover_law,
)
from mcescalate.model.state import (
    ARMS_LAWS,
    LAW_BOUNDED,
    LAW_KNOWN,
    LAW_UNKNOWN,
    change_seat,
    clear,
    facing_name,
    other,
    set_bounds,
    take_seat,
    unsettle,
    word_at,
)

_SLACK = 1e-9
"""Keeps a bound a bound when both it and what it bounds are rounded."""

_MEDIATOR = 0
"""The mediator's seat."""

_TRIAL = 4096
_WORTHWHILE = 0.75
"""After so many looks the memory of laws is used only if so large a share was found there."""

_ALL_LANES = (1 << LANES) - 1

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
        play_turn(world, state, seed, chain)


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
    incident = choose(dyad_word, world.incidents.cumulative)
    now.drawn_initiator = world.incidents[incident].initiator
    now.drawn_target = world.incidents[incident].target
    now.domain = choose(domain_word, world.domains.cumulative)
    now.accident = 1 if happens(accident_word, world.accident) else 0
    now.misattributed = 0
    initiator, target = now.drawn_initiator, now.drawn_target
    for step in (_DRAWN, _ATTRIBUTED):
        convene(world, state, seed, chain, initiator, target)
        if step == _ATTRIBUTED:
            return
        if now.accident == 0 and not happens(
            challenge_word, challenge_probability(world, state, now.balance)
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
def convene(world, state, seed, chain, initiator, target):
    """Open the crisis, and settle it for its first turn."""
    open_crisis(world, state, initiator, target)
    state.now.words_from = 0
    take_seat(state, rng.MEDIATION, 0, np.uint64(rng.NO_ACTOR))
    settle(world, state, seed, chain)


@jitable
def race(world, state, seed, chain):
    """Run the arms race: all actors at once, period by period."""
    for i in range(world.n_actors):
        state.actors[i].arms = min(max(world.actors[i].arms, 0), world.arms_levels)
        state.seat_lanes[0, i] = np.uint64(rng.ARMS)
        state.seat_lanes[1, i] = world.actors[i].key
    for period in range(world.arms_periods):
        if period % WINDOW == 0:
            make_words(state, world.n_actors, seed, chain, period)
        for i in range(world.n_actors):
            state.actors[i].move = arm(world, state, period % WINDOW, i)
        for i in range(world.n_actors):
            state.actors[i].arms += state.actors[i].move


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


@inlined
def make_words(state, n_lanes, seed, chain, first):
    """Make the words of the lanes for `WINDOW` turns or periods, from `first` (from 0) on."""
    fill_window(
        state.seat_words, state.seat_lanes[0], state.seat_lanes[1], n_lanes, seed, chain, first
    )


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


# ---------------------------------------------------------------- between turns


@inlined
def settle(world, state, seed, chain):
    """Bring up to date all that the next turn rests on: seats, governments, balance, bounds."""
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
    if now.words_known == 0 or now.turn - now.words_from == WINDOW:
        now.words_known = 1
        now.words_from = now.turn - now.turn % WINDOW
        make_words(state, now.n_seats, seed, chain, now.words_from)
    for r in range(now.n_restless):
        redraw_government(world, state, state.restless[r])
    if now.balance_known == 0:
        now.balance_known = 1
        now.balance = balance_of_power(world, state)
    if now.bounds_known == 0:
        now.bounds_known = 1
        for e in range(now.n_engaged):
            if state.actors[state.engaged[e]].law == LAW_UNKNOWN:
                bound_response(world, state, state.engaged[e])
    if now.calls_known == 0:
        now.calls_known = 1
        for place in range(1, now.n_seats):
            if is_call(state.seats[place].purpose):
                limit_call(world, state, place)
    if now.initiator_calls_priced == 0 or now.target_calls_priced == 0:
        for place in range(1, now.n_seats):
            purpose = state.seats[place].purpose
            if (purpose == rng.JOIN_INITIATOR and now.initiator_calls_priced == 0) or (
                purpose == rng.JOIN_TARGET and now.target_calls_priced == 0
            ):
                bound_call(world, state, place)
        now.initiator_calls_priced = 1
        now.target_calls_priced = 1


@inlined
def seat_arrival(world, state, j):
    """Seat `j`, newly engaged, and the neutrals who may come in because of it."""
    side = state.actors[j].side
    place = np.int64(state.seat_of[j, join_purpose(side)])
    if place < 0:
        place = take_seat(state, rng.RESPONSE, j, world.actors[j].key)
    else:
        # Who has come in needs no call any more.
        state.seat_of[j, join_purpose(side)] = -1
        change_seat(state, place, rng.RESPONSE)
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
        if is_rival:
            state.seats[place].is_rival = 1
        else:
            state.seats[place].n_ties += 1


@inlined
def owes_fight(world, k, j):
    """Whether `k` has promised `j` defence or offence, whoever the enemy."""
    dyad = world.dyads[k, j]
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
        state.restless[now.n_restless] = take_seat(state, rng.STABILITY, i, actor.key)
        now.n_restless += 1


@inlined
def redraw_government(world, state, place):
    """Draw whether the restless government in seat `place` has changed after the last turn."""
    now = state.now
    i = state.seats[place].actor
    me = state.actors[i]
    if me.divided_since < now.turn:
        me.divided_since = now.turn
        word = word_at(state, now.turn - now.words_from, place)
        if happens(word, turnover_law(world, i, me.divided)):
            me.divided = 1 - me.divided
            unsettle(state)


@inlined
def bound_response(world, state, i):
    """Bound the moves of `i`, engaged, whose law is not known."""
    me = state.actors[i]
    me.law = LAW_BOUNDED
    place = state.seat_of[i, rng.RESPONSE]
    up_below = np.int64(0)
    down_from = np.int64(rng.WORDS)
    if me.rung < world.top:
        up, down = move_ceiling(world, state, i)
        up_below = threshold(min(1.0, up + _SLACK))
        if down > 0.0:
            down_from = rng.WORDS - threshold(min(1.0, down + _SLACK))
    set_bounds(state, place, up_below, down_from)


@inlined
def is_call(purpose):
    """Whether draws of `purpose` decide on neutrals' coming in."""
    return purpose == rng.JOIN_INITIATOR or purpose == rng.JOIN_TARGET


@inlined
def limit_call(world, state, place):
    """Find bounds, once and for all heights, on the chance of the neutral in seat `place`."""
    seat = state.seats[place]
    for n in range(2):
        n_hazards = seat.n_ties + n * seat.is_rival
        quiet = entry_ceiling(world, state, seat.actor, n_hazards, False)
        news = entry_ceiling(world, state, seat.actor, n_hazards, True)
        if n == 0:
            seat.most_quiet = threshold(min(1.0, quiet + _SLACK)) if n_hazards > 0 else 0
            seat.most_news = threshold(min(1.0, news + _SLACK)) if n_hazards > 0 else 0
        else:
            seat.rivals_quiet = threshold(min(1.0, quiet + _SLACK)) if n_hazards > 0 else 0
            seat.rivals_news = threshold(min(1.0, news + _SLACK)) if n_hazards > 0 else 0


@inlined
def bound_call(world, state, place):
    """Bound the words that bring in the neutral in seat `place`, exactly if that is known."""
    now = state.now
    seat = state.seats[place]
    highest = opposite_height(state, side_of(seat.purpose))
    below = np.int64(0)
    if seat.scene == now.scene and seat.height == highest:
        below = seat.below_news if now.news == 1 else seat.below_quiet
    elif state.actors[seat.actor].side == NEUTRAL:
        if may_exploit(world, highest):
            below = seat.rivals_news if now.news == 1 else seat.rivals_quiet
        elif may_honour(world, highest):
            below = seat.most_news if now.news == 1 else seat.most_quiet
    state.seat_bounds[0, place] = below


@inlined
def opposite_height(state, side):
    """The highest rung now of the side opposite to `side`."""
    return state.now.height_target if side == INITIATOR else state.now.height_initiator


# ---------------------------------------------------------------------- a turn


@inlined
def play_turn(world, state, seed, chain):
    """One turn: a mediator or none, every response, every entry, all from its start."""
    now = state.now
    row = now.turn - now.words_from
    now.turn += 1
    if now.somebody_moved == 1:
        now.somebody_moved = 0
        for e in range(now.n_engaged):
            state.actors[state.engaged[e]].move = HOLD
            state.actors[state.engaged[e]].is_misread = 0
    mediate(world, state, row)
    for group in range((now.n_seats + LANES - 1) // LANES):
        seats = _ALL_LANES if now.mediated == 1 else seats_within_bounds(state, row, group)
        place = group * LANES
        while seats > 0:
            if seats & 1 == 1:
                act(world, state, row, place)
            seats >>= 1
            place += 1
    apply_turn(world, state)
    if now.over == 0:
        settle(world, state, seed, chain)


@inlined
def mediate(world, state, row):
    """Draw whether a mediator is heard in the turn in play."""
    now = state.now
    now.mediated = 0
    if now.war_turn > 0:
        return
    if now.mediator_below <= 0:
        now.mediator_below = threshold(mediation_probability(world, state))
    if word_at(state, row, _MEDIATOR) < now.mediator_below:
        now.mediated = 1


@inlined
def seats_within_bounds(state, row, group):
    """Seats of a group of `LANES` whose words may do something, as the bits of a number."""
    seats = np.uint64(group * LANES)
    words = np.uint64((group * WINDOW + row) * LANES)
    bits = np.int64(0)
    # Of fixed length, and without a way out: compilers do eight seats at once.
    for k in range(LANES):
        seat = seats + np.uint64(k)
        word = np.int64(state.seat_words[words + np.uint64(k)])
        sign = (word - state.seat_bounds[0, seat]) | (state.seat_bounds[1, seat] - 1 - word)
        bits |= (sign >> 63) & (1 << k)
    return bits


@inlined
def act(world, state, row, place):
    """Draw what is decided in seat `place`: its word is within bounds, or there is a mediator."""
    now = state.now
    seat = state.seats[place]
    word = word_at(state, row, place)
    if seat.purpose == rng.RESPONSE:
        if place < now.n_seats and state.actors[seat.actor].rung < world.top:
            respond(world, state, seat.actor, place, word)
    elif word < state.seat_bounds[0, place]:
        hear_call(world, state, place, word)


@inlined
def respond(world, state, i, place, word):
    """Draw the move of `i`, engaged and below war, into `move` and `is_misread`."""
    now = state.now
    me = state.actors[i]
    up_below = state.seat_bounds[0, place]
    down_from = state.seat_bounds[1, place]
    anyway_below = me.anyway_below
    is_exact = me.law == LAW_KNOWN and now.mediated == 0
    if not is_exact or (word < up_below and anyway_below < 0):
        if me.stance_known == 0:
            take_stance(world, state, i, now.balance)
            name_stance(world, state, i)
            me.stance_known = 1
        slot, is_known = find_law(world, state, i, now.mediated)
        law = state.laws[slot]
        if not is_known or (word < law.up_below and law.anyway_below < 0):
            up, down = move_law(world, state, i, now.mediated)
            law.up_below = threshold(up)
            law.down_from = rng.WORDS - threshold(down)
            law.anyway_below = -1
            if word < law.up_below:
                law.anyway_below = threshold(min(up, sound_chance(world, state, i)))
        up_below = law.up_below
        down_from = law.down_from
        anyway_below = law.anyway_below
        if now.mediated == 0:
            me.law = LAW_KNOWN
            me.anyway_below = anyway_below
            set_bounds(state, place, up_below, down_from)
    if word < up_below:
        now.somebody_moved = 1
        me.move = UP
        me.is_misread = 1 if word >= anyway_below else 0
    elif word >= down_from:
        now.somebody_moved = 1
        me.move = DOWN


@inlined
def find_law(world, state, i, mediated):
    """(place, whether it is known) in the memory of laws of what holds for engaged `i` now."""
    now = state.now
    me = state.actors[i]
    if now.n_looks > _TRIAL and now.n_found < _WORTHWHILE * now.n_looks:
        # Too seldom known to be worth the search: always the same place.
        return np.uint64(0), False
    own = state.names[i, me.rung]
    a, b = facing_name(world, state, i)
    a ^= own.a ^ me.stance_a
    b ^= own.b ^ me.stance_b
    bits = bits_of(reassurance(world, state, i) + 2.0 * mediated)
    a = blend_a(a, bits)
    b = blend_b(b, bits)
    slot, is_known = find(state.laws, a, b)
    now.n_looks += 1
    if is_known:
        now.n_found += 1
    else:
        state.laws[slot].a = a
        state.laws[slot].b = b
    return slot, is_known


@inlined
def name_stance(world, state, i):
    """Name the stance of `i`: everything in its law but rungs, domain and mediator."""
    me = state.actors[i]
    # One after the other, the first too: two values must not make up for each other.
    me.stance_a = state.names[i, world.top + 1].a
    me.stance_b = state.names[i, world.top + 1].b
    for value in (float(me.arms), me.lean_up, me.lean_down, me.consultation):
        bits = bits_of(value)
        me.stance_a = blend_a(me.stance_a, bits)
        me.stance_b = blend_b(me.stance_b, bits)


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
    seat.scene = now.scene
    seat.height = highest
    seat.below_quiet = threshold(state.shares[0, now.n_engaged])
    seat.below_news = threshold(state.shares[1, now.n_engaged])
    below = seat.below_news if now.news == 1 else seat.below_quiet
    set_bounds(state, place, below, rng.WORDS)
    if word >= below:
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
    for e in range(now.n_engaged):
        if word < threshold(state.shares[now.news, e]):
            me.drawn_cause = TREATY
            me.drawn_through = state.engaged[e]
            return
