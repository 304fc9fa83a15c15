"""What holds of every scenario: of random ones, and of those with everything on."""

import functools
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from strategies import scenarios
from verification.small_worlds import DIVIDED, MAIN, SMALL_WORLDS

import mcescalate as mc
from mcescalate.errors import ResourceError
from mcescalate.model.counts import COUNTS
from mcescalate.results.variables import PROBABILITIES, probability_name
from mcescalate.scenario.schema import Scenario

NAMES = [probability_name(variable) for variable in PROBABILITIES if not variable.in_sequences]
TRIAD = "triad, everything on"
BY_ORDER = {"drawn_in_probability", "chain_gang_probability"}
"""Of several ties that would draw an actor in, the first by id is named as the cause."""
PLACES = {"id", "from", "to", "against", "a", "b", "initiator", "target"}


def tables_of(scenario: Scenario, **changes: Any) -> dict[str, Any]:
    """A scenario as plain tables, some of them changed."""
    tables = scenario.model_dump(by_alias=True, exclude_none=True)
    for table, fields in changes.items():
        tables[table] = {**tables[table], **fields}
    return tables


def renamed(value: Any, names: dict[str, str], key: str = "") -> Any:
    """Plain tables with other ids."""
    if isinstance(value, dict):
        return {k: renamed(v, names, k) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [renamed(v, names, key) for v in value]
    return names.get(value, value) if key in PLACES else value


def assert_same(one: xr.Dataset, two: xr.Dataset, names=NAMES, **tolerance: float) -> None:
    for name in names:
        np.testing.assert_allclose(
            one[name].values, two[name].values, rtol=0, **{"atol": 1e-12, **tolerance}, err_msg=name
        )


# ---------------------------------------------------------------- random scenarios


def check_probabilities(scenario):
    tables = tables_of(scenario, arms={"periods": min(1, scenario.arms.periods)})
    try:
        solution = mc.solve(Scenario.model_validate(tables))
    except ResourceError:
        assume(False)
    for name in NAMES:
        assert ((solution[name] >= 0) & (solution[name] <= 1)).all()
    assert solution.attrs["mass_gap"] <= 1e-12
    for name in ("outcome", "peak", "last_turn", "engaged_size", "war_size", "misread"):
        assert float(solution[f"{name}_probability"].sum()) == pytest.approx(1.0, abs=1e-12)
    peaks = solution["actor_peak_probability"].sum("rung")
    np.testing.assert_allclose(peaks, 1.0, rtol=0, atol=1e-12)


@pytest.mark.parametrize("examples", [4, pytest.param(30, marks=pytest.mark.slow)])
def test_probabilities_are_probabilities(examples):
    steady = settings(max_examples=examples, deadline=None, derandomize=True)
    steady(given(scenarios(max_actors=3))(check_probabilities))()


@given(st.permutations(["A", "B", "C"]), st.permutations([0, 1, 2]))
@settings(max_examples=3, deadline=None, derandomize=True)
def test_new_names_and_a_new_order_only_rearrange(names, order):
    old = SMALL_WORLDS[TRIAD]
    short = {"run": {"horizon": 3}, "arms": {"periods": 0}}
    scenario = Scenario.model_validate(tables_of(old, **short))
    as_before = dict(zip("ABC", names, strict=True))
    tables = renamed(tables_of(scenario), as_before)
    tables["actors"] = [tables["actors"][k] for k in order]
    one, two = mc.solve(scenario), mc.solve(Scenario.model_validate(tables))
    place = [as_before[i] for i in "ABC"]
    two = two.sel(actor=place, partner=place)
    assert_same(one, two, [name for name in NAMES if name not in BY_ORDER])
    by_anybody = [solution["drawn_in_probability"].sum("partner") for solution in (one, two)]
    np.testing.assert_allclose(*by_anybody, rtol=0, atol=1e-12)


# ---------------------------------------------------------------- neutral is absent


def without(*kinds: str) -> list[dict[str, Any]]:
    """Ties of the triad but those of some kinds."""
    ties = tables_of(SMALL_WORLDS[TRIAD])["ties"]
    return [row for row in ties if row["kind"] not in kinds]


def actors_with(**fields: Any) -> list[dict[str, Any]]:
    return [{**row, **fields} for row in tables_of(SMALL_WORLDS[TRIAD])["actors"]]


def dyads_with(**fields: Any) -> list[dict[str, Any]]:
    return [{**row, **fields} for row in tables_of(SMALL_WORLDS[TRIAD])["dyads"]]


NO_THREAT = {"provocation": 0.0}, {"encircle": 0.0, "display": 0.0}
"""`[deterrence]` and `[response]` in which no neutral threatens anybody."""

ABSENT = {
    "arms": (
        {"arms": {"effect": 0.0, "tempo": 0.0}, "mediation": {"arms": 0.0}},
        {"arms": {"periods": 0}},
    ),
    "consultation": (
        {
            "perception": {"sharing": 0.0},
            "response": {"restraint": 0.0, "protocol": 0.0},
            "alliance": {"loss": 0.0},
        },
        {"ties": without("consultation")},
    ),
    "support": (
        {"alliance": {"aid": 0.0}, "deterrence": NO_THREAT[0], "response": NO_THREAT[1]},
        {"ties": without("support")},
    ),
    "pacts": (
        {
            "deterrence": {"pact": 0.0},
            "alliance": {"pact": 0.0},
            "contagion": {"pact": 0.0},
            "bystander": {"pact": 0.0},
        },
        {"ties": without("neutrality", "nonaggression")},
    ),
    "divided governments": (
        {
            "deterrence": {"diversion": 0.0, "opportunity": 0.0, "divided": 0.0},
            "response": {"diversion": 0.0},
            "alliance": {"divided": 0.0, "divided_delay": 0.0},
        },
        {"actors": actors_with(instability=0.0, turnover=0.0)},
    ),
    "nuclear weapons": ({"response": {"nuclear": 0.0}}, {"actors": actors_with(nuclear=False)}),
    "major powers": (
        {"contagion": {"major": 0.0}, "bystander": {"major": 0.0}},
        {"actors": actors_with(major=False)},
    ),
    "channels": (
        {
            "perception": {"channel_noise": 0.0, "channel_bias": 0.0},
            "deterrence": NO_THREAT[0],
            "response": {"channel": 0.0, **NO_THREAT[1]},
            "actors": actors_with(exercise=0.0, opacity=0.0),
        },
        {"dyads": dyads_with(channel=0.0)},
    ),
    "latent allies": (
        {
            "deterrence": {"latent": 0.0, "assurance": 0.0, **NO_THREAT[0]},
            "response": {"assurance": 0.0, **NO_THREAT[1]},
            "alliance": {"slack": 0.0},
        },
        {"ties": [{**row, "credibility": 1.0, "ambiguity": 0.0} for row in without()]},
    ),
}
"""Neutral coefficients, and what then makes no difference."""


def short_triad(periods: int) -> dict[str, Any]:
    """Tables of the triad with a near horizon."""
    return tables_of(SMALL_WORLDS[TRIAD], run={"horizon": 3}, arms={"periods": periods})


@functools.cache
def outcomes_of_short_triad(periods: int) -> np.ndarray:
    exact = mc.solve(Scenario.model_validate(short_triad(periods)))
    return exact["outcome_probability"].values


@pytest.mark.parametrize("mechanism", ABSENT)
def test_a_neutral_coefficient_is_an_absent_mechanism(mechanism):
    neutral, absent = ABSENT[mechanism]
    periods = 1 if mechanism == "arms" else 0

    def changed(*changes):
        result = dict(short_triad(periods))
        for change in changes:
            for name, value in change.items():
                old = result[name]
                result[name] = {**old, **value} if isinstance(value, dict) else value
        return mc.solve(Scenario.model_validate(result))

    reference = changed(neutral)
    assert_same(reference, changed(neutral, absent))
    unlike = changed(absent)["outcome_probability"].values - outcomes_of_short_triad(periods)
    assert np.abs(unlike).max() > 1e-6  # the mechanism is on in this world


def test_a_mediator_without_pull_is_only_named():
    tables = tables_of(SMALL_WORLDS[TRIAD], run={"horizon": 3})
    tables["mediation"] |= {"pull": 0.0}
    heard = mc.solve(Scenario.model_validate(tables))
    tables["mediation"] |= {"rate": 0.0}
    unheard = mc.solve(Scenario.model_validate(tables))
    calm = ["settled", "mediated"]
    together = heard["outcome_probability"].sel(outcome=calm).sum()
    assert float(together) == pytest.approx(
        float(unheard["outcome_probability"].sel(outcome="settled")), abs=1e-12
    )
    assert_same(heard, unheard, ["peak_probability", "war_turn_probability", "entry_probability"])


# ---------------------------------------------------------------- spectators


WARS = ["limited_war", "general_war"]
OUTCOME_VARIABLES = ("outcome", "last_turn", "accident", "domain")


APART = {"bystander": {"base": -100.0}, "outcome": {"system_capability": 20.0}}
"""Nobody joins as a bystander, and shares of capability are of a system that stays the same."""


def with_spectator(scenario: Scenario, actor_id: str, place: int) -> Scenario:
    """One more actor, without ties, rivalries or reach, at a place in the file."""
    tables = tables_of(scenario)
    ids = [row["id"] for row in tables["actors"]]
    spectator = {"id": actor_id, "capability": 3.0, **DIVIDED["A"]}
    tables["actors"] = [*tables["actors"][:place], spectator, *tables["actors"][place:]]
    tables["dyads"] = [
        *tables["dyads"],
        *({"a": actor_id, "b": i, "reach": 0.0, "rivalry": 0.0} for i in ids),
    ]
    return Scenario.model_validate(tables)


def of_the_others(result: xr.Dataset, ids: list[str], ending: str) -> dict[str, np.ndarray]:
    """Values without the spectator's, limited and general war added together."""
    kept = result.sel(actor=ids, partner=ids).isel(n_actors=slice(0, len(ids) + 1))
    values = {}
    for variable in COUNTS:
        name = variable.name.removesuffix("_count") + ending
        if name not in kept:
            continue
        array = kept[name]
        if variable.name.removesuffix("_count") in OUTCOME_VARIABLES:
            war = array.sel(outcome=WARS).sum("outcome")
            values[name + " of war"] = war.values
            array = array.drop_sel(outcome=WARS)
        values[name] = array.values
    return values


@pytest.mark.parametrize(("actor_id", "place"), [("AA", 0), ("ZZ", 2)])
def test_a_spectator_changes_nothing_for_the_others(actor_id, place):
    tables = tables_of(SMALL_WORLDS[TRIAD], run={"horizon": 4}, arms={"periods": 0}, **APART)
    alone = Scenario.model_validate(tables)
    watched = with_spectator(alone, actor_id, place)
    ids = ["A", "B", "C"]
    one, two = mc.solve(alone), mc.solve(watched)
    expected, found = (of_the_others(result, ids, "_probability") for result in (one, two))
    for name in expected:
        np.testing.assert_allclose(found[name], expected[name], rtol=0, atol=1e-12, err_msg=name)


@pytest.mark.parametrize("name", MAIN)
def test_a_spectator_changes_no_count_of_the_others(name):
    alone = Scenario.model_validate(tables_of(SMALL_WORLDS[name], **APART))
    ids = [actor.id for actor in alone.actors]
    one, two = (
        mc.simulate(scenario, n_chains=20_000, seed=3)
        for scenario in (alone, with_spectator(alone, "AA", 1))
    )
    expected, found = (of_the_others(result, ids, "_count") for result in (one, two))
    for variable in expected:
        np.testing.assert_array_equal(found[variable], expected[variable], err_msg=variable)


# ---------------------------------------------------------------- tallies


@given(st.lists(st.integers(1, 400), min_size=3, max_size=3), st.integers(0, 2**40))
@settings(max_examples=4, deadline=None, derandomize=True)
def test_merging_is_associative_and_equals_one_run(sizes, first):
    scenario = SMALL_WORLDS[TRIAD]
    starts = [first, first + sizes[0], first + sizes[0] + sizes[1]]
    a, b, c = (
        mc.simulate(scenario, n_chains=n, seed=8, first_chain=start)
        for n, start in zip(sizes, starts, strict=True)
    )
    whole = mc.simulate(scenario, n_chains=sum(sizes), seed=8, first_chain=first)
    left, right = mc.merge([mc.merge([a, b]), c]), mc.merge([a, mc.merge([c, b])])
    for variable in COUNTS:
        np.testing.assert_array_equal(left[variable.name], right[variable.name])
        np.testing.assert_array_equal(left[variable.name], whole[variable.name])
