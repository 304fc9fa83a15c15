"""Many chains in lockstep, turn by turn, where `pair_tables` has all their states.

A turn is the same few comparisons for every chain, whatever happens in it: no branch depends
on chance, so that processors never predict one wrongly. Chains that have no tables are left to
`turn`.
"""

from typing import NamedTuple

import numpy as np

from mcescalate.kernel.lanes.words import LANES, fill_lockstep
from mcescalate.kernel.pair_tables import (
    CUTS,
    MEDIATOR_CUT,
    PAIR_STATE_BITS,
    PAIRS,
    STEPS,
    TARGET_CUTS,
    PairTables,
    new_pair_tables,
    recall,
)
from mcescalate.model import aligned, words
from mcescalate.model.chain.draws import draw_war_end, pick_incident
from mcescalate.model.chain.transition import open_crisis
from mcescalate.model.codes import DETERRED, UNDECIDED
from mcescalate.model.jit import inlined
from mcescalate.model.rules.power import balance_of_power
from mcescalate.model.rules.response import may_mediate
from mcescalate.model.state import clear
from mcescalate.model.words import BLOCK, draw_word, happens

LOCKSTEP = 128
"""How many chains go in lockstep, a multiple of `LANES`."""

_PAIR_STATE_MASK = (1 << PAIR_STATE_BITS) - 1

_ALONE = -1
"""Opening of a chain that has no tables."""

# Rows of words: of the mediator, the initiator and the target; before, of the incident.
_MEDIATOR, _INITIATOR, _TARGET = 0, 1, 2

CHAIN = np.dtype(
    [
        (name, np.int64)
        for name in (
            "incident",
            "domain",
            "accident",
            "opening",
            "is_deterred",
            "pair_state",  # where it ended, and what it has added up
            "ledger",
            "stood",
        )
    ]
)


class Lockstep(NamedTuple):
    """A lockstep of chains: what became of each, and where those still going on stand."""

    tables: PairTables
    opening: np.ndarray
    """(1) whose two are engaged in the state; `_ALONE` if none."""
    chains: np.ndarray
    """(LOCKSTEP) of CHAIN."""
    # Those still going on, packed at the front:
    member: np.ndarray
    """(LOCKSTEP) its place in `chains`,"""
    pair_state: np.ndarray
    """where it stands,"""
    ledger: np.ndarray
    """what its turns have added up,"""
    stood: np.ndarray
    """the bits of all rungs that it has stood on,"""
    numbers: np.ndarray
    """its number, uint64,"""
    keys: np.ndarray
    """(3, LOCKSTEP) the keys of those whose words it takes, uint64,"""
    words: np.ndarray
    """(3, BLOCK LOCKSTEP) and these words."""


def new_lockstep(world, room: int | None = None) -> Lockstep:
    """Room for chains of `world` in lockstep; without room for tables each goes alone."""
    return Lockstep(
        tables=new_pair_tables(world) if room is None else new_pair_tables(world, room),
        opening=aligned.full(1, _ALONE, np.int64),
        chains=aligned.zeros(LOCKSTEP, CHAIN).view(np.recarray),
        member=aligned.zeros(LOCKSTEP, np.int64),
        pair_state=aligned.zeros(LOCKSTEP, np.int64),
        ledger=aligned.zeros(LOCKSTEP, np.int64),
        stood=aligned.zeros(LOCKSTEP, np.int64),
        numbers=aligned.zeros(LOCKSTEP, np.uint64),
        keys=aligned.zeros((3, LOCKSTEP), np.uint64),
        words=aligned.zeros((3, BLOCK * LOCKSTEP), np.uint32),
    )


