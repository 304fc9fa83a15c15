"""What is written in a scenario and changes nothing."""

from samples import small_scenario

from mcescalate.scenario.notices import notices


def tie(kind, **terms):
    return {"from": "RUS", "to": "YUG", "kind": kind, **terms}


def test_a_plain_scenario_has_none():
    assert notices(small_scenario(ties=[tie("defence", ambiguity=0.5, against=["AUH"])])) == []


def test_terms_that_do_not_count_for_their_kind():
    ties = [
        tie("consultation", ambiguity=0.5, against=["AUH"]),
        tie("offence", conditional=0.5, credibility=0.5),
        tie("support", credibility=0.5),
    ]
    assert notices(small_scenario(ties=ties)) == [
        "ties[0].ambiguity: has no effect on a promise of consultation",
        "ties[0].against: has no effect on a promise of consultation",
        "ties[1].conditional: has no effect on a promise of offence",
        "ties[2].credibility: has no effect on a promise of support",
    ]


def test_rows_behind_stronger_ones():
    ties = [tie("defence", strength=0.5), tie("defence"), tie("defence", strength=0.0)]
    assert notices(small_scenario(ties=ties)) == [
        "ties[0] (RUS-YUG defence): another row promises the same more strongly, or earlier; "
        "of this one only against counts",
        "ties[2] (RUS-YUG defence): another row promises the same more strongly, or earlier; "
        "of this one nothing counts",
    ]


def test_parties_as_adversaries():
    ties = [tie("defence", mutual=False, against=["RUS", "YUG"])]
    assert notices(small_scenario(ties=ties)) == [
        'ties[0].against: "RUS" is a party to this promise',
        'ties[0].against: "YUG" is a party to this promise',
    ]


def test_values_without_effect_elsewhere():
    scenario = small_scenario(
        actors=[
            {"id": "AUH", "capability": 1, "turnover": 0.5},
            {"id": "YUG", "capability": 1, "arms": 9},
        ],
        dyads=[{"a": "AUH", "b": "YUG"}],
        trigger={
            "dyads": [
                {"initiator": "AUH", "target": "YUG"},
                {"initiator": "YUG", "target": "AUH", "weight": 0},
            ],
            "domains": [{"name": "land"}, {"name": "sea", "weight": 0}],
        },
        mediation={"delay": 5},
        run={"horizon": 5},
    )
    assert notices(scenario) == [
        "actors[0].turnover: has no effect without instability",
        "actors[1].arms: 9 is above arms.levels and counts as 8",
        "dyads[0]: gives no value",
        "trigger.dyads[1]: has weight 0 and never happens",
        "trigger.domains[1]: has weight 0 and never happens",
        "mediation.delay: mediation would begin after run.horizon, so there is none",
    ]
