"""Tables of crises that stay between two: every pair state once, with the laws of its moves.

Where no third party is concerned, a crisis has few states: the two rungs. Each is worked out
once, by the same rules and transitions as everywhere: words are then compared and looked up
(`lockstep`), and no rule is asked again. That holds only while rules rest on nothing that a pair
state does not say (`model.dependences`).

An *opening* is what holds all along: originators and domain, and how the two are
governed. A *pair state* is one of its states.
"""

import itertools
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from mcescalate.kernel.lanes.bits import highest_bit
from mcescalate.model import aligned
from mcescalate.model.chain.transition import apply_turn, open_crisis
from mcescalate.model.codes import DOWN, MEDIATED, MOST_RUNGS, NEWS, SETTLED, TURN, UP
from mcescalate.model.jit import inlined, jitable
from mcescalate.model.rules.challenge import challenge_probability
from mcescalate.model.rules.joining import may_stand_by
from mcescalate.model.rules.outcome import final_outcome
from mcescalate.model.rules.power import balance_of_power
from mcescalate.model.rules.response import mediation_chance, response_law
from mcescalate.model.state import clear, wipe_moves, write_move
from mcescalate.model.words import WORDS, threshold
from mcescalate.model.world import is_sequence

OPENING = np.dtype(
    [
        (name, np.int64)
        for name in (
            "initiator",
            "target",
            "domain",
            "challenge_below",  # words below this one mean that the initiator goes ahead
            "start",  # the pair state in which it begins
        )
    ]
    + [("initiator_key", np.uint64), ("target_key", np.uint64)]
)

PAIR_STATE = np.dtype(
    [
        (name, np.int64)
        for name in (
            "rung_initiator",
            "rung_target",
            "stands",  # the bits of these two rungs; the target's are `TARGET_BITS` further up
            "goes_on",  # 1 if something can still happen
            "is_settled",
            "outcome",  # if it lasts to the horizon, or is settled
        )
    ]
)

NOWHERE = -1

GOVERNMENTS = 4
"""Openings of an incident, by divided governments: the initiator's counts 1, the target's 2."""

PAIR_STATES = 4096
"""Pair states for which there is room; crises beyond that are simulated without tables."""

_SETTLED = 0
_MEDIATED = 1
_FIRST = 2

# What an actor does in a turn: how many of its three cuts are not above its word. Up whatever it
# reads (0), up by misreading, hold (2), or down.
STEPS = 4
_UP_MISREAD = 1
_DOWN = 3

CUTS = 8
"""Places for the cuts of a pair state with or without a mediator: three of each actor, and one
word below which a mediator comes."""
TARGET_CUTS = 4
MEDIATOR_CUT = 3

PAIRS = STEPS * STEPS
"""Places for what a turn leads to: by the steps of the initiator and the target."""

TARGET_BITS = MOST_RUNGS

# An entry of `turns` is the pair state after the turn, and above it what is added to the ledger of
# the chain: turns simulated, turns until war, misread moves, and whether war began by them.
PAIR_STATE_BITS = 16
_COUNT_BITS = 15
_UNTIL_WAR = _COUNT_BITS
_MISREADS = 2 * _COUNT_BITS
_BEGAN_MISREAD = 3 * _COUNT_BITS
_COUNT = (1 << _COUNT_BITS) - 1


class PairTables(NamedTuple):
    """All openings and pair states of a world; S openings."""

    opening_of: np.ndarray
    """(incidents, domains) first of its `GOVERNMENTS` openings; NOWHERE if others are concerned."""
    openings: np.ndarray
    """(S) of OPENING."""
    n_pair_states: np.ndarray
    """(1) pair states in use."""
    pair_states: np.ndarray
    """Of PAIR_STATE."""
    cuts: np.ndarray
    """(pair_states 2 CUTS) without and with a mediator."""
    turns: np.ndarray
    """(pair_states 2 PAIRS) likewise, what a turn leads to; 0 where a step is impossible."""
    pair_state_at: np.ndarray
    """(MOST_RUNGS, MOST_RUNGS) scratch: pair states of the opening at hand, by rungs."""


