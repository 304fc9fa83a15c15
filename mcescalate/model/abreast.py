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

FILE = 128
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
    """A file of chains: what became of each, and where those still going on stand."""

    tables: Bilateral
    scene: np.ndarray
    """(1) whose two are engaged in the state; `_ALONE` if none."""
    chains: np.ndarray
    """(FILE) of CHAIN."""
    # Those still going on, packed at the front:
    member: np.ndarray
    """(FILE) its place in `chains`,"""
    node: np.ndarray
    """where it stands,"""
    ledger: np.ndarray
    """what its turns have added up,"""
    stood: np.ndarray
    """the bits of all rungs that it has stood on,"""
    numbers: np.ndarray
    """its number, uint64,"""
    keys: np.ndarray
    """(3, FILE) the keys of those whose words it takes, uint64,"""
    words: np.ndarray
    """(3, BLOCK FILE) and these words."""


def new_abreast(world, room: int | None = None) -> Abreast:
    """Room to play chains of `world` abreast; without room for tables each is played alone."""
    return Abreast(
        tables=new_bilateral(world) if room is None else new_bilateral(world, room),
        scene=apart.full(1, _ALONE, np.int64),
        chains=apart.zeros(FILE, CHAIN).view(np.recarray),
        member=apart.zeros(FILE, np.int64),
        node=apart.zeros(FILE, np.int64),
        ledger=apart.zeros(FILE, np.int64),
        stood=apart.zeros(FILE, np.int64),
        numbers=apart.zeros(FILE, np.uint64),
        keys=apart.zeros((3, FILE), np.uint64),
        words=apart.zeros((3, BLOCK * FILE), np.uint32),
    )


@inlined
def play_abreast(world, file, seed, first, n_chains):
    """Play those of `n_chains` chains from number `first` (uint64) on that have tables."""
    n = begin_abreast(world, file, seed, first, n_chains)
    turn = 0
    while n > 0:
        for who in range(3):
            purpose = rng.MEDIATION if who == _MEDIATOR else rng.RESPONSE
            make_words(file, who, n, seed, turn // BLOCK, purpose)
        for row in range(min(BLOCK, world.horizon - turn)):
            turn += 1
            take_turn(file.tables, file, n, row, 1 if may_mediate(world, turn) else 0)
        n = keep_those_going_on(file, n, turn == world.horizon)


@inlined
def make_words(file, who, n, seed, block, purpose):
    """Make the words of one purpose for `BLOCK` turns of the first `n` who go on."""
    fill_abreast(file.words[who], file.numbers, file.keys[who], n, seed, block, purpose)


@inlined
def word_of(file, who, row, k):
    """The word of turn `row` of the block for the `k`-th of those who go on."""
    return np.int64(file.words[who, (k // LANES * BLOCK + row) * LANES + k % LANES])


@inlined
def begin_abreast(world, file, seed, first, n_chains):
    """Draw incidents, governments and deterrence tests; returns how many chains go on."""
    tables = file.tables
    for k in range(n_chains):
        file.numbers[k] = first + np.uint64(k)
        file.chains[k].scene = _ALONE
    if len(tables.scenes) == 0:
        return 0
    make_words(file, _MEDIATOR, n_chains, seed, 0, rng.INCIDENT)
    n = 0
    for k in range(n_chains):
        chain = file.chains[k]
        number = file.numbers[k]
        chain.incident, chain.domain, chain.accident = draw_incident(
            world,
            word_of(file, _MEDIATOR, rng.WORD_DYAD, k),
            word_of(file, _MEDIATOR, rng.WORD_DOMAIN, k),
            word_of(file, _MEDIATOR, rng.WORD_ACCIDENT, k),
        )
        first_of_four = np.int64(tables.openings[chain.incident, chain.domain])
        if first_of_four < 0:
            continue
        chain.scene = first_of_four + draw_governments(world, seed, number, chain.incident)
        scene = tables.scenes[chain.scene]
        chain.is_deterred = 0
        if (
            chain.accident == 0
            and word_of(file, _MEDIATOR, rng.WORD_CHALLENGE, k) >= scene.challenge_below
        ):
            chain.is_deterred = 1
            continue
        file.member[n] = k
        file.numbers[n] = number
        file.keys[_INITIATOR, n] = scene.initiator_key
        file.keys[_TARGET, n] = scene.target_key
        file.node[n] = scene.start
        file.ledger[n] = 0
        file.stood[n] = tables.nodes[scene.start].stands
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
def take_turn(tables, file, n, row, may_mediate):
    """Take turn `row` of the block with the first `n` who go on."""
    for at in range(n):
        k = np.uint64(at)
        node = file.node[k]
        cuts = node * (2 * CUTS)
        mediated = may_mediate & (
            1 if word_of(file, _MEDIATOR, row, at) < tables.cuts[cuts + MEDIATOR_CUT] else 0
        )
        cuts += mediated * CUTS
        step = n_cuts(tables.cuts, cuts, word_of(file, _INITIATOR, row, at)) * STEPS
        step += n_cuts(tables.cuts, cuts + TARGET_CUTS, word_of(file, _TARGET, row, at))
        turn = tables.turns[(2 * node + mediated) * PAIRS + step]
        node = turn & _NODE_MASK
        file.node[k] = node
        file.ledger[k] += turn >> NODE_BITS
        file.stood[k] |= tables.nodes[node].stands


@inlined
def n_cuts(cuts, at, word):
    """How many of the three cuts from `at` on are not above `word`."""
    return (
        (1 if word >= cuts[at] else 0)
        + (1 if word >= cuts[at + 1] else 0)
        + (1 if word >= cuts[at + 2] else 0)
    )


@inlined
def keep_those_going_on(file, n, is_last):
    """Write down where the first `n` stand, and pack those who go on; returns how many do."""
    kept = 0
    for k in range(n):
        member = file.member[k]
        node = file.node[k]
        chain = file.chains[member]
        chain.node = node
        chain.ledger = file.ledger[k]
        chain.stood = file.stood[k]
        # Written without asking whether it goes on: whoever does not is written over.
        file.member[kept] = member
        file.node[kept] = node
        file.ledger[kept] = file.ledger[k]
        file.stood[kept] = file.stood[k]
        file.numbers[kept] = file.numbers[k]
        file.keys[_INITIATOR, kept] = file.keys[_INITIATOR, k]
        file.keys[_TARGET, kept] = file.keys[_TARGET, k]
        kept += file.tables.nodes[node].goes_on
    return 0 if is_last else kept


@inlined
def has_been_played(file, k):
    """Whether the `k`-th chain of the file has been played abreast."""
    return file.chains[k].scene != _ALONE


@inlined
def recall_chain(world, state, file, k):
    """Leave the end of the `k`-th chain of the file, played abreast, in `state`."""
    now = state.now
    chain = file.chains[k]
    scene = file.tables.scenes[chain.scene]
    if file.scene[0] != chain.scene:
        file.scene[0] = chain.scene
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
        recall(world, state, file.tables, chain.node, chain.ledger, chain.stood)


@inlined
def forget_scene(file):
    """Say that somebody else is engaged in the state now."""
    file.scene[0] = _ALONE
