"""Addresses: what they read, what they change, and what they leave alone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples import small_scenario
from strategies import few_or_many, scenarios

from mcescalate.errors import ScenarioError
from mcescalate.scenario.change.addresses import assign, parse_settings, read
from mcescalate.scenario.form.tables import plain
from mcescalate.scenario.merged_rows import merge_rows
from mcescalate.scenario.schema import Scenario


def tie(giver, to, kind="defence", **terms):
    return {"from": giver, "to": to, "kind": kind, **terms}


@pytest.fixture
def scenario():
    return small_scenario(
        ties=[
            tie("RUS", "YUG", ambiguity=0.2, against=["AUH"]),
            tie("YUG", "RUS", mutual=False, strength=0.5, ambiguity=0.9),
            tie("RUS", "AUH", kind="consultation"),
        ],
        dyad_defaults={"reach": 0.5},
        dyads=[{"a": "AUH", "b": "YUG", "rivalry": 2.0}],
        trigger={
            "dyads": [{"initiator": "AUH", "target": "YUG"}],
            "domains": [{"name": "cyber 2.0", "weight": 3}, {"name": "land"}],
        },
    )


@pytest.mark.parametrize(
    "address, values",
    [
        ("response.gap", {"response.gap": 0.5}),
        ("ladder.casus", {"ladder.casus": 3}),
        ("dyad_defaults.reach", {"dyad_defaults.reach": 0.5}),
        ("trigger.accident", {"trigger.accident": 0.2}),
        ("trigger.domains.cyber 2.0.weight", {"trigger.domains.cyber 2.0.weight": 3.0}),
        ("trigger.dyads.AUH-YUG.weight", {"trigger.dyads.AUH-YUG.weight": 1.0}),
        ("actors.RUS.major", {"actors.RUS.major": False}),
        ("ties.YUG-RUS.defence.ambiguity", {"ties.YUG-RUS.defence.ambiguity": 0.2}),
        ("dyads.YUG-AUH.rivalry", {"dyads.YUG-AUH.rivalry": 2.0}),
        ("dyads.RUS-AUH.reach", {"dyads.RUS-AUH.reach": 0.5}),
        ("*.noise", None),
        (
            "actors.*.tempo",
            {"actors.AUH.tempo": 0.5, "actors.YUG.tempo": 0.5, "actors.RUS.tempo": 0.5},
        ),
        (
            "ties.RUS-*.*.strength",
            {"ties.RUS-YUG.defence.strength": 1.0, "ties.RUS-AUH.consultation.strength": 1.0},
        ),
        ("dyads.*-YUG.rivalry", {"dyads.AUH-YUG.rivalry": 2.0, "dyads.RUS-YUG.rivalry": 0.0}),
        ("*.nuclear", {"response.nuclear": 2.0}),
        ("arms.p*", {"arms.periods": 0, "arms.pull": 0.8}),
    ],
)
def test_addresses_lead_to_merged_values(scenario, address, values):
    if values is None:
        with pytest.raises(ScenarioError, match="no value has this address"):
            read(scenario, address)
    else:
        assert read(scenario, address) == values


@pytest.mark.parametrize(
    "address, problem",
    [
        ("response.gpa", 'no value has this address; did you mean "response.gap"?'),
        ("respones.gap", 'no value has this address; did you mean "response.gap"?'),
        ("response.gap.x", 'no value has this address; did you mean "response.gap"?'),
        ("actors.RSU.noise", 'no value has this address; did you mean "actors.RUS.noise"?'),
        (
            "ties.RUS-YUG.defense.strength",
            'no value has this address; did you mean "ties.RUS-YUG.defence.strength"?',
        ),
        (
            "ties.YUG-AUH.defence.strength",
            'no value has this address; did you mean "ties.YUG-RUS.defence.strength"?',
        ),
        (
            "ties.RUS-YUG.offence.strength",
            'no value has this address; did you mean "ties.RUS-YUG.defence.strength"?',
        ),
        ("dyads.RUS-RUS.reach", 'no value has this address; did you mean "dyads.YUG-RUS.reach"?'),
        (
            "trigger.domains.sea.weight",
            'no value has this address; "trigger.domains" has cyber 2.0, land',
        ),
        (
            "ties.RUS-YUG.defence",
            "not the address of a value; add one of strength, ambiguity, conditional, credibility",
        ),
        (
            "x",
            "no value has this address; a scenario has ladder, dyad_defaults, arms, deterrence, "
            "perception, response, alliance, contagion, bystander, mediation, policy, war, "
            "sequence, outcome, run, actors, ties, dyads, trigger",
        ),
    ],
)
def test_an_unknown_address_names_the_nearest_one(scenario, address, problem):
    for attempt in (lambda: read(scenario, address), lambda: assign(scenario, [(address, 0.5)])):
        with pytest.raises(ScenarioError) as caught:
            attempt()
        assert caught.value.problems == [f"{address}: {problem}"]


@pytest.mark.parametrize("address", ["trigger.dyads", "trigger.dyads.AUH-YUG.weight"])
def test_tables_without_rows_have_no_address(address):
    pair = small_scenario(ties=[], trigger={"initiator": "AUH", "target": "YUG"})
    with pytest.raises(ScenarioError) as caught:
        assign(pair, [(address, 0.5), ("ties", 0.5)])
    assert caught.value.problems[0] == (
        f'{address}: no value has this address; "trigger" has accident, blame, domains'
    )
    assert caught.value.problems[1].startswith("ties: no value has this address; ")


def test_settings_are_read_from_text():
    assert parse_settings(["response.gap=1.2", " run.horizon = 5 ", "actors.A.major=true"]) == [
        ("response.gap", 1.2),
        ("run.horizon", 5),
        ("actors.A.major", True),
    ]


def test_all_bad_settings_are_reported():
    with pytest.raises(ScenarioError) as caught:
        parse_settings(["response.gap", "=1", "a.b=x", "a.b=", "a.b=1"])
    assert str(caught.value) == (
        "settings: 4 problems\n"
        '  expected address=value, found "response.gap"\n'
        '  expected address=value, found "=1"\n'
        '  a.b: expected a number, true or false, found "x"\n'
        '  a.b: expected a number, true or false, found ""'
    )


def test_all_bad_assignments_are_reported(scenario):
    changes = [
        ("response.gap", float("nan")),
        ("actors.RUS.tempo", lambda tempo: 3 * tempo),
        ("actors.RUS.major", 1),
        ("run.horizon", 5.0),
        ("run.horizon", True),
        ("ladder.casus", 6),
        ("trigger.domains.land.rung", 5),
        ("trigger.domains.*.weight", 0),
        ("perception.sharing", 0.1),
    ]
    with pytest.raises(ScenarioError) as caught:
        assign(scenario, changes, name="plan.toml")
    assert str(caught.value) == (
        "plan.toml: 8 problems\n"
        "  response.gap: expected a number from -100 to 100, found nan\n"
        "  actors.RUS.tempo: expected a number from 0 to 1, found 1.5\n"
        "  actors.RUS.major: expected true or false, found 1\n"
        "  run.horizon: expected a whole number from 1 to 10000, found 5.0\n"
        "  run.horizon: expected a whole number from 1 to 10000, found true\n"
        "  ladder.casus: expected a rung from 1 to 5 (war), found 6\n"
        "  trigger.domains[1].rung: expected a rung from 1 to 4, below war, found 5\n"
        "  trigger.domains: expected a weight above 0 in one row, found none"
    )


def test_rivalry_must_not_vanish_where_incidents_come_from_it():
    scenario = small_scenario(
        trigger={"from_rivalry": True}, dyads=[{"a": "AUH", "b": "YUG", "rivalry": 1.0}]
    )
    with pytest.raises(ScenarioError, match="a pair of actors with rivalry and reach above 0"):
        assign(scenario, [("dyads.*.rivalry", 0)])
    assert merge_rows(assign(scenario, [("dyads.YUG-AUH.rivalry", 0)])).incidents == [
        ("AUH", "YUG", 1.0)
    ]


def test_changes_come_one_after_the_other(scenario):
    changes = [("response.gap", 2), ("response.gap", lambda gap: gap * 3), ("actors.*.arms", 4)]
    changed = assign(scenario, changes)
    assert (changed.response.gap, changed.actors[2].arms) == (6.0, 4)
    assert isinstance(changed.response.gap, float)
    assert scenario.response.gap == 0.5


def test_numbers_of_numpy_are_numbers(scenario):
    changes = [("response.gap", np.float64(0.25)), ("run.horizon", np.int64(7))]
    changed = assign(scenario, changes)
    assert type(changed.response.gap) is float
    assert type(changed.run.horizon) is int


def test_one_direction_of_a_mutual_row_leaves_the_other_alone(scenario):
    changed = assign(scenario, [("ties.YUG-RUS.defence.strength", 0.25)])
    before, after = merge_rows(scenario), merge_rows(changed)
    assert after.promises["YUG", "RUS", "defence"].strength == 0.25
    assert after.promises["YUG", "RUS", "defence"].ambiguity == 0.2
    assert after.promises["YUG", "RUS", "defence"].against == ()
    assert after.promises["RUS", "YUG", "defence"] == before.promises["RUS", "YUG", "defence"]
    assert after.tie_labels == before.tie_labels
    assert plain(changed.ties[0])["mutual"] is False
    assert len(changed.ties) == 3


def test_both_directions_alike_stay_one_mutual_row(scenario):
    changed = assign(scenario, [("ties.*.consultation.strength", 0.25)])
    assert changed.ties[2].mutual
    assert changed.ties[2].strength == 0.25
    assert changed.ties[:2] == scenario.ties[:2]


def test_a_dyad_without_a_row_can_be_set(scenario):
    changed = assign(scenario, [("dyads.RUS-YUG.channel", 0.75)])
    merged = merge_rows(changed)
    assert merged.dyad("RUS", "YUG") == merged.dyad_defaults._replace(channel=0.75)
    assert merged.dyad("YUG", "RUS") == merged.dyad_defaults


@st.composite
def changes(draw):
    scenario = draw(scenarios())
    ids = [actor.id for actor in scenario.actors]
    pairs = [(a, b) for a in ids for b in ids if a != b]
    promises = list(merge_rows(scenario).promises)
    a, b = draw(st.sampled_from(pairs))
    choices = [
        f"dyads.{a}-{b}.channel",
        f"dyads.{a}-*.reach",
        "dyads.*.channel",
        f"actors.{a}.noise",
        "actors.*.tempo",
        "response.gap",
        "dyad_defaults.channel",
        "trigger.domains.*.misattribution",
    ]
    if promises:
        giver, to, kind = draw(st.sampled_from(promises))
        field = draw(st.sampled_from(["strength", "ambiguity", "conditional", "credibility"]))
        choices += [f"ties.{giver}-{to}.{kind}.{field}"] * 4 + [f"ties.*.*.{field}"]
    return scenario, draw(st.sampled_from(choices)), draw(st.integers(1, 9)) / 10


def check_change(case):
    scenario, address, value = case
    changed = assign(scenario, [(address, value)])
    targets = read(scenario, address)
    assert read(changed, address) == dict.fromkeys(targets, value)
    # A dyad's default is the value of pairs that no row names.
    patterns = ("*.*", "actors.*.*", "ties.*.*.*", "dyads.*.*", "trigger.domains.*.*")
    for pattern in patterns:
        if pattern.startswith("dyads") and address.startswith("dyad_defaults"):
            continue
        if pattern.startswith("ties") and not scenario.ties:
            continue
        before, after = read(scenario, pattern), read(changed, pattern)
        assert {**before, **targets} == {**after, **targets}
    before, after = merge_rows(scenario), merge_rows(changed)
    assert after.tie_labels == before.tie_labels
    assert list(after.promises) == list(before.promises)
    for key, promise in after.promises.items():
        assert promise.against == before.promises[key].against
        if not any(target.startswith(f"ties.{key[0]}-{key[1]}.{key[2]}.") for target in targets):
            assert promise == before.promises[key]
    # A whole check finds nothing that the short one passed over.
    assert Scenario.model_validate(plain(changed)) == changed


@few_or_many
def test_what_is_set_is_read_and_nothing_else_changes(examples):
    settings(max_examples=examples)(given(changes())(check_change))()
