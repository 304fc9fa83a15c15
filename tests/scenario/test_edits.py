"""Changes named in one word."""

import pytest
from samples import small_tables

from mcescalate.errors import McEscalateError, ScenarioError, UsageError
from mcescalate.scenario.change.addresses import assign, parse_settings, read
from mcescalate.scenario.change.edits import edited, with_, without
from mcescalate.scenario.schema import Scenario

TIES = [
    {"from": "RUS", "to": "YUG", "kind": "defence"},
    {"from": "RUS", "to": "YUG", "kind": "support", "mutual": False, "strength": 0.7},
    {"from": "AUH", "to": "RUS", "kind": "neutrality", "mutual": False},
]


@pytest.fixture
def scenario():
    actors = [
        {
            "id": name,
            "capability": 1.0,
            "rigidity": 0.4,
            "exercise": 0.2,
            "bias": 0.1,
            "opacity": 0.3,
        }
        for name in ("AUH", "YUG", "RUS")
    ]
    return Scenario.model_validate(
        small_tables(
            ties=TIES,
            actors=actors,
            dyad_defaults={"channel": 0.1, "mistrust": 0.2, "stake": 0.5},
            policy={"from_rung": 3, "restraint": 0.5, "calm": 0.6, "mediation": 0.7},
            bystander={"base": -5.0},
            war={"rate": 0.1},
        )
    )


@pytest.mark.parametrize(
    ("edit", "address", "values"),
    [
        ("tie:YUG-RUS", "ties.*.*.strength", [0.0, 0.0, 0.0, 1.0]),
        ("tie:YUG-RUS.defence", "ties.*.*.strength", [0.0, 0.7, 0.0, 1.0]),
        ("promise:RUS-YUG", "ties.*.*.strength", [0.0, 0.0, 1.0, 1.0]),
        ("tie:*-RUS", "ties.*.*.strength", [0.0, 0.0, 0.0, 0.0]),
        ("hotline:AUH-YUG", "dyads.*.channel", [0.0, 0.1, 0.0, 0.1, 0.1, 0.1]),
        ("mistrust:AUH-YUG", "dyads.*.mistrust", [0.0, 0.2, 0.0, 0.2, 0.2, 0.2]),
        ("posture:YUG", "actors.*.rigidity", [0.4, 0.0, 0.4]),
        ("exercise:*", "actors.*.exercise", [0.0, 0.0, 0.0]),
        ("noise:AUH", "actors.*.noise", [0.0, 0.6, 0.6]),
        ("bias:AUH", "actors.*.bias", [0.0, 0.1, 0.1]),
        ("mediator", "mediation.rate", [0.0]),
        ("accident", "trigger.accident", [0.0]),
        ("misattribution", "trigger.domains.*.misattribution", [0.0]),
        ("stake:AUH-YUG", "dyads.*.stake", [0.0, 0.5, 0.0, 0.5, 0.5, 0.5]),
        ("opacity:RUS", "actors.*.opacity", [0.3, 0.3, 0.0]),
        ("policy", "policy.*", [3, 0.0, 0.0, 0.0]),
        ("policy.from_rung", "policy.*", [16, 0.5, 0.6, 0.7]),
        ("bystanders", "bystander.base", [-100.0]),
        ("bystander.base", "bystander.base", [-100.0]),
        ("alliance.review", "alliance.review", [1.0]),
        ("war.rate", "war.rate", [0.0]),
    ],
)
def test_without(scenario, edit, address, values):
    assert list(read(without(scenario, edit), address).values()) == values


