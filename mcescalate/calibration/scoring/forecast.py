"""What the model predicts of a crisis that has begun between two states."""

from typing import Any, NamedTuple

import numpy as np

from mcescalate.engine.batches import run_chains
from mcescalate.model.codes import INITIATOR, TARGET
from mcescalate.model.world import World
from mcescalate.scenario.build import build_world
from mcescalate.scenario.merged_rows import actor_order
from mcescalate.scenario.schema import Scenario

FORCE, WAR = 4, 5
"""Levels of hostility of the rungs, as in dispute data."""


class Forecast(NamedTuple):
    """Probabilities, given that the incident happened."""

    war: float
    """That some state reaches war."""
    answered: float
    """That the target does anything."""
    force: float
    """That some state uses force, or goes to war."""
    multi: float
    """That more than two states take part."""
    joining: dict[Any, tuple[float, float]]
    """That a bystander enters the initiator's side, and the target's, by actor id or place."""
    at_war: list[float]
    """That at least so many states are at war at the end, from 1 on."""


def forecast(scenario: Scenario, *, seed: int, first_chain: int, n_chains: int) -> Forecast:
    """Predict by simulating chains in which the incident is not deterred.

    Half a chain is added to both sides of each count, so that nothing is called certain.
    """
    order = actor_order(scenario)
    trigger = scenario.trigger
    pair = (order.index(trigger.initiator or ""), order.index(trigger.target or ""))
    found = forecast_world(
        build_world(scenario),
        pair,
        np.array(scenario.ladder.mid),
        seed=seed,
        first_chain=first_chain,
        n_chains=n_chains,
    )
    return found._replace(joining={order[k]: p for k, p in found.joining.items()})


def forecast_world(
    world: World,
    pair: tuple[int, int],
    levels: np.ndarray,
    *,
    seed: int,
    first_chain: int,
    n_chains: int,
) -> Forecast:
    """The same for a world, in which actors go by their places.

    Parameters
    ----------
    pair : initiator and target
    levels : (rung) of hostility, as in dispute data
    """
    # An accident is never deterred, and is like any other incident from then on.
    world = world._replace(accident=1.0)
    tally, _ = run_chains(world, seed=seed, first_chain=first_chain, n_chains=n_chains, workers=1)

    def share(count: float) -> float:
        return (float(count) + 0.5) / (n_chains + 1.0)

    wider = np.cumsum(tally.war_size[::-1])[::-1]
    return Forecast(
        war=share(tally.peak[levels >= WAR].sum()),
        answered=share(tally.reciprocated.sum()),
        force=share(tally.peak[levels >= FORCE].sum()),
        multi=share(tally.engaged_size[3:].sum()),
        joining={
            k: (
                share(tally.actor_engaged[k, INITIATOR]),
                share(tally.actor_engaged[k, TARGET]),
            )
            for k in range(world.n_actors)
            if k not in pair
        },
        at_war=[float(count) / n_chains for count in wider[1:]],
    )
