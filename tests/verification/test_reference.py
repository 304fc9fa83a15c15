"""The exact solver against a solver that shares no code with it: every variable to 1e-10."""

import numpy as np
import pytest
import reference_model as ref
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from strategies import scenarios, with_all_terms
from verification.small_worlds import MAIN, SMALL_WORLDS

import mcescalate as mc
from mcescalate.results.variables import PROBABILITIES, probability_name
from mcescalate.scenario.schema import Scenario

TURNS = {
    "divided at home": 2,
    "arms race": 2,
    "wrong one blamed": 1,
    "talk among allies": 2,
    "several incidents": 2,
    **dict.fromkeys(MAIN, 1),
}
"""Turns that the reference, which is slow, can follow in a few seconds; three elsewhere."""


STEADY = {"deadline": None, "derandomize": True, "phases": [Phase.generate]}
"""The same examples in every run, unshrunk."""


def cut(scenario: Scenario, turns: int) -> Scenario:
    """The scenario with a near horizon."""
    run = scenario.run.model_copy(update={"horizon": turns})
    return scenario.model_copy(update={"run": run})


def small(scenario: Scenario) -> Scenario:
    """A random scenario made small enough for the reference."""
    arms = scenario.arms.model_copy(
        update={"periods": min(1, scenario.arms.periods), "levels": min(2, scenario.arms.levels)}
    )
    return cut(scenario.model_copy(update={"arms": arms}), 2 if len(scenario.actors) == 2 else 1)


@st.composite
def any_terms(draw: st.DrawFn, max_actors: int) -> Scenario:
    """Random scenarios, half of them with every term on."""
    scenario = draw(scenarios(max_actors=max_actors))
    return draw(with_all_terms(scenario)) if draw(st.booleans()) else scenario


def compare(scenario):
    exact, expected = mc.solve(scenario), ref.expected_tally(ref.model_of(scenario))
    for variable in PROBABILITIES:
        if variable.in_sequences:
            continue
        found = exact[probability_name(variable)].values
        np.testing.assert_allclose(
            found, expected[variable.name], rtol=0, atol=1e-10, err_msg=variable.name
        )


@pytest.mark.parametrize("name", [name for name in SMALL_WORLDS if name not in MAIN])
def test_exact_solution_is_that_of_the_reference(name):
    compare(cut(SMALL_WORLDS[name], TURNS.get(name, 3)))


@given(any_terms(max_actors=2))
@settings(max_examples=15, **STEADY)
def test_exact_solution_of_random_pairs_is_that_of_the_reference(scenario):
    compare(small(scenario))


@pytest.mark.slow
@given(any_terms(max_actors=3))
@settings(max_examples=60, **STEADY)
def test_exact_solution_of_random_scenarios_is_that_of_the_reference(scenario):
    compare(small(scenario))


@pytest.mark.slow
@pytest.mark.parametrize("name", MAIN)
def test_exact_solution_with_everything_on_is_that_of_the_reference(name):
    compare(cut(SMALL_WORLDS[name], TURNS[name]))
