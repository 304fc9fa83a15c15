"""Compiled kernels that play crises between two abreast: the same counts as chain by chain."""

import numpy as np
import pytest
from model.duels import CASES

from mcescalate.engine.backends import kernels_of
from mcescalate.model import abreast, bilateral
from mcescalate.model.codes import GENERAL_WAR, LIMITED_WAR
from mcescalate.model.scoring import new_records, new_tally
from mcescalate.model.state import new_state
from mcescalate.scenario.build import build_world

SEED = np.uint64(1914)


@pytest.mark.parametrize("case", CASES)
def test_compiled_kernels_count_the_same_with_tables_and_without(case):
    world = build_world(CASES[case]())
    kernels = kernels_of("numba")
    counts = []
    for room, batches in ((0, [30_000]), (bilateral.NODES, [1, 127, 128, 129, 29_615])):
        state, tally = new_state(world), new_tally(world)
        rank = abreast.new_abreast(world, room)
        kernels.tabulate(world, state, rank.tables)
        first = 0
        for n in batches:
            kernels.count_batch(world, state, rank, tally, SEED, np.uint64(first), n)
            first += n
        counts.append(tally)
    for one, other in zip(*counts, strict=True):
        np.testing.assert_array_equal(one, other)
    assert counts[0].n_chains[0] == 30_000


def test_the_kernels_play_abreast():
    # Else the comparisons above would compare nothing.
    world = build_world(CASES["warlike"]())
    state, rank = kernels_of("numba").new_room(world)
    tally = new_tally(world)
    kernels_of("numba").count_batch(world, state, rank, tally, SEED, np.uint64(0), 128)
    assert (rank.chains.scene >= 0).all()
    assert tally.outcome[[LIMITED_WAR, GENERAL_WAR]].sum() > 0
    _, alone = kernels_of("python").new_room(world)
    assert len(alone.tables.scenes) == 0


@pytest.mark.parametrize("case", ["duel", "warlike"])
def test_records_are_the_same_with_tables_and_without(case):
    world = build_world(CASES[case]())
    kernels = kernels_of("numba")
    records = []
    for room in (0, bilateral.NODES):
        state, tally = new_state(world), new_tally(world)
        rank = abreast.new_abreast(world, room)
        kernels.tabulate(world, state, rank.tables)
        rows = new_records(world, 1000)
        kernels.record_batch(world, state, rank, tally, rows, 0, SEED, np.uint64(5), 300)
        kernels.record_batch(world, state, rank, tally, rows, 300, SEED, np.uint64(305), 700)
        records.append(rows)
    for one, other in zip(*records, strict=True):
        np.testing.assert_array_equal(one, other)
