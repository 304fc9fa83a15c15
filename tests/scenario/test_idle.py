"""Values of the further terms that cannot bite in the file at hand are named, and no others."""

import pytest
from model.states import crisis

from mcescalate.scenario.review.idle import find_idle_values

CYBER = [{"name": "cyber", "misattribution": 0.5}]
GUARDED = {("C", "B", "defence"): {}}
FEUD = {("B", "C"): {"rivalry": 1.0}}
WITHOUT = "has no effect: "


def incident(**fields):
    return {"initiator": "A", "target": "B", **fields}


BITING = {
    "a rival to blame": ("ABC", {"trigger": incident(domains=CYBER), "dyads": FEUD}),
    "a suspect within reach": ("ABC", {"trigger": incident(domains=CYBER, blame=1.0)}),
    "a stake": (
        "AB",
        {"dyads": {("A", "B"): {"stake": 1.0}}, "response": {"stake": 0.5, "stake_war": 0.1}},
    ),
    "a guarantor": (
        "ABC",
        {
            "promises": GUARDED,
            "deterrence": {"provocation": 1.0, "assurance": 1.0},
            "response": {"encircle": 1.0, "display": 1.0, "assurance": 1.0},
            "alliance": {"follow": 1.0, "short_of_war": 1.0, "capability": 1.0, "loss": 0.5},
        },
    ),
    "a bystander": ("ABC", {"bystander": {"base": -1.0, "major": 1.0}}),
    "a policy": ("AB", {"policy": {"from_rung": 2, "calm": 1.0}}),
    "an end of war": ("AB", {"war": {"rate": 0.1, "balance": 1.0, "decisive": 1.0}}),
    "a rival that may join": (
        "ABC",
        {"dyads": {("C", "B"): {"rivalry": 1.0}}, "contagion": {"capability": 1.0}},
    ),
}

IDLE = {
    "nobody to blame": (
        "ABC",
        {"trigger": incident(domains=CYBER)},
        "trigger.domains[0].misattribution: has no effect in incidents A-B",
    ),
    "an ally is no suspect": (
        "ABC",
        {"trigger": incident(domains=CYBER, blame=1.0), "promises": GUARDED},
        "trigger.domains[0].misattribution: has no effect in incidents A-B",
    ),
    "blame without misattribution": (
        "ABC",
        {"trigger": incident(blame=1.0)},
        "trigger.blame: has no effect",
    ),
    "suspects alike": (
        "ABCD",
        {"trigger": incident(domains=CYBER, blame=1.0)},
        "trigger.blame: every suspect is equally within reach",
    ),
    "a stake against a neutral": (
        "ABC",
        {"dyads": {("A", "C"): {"stake": 1.0}}, "response": {"stake": 1.0}},
        "dyads: the stake of A-C has no effect",
    ),
    "a stake without a weight": (
        "AB",
        {"dyads": {("A", "B"): {"stake": 1.0}}},
        "dyads: stakes have no effect while",
    ),
    "a weight without a stake": (
        "AB",
        {"response": {"stake_war": 1.0}},
        "response.stake_war: has no effect, for no",
    ),
    "no guarantor": (
        "ABC",
        {"response": {"encircle": 1.0}},
        f"response.encircle: {WITHOUT}no third",
    ),
    "no defence": (
        "ABC",
        {"deterrence": {"assurance": 1.0}},
        f"deterrence.assurance: {WITHOUT}there",
    ),
    "no promise": ("ABC", {"alliance": {"loss": 0.5}}, f"alliance.loss: {WITHOUT}there"),
    "casus is war": (
        "ABC",
        {
            "promises": GUARDED,
            "alliance": {"short_of_war": 1.0},
            "ladder": {"rungs": ["a", "b", "c"], "mobilised": 1, "casus": 2, "mid": [1, 2, 5]},
        },
        f"alliance.short_of_war: {WITHOUT}the casus is war itself",
    ),
    "all united": (
        "ABC",
        {"promises": GUARDED, "alliance": {"divided_delay": 0.5}},
        f"alliance.divided_delay: {WITHOUT}no government",
    ),
    "bystanders off": (
        "ABC",
        {"bystander": {"major": 1.0}},
        f"bystander.major: {WITHOUT}bystander",
    ),
    "no third actor": ("AB", {"bystander": {"base": -1.0}}, "bystander.base: has no effect"),
    "no rival": ("ABC", {"contagion": {"capability": 1.0}}, f"contagion.capability: {WITHOUT}no"),
    "above the ladder": (
        "AB",
        {"policy": {"calm": 1.0}},
        f"policy.calm: {WITHOUT}policy.from_rung",
    ),
    "a policy of nothing": ("AB", {"policy": {"from_rung": 2}}, "policy.from_rung: has no effect"),
    "endless wars": ("AB", {"war": {"decisive": 1.0}}, f"war.decisive: {WITHOUT}rate is 0"),
}


@pytest.mark.parametrize("case", BITING)
def test_what_bites_is_not_named(case):
    ids, tables = BITING[case]
    assert list(find_idle_values(crisis(ids, **tables))) == []


@pytest.mark.parametrize("case", IDLE)
def test_what_cannot_bite_is_named(case):
    ids, tables, start = IDLE[case]
    (notice,) = find_idle_values(crisis(ids, **tables))
    assert notice.startswith(start)
