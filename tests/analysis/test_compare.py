"""Two scenarios on the same chains: against separate runs, exact values, and by hand."""

import numpy as np
import pytest
import xarray as xr
from reference_model import model_of, solve_exact
from samples import small_scenario
from scipy.stats import binom
from small_crisis import crisis

from mcescalate.analysis.comparison.compare import actor_differences, compare, differences, splits
from mcescalate.analysis.comparison.paired_runs import simulate_paired
from mcescalate.analysis.estimation.difference import tango
from mcescalate.analysis.mechanisms.deterrence import factor_changes, simulate_settings
from mcescalate.api import simulate
from mcescalate.errors import ResourceError, UsageError
from mcescalate.scenario.change.edits import without

CHAINS = 20_000


@pytest.fixture(scope="module")
def second(scenario):
    return without(scenario, "tie:RUS-YUG")


@pytest.fixture(scope="module")
def counts(scenario, second):
    return compare(scenario, second, n_chains=CHAINS, seed=4)


@pytest.fixture(scope="module")
def exact_outcomes(scenario, second):
    return [solve_exact(model_of(each)) for each in (scenario, second)]


def test_margins_are_those_of_separate_runs(scenario, second, counts):
    """The coupling changes which chains differ, never how many there are of each kind."""
    for side, other, each in (("first", "second", scenario), ("second", "first", second)):
        run = simulate(each, n_chains=CHAINS, seed=4)
        pairs = counts["outcome_pair_count"].sum(f"{other}_outcome")
        assert (pairs.values == run["outcome_count"].values).all()
        pairs = counts["peak_pair_count"].sum(f"{other}_peak")
        assert (pairs.values == run["peak_count"].values).all()
        pairs = counts["size_pair_count"].sum(f"{other}_size")
        assert (pairs.values == run["engaged_size_count"].values).all()
        reach = counts["reach_pair_count"].sum(f"{other}_reach").values
        size = run["war_size_count"].values
        assert reach[2:].tolist() == size[1:].tolist()
        assert reach[:2].sum() == size[0]
        for name in ("engaged", "at_war"):
            pairs = counts[f"{name}_pair_count"].sum(f"{other}_did").isel({f"{side}_did": 1})
            run_name = "actor_war_count" if name == "at_war" else "actor_engaged_count"
            assert (pairs.values == run[run_name].sum("side").values).all()


def test_differences_hold_the_exact_ones(counts, exact_outcomes):
    """At a level of 1 - 10^-6 for each of 7 events: a false alarm in 140,000 programs."""
    found = differences(counts, 1 - 1e-6)
    first, second = exact_outcomes
    events = {name: (first[name], second[name]) for name in first}
    events["war"] = tuple(o["limited_war"] + o["general_war"] for o in exact_outcomes)
    for name, (a, b) in events.items():
        row = found.sel(event=name)
        assert float(row["lower"]) - 1e-9 <= b - a <= float(row["upper"]) + 1e-9, name
        assert float(row["unpaired_lower"]) <= b - a <= float(row["unpaired_upper"]), name


def reached(run):
    """-1 for a deterred chain, else how many were at war at its end."""
    return np.where(run["chain_outcome"] == 0, -1, run["chain_n_at_war"])


@pytest.fixture(scope="module")
def many_comparisons(scenario, second):
    """(comparison, first reach, second reach): 500 comparisons of 200 chains each."""
    shape = 500, 200
    how = {"n_chains": 100_000, "seed": 6, "keep_chains": True}
    first, then = (reached(simulate(each, **how)).reshape(shape) for each in (scenario, second))
    counts = np.zeros((500, 5, 5), np.int64)
    np.add.at(counts, (np.arange(500)[:, None], first + 1, then + 1), 1)
    return counts


FEWEST, MOST = binom.ppf([5e-5, 1 - 5e-5], 500, 0.95)
"""With a true coverage of 95 % of 500 intervals, others are seen once in 10,000 programs."""


def test_measured_coverage(many_comparisons, exact_outcomes):
    """Of 95 % intervals of the change of P(war), how many hold the exact one."""
    a, b = (o["limited_war"] + o["general_war"] for o in exact_outcomes)
    first_only = many_comparisons[:, 2:, :2].sum((1, 2))
    second_only = many_comparisons[:, :2, 2:].sum((1, 2))
    lower, upper = tango(first_only, second_only, 200)
    assert FEWEST <= ((lower <= b - a) & (b - a <= upper)).sum() <= MOST


def test_measured_coverage_of_factors(many_comparisons, exact_outcomes):
    """Of 95 % intervals of the ratio of P(war | crisis), how many hold the exact one."""
    a, b = ((o["limited_war"] + o["general_war"]) / (1 - o["deterred"]) for o in exact_outcomes)
    scale = np.arange(-1, 4)
    dims = ("change", "first_reach", "second_reach")
    counts = xr.Dataset(
        {"reach_pair_count": (dims, many_comparisons), "n_chains": 200},
        {"first_reach": scale, "second_reach": scale},
    )
    found = factor_changes(counts).sel(factor="war_given_challenge")
    held = (found["lower"] <= b / a) & (b / a <= found["upper"])
    assert FEWEST <= int(held.sum()) <= MOST


def test_blocks_and_workers_change_nothing(scenario, second, counts):
    again = compare(scenario, second, n_chains=CHAINS, seed=4, block_chains=777, workers=1)
    assert again.identical(counts)


