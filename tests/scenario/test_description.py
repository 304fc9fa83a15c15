"""What `describe` lists is what a run uses."""

import json

import pytest
from cases import CASES, load_case
from small_crisis import crisis

from mcescalate.scenario.merged_rows import merge_rows
from mcescalate.scenario.review.description import describe


def test_small_crisis():
    found = describe(crisis())
    assert {k: v["capability_share"] for k, v in found["actors"].items()} == {
        "AUH": pytest.approx(2 / 6),
        "YUG": pytest.approx(1 / 6),
        "RUS": pytest.approx(3 / 6),
    }
    assert found["actors"]["AUH"]["values"] == {"bias": 0.3, "tempo": 0.9, "exercise": 0.3}
    (promise,) = found["promises"]
    assert (promise["from"], promise["to"], promise["kind"]) == ("RUS", "YUG", "defence")
    assert promise["treaty"] == "Guarantee"
    assert found["rivalries"] == [{"a": "AUH", "b": "YUG", "rivalry": 1.0, "back": 1.0}]
    assert found["incidents"] == [{"initiator": "AUH", "target": "YUG", "probability": 1.0}]
    assert {"address": "response.up", "value": 0.3, "default": -0.65} in found["changed"]


def test_directed_rivalries_and_weights():
    scenario = crisis(
        dyads=[
            {"a": "AUH", "b": "YUG", "rivalry": 1.0, "directed": True},
            {"a": "RUS", "b": "AUH", "rivalry": 2.0},
        ],
        trigger={
            "dyads": [
                {"initiator": "AUH", "target": "YUG", "weight": 1},
                {"initiator": "YUG", "target": "AUH", "weight": 3},
            ]
        },
    )
    found = describe(scenario)
    assert [(r["a"], r["b"], r["rivalry"], r["back"]) for r in found["rivalries"]] == [
        ("AUH", "RUS", 2.0, 2.0),
        ("AUH", "YUG", 1.0, 0.0),
    ]
    assert [row["probability"] for row in found["incidents"]] == [0.75, 0.25]


@pytest.mark.parametrize("case", CASES)
def test_cases(case):
    scenario = load_case(case)
    found, merged = describe(scenario), merge_rows(scenario)
    json.dumps(found, allow_nan=False)
    assert [(p["from"], p["to"], p["kind"]) for p in found["promises"]] == list(merged.in_force)
    assert sum(row["probability"] for row in found["incidents"]) == pytest.approx(1)
    assert sum(found["domains"].values()) == pytest.approx(1)
    rivals = {
        tuple(sorted((a.id, b.id)))
        for a in merged.actors
        for b in merged.actors
        if a is not b and merged.dyad(a.id, b.id).rivalry > 0
    }
    assert {tuple(sorted((row["a"], row["b"]))) for row in found["rivalries"]} == rivals
    assert len(found["rivalries"]) == len(rivals)
