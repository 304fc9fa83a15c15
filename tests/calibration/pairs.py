"""Made-up crises between two, with and without onlookers, for the chains of `calibration.pairs`."""

import numpy as np

from mcescalate.calibration.likelihoods.observations import Observation, Outcome, observe
from mcescalate.scenario.schema import Scenario

DOMAINS = [
    {"name": "threat", "rung": 1, "weight": 1.0},
    {"name": "clash", "rung": 4, "weight": 2.0},
    {"name": "raid", "rung": 2, "weight": 1.0, "noise": 1.5},
]


def random_crisis(rng: np.random.Generator, *, others: str = "", **tables) -> Scenario:
    """A at odds with B, beside `others`; most mechanisms that bear on two are on."""

    def some(low, high):
        return float(rng.uniform(low, high))

    ids = "AB" + others
    actors = [
        {
            "id": actor,
            "capability": some(0.1, 2.0),
            "resolve": some(-0.5, 0.5),
            "noise": some(0.0, 1.2),
            "bias": some(-0.5, 0.5),
            "tempo": some(0.3, 1.0),
            "rigidity": some(0.0, 0.6),
            "exercise": some(0.0, 0.5),
            "optimism": some(-0.3, 0.3),
            "arms": int(rng.integers(0, 4)),
            "nuclear": bool(rng.integers(2)),
            "major": bool(rng.integers(2)),
        }
        for actor in ids
    ]
    dyads = [
        {
            "a": a,
            "b": b,
            "rivalry": some(0.0, 1.5),
            "reach": some(0.3, 1.0),
            "channel": some(0.0, 0.6),
            "mistrust": some(-0.2, 0.4),
            "stake": some(0.0, 1.0),
            "directed": True,
        }
        for a in ids
        for b in ids
        if a != b
    ]
    return Scenario.model_validate(
        {
            "schema_version": 1,
            "actors": actors,
            "dyads": dyads,
            "trigger": {"initiator": "A", "target": "B", "accident": 1.0, "domains": DOMAINS},
            "response": {
                "up": some(-1.0, 0.5),
                "gap": some(0.1, 0.8),
                "war_cost": some(0.0, 2.0),
                "stake": some(0.0, 0.5),
                "stake_war": some(0.0, 0.5),
            },
            "mediation": {"rate": some(0.0, 0.4), "delay": 2, "tension": 0.5, "arms": 0.5},
            "policy": {"from_rung": 4, "restraint": 0.4, "calm": 0.3, "mediation": 0.1},
            "run": {"horizon": 12},
        }
        | tables
    )


def observed(scenario: Scenario, **about) -> Observation:
    """An observation in that scenario."""
    return observe(scenario, "A", "B", year=about.pop("year", 1950), outcome=Outcome(), **about)
