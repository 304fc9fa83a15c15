"""Levers: which there are, what each does, and their order."""

import numpy as np
import pytest
from small_crisis import crisis

from mcescalate.analysis.comparison.compare import compare, differences
from mcescalate.analysis.comparison.levers import Lever, find_levers, ranking, simulate_levers
from mcescalate.analysis.estimation.events import event_by_chain
from mcescalate.api import simulate
from mcescalate.engine.events import WARS
from mcescalate.errors import UsageError
from mcescalate.model.codes import OUTCOMES


@pytest.fixture(scope="module")
def counts(scenario):
    return simulate_levers(scenario, n_chains=2000, seed=2)


def test_what_can_be_toggled(scenario):
    assert [lever.label for lever in find_levers(scenario)] == [
        "without tie:RUS-YUG",
        "with hotline:AUH-YUG",
        "without mediator",
        "with mediator",
        "without posture:RUS",
        "without exercise:AUH",
    ]


def test_what_is_there_no_more_cannot_be_toggled():
    bare = crisis(
        ties=[{"from": "RUS", "to": "YUG", "kind": "defence", "strength": 0.0}],
        dyads=[{"a": "AUH", "b": "YUG", "rivalry": 1.0, "channel": 1.0}],
        mediation={"rate": 0.0},
    )
    labels = [lever.label for lever in find_levers(bare)]
    assert labels == ["with mediator", "without posture:RUS", "without exercise:AUH"]


def test_further_terms_are_levers_where_they_can_bite():
    terms = {
        "dyads": [{"a": "AUH", "b": "YUG", "rivalry": 1.0, "channel": 1.0, "stake": 0.5}],
        "policy": {"from_rung": 2, "calm": 0.5},
        "bystander": {"base": -4.0},
    }
    kinds = ("stake", "opacity", "policy", "bystanders")
    opaque = {"id": "AUH", "capability": 2.0, "opacity": 0.5}
    actors = [opaque, *({"id": name, "capability": 1.0} for name in ("YUG", "RUS"))]
    on = crisis(**terms, actors=actors, response={"stake": 1.0})
    labels = [lever.label for lever in find_levers(on, kinds)]
    assert labels == [
        "without stake:AUH-YUG",
        "without opacity:AUH",
        "without policy",
        "without bystanders",
    ]
    bystanders = find_levers(on, ["bystanders"])[0].pull(on)
    assert bystanders.bystander.base == -100.0
    idle = crisis(**terms | {"policy": {"from_rung": 9, "calm": 0.5}})
    assert [lever.kind for lever in find_levers(idle, kinds)] == ["bystanders"]
    assert find_levers(crisis(), kinds) == []


def test_a_mutual_tie_is_one_lever():
    mutual = crisis(
        ties=[{"from": "RUS", "to": "YUG", "kind": kind} for kind in ("defence", "consultation")]
    )
    assert [lever.edit for lever in find_levers(mutual, ["tie"])] == ["tie:RUS-YUG"]


def test_kinds_can_be_chosen(scenario):
    assert {lever.kind for lever in find_levers(scenario, ["mediator"])} == {"mediator"}
    with pytest.raises(UsageError, match="posture"):
        find_levers(scenario, ["weather"])


def test_each_lever_is_a_comparison(scenario, counts):
    """A lever among others does what it does alone."""
    lever = Lever(False, "tie:RUS-YUG")
    alone = differences(compare(scenario, lever.pull(scenario), n_chains=2000, seed=2))
    among = differences(counts).sel(lever=lever.label)
    assert among["difference"].values == pytest.approx(alone["difference"].values)
    assert among["lower"].values == pytest.approx(alone["lower"].values)


def test_ranking_puts_the_greatest_change_first(counts):
    for of in ("war", "peak>=clash"):
        sizes = np.abs(ranking(counts, of)["difference"].values)
        assert (np.diff(sizes) <= 0).all()
    first = ranking(counts).isel(lever=0)
    assert str(first["kind"].item()) in str(first["lever"].item())


def test_joint_intervals_are_wider(counts):
    alone, together = ranking(counts), ranking(counts, together=True)
    assert (together["lower"] < alone["lower"]).all()
    assert together.attrs["level"] == pytest.approx(1 - 0.05 / 6)


def test_unknown_events_are_refused(counts):
    with pytest.raises(UsageError, match="general_war"):
        ranking(counts, "peace")


def test_memories_are_levers_of_chains_of_several_crises():
    sequence = {"crises": 2, "loss": 0.5, "recur": 1.0}
    several = crisis(sequence=sequence)
    assert [lever.label for lever in find_levers(several, ["memory"])] == [
        "without sequence.loss",
        "without sequence.recur",
    ]
    assert find_levers(several, ["memory"])[0].pull(several).sequence.loss == 0.0
    assert find_levers(crisis(sequence=sequence | {"crises": 1}), ["memory"]) == []


def test_a_chain_of_several_crises_counts_by_its_worst_one():
    several = crisis(sequence={"crises": 2, "bitter": 2.0})
    found = find_levers(several, ["memory"])
    how = {"n_chains": 400, "seed": 2}
    ranked = ranking(simulate_levers(several, found, **how), "war")
    result = simulate(several, keep_chains=True, **how)
    wars = result["chain_outcome"].isin([OUTCOMES.index(name) for name in WARS])
    assert ranked["first"].item() == pytest.approx(wars.any("crisis").mean().item())
    assert ranked["first"].item() > wars.mean().item()


def test_levers_may_be_ranked_by_any_event(scenario):
    of = "entered:RUS & misread_war"
    found = find_levers(scenario, ["mediator", "posture"])
    how = {"n_chains": 400, "seed": 2}
    counts = simulate_levers(scenario, found, events=[of], **how)
    ranked = ranking(counts, of)
    result = simulate(scenario, keep_chains=True, **how)
    expected = event_by_chain(result, of).sum().item()
    assert 0 < expected < 400
    assert (ranked["first"] == pytest.approx(expected / 400)).all()
    for lever in found:
        pulled = simulate(lever.pull(scenario), keep_chains=True, **how)
        second = ranked["second"].sel(lever=lever.label).item()
        assert second == pytest.approx(event_by_chain(pulled, of).sum().item() / 400)
    with pytest.raises(UsageError, match="simulate them with events="):
        ranking(simulate_levers(scenario, found, **how), of)
