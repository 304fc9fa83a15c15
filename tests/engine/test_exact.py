"""The exact solver itself: its backends, its bounds, what it refuses, and what it writes."""

import numpy as np
import pytest
from unchecked import write_unchecked
from verification.small_worlds import ALONE, MAIN, tie, world

import mcescalate as mc
from mcescalate.engine.exact import budget, opening, solve_world
from mcescalate.errors import BackendUnavailable, DataError, ResourceError, UsageError
from mcescalate.results.variables import PROBABILITIES, is_bounded, is_exact, probability_name
from mcescalate.scenario.build import build_world
from mcescalate.scenario.schema import Scenario

NAMES = [probability_name(variable) for variable in PROBABILITIES if not variable.in_sequences]
SMALL = world(
    "ABC",
    about={"A": {"instability": 0.4, "turnover": 0.3}, "C": {"instability": 1.0}},
    ties=(tie("C", "B"), tie("C", "A")),
    dyads=({"a": "B", "b": "C", "rivalry": 0.5},),
    trigger={"initiator": "A", "target": "B", "domains": [{"name": "x", "misattribution": 0.5}]},
    arms={"periods": 1, "levels": 1},
    run={"horizon": 3},
)


@pytest.fixture(scope="module")
def whole():
    return mc.solve(SMALL)


def test_uncompiled_source_gives_the_same():
    brief = SMALL.model_copy(update={"run": SMALL.run.model_copy(update={"horizon": 2})})
    plain, compiled = mc.solve(brief, backend="python"), mc.solve(brief)
    for name in NAMES:
        one, other = plain[name].values, compiled[name].values
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("prune", [1e-5, 1e-4, 1e-2])
def test_bounds_of_a_pruned_solution_hold_the_exact_values(whole, prune):
    pruned = mc.solve(SMALL, prune=prune)
    assert is_bounded(pruned)
    lost = pruned.attrs["mass_lost"]
    assert 0 < lost < 1
    assert pruned.attrs["n_states"] <= whole.attrs["n_states"]
    for name in NAMES:
        lower, upper = pruned[f"{name}_lower"].values, pruned[f"{name}_upper"].values
        assert (lower <= whole[name].values + 1e-14).all(), name
        assert (whole[name].values <= upper + 1e-14).all(), name
        assert (upper - lower <= lost + 1e-14).all(), name


def test_bounds_meet_as_less_is_dropped():
    widths = [mc.solve(SMALL, prune=prune).attrs["mass_lost"] for prune in (1e-2, 1e-4, 1e-6)]
    assert widths == sorted(widths, reverse=True)
    assert widths[-1] < 1e-4


def test_pruning_reaches_where_states_are_too_many(monkeypatch):
    scenario = MAIN["triad, everything on"]
    monkeypatch.setattr(budget, "MOST_BYTES", 1_000_000)
    with pytest.raises(ResourceError, match=r"states.*--prune"):
        mc.solve(scenario)
    assert mc.solve(scenario, prune=1e-3).attrs["mass_lost"] > 0


def test_too_much_time_is_refused_with_an_estimate(monkeypatch):
    monkeypatch.setattr(budget, "MOST_SECONDS", 1e-9)
    with pytest.raises(ResourceError, match=r"[\d ]+ states in 12 crises, .* of memory"):
        solve_world(build_world(SMALL))


def test_a_large_crisis_is_refused():
    ids = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    crowd = world(ids, ties=tuple(tie(i, "A") for i in ids[1:]))
    with pytest.raises(ResourceError, match="26 actors on 4 rungs"):
        mc.solve(crowd)


def test_a_wide_arms_race_is_refused(monkeypatch):
    monkeypatch.setattr(opening, "MOST_LEVELS", 7)
    with pytest.raises(ResourceError, match=r"arms race of 3 actors .* 2\^3 settings"):
        mc.solve(SMALL)


@pytest.mark.parametrize("prune", [-0.1, 1.0, float("nan")])
def test_prune_must_be_a_probability(prune):
    with pytest.raises(UsageError, match="prune"):
        mc.solve(SMALL, prune=prune)


def test_unknown_backend():
    with pytest.raises(BackendUnavailable, match="cuda"):
        mc.solve(SMALL, backend="cuda")


def test_every_crisis_is_announced():
    reported = []
    mc.solve(SMALL, progress=lambda done, total: reported.append((done, total)))
    assert reported == [(k, len(reported)) for k in range(1, len(reported) + 1)]


def test_actors_stand_in_the_order_of_the_file():
    rows = ALONE["defence"].model_dump(by_alias=True, exclude_none=True)
    rows["actors"] = rows["actors"][::-1]
    turned = mc.solve(Scenario.model_validate(rows))
    straight = mc.solve(ALONE["defence"])
    assert turned["actor"].values.tolist() == ["C", "B", "A"]
    again = turned.sel(actor=["A", "B", "C"], partner=["A", "B", "C"])
    for name in NAMES:
        np.testing.assert_array_equal(again[name].values, straight[name].values)


def test_a_file_keeps_everything(whole, tmp_path):
    path = tmp_path / "exact.h5"
    mc.save(whole, path)
    again = mc.load(path)
    assert is_exact(again) and not is_bounded(again)
    for name in NAMES:
        np.testing.assert_array_equal(again[name].values, whole[name].values)


def test_a_file_that_does_not_add_up_is_refused(whole, tmp_path):
    for name, factor in (("outcome", 0.5), ("actor_peak", 0.5), ("peak", -1.0)):
        wrong = whole.copy(deep=True)
        wrong[f"{name}_probability"] *= factor
        path = tmp_path / f"{name}.h5"
        with pytest.raises(DataError, match=f"{name}_probability"):
            mc.save(wrong, path)
        assert not path.exists()
        write_unchecked(wrong, path)
        with pytest.raises(DataError, match=f"{name}_probability"):
            mc.load(path)


def test_exact_solutions_are_not_merged(whole):
    with pytest.raises(UsageError, match="exact"):
        mc.merge([whole, whole])
