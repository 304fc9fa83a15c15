"""Rows of counts and dims, and the tallies that are made from them."""

import re
from pathlib import Path

import numpy as np
from cases import load_case

from mcescalate.model.chain import periods, scoring
from mcescalate.model.counts import (
    COUNTS,
    DIMS,
    FIELDS,
    SWEEP_COUNTS,
    faults,
    field_shapes,
    n_numbers,
    new_tally,
    scope_of,
    tally_of,
    tally_row,
    values_of,
)
from mcescalate.results.labels import scope_of as scope_of_scenario
from mcescalate.scenario.build import build_world

STORED = (
    *("n_chains", "outcome", "block_outcome", "peak", "war_turn", "last_turn", "engaged_size"),
    *("war_size", "actor_engaged", "actor_war", "actor_peak", "entry", "entry_turn", "drawn_in"),
    *("tie", "misread", "misread_war", "misattributed", "reciprocated", "chain_gang", "incident"),
    *("accident", "domain", "war_length", "winner", "quiet", "crisis_outcome", "crisis_incident"),
    *("recurrence", "credibility", "outcome_pair"),
)
"""Fields in the order in which shards of sweeps hold them: never changed, only added to."""


def test_rows_fit():
    assert list(faults(SWEEP_COUNTS, DIMS)) == []
    assert all(count.meaning for count in SWEEP_COUNTS)


def test_shards_stay_readable():
    assert FIELDS[: len(STORED)] == STORED


def test_every_field_goes_up_somewhere():
    files = (scoring.__file__, periods.__file__)
    source = "\n".join(Path(file).read_text(encoding="utf-8") for file in files)
    assert set(re.findall(r"tally\.(\w+)\[.*\] \+= ", source)) == set(FIELDS)


def test_a_tally_is_one_block_of_numbers():
    world = build_world(load_case("july-1914"))
    tally = new_tally(world)
    shapes = field_shapes(scope_of(world))
    assert tuple(array.shape for array in tally) == tuple(shapes)
    full = [array for array in tally if array.size]
    first, last = full[0].ctypes.data, full[-1].ctypes.data + full[-1].nbytes
    assert last - first == 8 * n_numbers(shapes) == sum(array.nbytes for array in tally)
    assert all(array.dtype == np.int64 and array.flags.c_contiguous for array in tally)
    for k, array in enumerate(tally):
        array[...] = k
    rows = np.stack([tally_row(tally), tally_row(tally) + 1])
    for k, arrays in enumerate(tally_of(rows, shapes)):
        assert arrays.shape == (2, *shapes[k])
        assert (arrays[0] == k).all() and (arrays[1] == k + 1).all()


def test_a_scenario_and_its_world_are_counted_alike():
    scenario = load_case("july-1914")
    world = scope_of(build_world(scenario))
    assert field_shapes(scope_of_scenario(scenario)) == field_shapes(world)


def test_chains_that_touch_no_actor_fill_up_the_lowest_rung():
    tally = new_tally(build_world(load_case("july-1914")))
    tally.n_chains[0] = 7
    tally.actor_peak[2, 3] = 4
    (count,) = (count for count in COUNTS if count.fills_up)
    places = np.arange(len(tally.actor_peak))[::-1]
    peaks = values_of(count, tally, places)
    assert peaks.sum(axis=1).tolist() == [7] * len(places)
    assert peaks[-3].tolist()[:4] == [3, 0, 0, 4]
    assert tally.actor_peak[2, 0] == 0
    rows = np.stack([tally_row(tally)] * 2)
    shapes = field_shapes(scope_of(build_world(load_case("july-1914"))))
    assert (values_of(count, tally_of(rows, shapes), places) == peaks).all()
