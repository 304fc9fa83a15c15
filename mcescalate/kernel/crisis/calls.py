"""Calls on neutrals: bounds, cheap to find, on the chance that one comes in; and its exact chance.

Few words of neutrals are low enough to bring one in, whatever the exact chance. So the rules of
`model.rules.joining` are asked only for words below a bound: the chance of a neutral that is as
ready as it can be against that originator (`Memory.eagerness`). Once asked for, the exact chance
is the bound until something changes on which it rests.
"""

from mcescalate.kernel.crisis.memory import (
    EXPLOITING,
    HONOURING,
    NEWS,
    QUIET,
    STANDING_BY,
    events_on,
    set_bounds,
    set_call_bounds,
)
from mcescalate.model import codes, words
from mcescalate.model.codes import (
    ALLIED_RUNGS,
    INITIATOR,
    MEDIATION,
    NOBODY,
    OPPOSITE_RUNGS,
    OWN_RUNG,
    STANDING,
    TARGET,
    TREATY,
    TURN,
)
from mcescalate.model.functions import logistic
from mcescalate.model.jit import inlined, jitable
from mcescalate.model.rules.background import effective_tempo
from mcescalate.model.rules.joining import (
    bystander_readiness,
    highest_opportunist_logit,
    may_exploit,
    may_honour,
    n_hazards,
    next_hazard,
    nth_impulse,
    onlooker_cause,
    quiet_share,
    readiness,
)
from mcescalate.model.state import highest_rung, n_on, originator, other, write_entry
from mcescalate.model.words import WORDS, threshold

_SLACK = 1e-9
"""Keeps a bound a bound when both it and what it bounds are rounded."""

_UNBOUNDED = OWN_RUNG | ALLIED_RUNGS | OPPOSITE_RUNGS | MEDIATION | codes.NEWS | TURN
"""Where chances to come in rest on any of these too, no bound on them is known."""

# What can bring neutrals in: nothing, promises, or rivalry too.
_NOTHING = 0
_HONOUR = 1
_EXPLOIT = 2


@inlined
def n_calls(memory, side):
    """How many neutrals have a slot because they may come in on `side`."""
    known = memory.known
    return known.n_initiator_calls if side == INITIATOR else known.n_target_calls


@inlined
def join_purpose(side):
    """The purpose of draws on whether a neutral comes in on `side`."""
    return words.JOIN_INITIATOR if side == INITIATOR else words.JOIN_TARGET


@inlined
def side_called(purpose):
    """The side on which a neutral may come in by draws of `purpose`."""
    return INITIATOR if purpose == words.JOIN_INITIATOR else TARGET


@inlined
def end_call(memory, side, place):
    """Let no word bring in the neutral of slot `place` on `side` any more."""
    set_bounds(memory, place, 0, WORDS)
    if side == INITIATOR:
        memory.known.n_initiator_calls -= 1
    else:
        memory.known.n_target_calls -= 1
    last = n_calls(memory, side)
    for n in range(last):
        if memory.calls[side, n] == place:
            memory.calls[side, n] = memory.calls[side, last]


@inlined
def bound_calls(world, state, memory, side):
    """Bound the words that bring in neutrals on `side`, if what bounds rest on has changed."""
    known = memory.known
    events = events_on(memory, side)
    height = highest_rung(state, other(side))
    if side == INITIATOR:
        is_higher = height != known.initiator_calls_height
        known.initiator_calls_height = height
    else:
        is_higher = height != known.target_calls_height
        known.target_calls_height = height
    if events & STANDING:
        for n in range(n_calls(memory, side)):
            place = memory.calls[side, n]
            if memory.limits[place, QUIET] < 0:
                limit_call(world, state, memory, side, place)
    if not is_higher and not events & world.rests_on.entry:
        return
    can = _NOTHING
    if may_exploit(world, height):
        can = _EXPLOIT
    elif may_honour(world, height):
        can = _HONOUR
    if side == INITIATOR:
        could = known.initiator_calls_heard
        known.initiator_calls_heard = can
    else:
        could = known.target_calls_heard
        known.target_calls_heard = can
    if can == _NOTHING and could == _NOTHING:
        return
    for n in range(n_calls(memory, side)):
        place = memory.calls[side, n]
        hears = can == _EXPLOIT or (can == _HONOUR and memory.slots[place].n_ties > 0)
        quiet = memory.limits[place, QUIET] if hears else 0
        set_call_bounds(memory, place, quiet, memory.limits[place, NEWS] if hears else 0)


