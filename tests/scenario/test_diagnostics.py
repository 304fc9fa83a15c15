"""Values of a scenario that have no effect, and values that fix a count on their own."""

from samples import small_scenario

from mcescalate.scenario.review.diagnostics import find_notices


def not_by_two(**tables):
    """A small scenario in which two of its three equals at war are no general war."""
    return small_scenario(outcome={"general_share": 0.9}, **tables)


def tie(kind, **terms):
    return {"from": "RUS", "to": "YUG", "kind": kind, **terms}


def test_a_plain_scenario_has_none():
    assert find_notices(not_by_two(ties=[tie("defence", ambiguity=0.5, against=["AUH"])])) == []


def test_terms_that_do_not_count_for_their_kind():
    ties = [
        tie("consultation", ambiguity=0.5, against=["AUH"]),
        tie("offence", conditional=0.5, credibility=0.5),
        tie("support", credibility=0.5),
    ]
    assert find_notices(not_by_two(ties=ties)) == [
        "ties[0].ambiguity: has no effect on a promise of consultation",
        "ties[0].against: has no effect on a promise of consultation",
        "ties[1].conditional: has no effect on a promise of offence",
        "ties[2].credibility: has no effect on a promise of support",
    ]


def test_rows_behind_stronger_ones():
    ties = [tie("defence", strength=0.5), tie("defence"), tie("defence", strength=0.0)]
    assert find_notices(not_by_two(ties=ties)) == [
        "ties[0] (RUS-YUG defence): overridden by another row with the same promise that is "
        "stronger or earlier; only its `against` list is used",
        "ties[2] (RUS-YUG defence): overridden by another row with the same promise that is "
        "stronger or earlier; none of its values is used",
    ]


def test_parties_as_adversaries():
    ties = [tie("defence", mutual=False, against=["RUS", "YUG"])]
    assert find_notices(not_by_two(ties=ties)) == [
        'ties[0].against: "RUS" is a party to this promise',
        'ties[0].against: "YUG" is a party to this promise',
    ]


def test_values_without_effect_elsewhere():
    scenario = not_by_two(
        actors=[
            {"id": "AUH", "capability": 1, "turnover": 0.5},
            {"id": "YUG", "capability": 1, "arms": 9},
            {"id": "RUS", "capability": 1, "turnover": 0.5, "instability": 1},
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
    assert find_notices(scenario) == [
        "actors[0].turnover: has no effect without instability",
        "actors[1].arms: 9 is above arms.levels and is set to 8",
        "actors[2].turnover: has no effect while instability is 1",
        "dyads[0]: sets no value",
        "trigger.dyads[1]: has weight 0 and never occurs",
        "trigger.domains[1]: has weight 0 and never occurs",
        "mediation.delay: mediation would start after run.horizon, so it never occurs",
    ]


PAIRS = {"AUH": 3.0, "YUG": 2.0, "RUS": 5.0}


def sized(trigger=None, **outcome):
    """Three actors that hold 10 together; AUH may fall out with YUG."""
    return small_scenario(
        actors=[{"id": name, "capability": c} for name, c in PAIRS.items()],
        outcome=outcome,
        trigger=trigger or {"initiator": "AUH", "target": "YUG"},
    )


ADVICE = "; if these actors are only part of the system, set outcome.system_capability to its total"


def test_originators_who_make_any_war_between_them_general():
    assert find_notices(sized(general_share=0.51)) == []
    assert find_notices(sized(general_share=0.5)) == [
        "outcome.general_share: the originators alone hold 50 % or more of all capability "
        f"(AUH-YUG 50 %), so every war between them is general{ADVICE}"
    ]
    # Of a system of 20 they hold a quarter, of one of 11 five elevenths.
    assert find_notices(sized(general_share=0.5, system_capability=11)) == []
    assert find_notices(sized(general_share=0.25, system_capability=20)) == [
        "outcome.general_share: the originators alone hold 25 % or more of all capability "
        "(AUH-YUG 25 %), so every war between them is general"
    ]


def test_only_some_originators_make_any_war_between_them_general():
    rows = [("AUH", "YUG"), ("YUG", "AUH"), ("RUS", "YUG"), ("RUS", "AUH")]
    trigger = {"dyads": [{"initiator": a, "target": b} for a, b in rows]}
    assert find_notices(sized(trigger, general_share=0.6)) == [
        "outcome.general_share: the originators alone, in 2 of 3 pairs, hold 60 % or more of "
        "all capability (RUS-YUG 70 %, RUS-AUH 80 %), so every war between them is "
        f"general{ADVICE}"
    ]


def test_many_such_pairs_are_counted():
    scenario = small_scenario(
        actors=[{"id": name, "capability": 1} for name in "ABCDE"],
        dyad_defaults={"rivalry": 1.0},
        trigger={"from_rivalry": True},
        outcome={"general_share": 0.4},
    )
    assert find_notices(scenario) == [
        "outcome.general_share: the originators alone hold 40 % or more of all capability "
        "(A-B 40 %, A-C 40 %, A-D 40 %, A-E 40 %, B-C 40 %, 5 more), so every war between them "
        f"is general{ADVICE}"
    ]


def test_who_is_wrongly_blamed_is_an_originator_too():
    domains = [{"name": "cyber", "misattribution": 0.5}]
    trigger = {"initiator": "AUH", "target": "YUG", "domains": domains}
    scenario = sized(trigger, general_share=0.6)
    assert find_notices(scenario) == [
        "trigger.domains[0].misattribution: has no effect in incidents AUH-YUG: the target has no "
        "other rival, and trigger.blame finds no other suspect"
    ]
    feud = scenario.model_copy(
        update={"dyads": small_scenario(dyads=[{"a": "YUG", "b": "RUS", "rivalry": 1}]).dyads}
    )
    assert find_notices(feud) == [
        "outcome.general_share: the originators alone, in 1 of 2 pairs, hold 60 % or more of "
        f"all capability (YUG-RUS 70 %), so every war between them is general{ADVICE}"
    ]


def test_a_system_that_is_less_than_its_actors():
    assert find_notices(sized(general_share=0.6, system_capability=9.9)) == [
        "outcome.system_capability: 9.9 is below the total capability of the actors, 10, "
        "which is used instead"
    ]
    # As a sum may be that was rounded on its way into the file.
    assert find_notices(sized(general_share=0.6, system_capability=9.999)) == []


def test_a_system_so_large_that_no_war_is_general():
    assert find_notices(sized(general_share=0.6, system_capability=16)) == []
    assert find_notices(sized(general_share=0.6, system_capability=40)) == [
        "outcome.system_capability: the actors together hold 25 % of it, less than the 60 % "
        "that makes a war general, so no war can be general"
    ]
