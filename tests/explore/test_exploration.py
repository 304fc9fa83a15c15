"""Positions on the chains of the base: the counts of `simulate` and `compare`, stage by stage."""

import threading

import numpy as np
import pytest
from small_crisis import crisis

import mcescalate as mc
from mcescalate.analysis.comparison.compare import actor_differences, differences
from mcescalate.analysis.comparison.levers import find_levers
from mcescalate.analysis.estimation.summary import summarise
from mcescalate.analysis.tables.export import to_dict
from mcescalate.errors import BackendUnavailable, ScenarioError, UsageError
from mcescalate.exploration import positions as module
from mcescalate.exploration.answers import Answers
from mcescalate.exploration.dials import describe_dials, describe_levers
from mcescalate.exploration.positions import STAGES, Exploration, Superseded, nice
from mcescalate.scenario.change.addresses import assign, parse_settings, read
from mcescalate.scenario.change.values import ScenarioValues
from mcescalate.scenario.merged_rows import merge_rows

SEED = 4
SETTINGS = ["response.gap=0.9", "actors.RUS.noise=0.2"]


@pytest.fixture
def exploration():
    made = Exploration(crisis(), seed=SEED)
    made.prepare()
    made.stages = (100, 700, 3_000)
    yield made
    made.close()


def test_every_stage_has_the_figures_of_run_and_compare(exploration):
    changed = exploration.changed(SETTINGS)
    answers = Answers()
    found = list(exploration.positions(changed))
    assert [one.stages[one.stage] for one in found] == [100, 700, 3_000]
    for one in found:
        n_chains = one.stages[one.stage]
        answer = answers.answer(one)
        how = {"n_chains": n_chains, "seed": SEED}
        for side, scenario in (("now", changed), ("base", crisis())):
            assert answer[side]["summary"] == summarise(mc.simulate(scenario, **how))
        counts = mc.compare(crisis(), changed, **how)
        events = to_dict(differences(counts))
        for row in answer["events"]:
            assert {key: row[key] for key in events["war"]} == events[row["event"]]
        actors = to_dict(actor_differences(counts), "actor", "event")
        for actor, rows in answer["actors"].items():
            for did, row in rows.items():
                assert {key: row[key] for key in actors[actor][did]} == actors[actor][did]
    assert [answers.answer(one)["is_last"] for one in found] == [False, False, True]


def test_the_base_is_simulated_once(exploration, monkeypatch):
    simulated = []
    inner = module.simulate_seen

    def simulate_seen(scenario, actors, **how):
        simulated.append((scenario is exploration.scenario, how["first_chain"], how["n_chains"]))
        return inner(scenario, actors, **how)

    monkeypatch.setattr(module, "simulate_seen", simulate_seen)
    for gap in (0.5, 0.9):
        list(exploration.positions(exploration.changed([f"response.gap={gap}"])))
    blocks = [(0, 100), (100, 600), (700, 2_300)]
    assert [(first, n) for is_base, first, n in simulated if is_base] == blocks
    assert [(first, n) for is_base, first, n in simulated if not is_base] == 2 * blocks


def test_the_base_itself_is_a_position_without_a_change(exploration):
    for one in exploration.positions(exploration.changed([])):
        answer = Answers().answer(one)
        assert answer["now"] == answer["base"]
        assert {row["difference"] for row in answer["events"]} == {0.0}
        assert not any(row["is_detected"] for row in answer["events"])
        assert answer["differing"] == []


def test_chains_that_end_differently_are_named(exploration):
    changed = exploration.changed(SETTINGS)
    *_, last = exploration.positions(changed)
    runs = [
        mc.simulate(each, n_chains=100, seed=SEED, keep_chains=True)["chain_outcome"].values
        for each in (crisis(), changed)
    ]
    assert list(last.differing) == np.flatnonzero(runs[0] != runs[1]).tolist()
    assert last.differing


def test_a_newer_position_ends_the_older(exploration):
    exploration.stages = (100, 10**9)
    has_begun, ended = threading.Event(), []

    def ask():
        try:
            for _ in exploration.positions(exploration.changed(["response.gap=0.9"])):
                has_begun.set()
        except Superseded:
            ended.append("superseded")

    older = threading.Thread(target=ask)
    older.start()
    assert has_begun.wait(600)
    newer = exploration.positions(exploration.changed(["response.gap=0.5"]))
    assert next(newer).stages[0] == 100
    newer.close()
    older.join(600)
    assert ended == ["superseded"]


def test_after_its_end_nothing_is_simulated(exploration):
    exploration.close()
    with pytest.raises(Superseded):
        next(exploration.positions(exploration.changed([])))
    with pytest.raises(Superseded):
        exploration.result(exploration.changed([]), 10)


def test_the_result_of_a_position_is_that_of_simulate(exploration):
    changed = exploration.changed(SETTINGS)
    ours, theirs = exploration.result(changed, 250), mc.simulate(changed, n_chains=250, seed=SEED)
    assert ours.equals(theirs)
    assert ours.attrs["scenario_sha256"] == theirs.attrs["scenario_sha256"]


