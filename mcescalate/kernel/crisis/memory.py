"""`Memory`: what the kernel knows of the present crisis, so that it need not ask rules again.

What is remembered never changes a result: it is what `model.rules` would say again. How long it
holds is decided by the table of `model.dependences`: a change says what it is (`forget`), and
before the next turn every law that rests on it is found again.

An actor that may decide something in a turn has a *slot*: a column of words, and two bounds.
Words below the first or from the second on may do something; what, is found out when one of
them comes up.
"""

from typing import NamedTuple

import numpy as np

from mcescalate.kernel.lanes.simd import outside
from mcescalate.kernel.lanes.words import LANES, WINDOW, place_of
from mcescalate.model.aligned import full, zeros
from mcescalate.model.codes import (
    ALLIED_RUNGS,
    ANYTHING,
    INITIATOR,
    MOST_RUNGS,
    OPPOSITE_RUNGS,
)
from mcescalate.model.jit import inlined
from mcescalate.model.rules.response import FixedTerms
from mcescalate.model.words import BLOCK, PURPOSES, WORDS

KNOWN = np.dtype(
    [
        (name, np.int64)
        for name in (
            "initiator_events",  # dependences that have changed for actors on each side
            "target_events",
            "news",  # as it was when laws were last found
            "arrivals",  # how many actors have been given slots
            "mediator_below",  # words below this one bring a mediator once one may be heard
            "height",  # highest rung of all when that was found
            "may_mediate",  # whether that was so when laws were last found
            "world_known",  # whether `pulls` and the highest occasions are filled
            "pulls_rise",  # whether they make going up the likelier, the higher a reading is
            # slots
            "n_slots",
            "n_common",  # how many of the first slots are the whole crisis's, no actor's
            "words_from",  # turns before the first one that `slot_words` has words for
            "words_known",  # how many of the first slots have them
            "n_initiator_calls",  # slots of neutrals by the side on which they may come in
            "n_target_calls",
            "initiator_calls_heard",  # what can bring these neutrals in: see `calls`
            "target_calls_heard",
            "initiator_calls_height",  # highest rung opposite for which their bounds are
            "target_calls_height",
            "war_end_below",  # words below this one end the war; 0 until it is asked for
            "has_balance",  # whether `balance` has been found before laws are
        )
    ]
    + [
        ("n_learnt", np.int64),  # how many governments are known
        ("initiator_block", np.int64),  # which words of `bystander_words` there are; 0: none
        ("target_block", np.int64),
        ("n_bystanders", np.int64),  # who come in in the next turn
        ("n_initiator_backers", np.int64),  # see `backers`
        ("n_target_backers", np.int64),
        ("balance", np.float64),
        ("pull_span", np.float64),  # largest logit in `pulls`
        ("highest_occasion", np.float64),  # of all crises
        ("highest_bystander_occasion", np.float64),
    ]
)

ACTOR_KNOWN = np.dtype(
    [
        ("divided_since", np.int64),  # turn up to which its government is known; -1: not at all
        ("rung", np.int64),  # for which its law was found; -1: none
        ("has_goal", np.int64),  # whether it is known how arms races begin:
        ("first_goal", np.float64),
        ("is_moderate", np.int64),  # whether its odds can be multiplied
        ("up_below", np.int64),  # words below this one mean that it goes up
        ("threat", np.float64),
        ("assured", np.float64),
        ("reassured", np.float64),
        *((name, np.float64) for name in FixedTerms._fields),
        ("up_logit", np.float64),
        ("down_logit", np.float64),
        ("up_odds", np.float64),
        ("down_odds", np.float64),
        ("down_tempo", np.float64),
    ]
)

# Rows of `Memory.held_from`, `held_to` and of bounds on calls, numbered as `news` is.
QUIET = 0
NEWS = 1

# Rows of an actor in `Memory.law`.
PERCEIVED = 0
UPS = 1
LAW_ROWS = 2

# Places in Memory.eagerness.
HONOURING = 0
EXPLOITING = 1
STANDING_BY = 2

ARMS_LAW = np.dtype(
    [
        ("goal", np.float64),
        ("level", np.int64),  # -1: none yet
        ("up", np.int64),  # thresholds
        ("down", np.int64),
    ]
)

ARMS_LAWS = 16
"""How many of each actor are remembered, a power of 2."""

SLOT = np.dtype(
    [
        ("purpose", np.int64),
        # a neutral's:
        ("n_ties", np.int64),  # promises that may bring it in
        ("is_rival", np.int64),  # of the other side's originator
        ("is_bystander", np.int64),  # who may come in without promise or rivalry
        ("actor", np.uint32),
    ]
)


