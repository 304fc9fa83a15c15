"""Overlays: rows by their keys, tables key by key, and whose fault a problem is."""

import pytest
from hypothesis import given, settings
from samples import small_scenario
from strategies import few_or_many, scenarios

from mcescalate.errors import ScenarioError
from mcescalate.scenario.change.overlay import apply_overlay
from mcescalate.scenario.form.tables import plain
from mcescalate.scenario.merged_rows import merge_rows


def tie(giver, to, kind="defence", **terms):
    return {"from": giver, "to": to, "kind": kind, **terms}


def overlaid(overlay, **tables):
    return apply_overlay(small_scenario(**tables), overlay, "over.toml")


def problems(overlay, **tables):
    with pytest.raises(ScenarioError) as caught:
        overlaid(overlay, **tables)
    assert caught.value.name == "over.toml"
    return caught.value.problems


def reported(scenario):
    """Ties in short: who, to whom, whether mutual, and of what treaty."""
    return [(row.from_, row.to, row.mutual, row.treaty) for row in scenario.ties]


def test_tables_are_merged_key_by_key():
    scenario = overlaid(
        {
            "title": "new",
            "response": {"gap": 2},
            "ladder": {"casus": 2},
            "trigger": {"accident": 0},
        },
        response={"gap": 1, "up": -1},
        description="old",
    )
    assert (scenario.title, scenario.description) == ("new", "old")
    assert (scenario.response.gap, scenario.response.up) == (2.0, -1.0)
    assert (scenario.ladder.casus, scenario.ladder.mobilised) == (2, 3)
    assert (scenario.trigger.accident, scenario.trigger.initiator) == (0.0, "AUH")


def test_a_row_replaces_the_whole_row_of_its_key_in_its_place():
    scenario = overlaid(
        {"actors": [{"id": "YUG", "capability": 5}, {"id": "TUR", "capability": 2}]},
        actors=[{"id": name, "capability": 1, "resolve": 3} for name in ("AUH", "YUG", "RUS")],
    )
    rows = [(actor.id, actor.capability, actor.resolve) for actor in scenario.actors]
    assert rows == [("AUH", 1.0, 3.0), ("YUG", 5.0, 0.0), ("RUS", 1.0, 3.0), ("TUR", 2.0, 0.0)]


def test_a_mutual_tie_replaces_both_directions_of_its_kind_only():
    scenario = overlaid(
        {"ties": [tie("YUG", "RUS", treaty="new")]},
        ties=[
            tie("RUS", "YUG", mutual=False, treaty="forth"),
            tie("RUS", "YUG", kind="support", treaty="other kind"),
            tie("YUG", "RUS", mutual=False, treaty="back"),
        ],
    )
    assert reported(scenario) == [("YUG", "RUS", True, "new"), ("RUS", "YUG", True, "other kind")]


@pytest.mark.parametrize(
    "direction, ties",
    [
        (("RUS", "YUG"), [("RUS", "YUG", False, "new"), ("YUG", "RUS", False, "old")]),
        (("YUG", "RUS"), [("RUS", "YUG", False, "old"), ("YUG", "RUS", False, "new")]),
    ],
)
def test_a_tie_one_way_leaves_the_other_way_of_a_mutual_row(direction, ties):
    overlay = {"ties": [tie(*direction, mutual=False, treaty="new")]}
    scenario = overlaid(overlay, ties=[tie("RUS", "YUG", treaty="old")])
    assert reported(scenario) == ties
    assert merge_rows(scenario).tie_labels == [("RUS", "YUG"), ("YUG", "RUS")]


def test_several_rows_of_one_key_all_take_its_place():
    scenario = overlaid(
        {"ties": [tie("RUS", "YUG", treaty="a"), tie("RUS", "YUG", treaty="b")]},
        ties=[tie("YUG", "RUS", treaty="old"), tie("AUH", "RUS", treaty="kept")],
    )
    assert reported(scenario) == [
        ("RUS", "YUG", True, "a"),
        ("RUS", "YUG", True, "b"),
        ("AUH", "RUS", True, "kept"),
    ]


def test_rows_can_be_removed_both_ways_or_one_way():
    ties = [tie("RUS", "YUG", treaty="old"), tie("RUS", "YUG", kind="support")]
    gone = overlaid({"ties": [tie("YUG", "RUS", remove=True)]}, ties=ties)
    assert reported(gone) == [("RUS", "YUG", True, "")]
    half = overlaid({"ties": [tie("RUS", "YUG", mutual=False, remove=True)]}, ties=ties)
    assert reported(half) == [("YUG", "RUS", False, "old"), ("RUS", "YUG", True, "")]
    kept = overlaid({"ties": [tie("RUS", "YUG", treaty="new", remove=False)]}, ties=ties)
    assert reported(kept) == [("RUS", "YUG", True, "new"), ("RUS", "YUG", True, "")]


def test_dyads_are_replaced_by_pair():
    scenario = overlaid(
        {
            "dyads": [
                {"a": "YUG", "b": "AUH", "directed": True, "reach": 0.5},
                {"a": "RUS", "b": "AUH", "remove": True},
            ]
        },
        dyads=[
            {"a": "AUH", "b": "YUG", "rivalry": 2},
            {"a": "RUS", "b": "AUH", "rivalry": 1},
            {"a": "RUS", "b": "YUG", "rivalry": 1},
        ],
    )
    merged = merge_rows(scenario)
    assert merged.dyads[("AUH", "YUG")].rivalry == 2.0
    assert merged.dyads[("YUG", "AUH")] == (0.0, 0.5, 0.0, 0.0, 0.0)
    assert len(merged.dyads) == 4