@pytest.mark.parametrize("seconds", [1e-9, 1e-3])
def test_slow_scenarios_get_fewer_chains_and_say_so(monkeypatch, seconds):
    monkeypatch.setattr(module, "FIRST_SECONDS", seconds)
    monkeypatch.setattr(module, "LAST_SECONDS", seconds)
    exploration = Exploration(crisis(), seed=SEED)
    exploration.prepare()
    *_, last = exploration.positions(exploration.changed([]))
    assert last.stages[-1] < STAGES[-1]
    assert list(last.stages) == sorted(set(last.stages))
    answer = Answers().answer(last)
    assert answer["n_chains"] == last.stages[-1]
    assert "more would take too long" in answer["progress"]


def test_little_memory_gives_fewer_chains(monkeypatch):
    monkeypatch.setattr(module, "available_memory", lambda: 4 * 2_500 * (12 + 2 * 3))
    exploration = Exploration(crisis(), seed=SEED)
    exploration.prepare()
    exploration.rate = 1e9
    *_, last = exploration.positions(exploration.changed([]))
    assert last.stages == (1_000, 2_000)


def test_usual_scenarios_get_all_stages(monkeypatch):
    exploration = Exploration(crisis(), seed=SEED)
    exploration.prepare()
    exploration.rate = 1e9
    first = next(exploration.positions(exploration.changed([])))
    assert first.stages == STAGES


def test_what_preparing_met_is_raised():
    exploration = Exploration(crisis(), seed=SEED, backend="abacus")
    exploration.prepare()
    with pytest.raises(BackendUnavailable, match="abacus"):
        exploration.wait_until_ready(1)


def test_invalid_values_have_the_message_of_the_scenario(exploration):
    with pytest.raises(ScenarioError) as caught:
        exploration.changed(["response.gpa=1", "actors.RUS.tempo=2"])
    with pytest.raises(ScenarioError) as of_option:
        assign(crisis(), parse_settings(["response.gpa=1", "actors.RUS.tempo=2"]))
    assert str(caught.value) == str(of_option.value)


@pytest.mark.parametrize(
    ("number", "expected"), [(0.3, 0), (1, 1), (4.9, 2), (5, 5), (99, 50), (123_456, 100_000)]
)
def test_nice_numbers(number, expected):
    assert nice(number) == expected


def test_a_scenario_is_expected():
    with pytest.raises(UsageError, match="expected a scenario"):
        Exploration("crisis.toml", seed=1)


# ---- dials


def all_addresses(values, start=()):
    names = values.names(start)
    return (
        [start] if not names else [it for n in names for it in all_addresses(values, (*start, n))]
    )


CASES = ["july-1914", "cuba-1962", "east-asia-2020s"]


@pytest.fixture(scope="module", params=CASES)
def case(request):
    return mc.load_case(request.param)


def dials(scenario):
    described = describe_dials(scenario)
    for group in described["groups"]:
        for row in group["rows"]:
            for name, value in row["values"].items():
                yield f"{row['start']}.{name}", value, described["kinds"][group["kind"]][name]


def test_every_value_is_a_dial(case):
    """All but those of pairs of actors that no row names, and of sequences."""
    named = {f"{a}-{b}" for a, b in merge_rows(case).dyads}
    expected = {
        ".".join(path)
        for path in all_addresses(ScenarioValues(case))
        if path[0] != "sequence" and (path[0] != "dyads" or path[1] in named)
    }
    assert {address for address, _, _ in dials(case)} == expected


def test_dials_stand_where_the_scenario_says(case):
    for address, value, _ in dials(case):
        [(_, parsed)] = parse_settings([f"{address}={value}"])
        assert read(case, address) == {address: parsed}


def test_bounds_are_those_of_the_scenario():
    scenario = mc.load_case("july-1914")
    seen = set()
    for address, value, facts in dials(scenario):
        kind = (address.split(".")[0], address.split(".")[-1])
        if kind in seen or kind[0] in ("ladder", "trigger"):
            continue
        seen.add(kind)
        assert facts["meaning"]
        if facts["kind"] == "switch":
            assert value in ("true", "false")
            continue
        for end, step in (("lower", -1), ("upper", 1)):
            if not facts.get("above") or end == "upper":
                assign(scenario, [(address, type(facts[end])(facts[end]))])
            beyond = facts[end] + step if facts["kind"] == "whole" else facts[end] * 1.01 + step
            with pytest.raises(ScenarioError):
                assign(scenario, [(address, beyond)])
        for name in ("neutral", "default"):
            if facts[name] is not None:
                assign(scenario, parse_settings([f"{address}={facts[name]}"]))
    assert len(seen) > 100


def test_assumptions_are_marked():
    described = describe_dials(mc.load_case("july-1914"))
    [actors] = [group for group in described["groups"] if group["name"] == "actors"]
    [germany] = [row for row in actors["rows"] if row["start"] == "actors.GMY"]
    assert germany["basis"] == "partly" and "assumption" in germany["source"]
    assert described["kinds"]["response"]["up"]["basis"] in ("assumption", "partly", "source")


def test_a_switch_does_what_its_lever_does(case):
    levers = {lever.label: lever for lever in find_levers(case)}
    described = describe_levers(case)
    assert len(described) > 10
    for switch in described:
        settings = [f"{address}={text}" for address, text in switch["settings"].items()]
        ours = merge_rows(assign(case, parse_settings(settings)))
        theirs = levers[switch["label"]].pull(case)
        assert ours == merge_rows(theirs)
