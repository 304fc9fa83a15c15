"""What `scripts/bench --floors` measures, tiny and uncompiled."""

import numpy as np
import pytest
from benchmark_scenarios import CASES
from floors import (
    Runs,
    Size,
    Start,
    chain_table,
    measure_chain,
    measure_runs,
    measure_start,
    run_table,
)
from kernel_steps import GROUPS, STEPS, count_steps, replaceable_state

from mcescalate.model import chain
from mcescalate.model.state import new_state
from mcescalate.scenario.build import build_world
from mcescalate.scenario.reading import parse_scenario

TINY = Size(counted=20, warm_up=5, repeats=2, again=2, plays=2, rounds=1)


def tiny(case, backend="python"):
    return measure_chain(build_world(parse_scenario(CASES[case]())), TINY, backend)


@pytest.mark.parametrize("case", CASES)
def test_all_parts_make_up_a_chain(case):
    floors = tiny(case)
    assert {cost.group for cost in floors.costs} == set(GROUPS)
    named = sum(cost.total for cost in floors.costs)
    assert named + floors.guesses + floors.between == pytest.approx(floors.chain)
    assert all(cost.times > 0 for cost in floors.costs)
    lines = chain_table(case, floors).splitlines()
    assert len(lines) == 4 + len(GROUPS) + len(floors.costs)


def test_only_steps_that_are_taken_count():
    steps = {step.name for step in STEPS}
    # What is in the memory of laws already may all be known.
    known = {"law of moves", "of moves not misread"}
    assert {cost.step for cost in tiny("july_1914").costs} | known >= steps
    without_neutrals = {cost.step for cost in tiny("pair").costs}
    assert without_neutrals.isdisjoint({"law of entry", "bounds of a call", "entry"})


@pytest.mark.slow
def test_the_loops_compile():
    assert tiny("july_1914", "numba").chain > 0.0


def test_counting_leaves_chains_and_functions_as_they_are():
    world = build_world(parse_scenario(CASES["july_1914"]()))
    functions = [getattr(*step.counted) for step in STEPS]
    state, _ = replaceable_state(world)
    often = count_steps(world, state, 3)
    assert [getattr(*step.counted) for step in STEPS] == functions
    plain = new_state(world)
    turns = 0
    for number in range(3):
        chain.run_chain(world, plain, np.uint64(1914), np.uint64(number))
        turns += plain.now.turn
    assert often.turns == pytest.approx(turns / 3)
    assert plain.now == state.now


def test_runs_of_one_and_two_workers():
    runs = measure_runs(parse_scenario(CASES["pair"]()), 20, rounds=1, backend="python")
    assert 0.0 < runs.output < runs.one_worker


def test_the_table_of_runs_says_how_much_of_one_is_output():
    floors = tiny("pair")._replace(costs=[])
    table = run_table(floors, Runs(1_000, 2.0, 1.25, 0.1), Start(0.8, 1.2))
    assert "1.60 times as fast" in table
    assert "tallies and output: 5.0% of the run" in table
    assert "0.80 s to the first chain" in table


def test_processes_are_timed_to_the_first_chain_and_to_the_end(monkeypatch):
    monkeypatch.setenv("MCESCALATE_BACKEND", "python")
    start = measure_start(CASES["pair"](), rounds=1)
    assert start.first_chain > 0.0
    assert start.end > 0.0
