"""Wars that vanish without misperception."""

import pytest
from reference_model import model_of, solve_exact
from small_crisis import crisis

from mcescalate.analysis.mechanisms.inadvertence import MECHANISMS, inadvertence, simulate_without
from mcescalate.api import simulate
from mcescalate.scenario.change.edits import edited

CHAINS = 20_000


@pytest.fixture(scope="module")
def found(scenario):
    return inadvertence(simulate_without(scenario, n_chains=CHAINS, seed=4), 1 - 1e-6)


def war_chance(scenario):
    outcomes = solve_exact(model_of(scenario))
    return outcomes["limited_war"] + outcomes["general_war"]


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_net_share_holds_the_exact_one(scenario, found, mechanism):
    """At a level of 1 - 10^-6: a false alarm in 140,000 programs."""
    truth = 1 - war_chance(edited(scenario, off=MECHANISMS[mechanism])) / war_chance(scenario)
    row = found.sel(mechanism=mechanism)
    assert float(row["net_lower"]) <= truth <= float(row["net_upper"])


def test_shares_fit_together(found):
    assert found["net"].values == pytest.approx((found["vanishing"] - found["appearing"]).values)
    assert float(found["vanishing"].sel(mechanism="misattribution")) == 0.0
    assert float(found["vanishing"].sel(mechanism="all")) > 0.1
    for name in ("vanishing", "appearing", "net", "began_misread"):
        assert (found[f"{name}_lower"] <= found[name]).all(), name
        assert (found[name] <= found[f"{name}_upper"]).all(), name


def test_in_chain_count_is_the_runs(scenario, found):
    run = simulate(scenario, n_chains=CHAINS, seed=4)
    wars = int(run["war_turn_count"].sum())
    assert int(found["wars"]) == wars
    assert float(found["began_misread"]) == pytest.approx(int(run["misread_war_count"]) / wars)


def test_no_war_at_all():
    calm = crisis(response={"up": -50.0})
    found = inadvertence(simulate_without(calm, n_chains=100, seed=1))
    assert int(found["wars"]) == 0
    assert found["vanishing"].isnull().all()
