"""Events by name: counts and records of chains agree on one condition."""

import pytest
from small_crisis import crisis

import mcescalate as mc
from mcescalate.analysis.estimation.events import event_count
from mcescalate.engine.events import event_names, parse_event
from mcescalate.errors import UsageError

EVENTS = (
    *event_names(["calm", "threat", "clash", "war"]),
    "peak>=2",
    "war:RUS",
    "war:AUH",
    "entered:RUS",
    "entered:AUH",
    "war_size>=0",
    "war_size>=3",
    "engaged_size >= 3",
    "misread_war",
    "war&crisis",
    "war&war_size>=3",
    "misread_war & war",
    "entered:RUS&crisis",
    "peak>=2&peak>=3",
    "war&settled",
)
JOINED = ("misread_war&entered:RUS", "general_war&misread_war", "stalemate&engaged_size>=3")


@pytest.fixture(scope="module")
def kept():
    return mc.simulate(crisis(), n_chains=400, seed=3, keep_chains=True, backend="python")


def by_hand(result, event):
    """Chains with an event, condition by condition, from the records."""
    actors = [str(actor) for actor in result["actor"].values]
    rungs = [str(rung) for rung in result["rung"].values]
    outcomes = result["outcome"].values[result["chain_outcome"].values]
    holds = result["chain_outcome"].values >= 0
    for name in (part.strip() for part in event.split("&")):
        kind, _, number = name.replace(" ", "").partition(">=")
        if name == "war":
            holds &= result["chain_n_at_war"].values > 0
        elif name == "crisis":
            holds &= outcomes != "deterred"
        elif kind == "peak":
            rung = name.partition(">=")[2].strip()
            place = rungs.index(rung) if rung in rungs else int(rung)
            holds &= result["chain_peak_rung"].values >= place
        elif kind in ("war_size", "engaged_size"):
            field = "chain_n_at_war" if kind == "war_size" else "chain_n_engaged"
            holds &= result[field].values >= int(number)
        elif name == "misread_war":
            holds &= result["chain_war_began_misread"].values == 1
        elif name.startswith("war:"):
            holds &= result["chain_actor_peak"].values[:, actors.index(name[4:])] == 3
        elif name.startswith("entered:"):
            holds &= result["chain_cause"].values[:, actors.index(name[8:])] >= 2
        else:
            holds &= outcomes == name
    return int(holds.sum())


@pytest.mark.parametrize("event", EVENTS)
def test_counts_agree_with_records(kept, event):
    counts = kept.drop_dims("chain")
    assert event_count(counts, event).item() == by_hand(kept, event)


@pytest.mark.parametrize("event", JOINED)
def test_what_is_joined_takes_records(kept, event):
    assert event_count(kept, event).item() == by_hand(kept, event) > 0
    with pytest.raises(UsageError, match="run --keep-chains"):
        event_count(kept.drop_dims("chain"), event)


@pytest.mark.parametrize("event", ["", "war:", "war:ASU", "war_size>=-1", "peak>=9", "war&&war"])
def test_what_is_no_event_is_refused(kept, event):
    with pytest.raises(UsageError, match="event: "):
        event_count(kept, event)


def test_pairs_of_chains_are_counted_by_events_too():
    first, second = crisis(), crisis(mediation={"delay": 0, "rate": 1.0})
    counts = mc.compare(first, second, n_chains=200, seed=3, backend="python")
    runs = [
        mc.simulate(scenario, n_chains=200, seed=3, backend="python")
        for scenario in (first, second)
    ]
    for event in ("war", "peak>=2", "war:RUS", "war_size>=3", "engaged_size>=3", "settled"):
        found = mc.analysis.compare.event_difference(counts, event)
        for run, name in zip(runs, ("first", "second"), strict=True):
            assert found[name].item() * 200 == pytest.approx(event_count(run, event).item())
    for event in ("misread_war", "entered:RUS", "war&settled", "peak>=0"):
        with pytest.raises(UsageError, match="pairs of chains"):
            mc.analysis.compare.event_difference(counts, event)


def test_names_with_an_ampersand_are_of_rungs_first():
    rungs = ["calm", "show & tell", "war"]
    assert parse_event("peak>=show & tell", rungs, ["A"]).terms[0].number == 1