def test_another_way_to_begin_takes_the_place_of_the_old_one():
    pairs = [{"initiator": "RUS", "target": "AUH"}]
    rivals = {"from_rivalry": True}
    pair = {"initiator": "YUG", "target": "RUS"}
    dyads = [{"a": "AUH", "b": "RUS", "rivalry": 1}]
    for old in ({"dyads": pairs}, rivals, pair):
        trigger = {"accident": 0.5, **old}
        scenario = overlaid({"trigger": {"dyads": pairs}}, trigger=trigger, dyads=dyads)
        assert merge_rows(scenario).incidents == [("RUS", "AUH", 1.0)]
        scenario = overlaid({"trigger": pair}, trigger=trigger, dyads=dyads)
        assert merge_rows(scenario).incidents == [("YUG", "RUS", 1.0)]
        scenario = overlaid({"trigger": rivals}, trigger=trigger, dyads=dyads)
        assert len(merge_rows(scenario).incidents) == 2
        assert scenario.trigger.accident == 0.5


def test_domains_and_incidents_are_replaced_by_name_and_pair():
    trigger = {
        "dyads": [{"initiator": "AUH", "target": "YUG"}, {"initiator": "RUS", "target": "YUG"}],
        "domains": [{"name": "land"}, {"name": "sea"}],
    }
    scenario = overlaid(
        {
            "trigger": {
                "dyads": [
                    {"initiator": "AUH", "target": "YUG", "weight": 3},
                    {"initiator": "RUS", "target": "YUG", "remove": True},
                ],
                "domains": [{"name": "sea", "noise": 2}, {"name": "air"}],
            }
        },
        trigger=trigger,
    )
    assert merge_rows(scenario).incidents == [("AUH", "YUG", 3.0)]
    domains = [(row.name, row.noise) for row in scenario.trigger.domains]
    assert domains == [("land", 1.0), ("sea", 2.0), ("air", 1.0)]


def test_the_default_domain_is_a_row_like_any_other():
    scenario = overlaid({"trigger": {"domains": [{"name": "cyber"}]}})
    assert [row.name for row in scenario.trigger.domains] == ["conventional", "cyber"]


TIES = [tie("RUS", "YUG"), tie("AUH", "RUS", kind="support")]


@pytest.mark.parametrize(
    "overlay, expected",
    [
        (
            {"ties": [tie("RUS", "YUG"), tie("RUS", "AUX", strength=2)]},
            [
                "ties[1].strength: expected a number from 0 to 1, found 2",
                'ties[1].to: no actor has id "AUX"; did you mean "AUH"?',
            ],
        ),
        (
            {"actors": [{"id": "RUS", "remove": True}]},
            [
                'ties.RUS-YUG.defence.from: no actor has id "RUS"; there are AUH, YUG',
                'ties.AUH-RUS.support.to: no actor has id "RUS"; there are AUH, YUG',
            ],
        ),
        (
            {
                "ties": [
                    tie("RUS", "AUH", kind="defence", remove=True),
                    tie("RUS", "YUG", remove=1),
                    tie("RUS", "YUG", remove=True, strenght=1),
                ],
                "responze": {},
            },
            [
                "ties[0]: no row to remove: the scenario has none with this key",
                "ties[1].remove: expected true or false, found 1",
                'ties[2].strenght: unknown key; did you mean "strength"?',
                'responze: unknown key; did you mean "response"?',
            ],
        ),
        (
            {"ties": [{"from": "RUS"}]},
            [
                "ties[0].to: missing; expected an id of 1 to 32 letters, digits and underscores",
                "ties[0].kind: missing; expected one of defence, offence, consultation, "
                "neutrality, nonaggression, support",
            ],
        ),
        ({"ties": [3]}, ["ties[0]: expected a table, found 3"]),
        ({"ties": {}}, ["ties: expected rows [[ties]], found a table"]),
        ({"response": 1}, ["response: expected a table, found 1"]),
        (
            {"trigger": {"domains": [{"name": "conventional", "rung": 9}]}},
            ["trigger.domains[0].rung: expected a rung from 1 to 4, below war, found 9"],
        ),
        (
            {"actors": [{"id": "RUS", "resolve": 1}]},
            ["actors[0].capability: missing; expected a number above 0, up to 1e+15"],
        ),
        ({"schema_version": 3}, ["schema_version: expected 1, found 3"]),
    ],
)
def test_problems_are_those_of_the_overlay(overlay, expected):
    assert problems(overlay, ties=TIES) == expected


def test_a_trigger_that_is_no_table():
    (problem,) = problems({"trigger": 5})
    assert problem.startswith("trigger: expected a table [trigger]")


@few_or_many
def test_nothing_and_the_scenario_itself_laid_over_it_change_nothing(examples):
    @settings(max_examples=examples)
    @given(scenarios())
    def check(scenario):
        assert apply_overlay(scenario, {}, "over.toml") == scenario
        assert apply_overlay(scenario, plain(scenario), "over.toml") == scenario

    check()
