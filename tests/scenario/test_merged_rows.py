"""Several rows about one pair: what they amount to."""

from functools import lru_cache

import pytest
from samples import small_scenario

from mcescalate.scenario.merged_rows import ByIdentity, Dyad, merge_rows


def tie(giver, to, kind="defence", **terms):
    return {"from": giver, "to": to, "kind": kind, **terms}


def promises(*ties):
    return merge_rows(small_scenario(ties=list(ties))).promises


def test_the_strongest_row_counts_with_its_own_terms():
    weak = tie("RUS", "YUG", strength=0.4, ambiguity=0.1, credibility=0.9, treaty="weak")
    strong = tie("RUS", "YUG", strength=0.8, ambiguity=0.7, conditional=0.5, treaty="strong")
    promise = promises(weak, strong)["RUS", "YUG", "defence"]
    assert (promise.strength, promise.ambiguity, promise.conditional) == (0.8, 0.7, 0.5)
    assert (promise.credibility, promise.treaty) == (1.0, "strong")


def test_among_equals_the_first_counts():
    promise = promises(tie("RUS", "YUG", ambiguity=0.2), tie("YUG", "RUS", ambiguity=0.3))
    assert promise["RUS", "YUG", "defence"].ambiguity == 0.2
    assert promise["YUG", "RUS", "defence"].ambiguity == 0.2


def test_adversaries_are_joined_over_rows_in_force():
    rows = [
        tie("RUS", "YUG", strength=0.5, against=["AUH"]),
        tie("RUS", "YUG", strength=0.9, against=["YUG", "AUH"]),
        tie("RUS", "YUG", strength=0.0, against=["RUS"]),
    ]
    assert promises(*rows)["RUS", "YUG", "defence"].against == ("AUH", "YUG")


def test_one_row_without_adversaries_means_anybody():
    rows = [tie("RUS", "YUG", against=["AUH"]), tie("RUS", "YUG", strength=0.1)]
    assert promises(*rows)["RUS", "YUG", "defence"].against == ()
    rows[1]["strength"] = 0.0
    assert promises(*rows)["RUS", "YUG", "defence"].against == ("AUH",)


def test_a_promise_of_strength_0_keeps_its_adversaries():
    promise = promises(tie("RUS", "YUG", strength=0.0, against=["AUH"]))
    assert promise["RUS", "YUG", "defence"].against == ("AUH",)


def test_kinds_and_directions_stay_apart():
    found = promises(
        tie("RUS", "YUG", mutual=False, strength=0.3),
        tie("YUG", "RUS", mutual=False, strength=0.6),
        tie("RUS", "YUG", kind="consultation", strength=0.9),
    )
    assert {key: promise.strength for key, promise in found.items()} == {
        ("RUS", "YUG", "defence"): 0.3,
        ("YUG", "RUS", "defence"): 0.6,
        ("RUS", "YUG", "consultation"): 0.9,
        ("YUG", "RUS", "consultation"): 0.9,
    }


def test_tie_labels_are_defence_rows_in_order_of_appearance():
    scenario = small_scenario(
        ties=[
            tie("RUS", "YUG", kind="offence"),
            tie("YUG", "RUS", strength=0.0),
            tie("RUS", "AUH", mutual=False),
            tie("RUS", "YUG"),
            tie("AUH", "RUS", strength=0.5),
        ]
    )
    assert merge_rows(scenario).tie_labels == [
        ("YUG", "RUS"),
        ("RUS", "YUG"),
        ("RUS", "AUH"),
        ("AUH", "RUS"),
    ]


