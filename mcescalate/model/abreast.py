"""Many chains played abreast, turn by turn, where `bilateral` has tables of their states.

A turn is the same few comparisons for every chain, whatever happens in it: no branch depends
on chance, so that processors are never wrong about what comes next. Chains that have no tables
are left to `chain`.
"""

from typing import NamedTuple

import numpy as np

from mcescalate.model import apart, rng
from mcescalate.model.bilateral import (
    CUTS,
    MEDIATOR_CUT,
    NODE_BITS,
    PAIRS,
    STEPS,
    TARGET_CUTS,
    Bilateral,
    new_bilateral,
    recall,
)
from mcescalate.model.chain import draw_incident
from mcescalate.model.codes import DETERRED
from mcescalate.model.jit import inlined
from mcescalate.model.rng import BLOCK, LANES, draw_word, fill_abreast, happens
from mcescalate.model.rules import may_mediate, open_crisis
from mcescalate.model.state import clear

RANK = 128
"""How many chains are played abreast, a multiple of `LANES`."""

_NODE_MASK = (1 << NODE_BITS) - 1

_ALONE = -1
"""Scene of a chain that is left to `chain`."""

# Rows of words: of the mediator, the initiator and the target; before, of the incident.
_MEDIATOR, _INITIATOR, _TARGET = 0, 1, 2

CHAIN = np.dtype(
    [
        (name, np.int64)
        for name in (
            "incident",
            "domain",
            "accident",
            "scene",
            "is_deterred",
            "node",  # where it ended, and what it has added up
            "ledger",
            "stood",
        )
    ]
)


class Abreast(NamedTuple):
    """A rank of chains: what became of each, and where those still going on stand."""

    tables: Bilateral
    scene: np.ndarray
    """(1) whose two are engaged in the state; `_ALONE` if none."""
    chains: np.ndarray
    """(RANK) of CHAIN."""
    # Those still going on, packed at the front:
    member: np.ndarray
    """(RANK) its place in `chains`,"""
    node: np.ndarray
    """where it stands,"""
    ledger: np.ndarray
    """what its turns have added up,"""
    stood: np.ndarray
    """the bits of all rungs that it has stood on,"""
    numbers: np.ndarray
    """its number, uint64,"""
    keys: np.ndarray
    """(3, RANK) the keys of those whose words it takes, uint64,"""
    words: np.ndarray
    """(3, BLOCK RANK) and these words."""


def new_abreast(world, room: int | None = None) -> Abreast:
    """Room to play chains of `world` abreast; without room for tables each is played alone."""
    return Abreast(
        tables=new_bilateral(world) if room is None else new_bilateral(world, room),
        scene=apart.full(1, _ALONE, np.int64),
        chains=apart.zeros(RANK, CHAIN).view(np.recarray),
        member=apart.zeros(RANK, np.int64),
        node=apart.zeros(RANK, np.int64),
        ledger=apart.zeros(RANK, np.int64),
        stood=apart.zeros(RANK, np.int64),
        numbers=apart.zeros(RANK, np.uint64),
        keys=apart.zeros((3, RANK), np.uint64),
        words=apart.zeros((3, BLOCK * RANK), np.uint32),
    )