def test_the_same_scenario_does_not_differ(scenario):
    counts = compare(scenario, scenario, n_chains=500, seed=1)
    found = differences(counts)
    assert (found["first_only"] == 0).all() and (found["second_only"] == 0).all()
    assert (splits(counts)["count"] == 0).all()


def test_swapping_sides_turns_signs(scenario, second, counts):
    swapped = differences(compare(second, scenario, n_chains=CHAINS, seed=4))
    found = differences(counts)
    assert swapped["difference"].values == pytest.approx(-found["difference"].values)
    assert swapped["lower"].values == pytest.approx(-found["upper"].values)
    assert swapped["narrowing"].values == pytest.approx(found["narrowing"].values)


def test_splits_add_up_to_differences(counts):
    """Prevented less provoked is what the probability loses."""
    found, changes = splits(counts)["count"], differences(counts)
    for name, event in (("crises", "crisis"), ("wars", "war")):
        less, more = ("prevented", "provoked" if name == "crises" else "caused")
        gap = int(found.sel(split=f"{name}_{more}")) - int(found.sel(split=f"{name}_{less}"))
        assert gap == round(float(changes["difference"].sel(event=event)) * CHAINS)


def test_splits_by_hand(scenario):
    """Each chain's record, compared one by one in plain Python."""
    second = without(crisis(), "tie:RUS-YUG")
    runs = [simulate(s, n_chains=3000, seed=9, keep_chains=True) for s in (crisis(), second)]
    reach = [reached(run).tolist() for run in runs]
    size = [run.chain_n_engaged.values.tolist() for run in runs]
    pairs = list(zip(*reach, strict=True))
    sizes = list(zip(*size, strict=True))
    by_hand = {
        "crises_prevented": sum(a >= 0 > b for a, b in pairs),
        "crises_provoked": sum(b >= 0 > a for a, b in pairs),
        "wars_prevented": sum(a > 0 >= b for a, b in pairs),
        "wars_caused": sum(b > 0 >= a for a, b in pairs),
        "wars_widened": sum(0 < a < b for a, b in pairs),
        "wars_narrowed": sum(0 < b < a for a, b in pairs),
        "crises_widened": sum(0 < a < b for a, b in sizes),
        "crises_narrowed": sum(0 < b < a for a, b in sizes),
    }
    found = splits(compare(crisis(), second, n_chains=3000, seed=9))
    assert dict(zip(found["split"].values, found["count"].values, strict=True)) == by_hand
    assert by_hand["wars_narrowed"] > 0 and by_hand["crises_provoked"] > 0


def test_factors_multiply(counts, exact_outcomes):
    found = factor_changes(counts)
    ratio = found["ratio"].values
    assert ratio[:3].prod() == pytest.approx(ratio[3])
    for side, outcome in zip(("first", "second"), exact_outcomes, strict=True):
        assert float(found[side].sel(factor="challenge")) == pytest.approx(
            1 - outcome["deterred"], abs=0.02
        )
    assert (found["lower"] <= found["ratio"]).all() and (found["ratio"] <= found["upper"]).all()


def test_a_dial_is_a_row_of_comparisons(scenario, second, counts):
    """The promise's strength at 0 is the promise taken away."""
    address = "ties.RUS-YUG.defence.strength"
    dial = simulate_settings(scenario, address, [0.0, 0.5, 1.0], n_chains=CHAINS, seed=4)
    found = factor_changes(dial)
    assert dial["value"].values.tolist() == [0.0, 0.5, 1.0]
    xr.testing.assert_allclose(found.isel(setting=0, drop=True), factor_changes(counts))
    challenge = found["second"].sel(factor="challenge").values
    assert challenge[0] > challenge[1] > challenge[2] == found["first"].values[0, 2]
    assert (found["ratio"].isel(setting=2) == 1).all()


def test_actors_that_only_one_has():
    """An actor that is not there takes no side."""
    three = small_scenario()
    two = small_scenario(actors=[{"id": name, "capability": 1.0} for name in ("YUG", "AUH")])
    counts = compare(two, three, n_chains=200, seed=1)
    assert counts["actor"].values.tolist() == ["YUG", "AUH", "RUS"]
    assert (counts["engaged_pair_count"].sel(actor="RUS", first_did=True) == 0).all()
    found = actor_differences(counts)
    same = found["difference"].sel(event="engaged", actor=["YUG", "AUH"])
    assert np.isfinite(same).all()


def test_other_ladders_are_refused(scenario):
    with pytest.raises(UsageError, match="rungs"):
        compare(scenario, small_scenario(), n_chains=10, seed=1)


@pytest.mark.parametrize("wrong", [{"n_chains": 0}, {"seed": -1}, {"first_chain": -1}])
def test_numbers_out_of_range(scenario, wrong):
    with pytest.raises(UsageError, match=next(iter(wrong))):
        compare(scenario, scenario, **{"n_chains": 10, "seed": 1} | wrong)


def test_nothing_to_compare(scenario):
    with pytest.raises(UsageError, match="at least one"):
        simulate_paired(scenario, {}, n_chains=1, seed=1)


def test_more_than_memory_holds_is_refused(scenario, monkeypatch):
    monkeypatch.setattr("mcescalate.analysis.comparison.paired_runs.available_memory", lambda: 100)
    with pytest.raises(ResourceError, match="fewer at once"):
        compare(scenario, scenario, n_chains=10, seed=1)


def test_progress_counts_all_scenarios(scenario, second):
    reported = []
    compare(scenario, second, n_chains=250, seed=1, block_chains=100, progress=reported.append)
    assert reported == sorted(reported)
    assert reported[-1] == 500
