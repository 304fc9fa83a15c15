"""Which way each further term moves a crisis, solved exactly on worlds in which it can bite.

One weight goes up from 0, other things equal. The figure must move the way that the term stands
for at every step, by more than rounding.
"""

from itertools import pairwise
from typing import Any, NamedTuple

import pytest
from verification.small_worlds import GUARDED, RIVALS, dyad, tie, world

import mcescalate as mc
from mcescalate.scenario.change.addresses import assign
from mcescalate.scenario.schema import Scenario

UP, DOWN = 1, -1
LEAST = 1e-6
"""A step of a figure must exceed this; masses add up to 1 within 1e-9."""

WEIGHTS = (0.0, 0.5, 1.0, 2.0)
SHARES = (0.0, 0.3, 0.6, 1.0)

Solution = Any


def crises(solution: Solution) -> float:
    """P(not deterred)."""
    return 1.0 - float(solution["outcome_probability"].sel(outcome="deterred"))


def wars(solution: Solution) -> float:
    """P(war)."""
    return float(solution["outcome_probability"].sel(outcome=["limited_war", "general_war"]).sum())


def size_of_wars(solution: Solution) -> float:
    """Expected number at war, given war."""
    size = solution["war_size_probability"]
    return float((size * size["n_actors"]).sum()) / wars(solution)


def length_of_wars(solution: Solution) -> float:
    """Expected turns of war within the horizon, given war."""
    length = solution["war_length_probability"].sum("war_end")
    return float((length * length["turn"]).sum()) / wars(solution)


def joiners(solution: Solution) -> float:
    """Expected number of entries by treaty, own rivalry and bystanders."""
    causes = ["treaty", "opportunism", "bystander"]
    return float(solution["entry_probability"].sel(cause=causes).sum())


class Direction(NamedTuple):
    """A weight, a world in which it bites, and the figure that it moves one way."""

    weight: str
    scenario: Scenario
    figure: Any
    way: int
    values: tuple[float, ...] = WEIGHTS


PEACEFUL = {"war_cost": 100.0}
"""The last step is out of reach, so all who join do so before war."""

GUARANTOR = world("ABC", ties=GUARDED)
PROTECTED = world("ABC", ties=(tie("C", "A"),))
CLAIM = world("AB", dyads=(dyad("A", "B", rivalry=0.8, stake=0.7),))
ALLY_BELOW_WAR = world("ABC", ties=GUARDED, response=PEACEFUL, alliance={"base": -1.0})
RIVAL_BELOW_WAR = world(
    "ABC",
    dyads=(*RIVALS, dyad("C", "A", rivalry=0.8)),
    response=PEACEFUL,
    contagion={"base": -1.0},
)
BYSTANDER_BELOW_WAR = world("ABC", response=PEACEFUL, bystander={"base": -1.0})
CHAIN = world(
    "ABCD",
    ties=(*GUARDED, tie("D", "B", strength=0.3), tie("D", "C")),
    alliance={"base": -1.5},
    run={"horizon": 5},
)
DISPLAYS = world("ABC", ties=GUARDED, ladder={**GUARANTOR.ladder.model_dump(), "casus": 3})
HELP = world("ABC", ties=GUARDED, alliance={"base": 0.0})
DIVIDED = world("ABC", ties=GUARDED, about={"C": {"instability": 0.5}}, alliance={"base": 0.0})
THROUGH_WAR = world("AB", about={"B": {"capability": 0.5}}, war={"rate": 0.05})

DIRECTIONS = [
    Direction("deterrence.provocation", GUARANTOR, crises, UP),
    Direction("response.encircle", GUARANTOR, wars, UP),
    Direction("response.display", DISPLAYS, wars, UP),
    Direction("deterrence.assurance", PROTECTED, crises, DOWN),
    Direction("response.assurance", PROTECTED, wars, DOWN),
    Direction("alliance.short_of_war", ALLY_BELOW_WAR, joiners, DOWN),
    Direction("contagion.short_of_war", RIVAL_BELOW_WAR, joiners, DOWN),
    Direction("bystander.short_of_war", BYSTANDER_BELOW_WAR, joiners, DOWN),
    Direction("alliance.follow", CHAIN, size_of_wars, UP),
    Direction("alliance.loss", HELP, size_of_wars, DOWN, SHARES),
    Direction("alliance.divided_delay", DIVIDED, size_of_wars, DOWN, SHARES),
    Direction("response.limited", HELP, size_of_wars, DOWN),
    Direction("deterrence.stake", CLAIM, crises, UP),
    Direction("response.stake", CLAIM, wars, UP),
    Direction("response.stake_war", CLAIM, wars, UP),
    Direction("policy.restraint", assign(HELP, [("policy.from_rung", 1)]), wars, DOWN),
    Direction("policy.calm", assign(HELP, [("policy.from_rung", 1)]), wars, DOWN),
    Direction("policy.mediation", assign(HELP, [("policy.from_rung", 1)]), wars, DOWN, SHARES),
    Direction("war.rate", THROUGH_WAR, length_of_wars, DOWN, (0.0, 0.1, 0.3, 1.0)),
    Direction("war.balance", THROUGH_WAR, length_of_wars, DOWN),
    Direction("war.length", THROUGH_WAR, length_of_wars, DOWN),
]


@pytest.mark.parametrize("case", DIRECTIONS, ids=lambda case: case.weight)
def test_a_weight_moves_its_figure_one_way(case):
    solutions = [mc.solve(assign(case.scenario, [(case.weight, value)])) for value in case.values]
    figures = [case.figure(solution) for solution in solutions]
    steps = [case.way * (b - a) for a, b in pairwise(figures)]
    assert min(steps) > LEAST, figures


def test_short_of_war_leaves_the_hazard_in_war():
    """Treaties that war alone calls upon bind as before: the other side is never below war."""
    in_war = {**GUARANTOR.ladder.model_dump(), "casus": 3}
    scenario = world("ABC", ties=GUARDED, ladder=in_war, alliance={"base": 0.0})
    weights = [assign(scenario, [("alliance.short_of_war", value)]) for value in WEIGHTS]
    figures = [joiners(mc.solve(weighted)) for weighted in weights]
    assert figures[0] > 0.01
    assert figures == pytest.approx([figures[0]] * len(WEIGHTS), rel=1e-12)
