"""The C baseline that the engine is measured against simulates the same model as the engine.

Two samples of one law, cell by cell (see `baselines.agreement`): each of the tests fails a right
baseline with a chance of at most `RATE` / 3, all three together of at most `RATE`. Seeds are fixed.
"""

import functools
from collections import defaultdict

import pytest
import xarray as xr
from baselines import in_c
from baselines.agreement import disagreements, tails
from benchmark_scenarios import CASES
from side_by_side import Row, table
from verification.small_worlds import MAIN

import mcescalate as mc
from mcescalate.scenario.build import build_world
from mcescalate.scenario.reading import parse_scenario
from mcescalate.scenario.schema import Scenario

RATE = 1e-4
"""Chance that a right baseline fails anywhere here."""

SCENARIOS = {
    "pair": lambda: parse_scenario(CASES["pair"]()),
    "everything that it has": lambda: without_unknown(MAIN["four, everything on"]),
    "july_1914": lambda: parse_scenario(CASES["july_1914"]()),
}
N_ENGINE = 20_000
N_CHAINS = {"pair": 50_000, "everything that it has": 50_000, "july_1914": 30_000}


def without_unknown(scenario: Scenario) -> Scenario:
    """The scenario without the terms that the C code does not have."""
    tables: dict[str, dict[str, float]] = defaultdict(dict)
    for row in in_c.unknown_coefficients():
        tables[row.table][row.name] = int(row.neutral) if row.integer else row.neutral
    changes = {
        table: getattr(scenario, table).model_copy(update=values)
        for table, values in tables.items()
    }
    changes["actors"] = tuple(
        actor.model_copy(update=in_c.UNKNOWN_OF_ACTORS) for actor in scenario.actors
    )
    changes["trigger"] = scenario.trigger.model_copy(update={"blame": 0.0})
    return scenario.model_copy(update=changes)


needs_gcc = pytest.mark.skipif(in_c.compiler() is None, reason="no gcc to compile it with")


@functools.cache
def scenario_of(name: str) -> Scenario:
    return SCENARIOS[name]()


@functools.cache
def engine_result(name: str) -> xr.Dataset:
    return mc.simulate(scenario_of(name), n_chains=N_ENGINE, seed=1914)


@needs_gcc
@pytest.mark.parametrize("name", SCENARIOS)
def test_agrees_with_the_engine(name):
    scenario = scenario_of(name)
    counts = in_c.simulate(build_world(scenario), N_CHAINS[name], seed=7)
    assert int(counts["n_chains"]) == N_CHAINS[name]
    found = list(disagreements(engine_result(name), counts, scenario, RATE / len(SCENARIOS)))
    assert not found, "\n".join(found)


@needs_gcc
def test_counts_everything_that_a_result_does():
    counts = in_c.simulate(build_world(scenario_of("pair")), 10, seed=1)
    result = engine_result("pair")
    assert {name: array.shape for name, array in counts.items()} == {
        name: variable.shape for name, variable in result.data_vars.items()
    }


@needs_gcc
def test_c_refuses_odds_that_it_cannot_multiply():
    world = build_world(scenario_of("pair"))
    world.coefficients.response_gap = 100.0
    with pytest.raises(in_c.CannotPlay, match="too large"):
        in_c.simulate(world, 1, seed=1)


@pytest.mark.parametrize(
    ("place", "field", "value", "address"),
    [
        ("coefficients", "response_encircle", 0.5, "response.encircle"),
        ("coefficients", "bystander_base", -2.0, "bystander.base"),
        ("coefficients", "policy_from_rung", 2, "policy.from_rung"),
        ("coefficients", "war_rate", 0.1, "war.rate"),
        ("coefficients", "war_length", 0.1, "war.length"),
        ("actors", "opacity", 0.5, r"actors.\*.opacity"),
        ("actors", "weight_security", 2.0, r"actors.\*.weight_security"),
    ],
)
def test_refuses_terms_that_it_does_not_have(place, field, value, address):
    world = build_world(scenario_of("pair"))
    getattr(world, place)[field] = value
    with pytest.raises(in_c.CannotPlay, match=f"does not have these terms: {address}; "):
        in_c.simulate(world, 1, seed=1)


def test_refuses_blame_of_third_parties():
    world = build_world(scenario_of("pair"))._replace(blame=0.5)
    with pytest.raises(in_c.CannotPlay, match=r"trigger\.blame"):
        in_c.simulate(world, 1, seed=1)


def test_tails_are_those_of_a_fair_split():
    # Of 4 occurrences in 10 + 10 chains, 0 fall into the first ten with chance 210 / 4845.
    assert tails(0, 10, 4, 10) == pytest.approx(2 * 210 / 4845)
    assert tails(2, 10, 2, 10) == 1.0


def test_the_table_says_how_many_times_as_fast_the_engine_is():
    rows = [Row("pair", "engine", 900, 3.0), Row("pair", "C", 400, 2.0)]
    engine, c = table(rows).splitlines()[2:4]
    assert engine.split() == ["pair", "engine", "300"]
    assert c.split() == ["C", "200", "1.50"]
