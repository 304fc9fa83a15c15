"""A crisis small enough to be solved exactly."""

from typing import Any

from samples import small_scenario

from mcescalate.scenario.schema import Scenario


def crisis(**tables: Any) -> Scenario:
    """Two rivals, an ally of one who may be pulled in, three turns, four rungs."""
    return small_scenario(
        **{
            "title": "Two rivals and an ally",
            "ladder": {
                "rungs": ["calm", "threat", "clash", "war"],
                "mobilised": 2,
                "casus": 1,
                "mid": [1, 2, 4, 5],
            },
            "actors": [
                {"id": "AUH", "capability": 2.0, "tempo": 0.9, "bias": 0.3, "exercise": 0.3},
                {"id": "YUG", "capability": 1.0, "tempo": 0.9, "resolve": 0.5},
                {"id": "RUS", "capability": 3.0, "tempo": 0.8, "noise": 0.9, "rigidity": 0.5},
            ],
            "ties": [
                {
                    "from": "RUS",
                    "to": "YUG",
                    "kind": "defence",
                    "mutual": False,
                    "treaty": "Guarantee",
                }
            ],
            "dyads": [{"a": "AUH", "b": "YUG", "rivalry": 1.0}],
            "trigger": {"initiator": "AUH", "target": "YUG", "accident": 0.3},
            "response": {"up": 0.3, "war_cost": 0.0},
            "alliance": {"base": -1.5},
            "mediation": {"delay": 1, "rate": 0.3},
            "outcome": {"general_share": 0.9},
            "run": {"horizon": 3, "turn_days": 2.0},
        }
        | tables
    )
