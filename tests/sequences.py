"""Small worlds whose chains are several crises, with every memory on."""

from typing import Any

from verification.small_worlds import SHORT, world

from mcescalate.scenario.schema import Scenario

ALL_ON = {
    "crises": 3,
    "quiet": 0.4,
    "years": 1.5,
    "half_life": 2.5,
    "memory_half_life": 3.0,
    "gain": 0.3,
    "loss": 0.7,
    "caution": 0.4,
    "hard_times": 0.5,
    "recur": 2.0,
    "bitter": 0.6,
    "firm_step": 0.8,
    "firm": 1.2,
    "general": 0.5,
    "carry_arms": True,
}
"""`[sequence]` with nothing neutral."""


def rivals(crises: int = 3, **tables: Any) -> Scenario:
    """Two rivals who may both begin; wars end, and one side prevails."""
    sequence = ALL_ON | {"crises": crises} | tables.pop("sequence", {})
    return world(
        "AB",
        dyads=({"a": "A", "b": "B", "rivalry": 1.0},),
        sequence=sequence,
        **{
            "trigger": {"from_rivalry": True, "accident": 0.2},
            "ladder": SHORT,
            "run": {"horizon": 3},
            "arms": {"periods": 1, "levels": 1},
            "war": {"rate": 0.4, "decisive": 1.0},
        }
        | tables,
    )


def triad(crises: int = 3, **tables: Any) -> Scenario:
    """A may challenge B, whom C has promised to defend, and C may challenge A; all are rivals."""
    sequence = ALL_ON | {"crises": crises} | tables.pop("sequence", {})
    return world(
        "ABC",
        ties=({"from": "C", "to": "B", "kind": "defence", "credibility": 0.8, "mutual": False},),
        dyads=(
            {"a": "A", "b": "B", "rivalry": 1.0},
            {"a": "C", "b": "A", "rivalry": 0.5},
        ),
        sequence=sequence,
        **{
            "trigger": {
                "dyads": [
                    {"initiator": "A", "target": "B"},
                    {"initiator": "C", "target": "A", "weight": 0.5},
                ],
                "accident": 0.2,
            },
            "ladder": SHORT,
            "run": {"horizon": 3},
            "war": {"rate": 0.4, "decisive": 1.0},
        }
        | tables,
    )


def coalition(crises: int = 4, **tables: Any) -> Scenario:
    """Five actors, promises in chains, bystanders, blame and divided governments."""
    sequence = ALL_ON | {"crises": crises} | tables.pop("sequence", {})
    return world(
        "ABCDE",
        about={i: {"instability": 0.3, "turnover": 0.3} for i in "ABCDE"},
        ties=(
            {"from": "C", "to": "B", "kind": "defence", "credibility": 0.8},
            {"from": "D", "to": "C", "kind": "defence", "credibility": 0.6, "mutual": False},
            {"from": "D", "to": "B", "kind": "defence", "credibility": 0.9, "mutual": False},
            {"from": "E", "to": "A", "kind": "defence", "against": ["B"], "mutual": False},
        ),
        dyads=(
            {"a": "A", "b": "B", "rivalry": 1.0},
            {"a": "A", "b": "C", "rivalry": 0.7},
            {"a": "D", "b": "E", "rivalry": 0.4},
        ),
        trigger={
            "from_rivalry": True,
            "accident": 0.2,
            "blame": 0.5,
            "domains": [{"name": "land", "misattribution": 0.2}, {"name": "sea", "rung": 2}],
        },
        arms={"periods": 2, "levels": 3},
        war={"rate": 0.3, "decisive": 1.0},
        bystander={"base": -3.0},
        deterrence={"base": 0.5, "provocation": 0.4, "assurance": 0.3},
        response={"up": 0.3, "war_cost": 0.8, "down": -0.2, "encircle": 0.5, "assurance": 0.4},
        sequence=sequence,
        **tables,
    )