class Memory(NamedTuple):
    """What is known of a crisis, and tables that serve all crises of a world.

    N actors, R = the rung of war, S slots: room for all purposes of all actors.
    """

    known: np.record
    """Of KNOWN."""
    actors: np.ndarray
    """(N) of ACTOR_KNOWN."""
    restless: np.ndarray
    """(groups of slots) those of governments that may change, as the bits of a number."""
    apart: np.ndarray
    """(groups of slots) those, and those of the whole crisis: what is decided between turns."""
    learnt: np.ndarray
    """The first `known.n_learnt` are actors whose governments are known."""
    due: np.ndarray
    """(groups of slots) those whose words may do something in the next turn, likewise."""
    slots: np.ndarray
    """(S) of SLOT."""
    calls: np.ndarray
    """(2, N) slots of neutrals, by the side on which they may come in."""
    limits: np.ndarray
    """(S, 2) for slots of neutrals: words below may bring them in, without and with news; -1 where
    what may bring them in has changed."""
    slot_of: np.ndarray
    """(N, PURPOSES) its slot; -1 without one."""
    slot_words: np.ndarray
    """(S WINDOW) words, where `words.place_of` says."""
    held_from: np.ndarray
    """(2, S), uint32, without and with news: words from here"""
    held_to: np.ndarray
    """(2, S) up to here, itself included, do nothing. Where all may, it is before the first."""
    slot_lanes: np.ndarray
    """(2, S): purposes and actors' keys, uint64."""
    pulls: np.ndarray
    """(goals (R + 1) 2 MOST_RUNGS) factors of the odds of up and down by [goals of the actor, own
    rung, which, rung read]: see `laws.pulls_at`."""
    law: np.ndarray
    """(N LAW_ROWS MOST_RUNGS) of each engaged actor, by rung read: the CDF of what it takes to
    face it, and its chance to go up: see `law_row`."""
    shares: np.ndarray
    """(2, N + 1) scratch: see `calls.fill_entry_shares`."""
    eagerness: np.ndarray
    """(N, N, 3) the most that a promise, rivalry, or standing by can do to bring in a neutral,
    able to, against an originator: a chance, by [originator, neutral, which]; 0 until it is asked
    for."""
    backers: np.ndarray
    """(2, N) by side, the first so many are neutrals that have promised it something, or aid it:"""
    promises: np.ndarray
    """(2, N) the `guarantee` of each of these, by its number,"""
    supports: np.ndarray
    """(2, N) and its `aid`."""
    standing_by: np.ndarray
    """(N, 2) words below may bring in bystanders against an originator, without and with news;
    -1 until it is asked for."""
    bystander_words: np.ndarray
    """(2, lanes BLOCK) words of all actors for coming in on each side: see `words.fill_block`."""
    bystander_keys: np.ndarray
    """(lanes) keys of all actors, uint64."""
    bystanders: np.ndarray
    """(2, 2 N) the first `known.n_bystanders` are sides, and the actors who come in on them."""
    arms_laws: np.ndarray
    """(N, ARMS_LAWS) of ARMS_LAW: what actors did in arms races with these goals and levels."""
    is_sighted: np.ndarray
    """(views domains) which tables of `sighting` are filled; each is on first use."""
    sighting: np.ndarray
    """(views domains (R + 1) MOST_RUNGS) by [rung, rung seen]: `perception.unnoticed`."""


