"""Laws of moves, found again as far as something that they rest on has changed.

A law of `rules.response` sums over what an actor may read. Here its parts are kept: the fixed
terms, the odds without rung and reading, the odds that these two add (`Memory.pulls`), and how
each actor sees each other one (`Memory.sighting`). Sums over rungs are those of eight rungs at
once (`simd`). Where odds might overflow, the rule itself is asked.
"""

import math

import numpy as np

from mcescalate.kernel.crisis.backers import threat_of_backers
from mcescalate.kernel.crisis.memory import (
    PERCEIVED,
    UPS,
    law_row,
    set_bounds,
)
from mcescalate.kernel.lanes.simd import (
    OCTET,
    counted_from,
    greater,
    last,
    load,
    same,
    shifted,
    store,
    total,
)
from mcescalate.model.codes import CRISIS, MOST_RUNGS, OWN_RUNG, STANDING
from mcescalate.model.jit import inlined, jitable
from mcescalate.model.rules.perception import accurate_reading_cdf, both, unnoticed
from mcescalate.model.rules.response import (
    FixedTerms,
    assurance_felt,
    down_logit,
    down_pull,
    down_tempo,
    fixed_terms_among,
    move_chances,
    reassurance_felt,
    response_law,
    up_logit,
    up_pull,
    weighs_threats,
)
from mcescalate.model.state import n_on, other
from mcescalate.model.words import RESPONSE, WORDS, threshold

_LARGE_LOGIT = 300.0
"""Odds of a logit beyond this are not multiplied: the rule is asked, which shifts them first."""


@inlined
def odds(logit):
    """e^logit; infinite where a product of two of them might overflow."""
    return math.exp(logit) if logit < _LARGE_LOGIT else math.inf


@inlined
def find_law(world, state, memory, i, events):
    """Find the law of engaged `i` in the next turn again, and with it the bounds of its slot.

    `events` has what has changed since it was last found, but for its own rung.
    """
    me = memory.actors[i]
    rung = state.actors[i].rung
    if rung != me.rung:
        me.rung = rung
        events |= OWN_RUNG
        if rung == world.top:
            set_bounds(memory, np.int64(memory.slot_of[i, RESPONSE]), 0, WORDS)
    if rung == world.top:
        return
    is_new = (events & OWN_RUNG) != 0
    if events & world.rests_on.surroundings:
        me.threat = threat_of_backers(world, state, memory, i) if weighs_threats(world) else 0.0
        me.assured = assurance_felt(world, state, i)
    if events & world.rests_on.fixed:
        fixed = fixed_terms_among(world, state, i, memory.known.balance, me.threat, me.assured)
        is_new |= fixed.tempo != me.tempo
        remember_fixed(me, fixed)
    if events & world.rests_on.reassurance:
        reassured = reassurance_felt(world, state, i, me.pledge)
        if reassured != me.reassured:
            me.reassured = reassured
            events |= world.rests_on.response
    if events & world.rests_on.response:
        is_new |= set_odds(world, state, memory, i)
    if events & world.rests_on.reading:
        if events & (CRISIS | STANDING):
            fill_sightings(world, state, memory, i)
        fill_readings(world, state, memory, i)
        is_new = True
    if is_new:
        up, down = mean_moves(world, state, memory, i)
        me.up_below = threshold(up)
        place = np.int64(memory.slot_of[i, RESPONSE])
        set_bounds(memory, place, me.up_below, WORDS - threshold(down))


@inlined
def remember_fixed(me, fixed):
    """Write fixed terms into what is known of an actor."""
    me.up = fixed.up
    me.down = fixed.down
    me.consultation = fixed.consultation
    me.nuclear_threat = fixed.nuclear_threat
    me.pledge = fixed.pledge
    me.tempo = fixed.tempo
    me.display = fixed.display
    me.last_step = fixed.last_step


@inlined
def fixed_of(me):
    """The fixed terms that are known of an actor."""
    return FixedTerms(
        me.up,
        me.down,
        me.consultation,
        me.nuclear_threat,
        me.pledge,
        me.tempo,
        me.display,
        me.last_step,
    )


@inlined
def set_odds(world, state, memory, i):
    """Find the odds of the moves of `i` but for rung and reading; whether they are new."""
    me = memory.actors[i]
    fixed = fixed_of(me)
    up = up_logit(world, state, i, fixed, me.reassured)
    down = down_logit(world, state, i, fixed, state.now.mediated)
    tempo = down_tempo(world, state, i, fixed)
    is_new = tempo != me.down_tempo
    me.down_tempo = tempo
    # Most moves change neither, and powers take long.
    if up != me.up_logit:
        is_new = True
        me.up_logit = up
        me.up_odds = odds(up)
    if down != me.down_logit:
        is_new = True
        me.down_logit = down
        me.down_odds = odds(down)
    largest = max(abs(up), abs(down)) + memory.known.pull_span
    me.is_moderate = 1 if largest < _LARGE_LOGIT else 0
    return is_new