@inlined
def simulate_in_lockstep(world, lockstep, seed, first, n_chains):
    """Simulate those of `n_chains` chains from number `first` (uint64) on that have tables."""
    n = begin_chains(world, lockstep, seed, first, n_chains)
    turn = 0
    while n > 0:
        for who in range(3):
            purpose = words.MEDIATION if who == _MEDIATOR else words.RESPONSE
            make_words(lockstep, who, n, seed, turn // BLOCK, purpose)
        for row in range(min(BLOCK, world.horizon - turn)):
            turn += 1
            take_turn(lockstep.tables, lockstep, n, row, 1 if may_mediate(world, turn) else 0)
        n = keep_those_going_on(lockstep, n, turn == world.horizon)


@inlined
def make_words(lockstep, who, n, seed, block, purpose):
    """Make the words of one purpose for `BLOCK` turns of the first `n` who go on."""
    fill_lockstep(
        lockstep.words[who], lockstep.numbers, lockstep.keys[who], n, seed, block, purpose
    )


@inlined
def word_of(lockstep, who, row, k):
    """The word of turn `row` of the block for the `k`-th of those who go on."""
    return np.int64(lockstep.words[who, (k // LANES * BLOCK + row) * LANES + k % LANES])


@inlined
def begin_chains(world, lockstep, seed, first, n_chains):
    """Draw incidents, governments and deterrence tests; returns how many chains go on."""
    tables = lockstep.tables
    for k in range(n_chains):
        lockstep.numbers[k] = first + np.uint64(k)
        lockstep.chains[k].opening = _ALONE
    if len(tables.openings) == 0:
        return 0
    make_words(lockstep, _MEDIATOR, n_chains, seed, 0, words.INCIDENT)
    n = 0
    for k in range(n_chains):
        chain = lockstep.chains[k]
        number = lockstep.numbers[k]
        chain.incident, chain.domain, chain.accident = pick_incident(
            world,
            word_of(lockstep, _MEDIATOR, words.WORD_DYAD, k),
            word_of(lockstep, _MEDIATOR, words.WORD_DOMAIN, k),
            word_of(lockstep, _MEDIATOR, words.WORD_ACCIDENT, k),
        )
        first_of_four = np.int64(tables.opening_of[chain.incident, chain.domain])
        if first_of_four < 0:
            continue
        chain.opening = first_of_four + draw_governments(world, seed, number, chain.incident)
        opening = tables.openings[chain.opening]
        chain.is_deterred = 0
        if (
            chain.accident == 0
            and word_of(lockstep, _MEDIATOR, words.WORD_CHALLENGE, k) >= opening.challenge_below
        ):
            chain.is_deterred = 1
            continue
        lockstep.member[n] = k
        lockstep.numbers[n] = number
        lockstep.keys[_INITIATOR, n] = opening.initiator_key
        lockstep.keys[_TARGET, n] = opening.target_key
        lockstep.pair_state[n] = opening.start
        lockstep.ledger[n] = 0
        lockstep.stood[n] = tables.pair_states[opening.start].stands
        n += 1
    return n


@inlined
def draw_governments(world, seed, number, incident):
    """Who of the two is divided at home, as `pair_tables.GOVERNMENTS` counts it."""
    drawn = 0
    for side in range(2):
        i = world.incidents[incident].initiator if side == 0 else world.incidents[incident].target
        actor = world.actors[i]
        if actor.instability > 0.0:
            word = draw_word(seed, number, 0, words.STABILITY, actor.key)
            if happens(word, actor.instability):
                drawn += 1 << side
    return drawn


@inlined
def take_turn(tables, lockstep, n, row, may_mediate):
    """Take turn `row` of the block with the first `n` who go on."""
    for at in range(n):
        k = np.uint64(at)
        pair_state = lockstep.pair_state[k]
        cuts = pair_state * (2 * CUTS)
        mediated = may_mediate & (
            1 if word_of(lockstep, _MEDIATOR, row, at) < tables.cuts[cuts + MEDIATOR_CUT] else 0
        )
        cuts += mediated * CUTS
        step = n_cuts(tables.cuts, cuts, word_of(lockstep, _INITIATOR, row, at)) * STEPS
        step += n_cuts(tables.cuts, cuts + TARGET_CUTS, word_of(lockstep, _TARGET, row, at))
        turn = tables.turns[(2 * pair_state + mediated) * PAIRS + step]
        pair_state = turn & _PAIR_STATE_MASK
        lockstep.pair_state[k] = pair_state
        lockstep.ledger[k] += turn >> PAIR_STATE_BITS
        lockstep.stood[k] |= tables.pair_states[pair_state].stands


@inlined
def n_cuts(cuts, at, word):
    """How many of the three cuts from `at` on are not above `word`."""
    return (
        (1 if word >= cuts[at] else 0)
        + (1 if word >= cuts[at + 1] else 0)
        + (1 if word >= cuts[at + 2] else 0)
    )


@inlined
def keep_those_going_on(lockstep, n, is_last):
    """Write down where the first `n` stand, and pack those who go on; returns how many do."""
    kept = 0
    for k in range(n):
        member = lockstep.member[k]
        pair_state = lockstep.pair_state[k]
        chain = lockstep.chains[member]
        chain.pair_state = pair_state
        chain.ledger = lockstep.ledger[k]
        chain.stood = lockstep.stood[k]
        # Written without asking whether it goes on: a chain that does not is written over.
        lockstep.member[kept] = member
        lockstep.pair_state[kept] = pair_state
        lockstep.ledger[kept] = lockstep.ledger[k]
        lockstep.stood[kept] = lockstep.stood[k]
        lockstep.numbers[kept] = lockstep.numbers[k]
        lockstep.keys[_INITIATOR, kept] = lockstep.keys[_INITIATOR, k]
        lockstep.keys[_TARGET, kept] = lockstep.keys[_TARGET, k]
        kept += lockstep.tables.pair_states[pair_state].goes_on
    return 0 if is_last else kept


@inlined
def has_been_simulated(lockstep, k):
    """Whether the `k`-th chain has been simulated in lockstep."""
    return lockstep.chains[k].opening != _ALONE


@inlined
def recall_chain(world, state, lockstep, k, seed, number):
    """Leave the end of the `k`-th chain, `number`, simulated in lockstep, in `state`."""
    now = state.now
    chain = lockstep.chains[k]
    opening = lockstep.tables.openings[chain.opening]
    if lockstep.opening[0] != chain.opening:
        forget_opening(state, lockstep)
        lockstep.opening[0] = chain.opening
        clear(state)
        now.domain = opening.domain
        open_crisis(world, state, opening.initiator, opening.target)
    now.drawn_initiator = opening.initiator
    now.drawn_target = opening.target
    now.domain = opening.domain
    now.accident = chain.accident
    now.misattributed = 0
    if chain.is_deterred == 1:
        now.n_engaged = 0
        now.turn = 0
        now.misreads = 0
        now.war_turn = 0
        now.war_began_misread = 0
        now.outcome = DETERRED
    else:
        now.n_engaged = 2
        recall(world, state, lockstep.tables, chain.pair_state, chain.ledger, chain.stood)
        if now.war_turn > 0:
            go_on_with_war(world, state, seed, number)


@inlined
def go_on_with_war(world, state, seed, number):
    """Let a war, in which nothing else can happen any more, end or last to the horizon."""
    now = state.now
    now.war_over = 0
    now.winner = UNDECIDED
    if world.coefficients.war_rate == 0.0:
        return
    balance = balance_of_power(world, state)
    now.turn = now.war_turn
    while now.war_over == 0 and now.turn < world.horizon:
        now.turn += 1
        draw_war_end(world, state, seed, number, balance)


@inlined
def forget_opening(state, lockstep):
    """Let the state be cleared for another crisis: the two of the opening stand in it still.

    A chain that was deterred counts no actor as engaged, and left the two where they were.
    """
    if lockstep.opening[0] != _ALONE:
        lockstep.opening[0] = _ALONE
        state.now.n_engaged = 2