@pytest.mark.parametrize(
    ("edit", "address", "values"),
    [
        ("hotline:AUH-YUG", "dyads.AUH-YUG.channel", [1.0]),
        ("hotline: AUH-YUG = 0.5", "dyads.YUG-AUH.channel", [0.5]),
        ("tie:YUG-RUS.support=0.3", "ties.RUS-YUG.support.strength", [0.3]),
        ("tie:YUG-RUS.support=0.3", "ties.YUG-RUS.support.strength", [0.3]),
        ("promise:YUG-AUH.defence", "ties.YUG-AUH.*.strength", [1.0]),
        ("mediator=0.4", "mediation.rate", [0.4]),
        ("posture:YUG=0.9", "actors.YUG.rigidity", [0.9]),
    ],
)
def test_with(scenario, edit, address, values):
    assert list(read(with_(scenario, edit), address).values()) == values


def test_a_short_name_stands_wherever_an_address_may(scenario):
    changed = assign(scenario, parse_settings(["hotline:AUH-YUG=0.5", "mediator=0.4"]))
    assert changed == edited(scenario, on=["hotline:AUH-YUG=0.5", "mediator=0.4"])
    assert without(scenario, "actors.YUG.rigidity") == without(scenario, "posture:YUG")
    scaled = assign(scenario, [("noise:*", lambda noise: 2 * noise)])
    assert set(read(scaled, "noise:*").values()) == {1.2}


def test_every_problem_with_a_name_is_listed(scenario):
    changes = [("tye:AUH-YUG", 1), ("posture:GMY", 1), ("response.gpa", 1)]
    with pytest.raises(ScenarioError) as caught:
        assign(scenario, changes)
    assert [problem.split(":")[0] for problem in caught.value.problems] == [
        "tye",
        "actors.GMY.rigidity",
        "response.gpa",
    ]


def test_a_one_way_promise_stays_one_way(scenario):
    assert ("AUH-YUG" in str(read(with_(scenario, "promise:YUG-AUH.defence"), "ties.*.*.*"))) is (
        False
    )


def test_what_is_already_so_changes_nothing(scenario):
    assert without(scenario, "misattribution") == scenario


def test_edits_come_one_after_the_other(scenario):
    both = edited(scenario, off=["hotline:AUH-*"], on=["hotline:AUH-YUG"])
    assert read(both, "dyads.AUH-YUG.channel") == {"dyads.AUH-YUG.channel": 1.0}
    assert read(both, "dyads.AUH-RUS.channel") == {"dyads.AUH-RUS.channel": 0.0}


@pytest.mark.parametrize(
    ("edit", "error", "words"),
    [
        ("tye:AUH-YUG", ScenarioError, 'did you mean "tie"'),
        ("tie", ScenarioError, "ids after it, as in tie:GMY-AUH"),
        ("tie:RUS", ScenarioError, "two ids"),
        ("tie:RUS-YUG.", ScenarioError, "two ids"),
        ("hotline:AUH-YUG.defence", ScenarioError, "two ids"),
        ("mediator:AUH", ScenarioError, '"mediator" alone'),
        ("posture:GMY", ScenarioError, "actors.GMY.rigidity"),
        ("hotline:AUH-RSU", ScenarioError, "AUH-RUS"),
        ("tie:RUS-YUG.offence", ScenarioError, "no value has this address"),
        ("posture:", ScenarioError, "ids after it, as in posture:GMY"),
        ("posture:AUH=0.5", UsageError, "expected no value"),
    ],
)
def test_without_refuses(scenario, edit, error, words):
    with pytest.raises(error, match=words):
        without(scenario, edit)


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        ("tie:RUS-YUG", "which kind of promise"),
        ("tie:RUS-YUG.foo", "kind"),
        ("tie:RUS-RUS.defence", "a different actor"),
        ("tie:RUS-GMY.defence", 'no actor has id "GMY"'),
        ("posture:AUH=much", "a number"),
        ("posture:AUH=2", "from 0 to 1"),
        ("posture:AUH=nan", "number"),
        ("mediator=", "a number"),
    ],
)
def test_with_refuses(scenario, edit, words):
    with pytest.raises(McEscalateError, match=words) as caught:
        with_(scenario, edit)
    assert caught.value.exit_code == 2
