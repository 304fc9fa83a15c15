"""Crises that stay between two, alone and beside others that do not."""

from typing import Any

from hypothesis import strategies as st
from model.states import crisis
from strategies import shares, signed

from mcescalate.scenario.schema import Scenario


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


def mixed(**tables):
    """A and B stay between two; where C and D fall out, A has a promise to keep."""
    return crisis(
        "ABCD",
        **{
            "promises": {("A", "D", "defence"): {}},
            "trigger": {
                "dyads": [
                    {"initiator": "A", "target": "B", "weight": 10.0},
                    {"initiator": "C", "target": "D"},
                ]
            },
            "response": {"up": 1.5},
            "deterrence": {"base": -2.5},
        }
        | tables,
    )


@st.composite
def mixed_worlds(draw: st.DrawFn) -> Scenario:
    """Random ones: A and B, or E and F, stay between two, but are third parties elsewhere."""
    outsiders, insiders = st.sampled_from("ABEF"), st.sampled_from("CD")
    terms = st.fixed_dictionaries({"strength": shares, "ambiguity": shares, "conditional": shares})
    kinds = st.sampled_from(("defence", "offence", "support"))
    promises = st.dictionaries(st.tuples(outsiders, insiders, kinds), terms, max_size=4)
    regards = st.fixed_dictionaries({"rivalry": st.integers(1, 8).map(lambda v: v / 4)})
    about: dict[str, dict[str, Any]] = {
        actor: {
            "tempo": draw(st.integers(5, 10)) / 10,
            "resolve": draw(signed),
            "instability": draw(shares),
        }
        for actor in "ABCDEF"
    }
    return crisis(
        "ABCDEF",
        about=about,
        promises={(draw(outsiders), draw(insiders), "defence"): {}} | draw(promises),
        dyads=draw(st.dictionaries(st.tuples(outsiders, insiders), regards, max_size=3)),
        deterrence={"base": draw(signed)},
        response={"up": draw(signed), "war_cost": 1.0},
        alliance={"base": -1.0},
        contagion={"base": -3.0},
        trigger={
            "dyads": [
                {"initiator": a, "target": b, "weight": draw(st.integers(1, 8))}
                for a, b in ("AB", "CD", "FE")
            ]
        },
        run={"horizon": draw(st.integers(2, 8))},
    )


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