def new_memory(world) -> Memory:
    """Memory of nothing yet, for chains of `world`."""
    n = world.n_actors
    rungs = world.top + 1
    actors = zeros(n, ACTOR_KNOWN).view(np.recarray)
    actors["divided_since"] = -1
    actors["up_odds"] = actors["down_odds"] = 1.0
    tables = world.n_views * len(world.domains)
    n_slots = -(-(2 + 4 * n) // LANES) * LANES
    n_lanes = -(-n // LANES) * LANES
    keys = zeros(n_lanes, np.uint64)
    keys[:n] = world.actors["key"]
    arms_laws = zeros((n, ARMS_LAWS), ARMS_LAW).view(np.recarray)
    arms_laws["level"] = -1
    return Memory(
        known=zeros(1, KNOWN).view(np.recarray)[0],
        actors=actors,
        restless=zeros(n_slots // LANES, np.int64),
        apart=zeros(n_slots // LANES, np.int64),
        learnt=zeros(n, np.uint32),
        due=zeros(n_slots // LANES, np.int64),
        slots=zeros(n_slots, SLOT).view(np.recarray),
        calls=zeros((2, n), np.uint32),
        limits=zeros((n_slots, 2), np.int64),
        slot_of=full((n, PURPOSES), -1, np.int32),
        slot_words=zeros(WINDOW * n_slots, np.uint32),
        held_from=zeros((2, n_slots), np.uint32),
        held_to=full((2, n_slots), WORDS - 1, np.uint32),
        slot_lanes=zeros((2, n_slots), np.uint64),
        pulls=zeros(world.n_goals * rungs * 2 * MOST_RUNGS),
        law=zeros(n * LAW_ROWS * MOST_RUNGS),
        shares=zeros((2, n + 1)),
        eagerness=zeros((n, n, 3)),
        backers=zeros((2, n), np.uint32),
        promises=zeros((2, n)),
        supports=zeros((2, n)),
        standing_by=full((n, 2), -1, np.int64),
        bystander_words=zeros((2, n_lanes * BLOCK), np.uint32),
        bystander_keys=keys,
        bystanders=zeros((2, 2 * n), np.int64),
        arms_laws=arms_laws,
        is_sighted=zeros(tables, np.uint8),
        sighting=zeros(tables * rungs * MOST_RUNGS),
    )


# ------------------------------------------------------------ what has changed


@inlined
def forget(memory, changed):
    """Let no law hold that rests on what has `changed`, bits of `model.codes`."""
    memory.known.initiator_events |= changed
    memory.known.target_events |= changed


@inlined
def forget_moves(memory, moved_initiator, moved_target):
    """The same where rungs have changed on a side (0 or 1): own rungs are looked at apart."""
    known = memory.known
    known.initiator_events |= moved_initiator * ALLIED_RUNGS + moved_target * OPPOSITE_RUNGS
    known.target_events |= moved_target * ALLIED_RUNGS + moved_initiator * OPPOSITE_RUNGS


@inlined
def events_on(memory, side):
    """What has changed for actors on `side` since laws were last found."""
    known = memory.known
    return known.initiator_events if side == INITIATOR else known.target_events


@inlined
def forget_crisis(memory):
    """Know nothing of the present crisis; in time of those concerned."""
    known = memory.known
    for n in range(known.n_learnt):
        memory.actors[memory.learnt[n]].divided_since = -1
    known.n_learnt = 0
    for group in range((known.n_slots + LANES - 1) // LANES):
        memory.restless[group] = 0
        memory.apart[group] = 0
    for place in range(known.n_slots):
        set_bounds(memory, place, 0, WORDS)
        if place >= known.n_common:
            memory.slot_of[memory.slots[place].actor, memory.slots[place].purpose] = -1
    forget(memory, ANYTHING)
    known.arrivals = 0
    known.may_mediate = 0
    known.n_slots = 0
    known.n_common = 0
    known.words_known = 0
    known.words_from = 0
    known.n_initiator_calls = 0
    known.n_target_calls = 0
    known.initiator_calls_heard = 0
    known.target_calls_heard = 0
    known.initiator_block = 0
    known.target_block = 0
    known.n_bystanders = 0
    known.war_end_below = 0
    known.has_balance = 0


# ------------------------------------------------------------ slots


@inlined
def take_slot(memory, purpose, actor, key):
    """Give `actor` a slot for decisions of `purpose`; its words are made before the next turn."""
    known = memory.known
    place = known.n_slots
    known.n_slots += 1
    slot = memory.slots[place]
    slot.actor = actor
    slot.purpose = purpose
    slot.n_ties = 0
    slot.is_rival = 0
    slot.is_bystander = 0
    memory.slot_lanes[0, place] = np.uint64(purpose)
    memory.slot_lanes[1, place] = key
    return place


@inlined
def change_slot(memory, place, purpose):
    """Let the actor of slot `place` decide on something else, by words yet to be made."""
    memory.slots[place].purpose = purpose
    memory.slot_lanes[0, place] = np.uint64(purpose)


@inlined
def n_groups(memory):
    """How many groups of `LANES` the slots are."""
    return (memory.known.n_slots + LANES - 1) // LANES


@inlined
def slots_within_bounds(state, memory, row, group):
    """Slots of a group of `LANES` whose words may do something, as the bits of a number."""
    at = (group * WINDOW + row) * LANES
    news = state.now.news
    return outside(
        memory.slot_words, at, memory.held_from[news], memory.held_to[news], group * LANES
    )


@inlined
def word_at(memory, row, place):
    """The word of slot `place` in turn `row` (from 0) of the window."""
    return np.int64(memory.slot_words[place_of(row, place)])


@inlined
def set_bounds(memory, place, below, from_):
    """Let words below `below`, and from `from_` on, do something, whether there is news or not."""
    is_any_held = below < from_
    first = below if is_any_held else 1
    last = from_ - 1 if is_any_held else 0
    memory.held_from[QUIET, place] = first
    memory.held_from[NEWS, place] = first
    memory.held_to[QUIET, place] = last
    memory.held_to[NEWS, place] = last


@inlined
def set_call_bounds(memory, place, quiet, news):
    """Let words below `quiet`, with news below `news`, bring in the neutral of a slot."""
    memory.held_from[QUIET, place] = quiet if quiet < WORDS else 1
    memory.held_from[NEWS, place] = news if news < WORDS else 1
    memory.held_to[QUIET, place] = WORDS - 1 if quiet < WORDS else 0
    memory.held_to[NEWS, place] = WORDS - 1 if news < WORDS else 0


@inlined
def law_row(i, row):
    """Where a row of actor `i` begins in `Memory.law`."""
    return np.uint64((i * LAW_ROWS + row) * MOST_RUNGS)
