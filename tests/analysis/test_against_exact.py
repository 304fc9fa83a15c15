"""Estimates from a run of a small crisis against its exact values.

Each interval is at a level of 1 - 10^-6, and there are about 150 of them: a correct program
fails here with a chance of about 1.5 in 10,000, once and for all seeds alike.
"""

import numpy as np
import pytest
import xarray as xr
from small_crisis import crisis

from mcescalate.analysis import deterrence, distribution, entry, timing
from mcescalate.analysis.estimation.estimate import estimate, wilson
from mcescalate.api import simulate
from mcescalate.errors import UsageError

LEVEL = 1 - 1e-6
SLACK = 1e-12


def holds(found, truth, value="probability"):
    """Every interval holds the truth, and the estimate lies in its interval."""
    truth = np.asarray(truth)
    lower, upper = found["lower"].values, found["upper"].values
    assert found[value].shape == truth.shape
    assert (lower - SLACK <= truth).all()
    assert (truth <= upper + SLACK).all()
    assert np.nanmax(upper - lower) < 0.2


def at_least(probabilities, axis=-1):
    return np.flip(np.flip(probabilities, axis).cumsum(axis), axis)


def test_outcomes(result, exact):
    holds(
        estimate(result["outcome_count"], result["n_chains"], level=LEVEL), exact["outcome_count"]
    )


def test_distributions(result, exact):
    holds(distribution.peak_at_least(result, LEVEL), at_least(exact["peak_count"]))
    holds(distribution.war_size_at_least(result, LEVEL), at_least(exact["war_size_count"]))
    holds(distribution.engaged_size_at_least(result, LEVEL), at_least(exact["engaged_size_count"]))
    holds(distribution.actor_peak_at_least(result, LEVEL), at_least(exact["actor_peak_count"]))


def test_chances_of_actors(result, exact):
    found = distribution.actor_probabilities(result, LEVEL)
    holds(found.sel(event="engaged"), exact["actor_engaged_count"].sum(1))
    holds(found.sel(event="joined"), exact["entry_count"][:, 2:].sum(1))
    holds(found.sel(event="at_war"), exact["actor_war_count"].sum(1))


def test_incidence_of_competing_ends(result, exact):
    last, war = exact["last_turn_count"], exact["war_turn_count"]
    ends = np.stack([last[0], last[1], last[2], war])
    found = timing.incidence(result, level=LEVEL)
    holds(found, ends.cumsum(1))
    left = 1 - ends.cumsum(1).sum(0)
    assert (found["surviving_lower"].values <= left + SLACK).all()
    assert (left <= found["surviving_upper"].values + SLACK).all()
    assert found["day"].values.tolist() == [0.0, 2.0, 4.0, 6.0]
    of_crises = timing.incidence(result, of_crises=True, level=LEVEL)
    holds(of_crises, (ends[1:] / (1 - ends[0].sum())).cumsum(1))


def test_hazards(result, exact):
    last, war = exact["last_turn_count"], exact["war_turn_count"]
    ends = np.stack([last[0], last[1], last[2], war])
    risk = 1 - np.concatenate([[0.0], ends.sum(0).cumsum()[:-1]])
    holds(timing.hazards(result, LEVEL), ends / risk)


def test_entries(result, exact):
    holds(entry.entry_causes(result, LEVEL), exact["entry_count"])
    holds(entry.entry_matrix(result, LEVEL), exact["drawn_in_count"])
    holds(timing.entry_incidence(result, LEVEL), exact["entry_turn_count"].cumsum(1))


def test_fates_of_promises(result, exact):
    fates = np.stack(
        [exact[f"tie_{fate}_count"] for fate in ("fought", "stood_by", "abandoned", "betrayed")]
    )
    found = entry.tie_fates(result, LEVEL)
    truth = fates / fates.sum(0)
    assert found["fate"].values.tolist() == ["fought", "stood_by", "abandoned", "betrayed"]
    holds(found, truth)
    groups = entry.group_fates(result, level=LEVEL)
    assert groups["group"].values.tolist() == ["all ties", "Guarantee"]
    holds(groups.sel(group="Guarantee"), truth[:, 0])


def test_factors_of_a_wide_war(result, exact):
    found = deterrence.factors(result, LEVEL)
    outcome, size = exact["outcome_count"], exact["war_size_count"]
    crisis, war = 1 - outcome[0], outcome[4] + outcome[5]
    mean = (size * np.arange(len(size))).sum()
    accidents = exact["accident_count"].sum()
    chosen = (crisis - accidents) / (1 - accidents)
    truth = [crisis, war / crisis, mean / war, mean, chosen]
    assert found["factor"].values.tolist() == [*deterrence.FACTORS, "chosen_challenge"]
    holds(found, truth, "value")
    value = found["value"].values
    assert value[:3].prod() == pytest.approx(value[3])