def test_later_dyads_override_value_by_value_over_the_defaults():
    scenario = small_scenario(
        dyad_defaults={
            "rivalry": 0.2,
            "reach": 0.5,
            "channel": 0.1,
            "mistrust": -0.3,
            "stake": 0.4,
        },
        dyads=[
            {"a": "AUH", "b": "YUG", "rivalry": 2.0, "reach": 1.0},
            {"a": "YUG", "b": "AUH", "directed": True, "rivalry": 3.0},
            {"a": "YUG", "b": "AUH", "channel": 0.0, "stake": 1.0},
        ],
    )
    merged = merge_rows(scenario)
    assert merged.dyads == {
        ("AUH", "YUG"): Dyad(rivalry=2.0, reach=1.0, channel=0.0, mistrust=-0.3, stake=1.0),
        ("YUG", "AUH"): Dyad(rivalry=3.0, reach=1.0, channel=0.0, mistrust=-0.3, stake=1.0),
    }
    assert merged.dyad("RUS", "AUH") == merged.dyad_defaults == Dyad(0.2, 0.5, 0.1, -0.3, 0.4)


def test_incidents_of_a_pair():
    assert merge_rows(small_scenario()).incidents == [("AUH", "YUG", 1.0)]


def test_incidents_by_weight_leave_out_weight_0():
    rows = [
        {"initiator": "AUH", "target": "YUG", "weight": 0},
        {"initiator": "YUG", "target": "AUH", "weight": 2.5},
        {"initiator": "RUS", "target": "AUH"},
    ]
    scenario = small_scenario(trigger={"dyads": rows})
    assert merge_rows(scenario).incidents == [("YUG", "AUH", 2.5), ("RUS", "AUH", 1.0)]


def test_incidents_from_rivalry_weigh_rivalry_by_reach():
    scenario = small_scenario(
        trigger={"from_rivalry": True},
        dyad_defaults={"rivalry": 1.0, "reach": 0.5},
        dyads=[
            {"a": "AUH", "b": "YUG", "directed": True, "rivalry": 3.0},
            {"a": "RUS", "b": "YUG", "rivalry": 0.0},
            {"a": "RUS", "b": "AUH", "reach": 0.0},
        ],
    )
    assert merge_rows(scenario).incidents == [("AUH", "YUG", 1.5), ("YUG", "AUH", 0.5)]


def test_actors_and_domains_keep_the_order_of_the_file():
    domains = [{"name": "cyber"}, {"name": "conventional"}]
    scenario = small_scenario(trigger={"initiator": "AUH", "target": "YUG", "domains": domains})
    merged = merge_rows(scenario)
    assert merged.actor_ids == ("AUH", "YUG", "RUS")
    assert [domain.name for domain in merged.domains] == ["cyber", "conventional"]


@pytest.mark.parametrize("reach", [0.0, 1.0])
def test_incidents_from_rivalry_stand_in_the_order_of_the_actors(reach):
    # With a default of no incidents only the pairs of rows are looked at, in the order of the rows.
    scenario = small_scenario(
        trigger={"from_rivalry": True},
        dyad_defaults={"rivalry": 1.0, "reach": reach},
        dyads=[
            {"a": "RUS", "b": "YUG", "rivalry": 2.0, "reach": 1.0},
            {"a": "YUG", "b": "AUH", "rivalry": 3.0, "reach": 1.0},
            {"a": "RUS", "b": "AUH", "reach": 0.0},
        ],
    )
    assert merge_rows(scenario).incidents == [
        ("AUH", "YUG", 3.0),
        ("YUG", "AUH", 3.0),
        ("YUG", "RUS", 2.0),
        ("RUS", "YUG", 2.0),
    ]


def test_only_the_same_value_is_the_same():
    one, other = [1], [1]
    assert ByIdentity(one) == ByIdentity(one)
    assert hash(ByIdentity(one)) == hash(ByIdentity(one))
    assert ByIdentity(one) != ByIdentity(other)
    assert ByIdentity(one) != one


def test_a_value_that_is_remembered_keeps_its_identity():
    # Were it let go, the next value might be made in its place and be taken for it.
    @lru_cache(2)
    def length(texts):
        return len(texts.value)

    for n in range(100):
        assert length(ByIdentity(["x"] * n)) == n
