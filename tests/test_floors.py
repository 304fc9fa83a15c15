"""What `scripts/bench --floors` measures, tiny and uncompiled."""

import abreast_steps
import numpy as np
import pytest
from benchmark_scenarios import CASES, PAIR
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
from kernel_steps import GROUPS, LAWS, STEPS, count_steps, replaceable_state

from mcescalate.engine.backends import kernels_of
from mcescalate.model import chain
from mcescalate.model.rng import BLOCK
from mcescalate.model.state import new_state
from mcescalate.scenario.build import build_world
from mcescalate.scenario.reading import parse_scenario

TINY = Size(counted=20, timed=2, others=5, repeats=2, plays=2, rounds=1)
CHANGING_PAIR = PAIR.replace("resolve = 0.2", "turnover = 0.3, instability = 0.4")
"""Played alone, as its governments change; nobody else is concerned."""


def world_of(text):
    return build_world(parse_scenario(text))


def tiny(text, backend="python"):
    return measure_chain(world_of(text), TINY, backend)


def steps_of(floors):
    return {cost.step for cost in floors.costs}


@pytest.mark.parametrize("case", CASES)
def test_all_parts_make_up_a_chain(case):
    floors = tiny(CASES[case]())
    # Where chains are played over tables, no rule is asked.
    groups = set(GROUPS) - ({LAWS} if case == "pair" else set())
    assert {cost.group for cost in floors.costs} == groups
    named = sum(cost.total for cost in floors.costs)
    assert named + floors.guesses + floors.between == pytest.approx(floors.chain)
    assert all(cost.times > 0 for cost in floors.costs)
    lines = chain_table(case, floors).splitlines()
    assert len(lines) == 4 + len(GROUPS) + len(floors.costs)


def test_only_steps_that_are_taken_count():
    steps = {step.name for step in STEPS}
    assert steps_of(tiny(CASES["july_1914"]())) >= steps
    without_neutrals = steps_of(tiny(CHANGING_PAIR))
    assert "change of government" in without_neutrals
    assert without_neutrals.isdisjoint({"law of entry", "bounds of a call", "entry"})


def test_crises_between_two_are_measured_abreast():
    assert steps_of(tiny(CASES["pair"]())) == {step.name for step in abreast_steps.STEPS}


@pytest.mark.slow
@pytest.mark.parametrize("case", ["pair", "july_1914"])
def test_the_loops_compile(case):
    assert tiny(CASES[case](), "numba").chain > 0.0


def test_counting_leaves_chains_and_functions_as_they_are():
    world = world_of(CASES["july_1914"]())
    functions = [getattr(*step.counted) for step in STEPS]
    state, _ = replaceable_state(world)
    often = count_steps(world, state, 3)
    assert [getattr(*step.counted) for step in STEPS] == functions
    plain = new_state(world)
    assert often.turns == pytest.approx(turns_alone(world, plain, 3))
    assert plain.now == state.now


def test_counting_abreast_counts_the_same_chains():
    world = world_of(CASES["pair"]())
    state, rank = kernels_of("python")._replace(has_tables=True).new_room(world)
    often = abreast_steps.count_steps(world, state, rank, 20)
    assert often.turns == pytest.approx(turns_alone(world, new_state(world), 20))
    # Whoever ends within a block of turns takes part in the rest of it.
    assert often.steps["turn"] == pytest.approx(BLOCK * often.steps["packing after 4 turns"])
    assert 0.0 < often.steps["turn"] < often.turns + BLOCK
    assert often.steps["score"] == 1.0


def turns_alone(world, state, n_chains):
    """Mean number of turns of the first chains, each played alone."""
    turns = 0
    for number in range(n_chains):
        chain.run_chain(world, state, np.uint64(1914), np.uint64(number))
        turns += state.now.turn
    return turns / n_chains


def test_runs_of_one_and_two_workers():
    runs = measure_runs(parse_scenario(CASES["pair"]()), 20, rounds=1, backend="python")
    assert 0.0 < runs.output < runs.one_worker


def test_the_table_of_runs_says_how_much_of_one_is_output():
    floors = tiny(CASES["pair"]())._replace(costs=[])
    table = run_table(floors, Runs(1_000, 2.0, 1.25, 0.1), Start(0.8, 1.2))
    assert "1.60 times as fast" in table
    assert "tallies and output: 5.0% of the run" in table
    assert "0.80 s to the first chain" in table


def test_processes_are_timed_to_the_first_chain_and_to_the_end(monkeypatch):
    monkeypatch.setenv("MCESCALATE_BACKEND", "python")
    start = measure_start(CASES["pair"](), rounds=1)
    assert start.first_chain > 0.0
    assert start.end > 0.0
