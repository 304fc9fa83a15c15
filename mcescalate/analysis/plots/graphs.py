"""Networks of actors: where nodes lie, which of them have promises, labels beside them."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mcescalate.errors import ExtraMissing
from mcescalate.scenario.merged_rows import merge_rows
from mcescalate.scenario.schema import Scenario

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PROMISES_TO_FIGHT = ("defence", "offence")
FAR_APART = 3.0
"""Distance of nodes that nothing joins, in steps along the graph."""

LABEL_GAP = 0.5
"""Points from the edge of a node to its label."""


def graph_of(nodes: Sequence[str], edges: Iterable[tuple[str, str]]) -> Any:
    """A `networkx.Graph`.

    Raises
    ------
    ExtraMissing
        networkx is not installed.
    """
    try:
        import networkx
    except ImportError:
        raise ExtraMissing(
            'plots: networkx is not installed; pip install "mcescalate[plot]"'
        ) from None
    graph = networkx.Graph()
    graph.add_nodes_from(nodes)
    graph.add_edges_from(edges)
    return graph


def places_of(graph: Any) -> dict[str, np.ndarray]:
    """Where each node of a graph lies: nodes that an edge joins lie close together."""
    import networkx

    steps = dict(networkx.all_pairs_shortest_path_length(graph))
    # Neither so few steps nor so many that the picture falls apart.
    distances = {
        a: {b: 0.0 if a == b else min(0.4 + steps[a].get(b, FAR_APART), FAR_APART) for b in graph}
        for a in graph
    }
    return networkx.kamada_kawai_layout(graph, dist=distances)


def promises_to_fight(scenario: Scenario, nodes: Sequence[str]) -> list[tuple[str, str]]:
    """Pairs of nodes with a promise to fight, each once."""
    pairs = {
        tuple(sorted(key[:2])): None
        for key in merge_rows(scenario).in_force
        if key[2] in PROMISES_TO_FIGHT
    }
    return [(a, b) for a, b in pairs if a in nodes and b in nodes]


def write_beside(
    ax: "Axes", label: str, place: np.ndarray, others: np.ndarray, area: float = 230.0
) -> None:
    """A label beside a node, on the side where its neighbours leave most room.

    Parameters
    ----------
    others : where its neighbours lie
    area : of the node, in square points
    """
    away = _away(place, others)
    ax.annotate(
        label,
        (float(place[0]), float(place[1])),
        xytext=tuple((LABEL_GAP + np.sqrt(area / np.pi)) * away),
        textcoords="offset points",
        ha=("right", "center", "left")[1 + round(away[0])],
        va=("top", "center", "bottom")[1 + round(away[1])],
        fontsize="small",
        fontweight="bold",
        linespacing=0.95,
        zorder=4,
    )


def _away(place: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Direction, of length 1, into the widest gap between the directions of others."""
    angles = np.sort(np.arctan2(*(others - place).T[::-1]))
    gaps = np.diff(angles, append=angles[:1] + 2 * np.pi)
    widest = int(gaps.argmax())
    angle = angles[widest] + gaps[widest] / 2
    return np.array([np.cos(angle), np.sin(angle)])
