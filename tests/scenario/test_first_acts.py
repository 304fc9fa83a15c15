"""Shares of first acts that follow the pair, against numbers worked out by hand."""

import math

import pytest

from mcescalate.scenario.build import build_world
from mcescalate.scenario.schema import Scenario

DOMAINS = [
    {"name": "threat", "weight": 1.0, "major": 0.5, "reach": -2.0},
    {"name": "clash", "weight": 3.0, "stake": 1.5},
]


def shares(trigger, **of_first):
    """Shares of threat and clash; A is a major power, A and B reach each other by half."""
    scenario = Scenario.model_validate(
        {
            "schema_version": 1,
            "actors": [
                {"id": "A", "capability": 1.0, "major": True},
                {"id": "B", "capability": 1.0},
                {"id": "C", "capability": 1.0},
            ],
            "dyads": [
                {"a": "A", "b": "B", "reach": 0.5, "stake": 0.4, "directed": True},
                {"a": "B", "b": "C", "reach": 1.0},
            ],
            "trigger": {"domains": [DOMAINS[0] | of_first, DOMAINS[1]], **trigger},
        }
    )
    world = build_world(scenario)
    assert world.domains["cumulative"][-1] == pytest.approx(1.0, abs=1e-12)
    return world.domains["share"].tolist()


def of_odds(threat, clash):
    return [threat / (threat + clash), clash / (threat + clash)]


AB = of_odds(math.exp(0.5 - 2.0 * 0.5), 3.0 * math.exp(1.5 * 0.4))
BC = of_odds(math.exp(-2.0), 3.0)


def test_shares_are_those_of_the_pair():
    assert shares({"initiator": "A", "target": "B"}) == pytest.approx(AB)
    assert shares({"initiator": "B", "target": "C"}) == pytest.approx(BC)


def test_of_several_pairs_shares_are_the_mean_by_weight():
    rows = [
        {"initiator": "A", "target": "B", "weight": 1.0},
        {"initiator": "B", "target": "C", "weight": 3.0},
    ]
    mean = [0.25 * one + 0.75 * other for one, other in zip(AB, BC, strict=True)]
    assert shares({"dyads": rows}) == pytest.approx(mean)


def test_a_domain_without_weight_never_occurs():
    assert shares({"initiator": "A", "target": "B"}, weight=0.0) == [0.0, 1.0]
