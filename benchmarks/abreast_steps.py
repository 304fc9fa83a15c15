"""The elementary steps of chains played abreast, as `kernel_steps` has those of chains alone.

A loop repeats one step on a rank of chains, as numba compiles it there.
"""

from collections import Counter
from typing import NamedTuple

import numpy as np
from kernel_steps import (
    BEGINNING,
    RANDOM,
    SEED,
    STATE,
    TALLIES,
    Often,
    Step,
    counting,
    sixteens,
)

from mcescalate.model import abreast, batch, rng, scoring
from mcescalate.model.abreast import RANK, Abreast
from mcescalate.model.bilateral import NOWHERE
from mcescalate.model.jit import inlined
from mcescalate.model.scoring import Tally, new_tally
from mcescalate.model.state import State
from mcescalate.model.world import World


class Front(NamedTuple):
    """A rank in which each step can be repeated."""

    rank: Abreast
    n: int
    """Chains going on."""
    before: np.ndarray
    """(n) where they stand."""
    tally: Tally


def is_played_abreast(rank: Abreast) -> bool:
    """Whether the crises of a world have tables; those to be measured all do, or none does."""
    have_tables = rank.tables.openings != NOWHERE
    assert have_tables.all() or not have_tables.any()
    return bool(have_tables.all())


# ---------------------------------------------------------------- loops


def make_words(world, state, at, repeats):
    for r in range(repeats):
        abreast.make_words(at.rank, 0, at.n, SEED, r, rng.RESPONSE)


@inlined
def stand_as_before(at):
    for k in range(at.n):
        at.rank.node[k] = at.before[k]


def take_turn(world, state, at, repeats):
    """A turn from where they stand: else most would soon stand at the ends of their chains."""
    for r in range(repeats):
        stand_as_before(at)
        abreast.take_turn(at.rank.tables, at.rank, at.n, r % rng.BLOCK, 1)


def undo_turn(world, state, at, repeats):
    for _ in range(repeats):
        stand_as_before(at)


def keep_those_going_on(world, state, at, repeats):
    total = 0
    for _ in range(repeats):
        total += abreast.keep_those_going_on(at.rank, at.n, False)
    return total


def begin_abreast(world, state, at, repeats):
    total = 0
    for r in range(repeats):
        total += abreast.begin_abreast(world, at.rank, SEED, np.uint64(r * RANK), RANK)
    return total


def recall_chains(world, state, at, repeats):
    for _ in range(repeats):
        for k in range(RANK):
            abreast.recall_chain(world, state, at.rank, k)


def score_chains(world, state, at, repeats):
    """Each chain is recalled before; that is undone by measuring `recall_chains`."""
    for _ in range(repeats):
        for k in range(RANK):
            abreast.recall_chain(world, state, at.rank, k)
            scoring.score(world, state, at.tally, np.uint64(k))


STEPS = (
    Step(
        RANDOM,
        "words of 16 chains for 4 turns",
        make_words,
        (abreast, "make_words"),
        lambda state, at: sixteens(at.n),
        # Words of incidents are part of beginnings.
        lambda rank, who, n, seed, block, purpose: 0 if purpose == rng.INCIDENT else sixteens(n),
    ),
    Step(
        STATE,
        "turn",
        take_turn,
        (abreast, "take_turn"),
        lambda state, at: at.n,
        lambda tables, rank, n, row, may_mediate: n,
        undo=undo_turn,
    ),
    Step(
        STATE,
        "packing after 4 turns",
        keep_those_going_on,
        (abreast, "keep_those_going_on"),
        lambda state, at: at.n,
        lambda rank, n, is_last: n,
    ),
    Step(
        BEGINNING,
        "beginning, words of the incident included",
        begin_abreast,
        (abreast, "begin_abreast"),
        lambda state, at: RANK,
        lambda world, rank, seed, first, n_chains: n_chains,
    ),
    Step(TALLIES, "recall", recall_chains, (batch, "recall_chain"), lambda state, at: RANK),
    Step(
        TALLIES,
        "score",
        score_chains,
        (batch, "score"),
        lambda state, at: RANK,
        undo=recall_chains,
    ),
)


def count_steps(world: World, state: State, rank: Abreast, n_chains: int) -> Often:
    """Play the first chains uncompiled, and count all steps; the tables are there before."""
    counts, tally = Counter(), new_tally(world)
    with counting(STEPS, counts):
        batch.count_batch(world, state, rank, tally, SEED, np.uint64(0), n_chains)
    turns = tally.last_turn.sum(axis=0) @ np.arange(world.horizon + 1)
    steps = {step.name: counts[step.name] / n_chains for step in STEPS}
    return Often(n_chains, turns / n_chains, 2.0, steps)


def middle_of_a_rank(world: World, rank: Abreast) -> Front:
    """Play the first chains to their ends, for recalling; then again for a block of turns."""
    first = np.uint64(0)
    abreast.play_abreast(world, rank, SEED, first, RANK)
    abreast.forget_scene(rank)
    n = abreast.begin_abreast(world, rank, SEED, first, RANK)
    for who, purpose in enumerate((rng.MEDIATION, rng.RESPONSE, rng.RESPONSE)):
        abreast.make_words(rank, who, n, SEED, 0, purpose)
    for row in range(rng.BLOCK):
        abreast.take_turn(rank.tables, rank, n, row, 0)
    return Front(rank, n, rank.node[:n].copy(), new_tally(world))