def new_pair_tables(world, room: int = PAIR_STATES) -> PairTables:
    """Tables for `world` with at most `room` pair states; `tabulate` fills them."""
    states = GOVERNMENTS * (world.top + 1) ** 2
    found = list(itertools.islice(pairs_alone(world), room // states))
    opening_of = np.full((len(world.incidents), len(world.domains)), NOWHERE, np.int32)
    openings = aligned.zeros(len(found) * GOVERNMENTS, OPENING).view(np.recarray)
    for n, (incident, domain) in enumerate(found):
        opening_of[incident, domain] = n * GOVERNMENTS
        both: Any = openings[n * GOVERNMENTS : (n + 1) * GOVERNMENTS]
        both.domain = domain
        both.initiator = world.incidents[incident].initiator
        both.target = world.incidents[incident].target
        both.initiator_key = world.actors[both.initiator[0]].key
        both.target_key = world.actors[both.target[0]].key
    n_pair_states = _FIRST + len(found) * states
    tables = PairTables(
        opening_of=opening_of,
        openings=openings,
        n_pair_states=aligned.full(1, _FIRST, np.int64),
        pair_states=aligned.zeros(n_pair_states, PAIR_STATE).view(np.recarray),
        cuts=aligned.zeros(n_pair_states * 2 * CUTS, np.int64),
        turns=aligned.zeros(n_pair_states * 2 * PAIRS, np.int64),
        pair_state_at=aligned.zeros((MOST_RUNGS, MOST_RUNGS), np.int64),
    )
    for pair_state, outcome in ((_SETTLED, SETTLED), (_MEDIATED, MEDIATED)):
        tables.pair_states[pair_state].is_settled = 1
        tables.pair_states[pair_state].outcome = outcome
        tables.pair_states[pair_state].stands = _stands(0, 0)
        _end_at(tables, pair_state)
    return tables


def pairs_alone(world) -> Iterator[tuple[int, int]]:
    """Incidents and domains of crises that concern no third party, and in which only rungs, and
    what follows from them, can change; none in chains of several crises, each unlike the others."""
    if is_sequence(world):
        return
    if world.arms_periods > 0 or world.rests_on.anything & (NEWS | TURN):
        return
    if may_stand_by(world) and world.n_actors > 2:
        return
    domains = np.flatnonzero(world.domains.misattribution == 0.0).tolist()
    links = world.links.tolist()
    spans = world.actors[["backers", "backers_end", "rivals", "rivals_end"]].tolist()
    concerned = [set(links[b:b_end] + links[r:r_end]) for b, b_end, r, r_end in spans]
    is_steady = (world.actors.turnover == 0.0).tolist()
    pairs = zip(world.incidents.initiator.tolist(), world.incidents.target.tolist(), strict=True)
    for incident, (i, j) in enumerate(pairs):
        if is_steady[i] and is_steady[j] and concerned[i] | concerned[j] <= {i, j}:
            yield from ((incident, domain) for domain in domains)


@jitable
def tabulate(world, state, tables):
    """Work out all openings. Leaves `state` clear."""
    now = state.now
    for s in range(len(tables.openings)):
        opening = tables.openings[s]
        clear(state)
        now.domain = opening.domain
        open_crisis(world, state, opening.initiator, opening.target)
        state.actors[now.initiator].divided = s % GOVERNMENTS & 1
        state.actors[now.target].divided = s % GOVERNMENTS >> 1
        balance = balance_of_power(world, state)
        opening.challenge_below = threshold(challenge_probability(world, state, balance))
        tables.pair_state_at[:, :] = NOWHERE
        pair_state = tables.n_pair_states[0]
        opening.start = pair_state
        add_pair_state(world, state, tables)
        while pair_state < tables.n_pair_states[0]:
            if tables.pair_states[pair_state].goes_on == 1:
                fill_cuts(world, state, tables, pair_state, balance)
                fill_turns(world, state, tables, pair_state)
            else:
                _end_at(tables, pair_state)
            pair_state += 1
    clear(state)


@inlined
def stand(state, tables, pair_state):
    """Put the two on the rungs of `pair_state`."""
    now = state.now
    now.height_initiator = tables.pair_states[pair_state].rung_initiator
    now.height_target = tables.pair_states[pair_state].rung_target
    state.actors[now.initiator].rung = now.height_initiator
    state.actors[now.target].rung = now.height_target


@jitable
def add_pair_state(world, state, tables):
    """Add the pair state of the rungs on which the two are."""
    now = state.now
    rung_initiator = state.actors[now.initiator].rung
    rung_target = state.actors[now.target].rung
    pair_state = tables.n_pair_states[0]
    tables.n_pair_states[0] += 1
    tables.pair_state_at[rung_initiator, rung_target] = pair_state
    row = tables.pair_states[pair_state]
    row.rung_initiator = rung_initiator
    row.rung_target = rung_target
    row.stands = _stands(rung_initiator, rung_target)
    row.goes_on = 0 if min(rung_initiator, rung_target) == world.top else 1
    row.is_settled = 0
    row.outcome = final_outcome(world, state)


@inlined
def _stands(rung_initiator, rung_target):
    return 1 << rung_initiator | 1 << (TARGET_BITS + rung_target)


@inlined
def fill_cuts(world, state, tables, pair_state, balance):
    """Work out which words mean what in `pair_state`; `balance` is side A's."""
    now = state.now
    stand(state, tables, pair_state)
    # Whether it is too early for a mediator is asked in each turn.
    mediator = threshold(mediation_chance(world, state))
    for place in range(4):
        mediated = place >> 1
        i = now.initiator if place & 1 == 0 else now.target
        at = (2 * pair_state + mediated) * CUTS + (place & 1) * TARGET_CUTS
        anyway_below = np.int64(0)
        up_below = np.int64(0)
        down_from = np.int64(WORDS)
        if state.actors[i].rung < world.top:
            anyway, misread, down = response_law(world, state, i, balance, mediated)
            up_below = threshold(anyway + misread)
            down_from = max(up_below, WORDS - threshold(down))
            anyway_below = threshold(anyway)
        tables.cuts[at] = anyway_below
        tables.cuts[at + 1] = up_below
        tables.cuts[at + 2] = down_from
        tables.cuts[at + MEDIATOR_CUT] = mediator


@inlined
def fill_turns(world, state, tables, pair_state):
    """Work out what each pair of steps leads to in `pair_state`."""
    now = state.now
    for place in range(2 * PAIRS):
        mediated = place // PAIRS
        step_initiator = place % PAIRS // STEPS
        step_target = place % STEPS
        at = (2 * pair_state + mediated) * CUTS
        if not (
            is_possible(tables.cuts, at, step_initiator)
            and is_possible(tables.cuts, at + TARGET_CUTS, step_target)
        ):
            continue
        stand(state, tables, pair_state)
        wipe_moves(state)
        take_step(state, now.initiator, step_initiator)
        take_step(state, now.target, step_target)
        now.mediated = mediated
        # No turn of a crisis, so that it is not the last one.
        now.turn = -1
        now.war_turn = 0
        now.misreads = 0
        now.war_began_misread = 0
        now.over = 0
        apply_turn(world, state)
        if now.over == 1:
            after = np.int64(_MEDIATED if now.outcome == MEDIATED else _SETTLED)
        else:
            rung_initiator = state.actors[now.initiator].rung
            rung_target = state.actors[now.target].rung
            if tables.pair_state_at[rung_initiator, rung_target] == NOWHERE:
                add_pair_state(world, state, tables)
            after = tables.pair_state_at[rung_initiator, rung_target]
        ledger = (
            1
            + (1 << _UNTIL_WAR)
            + (now.misreads << _MISREADS)
            + (now.war_began_misread << _BEGAN_MISREAD)
        )
        tables.turns[(2 * pair_state + mediated) * PAIRS + place % PAIRS] = after + (
            ledger << PAIR_STATE_BITS
        )
    now.over = 0


@inlined
def is_possible(cuts, at, step):
    """Whether there are words that mean this step by the cuts from `at` on."""
    first = cuts[at + step - 1] if step > 0 else 0
    end = cuts[at + step] if step < _DOWN else WORDS
    return first < end


@inlined
def take_step(state, i, step):
    """Write down what `i` does by `step`."""
    if step <= _UP_MISREAD:
        write_move(state, i, UP, 1 if step == _UP_MISREAD else 0)
    elif step == _DOWN:
        write_move(state, i, DOWN, 0)


@inlined
def _end_at(tables, pair_state):
    """Let nothing happen in `pair_state` any more."""
    for mediated in range(2):
        at = (2 * pair_state + mediated) * CUTS
        for cut in (0, TARGET_CUTS):
            tables.cuts[at + cut] = 0
            tables.cuts[at + cut + 1] = 0
            tables.cuts[at + cut + 2] = WORDS
            tables.cuts[at + cut + MEDIATOR_CUT] = 0
        for pair in range(PAIRS):
            tables.turns[(2 * pair_state + mediated) * PAIRS + pair] = pair_state


@inlined
def recall(world, state, tables, pair_state, ledger, stood):
    """Leave in `state`, in which the two are engaged, the end of a chain of theirs.

    `ledger` is what its turns have added up, `stood` has the bits of all rungs it was on.
    """
    now = state.now
    end = tables.pair_states[pair_state]
    stand(state, tables, pair_state)
    now.turn = ledger & _COUNT if end.is_settled == 1 else world.horizon
    now.outcome = end.outcome
    now.misreads = ledger >> _MISREADS & _COUNT
    now.war_turn = 0
    if max(end.rung_initiator, end.rung_target) == world.top:
        now.war_turn = ledger >> _UNTIL_WAR & _COUNT
    now.war_began_misread = ledger >> _BEGAN_MISREAD
    now.highest_initiator = highest_bit(stood & ((1 << TARGET_BITS) - 1))
    now.highest_target = highest_bit(stood >> TARGET_BITS)
    state.actors[now.initiator].peak = now.highest_initiator
    state.actors[now.target].peak = now.highest_target