@inlined
def play_abreast(world, rank, seed, first, n_chains):
    """Play those of `n_chains` chains from number `first` (uint64) on that have tables."""
    n = begin_abreast(world, rank, seed, first, n_chains)
    turn = 0
    while n > 0:
        for who in range(3):
            purpose = rng.MEDIATION if who == _MEDIATOR else rng.RESPONSE
            make_words(rank, who, n, seed, turn // BLOCK, purpose)
        for row in range(min(BLOCK, world.horizon - turn)):
            turn += 1
            take_turn(rank.tables, rank, n, row, 1 if may_mediate(world, turn) else 0)
        n = keep_those_going_on(rank, n, turn == world.horizon)


@inlined
def make_words(rank, who, n, seed, block, purpose):
    """Make the words of one purpose for `BLOCK` turns of the first `n` who go on."""
    fill_abreast(rank.words[who], rank.numbers, rank.keys[who], n, seed, block, purpose)


@inlined
def word_of(rank, who, row, k):
    """The word of turn `row` of the block for the `k`-th of those who go on."""
    return np.int64(rank.words[who, (k // LANES * BLOCK + row) * LANES + k % LANES])


@inlined
def begin_abreast(world, rank, seed, first, n_chains):
    """Draw incidents, governments and deterrence tests; returns how many chains go on."""
    tables = rank.tables
    for k in range(n_chains):
        rank.numbers[k] = first + np.uint64(k)
        rank.chains[k].scene = _ALONE
    if len(tables.scenes) == 0:
        return 0
    make_words(rank, _MEDIATOR, n_chains, seed, 0, rng.INCIDENT)
    n = 0
    for k in range(n_chains):
        chain = rank.chains[k]
        number = rank.numbers[k]
        chain.incident, chain.domain, chain.accident = draw_incident(
            world,
            word_of(rank, _MEDIATOR, rng.WORD_DYAD, k),
            word_of(rank, _MEDIATOR, rng.WORD_DOMAIN, k),
            word_of(rank, _MEDIATOR, rng.WORD_ACCIDENT, k),
        )
        first_of_four = np.int64(tables.openings[chain.incident, chain.domain])
        if first_of_four < 0:
            continue
        chain.scene = first_of_four + draw_governments(world, seed, number, chain.incident)
        scene = tables.scenes[chain.scene]
        chain.is_deterred = 0
        if (
            chain.accident == 0
            and word_of(rank, _MEDIATOR, rng.WORD_CHALLENGE, k) >= scene.challenge_below
        ):
            chain.is_deterred = 1
            continue
        rank.member[n] = k
        rank.numbers[n] = number
        rank.keys[_INITIATOR, n] = scene.initiator_key
        rank.keys[_TARGET, n] = scene.target_key
        rank.node[n] = scene.start
        rank.ledger[n] = 0
        rank.stood[n] = tables.nodes[scene.start].stands
        n += 1
    return n


@inlined
def draw_governments(world, seed, number, incident):
    """Who of the two is divided at home, as `bilateral.GOVERNMENTS` counts it."""
    drawn = 0
    for side in range(2):
        i = world.incidents[incident].initiator if side == 0 else world.incidents[incident].target
        actor = world.actors[i]
        if actor.instability > 0.0:
            word = draw_word(seed, number, 0, rng.STABILITY, actor.key)
            if happens(word, actor.instability):
                drawn += 1 << side
    return drawn


@inlined
def take_turn(tables, rank, n, row, may_mediate):
    """Take turn `row` of the block with the first `n` who go on."""
    for at in range(n):
        k = np.uint64(at)
        node = rank.node[k]
        cuts = node * (2 * CUTS)
        mediated = may_mediate & (
            1 if word_of(rank, _MEDIATOR, row, at) < tables.cuts[cuts + MEDIATOR_CUT] else 0
        )
        cuts += mediated * CUTS
        step = n_cuts(tables.cuts, cuts, word_of(rank, _INITIATOR, row, at)) * STEPS
        step += n_cuts(tables.cuts, cuts + TARGET_CUTS, word_of(rank, _TARGET, row, at))
        turn = tables.turns[(2 * node + mediated) * PAIRS + step]
        node = turn & _NODE_MASK
        rank.node[k] = node
        rank.ledger[k] += turn >> NODE_BITS
        rank.stood[k] |= tables.nodes[node].stands


@inlined
def n_cuts(cuts, at, word):
    """How many of the three cuts from `at` on are not above `word`."""
    return (
        (1 if word >= cuts[at] else 0)
        + (1 if word >= cuts[at + 1] else 0)
        + (1 if word >= cuts[at + 2] else 0)
    )


@inlined
def keep_those_going_on(rank, n, is_last):
    """Write down where the first `n` stand, and pack those who go on; returns how many do."""
    kept = 0
    for k in range(n):
        member = rank.member[k]
        node = rank.node[k]
        chain = rank.chains[member]
        chain.node = node
        chain.ledger = rank.ledger[k]
        chain.stood = rank.stood[k]
        # Written without asking whether it goes on: whoever does not is written over.
        rank.member[kept] = member
        rank.node[kept] = node
        rank.ledger[kept] = rank.ledger[k]
        rank.stood[kept] = rank.stood[k]
        rank.numbers[kept] = rank.numbers[k]
        rank.keys[_INITIATOR, kept] = rank.keys[_INITIATOR, k]
        rank.keys[_TARGET, kept] = rank.keys[_TARGET, k]
        kept += rank.tables.nodes[node].goes_on
    return 0 if is_last else kept


@inlined
def has_been_played(rank, k):
    """Whether the `k`-th chain of the rank has been played abreast."""
    return rank.chains[k].scene != _ALONE


@inlined
def recall_chain(world, state, rank, k):
    """Leave the end of the `k`-th chain of the rank, played abreast, in `state`."""
    now = state.now
    chain = rank.chains[k]
    scene = rank.tables.scenes[chain.scene]
    if rank.scene[0] != chain.scene:
        forget_scene(state, rank)
        rank.scene[0] = chain.scene
        clear(state)
        now.domain = scene.domain
        open_crisis(world, state, scene.initiator, scene.target)
    now.drawn_initiator = scene.initiator
    now.drawn_target = scene.target
    now.domain = scene.domain
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
        recall(world, state, rank.tables, chain.node, chain.ledger, chain.stood)


@inlined
def forget_scene(state, rank):
    """Let the state be cleared for another crisis: the two of the scene stand in it still.

    A chain that was deterred counts nobody as engaged, and left them where they were.
    """
    if rank.scene[0] != _ALONE:
        rank.scene[0] = _ALONE
        state.now.n_engaged = 2