def test_entrapment_is_between_its_bounds(result):
    known = entry.entrapment(result)
    bounded = entry.entrapment(result.drop_dims("chain"))
    assert known.attrs["known"] and not bounded.attrs["known"]
    assert (known["least"] == known["most"]).all()
    assert (bounded["least"] <= known["least"]).all()
    assert (known["most"] <= bounded["most"]).all()
    assert float(known["most"].sel(actor="RUS")) > 0.01
    assert (known["most"].sel(actor=["AUH", "YUG"]) == 0).all()


def test_pulls_by_tie_add_up(result):
    found = entry.pulls(result)["count"]
    assert found["group"].values.tolist() == ["RUS-YUG"]
    known = entry.entrapment(result)["most"].sel(actor="RUS")
    expected = [int(result["drawn_in_count"].sum()), round(float(known) * 40_000), 0]
    assert found.sel(group="RUS-YUG").values.tolist() == expected
    with pytest.raises(UsageError, match="keep_chains"):
        entry.pulls(result.drop_dims("chain"))
    with pytest.raises(UsageError, match="bloc: expected two actors"):
        entry.pulls(result, {"bloc": ["RUS-XYZ"]})


def test_fates_of_a_group_of_one_are_those_of_its_tie(result):
    one, alone = entry.group_fates(result), entry.tie_fates(result)
    for end in ("probability", "lower", "upper"):
        found = one[end].sel(group="Guarantee").values
        assert found == pytest.approx(alone[end].isel(tie=0).values)
    assert float(one["probability"].sel(group="Guarantee", fate="betrayed")) == 0
    assert float(one["upper"].sel(group="Guarantee", fate="betrayed")) > 0


def test_chain_ganging_needs_two_treaties(result):
    found = entry.chain_ganging(result)
    assert (found["count"] == 0).all()
    assert int(found["n"].sel(actor="RUS")) == int(result["drawn_in_count"].sum())


def test_edges_are_the_matrix(result):
    edges = entry.entry_edges(result)
    assert edges["puller"].values.tolist() == ["YUG"]
    assert edges["pulled"].values.tolist() == ["RUS"]
    assert int(edges["count"][0]) == int(result["drawn_in_count"].sum())
    assert float(edges["share"][0]) == 1.0


def test_ties_in_step_are_worth_no_more_than_one():
    """Two promises, both called upon in each of 100 chains and kept in the same 30, or none."""
    by = {"tie": ["A-B", "C-B"]}
    for kept in (30, 0, 100):
        counts = {"fought": kept, "stood_by": 0, "abandoned": 100 - kept, "betrayed": 0}
        result = xr.Dataset(
            {f"tie_{name}_count": ("tie", [n, n]) for name, n in counts.items()}, by
        ).assign(n_chains=100)
        found = entry.group_fates(result, {"both": by["tie"]}).sel(group="both", fate="fought")
        lower, upper = wilson(kept, 100)
        assert float(found["lower"]) == pytest.approx(lower)
        assert float(found["upper"]) == pytest.approx(upper)


def test_chain_ganging_by_tie_and_by_bloc():
    """C comes in for B, which comes in for A: of two ties in a row the second is chained."""
    ties = [
        {"from": "RUS", "to": "YUG", "kind": "defence", "mutual": False},
        {"from": "FRN", "to": "RUS", "kind": "defence", "mutual": False},
    ]
    actors = [
        {"id": name, "capability": 1.0, "tempo": 1.0} for name in ("AUH", "YUG", "RUS", "FRN")
    ]
    result = simulate(
        crisis(actors=actors, ties=ties, alliance={"base": 2.0}),
        n_chains=2_000,
        seed=1,
        keep_chains=True,
    )
    found = entry.pulls(result)["count"]
    by_actor = entry.chain_ganging(result)["count"].sel(actor="FRN")
    assert int(found.sel(event="chained", group="FRN-RUS")) == int(by_actor) > 0
    assert int(found.sel(event="chained", group="RUS-YUG")) == 0
    bloc = entry.pulls(result, {"bloc": ["RUS-YUG", "FRN-RUS"]})["count"].sel(group="bloc")
    # Nobody comes in for RUS without RUS being in: the first tie speaks for the bloc.
    assert int(bloc.sel(event="entered")) == int(found.sel(event="entered", group="RUS-YUG"))
    assert int(bloc.sel(event="chained")) == int(by_actor)
    war = (result["chain_cause"] == 2) & (result["chain_actor_peak"] == 3)
    assert int(bloc.sel(event="entrapped")) == int(war.any("actor").sum())
