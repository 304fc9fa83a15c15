"""Compiled kernels with crises between two in lockstep: the same counts as chain by chain."""

import numpy as np
import pytest
from duels import CASES, mixed, mixed_worlds
from hypothesis import example, given, settings

from mcescalate.engine.backend_numba import new_room
from mcescalate.engine.backends import kernels_of
from mcescalate.engine.batches import run_chains
from mcescalate.model.chain.scoring import new_records
from mcescalate.model.codes import GENERAL_WAR, LIMITED_WAR
from mcescalate.model.counts import new_tally
from mcescalate.scenario.build import build_world

SEED = np.uint64(1914)


def counted(world, room, batches):
    """The tally of chains from 0 on, in batches of these sizes."""
    kernels = kernels_of("numba")
    given, tally = new_room(world, room), new_tally(world)
    first = 0
    for n in batches:
        kernels.count_batch(world, *given, tally, SEED, np.uint64(first), n)
        first += n
    assert tally.n_chains[0] == first
    return tally


def assert_equal(one, other):
    for name, counts in one._asdict().items():
        np.testing.assert_array_equal(counts, getattr(other, name), err_msg=name)


@pytest.mark.parametrize("case", CASES)
def test_compiled_kernels_count_the_same_with_tables_and_without(case):
    world = build_world(CASES[case]())
    without = counted(world, 0, [30_000])
    assert_equal(counted(world, None, [1, 127, 128, 129, 29_615]), without)


@given(mixed_worlds())
@example(mixed())
@settings(max_examples=40, deadline=None, derandomize=True)
def test_tables_leave_no_trace_in_crises_without_them(scenario):
    world = build_world(scenario)
    without = counted(world, 0, [2000])
    assert_equal(counted(world, None, [1, 127, 128, 129, 1615]), without)
    assert_equal(counted(world, None, [2000]), without)


@given(mixed_worlds())
@settings(max_examples=8, deadline=None, derandomize=True)
def test_both_backends_count_mixed_worlds_alike(scenario):
    counts = [
        run_chains(build_world(scenario), seed=3, first_chain=0, n_chains=60, backend=backend)[0]
        for backend in ("numba", "python")
    ]
    assert_equal(*counts)


def test_the_kernels_go_in_lockstep():
    # Else the comparisons above would compare nothing.
    world = build_world(CASES["warlike"]())
    state, memory, lockstep, past = kernels_of("numba").new_room(world)
    tally = new_tally(world)
    kernels_of("numba").count_batch(
        world, state, memory, lockstep, past, tally, SEED, np.uint64(0), 128
    )
    assert (lockstep.chains.opening >= 0).all()
    assert tally.outcome[[LIMITED_WAR, GENERAL_WAR]].sum() > 0
    *_, alone, _ = new_room(world, 0)
    assert len(alone.tables.openings) == 0


@pytest.mark.parametrize("case", ["duel", "warlike"])
def test_records_are_the_same_with_tables_and_without(case):
    world = build_world(CASES[case]())
    kernels = kernels_of("numba")
    records = []
    for room in (0, None):
        given = (world, *new_room(world, room), new_tally(world))
        rows = new_records(world, 1000)
        kernels.record_batch(*given, rows, 0, SEED, np.uint64(5), 300)
        kernels.record_batch(*given, rows, 300, SEED, np.uint64(305), 700)
        records.append(rows)
    for one, other in zip(*records, strict=True):
        np.testing.assert_array_equal(one, other)