@inlined
def mean_moves(world, state, memory, i):
    """Chances (up, down) of engaged `i`, its readings filled and its odds set."""
    me = memory.actors[i]
    if me.is_moderate == 0:
        return asked_moves(world, state, memory, i)
    law = memory.law
    perceived, ups = law_row(i, PERCEIVED), law_row(i, UPS)
    up_pulls = pulls_at(world, i, me.rung)
    down_pulls = up_pulls + np.uint64(MOST_RUNGS)
    up = 0.0
    down = 0.0
    below = 0.0
    for s in range(0, world.top + 1, OCTET):
        at = np.uint64(s)
        rises, falls = move_chances(
            me.tempo,
            me.down_tempo,
            1.0,
            me.up_odds * load(memory.pulls, up_pulls + at),
            me.down_odds * load(memory.pulls, down_pulls + at),
        )
        store(law, ups + at, rises)
        reached = load(law, perceived + at)
        chance = reached - shifted(reached, below)
        up += total(chance * rises)
        down += total(chance * falls)
        below = last(reached)
    return up, down


@jitable
def asked_moves(world, state, memory, i):
    """The same by the rule."""
    anyway, misread, down = response_law(world, state, i, memory.known.balance, state.now.mediated)
    return anyway + misread, down


@inlined
def sound_chance(world, state, memory, i):
    """Chance of `i` to go up, and to do so on the accurate reading too, its law found."""
    if memory.known.pulls_rise == 0 or memory.actors[i].is_moderate == 0:
        return asked_sound_chance(world, state, memory, i)
    # It goes up anyway on the lower one of both readings, whose CDF is the greater one of both.
    perceived, ups = law_row(i, PERCEIVED), law_row(i, UPS)
    anyway = 0.0
    below = 0.0
    for s in range(0, world.top + 1, OCTET):
        at = np.uint64(s)
        accurate = accurate_reading_cdf(world, state, i, counted_from(s), same(1.0))
        reached = greater(load(memory.law, perceived + at), accurate)
        anyway += total((reached - shifted(reached, below)) * load(memory.law, ups + at))
        below = last(reached)
    return anyway


@jitable
def asked_sound_chance(world, state, memory, i):
    """The same by the rule."""
    return response_law(world, state, i, memory.known.balance, state.now.mediated)[0]


# ------------------------------------------------------------ tables


@inlined
def fill_sightings(world, state, memory, i):
    """Fill the tables of how `i` sights each one opposite, those that are not filled yet."""
    opposite = other(state.actors[i].side)
    for e in range(n_on(state, opposite)):
        j = state.sides[opposite, e]
        if memory.is_sighted[sighting_table(world, state, i, j)] == 0:
            fill_sighting(world, state, memory, i, j)


@inlined
def fill_readings(world, state, memory, i):
    """Fill the CDF of the rung that `i` takes to face it, from tables of how it sees each one."""
    opposite = other(state.actors[i].side)
    perceived = law_row(i, PERCEIVED)
    for s in range(0, world.top + 1, OCTET):
        reached = same(1.0)
        for e in range(n_on(state, opposite)):
            j = state.sides[opposite, e]
            row = sighting_table(world, state, i, j) * (world.top + 1) + state.actors[j].rung
            reached = both(reached, load(memory.sighting, row * MOST_RUNGS + s))
        store(memory.law, perceived + np.uint64(s), reached)


@inlined
def sighting_table(world, state, i, j):
    """Number of the table of `Memory.sighting` that says how `i` sights `j`."""
    return world.view_of[i, j] * len(world.domains) + state.now.domain


@jitable
def fill_sighting(world, state, memory, i, j):
    """Fill a table of `Memory.sighting` with how `i`, and all who see likewise, sight `j`."""
    table = sighting_table(world, state, i, j)
    memory.is_sighted[table] = 1
    rungs = world.top + 1
    for h in range(rungs):
        row = (table * rungs + h) * MOST_RUNGS
        for s in range(rungs):
            memory.sighting[row + s] = unnoticed(world, i, j, state.now.domain, s, h)
        # No actor is ever read higher than the ladder goes.
        for s in range(rungs, MOST_RUNGS):
            memory.sighting[row + s] = 1.0


@inlined
def pulls_at(world, i, h):
    """Where the factors of the odds of `i` going up from rung `h` begin; those of down follow."""
    return np.uint64((world.actors[i].goals * (world.top + 1) + h) * 2 * MOST_RUNGS)


@jitable
def fill_pulls(world, memory):
    """Fill `Memory.pulls`, the odds that belong to `up_pull` and `down_pull`."""
    known = memory.known
    for i in range(world.n_actors):
        if memory.pulls[pulls_at(world, i, 0)] > 0.0:
            continue  # those of an actor alike have been filled
        for h in range(world.top + 1):
            for s in range(world.top + 1):
                up = up_pull(world, i, h, s)
                down = down_pull(world, i, h, s)
                at = pulls_at(world, i, h) + np.uint64(s)
                memory.pulls[at] = odds(up)
                memory.pulls[at + np.uint64(MOST_RUNGS)] = odds(down)
                known.pull_span = max(known.pull_span, abs(up), abs(down))
                if s > 0 and (
                    up < up_pull(world, i, h, s - 1) or down > down_pull(world, i, h, s - 1)
                ):
                    known.pulls_rise = 0
