"""What regressions learn from: the model's own inputs, and the covariates that the field uses."""

import math
from typing import Any

import numpy as np

from mcescalate.importing.datasets.contiguity import LAND
from mcescalate.importing.importer import Crisis
from mcescalate.model.chain.transition import open_crisis
from mcescalate.model.rules.power import balance_of_power
from mcescalate.model.state import new_state
from mcescalate.model.world import World
from mcescalate.scenario.build import build_world
from mcescalate.scenario.merged_rows import actor_order

_LEAST = 1e-6


def covariates_of(crisis: Crisis) -> dict[str, Any]:
    """All of them: `inputs`, `field`, and `bystanders` by COW country code."""
    order = actor_order(crisis.scenario)
    ids = {code: actor for actor, code in crisis.codes.items()}
    initiator, target = (order.index(ids[code]) for code in (crisis.initiator, crisis.target))
    world = build_world(crisis.scenario)
    return {
        "inputs": model_inputs(world, initiator, target),
        "field": field_covariates(crisis),
        "bystanders": bystander_inputs(crisis, world, initiator, target),
    }


def model_inputs(world: World, initiator: int, target: int) -> dict[str, float]:
    """What the model knows of the originators, and the balance of power that it makes of it."""
    a, b = world.actors[initiator], world.actors[target]
    dyads = world.all_dyads
    forth, back = dyads[initiator, target], dyads[target, initiator]
    state = new_state(world)
    open_crisis(world, state, initiator, target)
    others = [k for k in range(world.n_actors) if k not in (initiator, target)]
    return {
        "rivalry": float(forth.rivalry),
        "reach": float(forth.reach),
        "channel": float(forth.channel),
        "pact": float(max(forth.pact, back.pact)),
        "defence": float(max(forth.defence, back.defence)),
        "consultation": float(max(forth.consultation, back.consultation)),
        "balance": float(balance_of_power(world, state)),
        "initiator_capability": math.log(max(a.capability, _LEAST)),
        "target_capability": math.log(max(b.capability, _LEAST)),
        "initiator_major": float(a.major),
        "target_major": float(b.major),
        "initiator_nuclear": float(a.nuclear),
        "target_nuclear": float(b.nuclear),
        "initiator_allies": float(sum(dyads[k, initiator].defence for k in others)),
        "target_allies": float(sum(dyads[k, target].defence for k in others)),
        "target_rivals": float(sum(dyads[k, target].rivalry for k in others)),
        "initiator_rivals": float(sum(dyads[k, initiator].rivalry for k in others)),
    }


def field_covariates(crisis: Crisis) -> dict[str, float]:
    """The standard covariates of studies of dyads: power, status, borders, rivalry, alliance."""
    evidence = crisis.evidence
    ids = {code: actor for actor, code in crisis.codes.items()}
    shares = {actor.id: actor.capability for actor in crisis.scenario.actors}
    a, b = shares[ids[crisis.initiator]], shares[ids[crisis.target]]
    pair = (crisis.initiator, crisis.target)
    link = (min(pair), max(pair))
    border = evidence.borders.get(link)
    majors = sum(code in evidence.majors for code in pair)
    rivalry = evidence.rivalries.get(link)
    return {
        "initiator_share": a / (a + b),
        "capability_ratio": math.log(max(a, b, _LEAST) / max(min(a, b), _LEAST)),
        "larger_capability": math.log(max(a, b, _LEAST)),
        "one_major": float(majors == 1),
        "both_major": float(majors == 2),
        "initiator_major": float(crisis.initiator in evidence.majors),
        "land_border": float(border == LAND),
        "sea_border": float(border is not None and border != LAND),
        "rivalry": float(rivalry is not None),
        "territorial_rivalry": float(rivalry is not None and "spatial" in rivalry),
        "alliance": float(
            any(
                promise.kind == "defence" and {promise.giver, promise.to} == set(pair)
                for promise in evidence.promises
            )
        ),
    }


def bystander_inputs(
    crisis: Crisis, world: World, initiator: int, target: int
) -> dict[str, list[float]]:
    """By code of a bystander: what bears on its entry on the initiator's side, then the target's.

    The first half of each list is for the initiator's side, the other half for the target's.
    """
    dyads, order = world.all_dyads, actor_order(crisis.scenario)
    borders = crisis.evidence.borders
    rows = {}
    for k, actor in enumerate(order):
        if k in (initiator, target):
            continue
        code, sides = crisis.codes[actor], []
        for own, own_code, enemy, enemy_code in (
            (initiator, crisis.initiator, target, crisis.target),
            (target, crisis.target, initiator, crisis.initiator),
        ):
            links = [(min(code, c), max(code, c)) for c in (own_code, enemy_code)]
            sides += [
                float(dyads[k, own].defence),
                float(max(dyads[k, own].offence, dyads[k, own].consultation)),
                float(dyads[k, enemy].rivalry),
                float(dyads[k, own].rivalry),
                float(dyads[k, enemy].reach),
                float(dyads[k, enemy].defence),
                float(world.actors[k].major),
                math.log(max(world.actors[k].capability, _LEAST)),
                float(borders.get(links[0]) == LAND),
                float(borders.get(links[1]) == LAND),
                float(world.actors[own].major),
                float(world.actors[enemy].major),
            ]
        rows[str(code)] = sides
    return rows


def with_era(rows: np.ndarray, era: np.ndarray, n_eras: int) -> np.ndarray:
    """The covariates with a column for each era."""
    return np.hstack([rows, (era[:, None] == np.arange(n_eras)).astype(float)])
