"""The actors, promises to fight and rivalries as a picture: where each stands, what joins which."""

import math
from collections.abc import Mapping
from typing import Any

from mcescalate.analysis.plots.graphs import promises_to_fight
from mcescalate.analysis.plots.network import MOST_EDGES, MOST_NODES
from mcescalate.scenario.merged_rows import MergedRows, merge_rows
from mcescalate.scenario.schema import Scenario

Facts = dict[str, Any]

EITHER = 0.5
"""Share of the target's side where an actor takes none."""


def describe_network(
    scenario: Scenario, engaged: Mapping[str, float], sides: Mapping[str, float | None]
) -> Facts:
    """Nodes with their places from -1 to 1, and the pairs that promises and rivalries join.

    Actors stand on an ellipse: the initiator's side to the left, the target's to the right. Of
    many actors those are drawn that most often take a side.

    Parameters
    ----------
    engaged : probability that each actor takes a side
    sides : of that, the share on the target's side
    """
    merged = merge_rows(scenario)
    names = {actor.id: actor.label for actor in scenario.actors}
    chosen = sorted(names, key=lambda actor: -engaged.get(actor, 0.0))[:MOST_NODES]
    nodes = [actor for actor in names if actor in set(chosen)]
    return {
        "nodes": [
            {"id": actor, "name": names[actor], "x": x, "y": y}
            for actor, (x, y) in _places(nodes, sides).items()
        ],
        "promises": promises_to_fight(scenario, nodes),
        "rivalries": _rivalries(merged, nodes),
        "originators": _originators(merged, nodes),
        "n_left_out": len(names) - len(nodes),
    }


def _places(nodes: list[str], sides: Mapping[str, float | None]) -> dict[str, tuple[float, float]]:
    """Places on a circle, by the side taken from left to right, in turn above and below."""

    def share(actor: str) -> float:
        side = sides.get(actor)
        return EITHER if side is None else side

    order = sorted(nodes, key=share)
    step = math.pi / max(len(order) - 1, 1)
    places = {}
    for rank, actor in enumerate(order):
        sign = -1 if rank % 2 else 1
        angle = math.pi - rank * step
        places[actor] = (round(math.cos(angle), 3), round(sign * math.sin(angle), 3))
    return places


def _rivalries(merged: MergedRows, nodes: list[str]) -> list[tuple[str, str]]:
    """Pairs of nodes with a rivalry within reach, each once, the strongest of many."""
    strength: dict[tuple[str, str], float] = {}
    for place, a in enumerate(nodes):
        for b in nodes[place + 1 :]:
            dyads = merged.dyad(a, b), merged.dyad(b, a)
            if most := max(dyad.rivalry * dyad.reach for dyad in dyads):
                strength[a, b] = most
    return sorted(strength, key=lambda pair: -strength[pair])[:MOST_EDGES]


def _originators(merged: MergedRows, nodes: list[str]) -> list[tuple[str, str]]:
    """Pairs of nodes between which an incident may occur, the likeliest of many."""
    known = set(nodes)
    pairs = [(a, b, weight) for a, b, weight in merged.incidents if {a, b} <= known]
    pairs.sort(key=lambda row: -row[2])
    return [(a, b) for a, b, _ in pairs[:MOST_EDGES]]
