"""Crises that stay between two."""

from model.states import crisis


def duel(**tables):
    """A and B at odds, C and D at odds elsewhere, E and F allies of each other alone."""
    about = {
        "A": {"resolve": 0.4, "noise": 0.9, "instability": 0.4, "nuclear": True, "arms": 3},
        "B": {"bias": 0.5, "tempo": 0.8, "rigidity": 0.4, "instability": 0.2},
        "C": {"tempo": 0.9},
    }
    return crisis(
        "ABCDEF",
        **{
            "about": about,
            "promises": {("E", "F", "defence"): {}},
            "dyads": {
                ("A", "B"): {"rivalry": 1.0, "channel": 0.4},
                ("B", "A"): {"rivalry": 0.7, "reach": 0.8},
                ("C", "D"): {"rivalry": 2.0},
            },
            "mediation": {"delay": 2, "tension": 1.0, "arms": 0.5},
            "trigger": {
                "dyads": [
                    {"initiator": "A", "target": "B", "weight": 3.0},
                    {"initiator": "C", "target": "D"},
                ],
                "accident": 0.3,
                "domains": [{"name": "land", "rung": 2}, {"name": "cyber", "noise": 2.0}],
            },
            "run": {"horizon": 21},
        }
        | tables,
    )


def small_ladder(**tables):
    """A scenario with the shortest ladder that there is."""
    ladder = {"rungs": ["calm", "crisis", "war"], "mobilised": 1, "casus": 1, "mid": [1, 3, 5]}
    return duel(ladder=ladder, trigger={"initiator": "A", "target": "B"}, **tables)


CASES = {
    "duel": duel,
    "no_mediator": lambda: duel(mediation={"rate": 0.0}),
    "always_a_mediator": lambda: duel(mediation={"rate": 1.0, "delay": 0}),
    "warlike": lambda: duel(response={"up": 1.5, "war_cost": 0.0}, run={"horizon": 60}),
    "one_turn": lambda: duel(run={"horizon": 1}),
    "small_ladder": small_ladder,
    "sure_moves": lambda: duel(
        about={"A": {"tempo": 1.0, "resolve": 90.0}, "B": {"tempo": 1.0, "noise": 0.0}}
    ),
}