@inlined
def limit_call(world, state, memory, side, place):
    """Find bounds, whatever the rungs, on the chance that the neutral of slot `place` comes in."""
    slot = memory.slots[place]
    k = slot.actor
    o = originator(state, other(side))
    if memory.eagerness[o, k, HONOURING] == 0.0:
        fill_eagerness(world, memory, k, o)
    eagerness = (
        slot.n_ties * memory.eagerness[o, k, HONOURING]
        + slot.is_rival * memory.eagerness[o, k, EXPLOITING]
        + slot.is_bystander * memory.eagerness[o, k, STANDING_BY]
    )
    able = effective_tempo(world, state, k) * eagerness
    memory.limits[place, QUIET] = words_below(world, quiet_share(world) * able)
    memory.limits[place, NEWS] = words_below(world, able)


@inlined
def words_below(world, chance):
    """Words from here on bring in no neutral whose chance this is at most."""
    if world.rests_on.entry & _UNBOUNDED:
        return WORDS
    return threshold(min(1.0, chance + _SLACK))


@jitable
def fill_eagerness(world, memory, k, o):
    """Fill `Memory.eagerness` of neutral `k` against originator `o`: the most that it can be."""
    memory.eagerness[o, k, HONOURING] = logistic(
        readiness(world, k, o) + memory.known.highest_occasion
    )
    memory.eagerness[o, k, EXPLOITING] = logistic(highest_opportunist_logit(world, k, o))
    memory.eagerness[o, k, STANDING_BY] = logistic(
        bystander_readiness(world, k, o) + memory.known.highest_bystander_occasion
    )


@inlined
def hear_call(world, state, memory, place, word):
    """Draw whether the neutral of slot `place` comes in on a side, and why.

    Its word falls into the share of the first hazard to fire.
    """
    now = state.now
    slot = memory.slots[place]
    k = slot.actor
    side = side_called(slot.purpose)
    n_all = n_hazards(state, side)
    fill_entry_shares(world, state, memory, k, side)
    quiet = threshold(memory.shares[QUIET, n_all - 1])
    news = threshold(memory.shares[NEWS, n_all - 1])
    set_call_bounds(memory, place, quiet, news)
    if word >= (news if now.news == 1 else quiet):
        return
    for n in range(n_on(state, side)):
        if word < threshold(memory.shares[now.news, n]):
            write_entry(state, k, side, TREATY, state.sides[side, n])
            return
    write_entry(state, k, side, onlooker_cause(world, state, k, side), NOBODY)


@inlined
def fill_entry_shares(world, state, memory, k, side):
    """Fill `Memory.shares`: chances that one of the first hazards draws neutral `k` to `side`.

    Row QUIET is for a turn without news, row NEWS for one with news; place n is for the hazards
    up to the n-th.
    """
    highest = highest_rung(state, other(side))
    review = quiet_share(world)
    quiet = 1.0
    news = 1.0
    for n in range(n_hazards(state, side)):
        impulse = nth_impulse(world, state, k, side, n, highest, memory.known.balance)
        _, quiet = next_hazard(quiet, review, impulse)
        _, news = next_hazard(news, 1.0, impulse)
        memory.shares[QUIET, n] = 1.0 - quiet
        memory.shares[NEWS, n] = 1.0 - news
