"""The baselines that the engine is measured against play the same model as the engine.

Two samples of one law, cell by cell (see `baselines.agreement`): each of the tests fails a right
baseline with a chance of at most `RATE` / 9, all nine together of at most `RATE`. Seeds are fixed.
"""

import functools

import pytest
import xarray as xr
from baselines import in_c, in_mesa, in_numpy
from baselines.agreement import disagreements, tails
from benchmark_scenarios import CASES
from side_by_side import Row, table
from verification.small_worlds import MAIN

import mcescalate as mc
from mcescalate.scenario.build import build_world
from mcescalate.scenario.reading import parse_scenario
from mcescalate.scenario.schema import Scenario

RATE = 1e-4
"""Chance that right baselines fail anywhere here."""

SCENARIOS = {
    "pair": lambda: parse_scenario(CASES["pair"]()),
    "everything on": lambda: MAIN["four, everything on"],
    "july_1914": lambda: parse_scenario(CASES["july_1914"]()),
}
N_ENGINE = 40_000
N_CHAINS = {
    in_c: {"pair": 100_000, "everything on": 100_000, "july_1914": 60_000},
    in_numpy: {"pair": 16_000, "everything on": 16_000, "july_1914": 4_000},
    in_mesa: {"pair": 1_000, "everything on": 500, "july_1914": 150},
}

needs_gcc = pytest.mark.skipif(in_c.compiler() is None, reason="no gcc to compile it with")
needs_mesa = pytest.mark.skipif(not in_mesa.is_installed(), reason="no mesa")


@functools.cache
def scenario_of(name: str) -> Scenario:
    return SCENARIOS[name]()


@functools.cache
def engine_result(name: str) -> xr.Dataset:
    return mc.simulate(scenario_of(name), n_chains=N_ENGINE, seed=1914)


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize(
    "baseline",
    [
        pytest.param(in_c, marks=needs_gcc, id="c"),
        pytest.param(in_numpy, id="numpy"),
        pytest.param(in_mesa, marks=needs_mesa, id="mesa"),
    ],
)
def test_agrees_with_the_engine(baseline, name):
    scenario = scenario_of(name)
    counts = baseline.play(build_world(scenario), N_CHAINS[baseline][name], seed=7)
    assert int(counts["n_chains"]) == N_CHAINS[baseline][name]
    found = list(disagreements(engine_result(name), counts, scenario, RATE / 9))
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "baseline", [pytest.param(in_c, marks=needs_gcc), in_numpy], ids=["c", "numpy"]
)
def test_counts_everything_that_a_result_does(baseline):
    counts = baseline.play(build_world(scenario_of("pair")), 10, seed=1)
    result = engine_result("pair")
    assert {name: array.shape for name, array in counts.items()} == {
        name: variable.shape for name, variable in result.data_vars.items()
    }


@needs_gcc
def test_c_refuses_odds_that_it_cannot_multiply():
    world = build_world(scenario_of("pair"))
    world.coefficients.response_gap = 100.0
    with pytest.raises(in_c.CannotPlay, match="too large"):
        in_c.play(world, 1, seed=1)


def test_tails_are_those_of_a_fair_split():
    # Of 4 occurrences in 10 + 10 chains, 0 fall into the first ten with chance 210 / 4845.
    assert tails(0, 10, 4, 10) == pytest.approx(2 * 210 / 4845)
    assert tails(2, 10, 2, 10) == 1.0


def test_the_table_says_how_many_times_as_fast_the_engine_is():
    rows = [Row("pair", "engine", 900, 3.0, 2.0), Row("pair", "c", 400, 2.0, 2.0)]
    engine, c = table(rows).splitlines()[2:4]
    assert engine.split() == ["pair", "engine", "300", "600"]
    assert c.split() == ["C", "200", "400", "1.50"]
