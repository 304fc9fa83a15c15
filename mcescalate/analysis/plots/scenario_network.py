"""The network of a scenario before any run: promises, rivalries, and what may begin a crisis."""

from typing import TYPE_CHECKING, Any

import numpy as np

from mcescalate.analysis.plots import canvas
from mcescalate.analysis.plots.graphs import (
    graph_of,
    places_of,
    promises_to_fight,
    write_beside,
)
from mcescalate.scenario.merged_rows import MergedRows, merge_rows
from mcescalate.scenario.schema import Scenario, expect_scenario

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_NODES = 40
LEAST_AREA, LARGEST_AREA = 40.0, 700.0
"""Of a node, in square points: from no capability to that of the strongest actor."""

Edges = list[tuple[str, str]]


def scenario_network(
    scenario: Scenario, *, beside: Scenario | None = None, ax: "Axes | None" = None
) -> "Axes":
    """Draw a scenario: who promised to fight for whom, who is whose rival, who may begin a crisis.

    Grey lines are promises to fight (defence or offence; an arrow points to the ally where only
    one side promised), dashed red ones rivalries, thick green ones pairs whose crisis the
    scenario is about. The area of a node is its share of capability. Of many actors, those in
    most promises, rivalries and incidents are drawn.

    Parameters
    ----------
    scenario
        The scenario to draw.
    beside
        A variant that is drawn too: actors stand in the same places in both figures.
    ax
        Axes to draw on; a new figure by default.

    Returns
    -------
    matplotlib.axes.Axes
        The axes; `.figure` is the figure.

    Raises
    ------
    UsageError
        `scenario` or `beside` is not a scenario.
    ExtraMissing
        matplotlib or networkx is not installed.

    Examples
    --------
    >>> import mcescalate as mc
    >>> mc.plots.scenario_network(mc.load_case("july-1914")).figure.savefig("network.svg")
    """
    expect_scenario(scenario, "scenario_network")
    ax = canvas.axes_for(ax, 5.2)
    merged = merge_rows(scenario)
    nodes, n_left_out = _most_connected(scenario, merged)
    promises, rivals, incidents = _edges(scenario, merged, nodes)
    drawn = [*promises, *rivals, *incidents]
    graph = graph_of(nodes, drawn)
    places = places_of(graph)
    if beside is not None:
        expect_scenario(beside, "scenario_network: beside")
        there = merge_rows(beside)
        also_drawn, _ = _most_connected(beside, there)
        also = [pair for edges in _edges(beside, there, also_drawn) for pair in edges]
        # The same graph whichever of the two is drawn, so that its layout is the same.
        places = places_of(graph_of(sorted({*nodes, *also_drawn}), sorted({*drawn, *also})))
    one_sided = _one_sided(merged, nodes)
    looks: tuple[tuple[Edges, dict[str, Any]], ...] = (
        (promises, {"color": "#b0b0b0", "linewidth": 1.2, "zorder": 1}),
        (rivals, {"color": canvas.VERMILION, "linewidth": 1.0, "linestyle": (0, (3, 1.5))}),
        (incidents, {"color": canvas.GREEN, "linewidth": 4.0, "alpha": 0.8, "zorder": 1.5}),
    )
    for pairs, look in looks:
        for a, b in pairs:
            (x0, y0), (x1, y1) = places[a], places[b]
            ax.plot([x0, x1], [y0, y1], **look)
    for giver, to in one_sided:
        _arrow_head(ax, places[giver], places[to])
    xy = np.array([places[node] for node in nodes])
    capability = {actor.id: actor.capability for actor in merged.actors}
    strength = np.array([capability[node] for node in nodes])
    areas = LEAST_AREA + (LARGEST_AREA - LEAST_AREA) * strength / strength.max()
    ax.scatter(
        xy[:, 0],
        xy[:, 1],
        s=areas,
        c=canvas.SKY,
        edgecolors=canvas.BLACK,
        linewidths=0.8,
        zorder=3,
    )
    for node, place, area in zip(nodes, xy, areas, strict=True):
        others = np.array([places[other] for other in graph[node]] or [xy.mean(axis=0)])
        write_beside(ax, canvas.plain(node), place, others, area)
    ax.set_axis_off()
    ax.margins(0.15)
    ax.set_title("Promises and rivalries", loc="left", **canvas.TITLE)
    ax.text(0.0, -0.02, _key(n_left_out), transform=ax.transAxes, va="top", fontsize="small")
    return ax


def _edges(scenario: Scenario, merged: MergedRows, nodes: list[str]) -> tuple[Edges, Edges, Edges]:
    """Promises to fight, rivalries, and pairs that may begin a crisis, among `nodes`."""
    incidents = _within(nodes, ((a, b) for a, b, _ in merged.incidents))
    rivals = [pair for pair in _rivals(merged, nodes) if pair not in incidents]
    return promises_to_fight(scenario, nodes), rivals, incidents


def _most_connected(scenario: Scenario, merged: MergedRows) -> tuple[list[str], int]:
    """The actors to draw, in the order of the file, and how many are left out."""
    names = list(merged.actor_ids)
    if len(names) <= MOST_NODES:
        return names, 0
    begin = {actor for a, b, _ in merged.incidents for actor in (a, b)}
    edges = [*promises_to_fight(scenario, names), *_rivals(merged, names)]
    degree = dict.fromkeys(names, 0)
    for pair in edges:
        for name in pair:
            degree[name] += 1
    ranked = sorted(names, key=lambda name: (name not in begin, -degree[name]))
    kept = set(ranked[:MOST_NODES])
    return [name for name in names if name in kept], len(names) - MOST_NODES


def _within(nodes: list[str], pairs: Any) -> Edges:
    return list(dict.fromkeys(tuple(sorted(p)) for p in pairs if p[0] in nodes and p[1] in nodes))


def _rivals(merged: MergedRows, nodes: list[str]) -> Edges:
    """Pairs that a row of the file makes rivals; a rivalry of all with all is no line."""
    return _within(nodes, (pair for pair, dyad in merged.dyads.items() if dyad.rivalry > 0))


def _one_sided(merged: MergedRows, nodes: list[str]) -> Edges:
    """Promises of defence that the ally does not return."""
    pairs = {key[:2] for key in merged.in_force if key[2] == "defence"}
    return [
        (giver, to)
        for giver, to in pairs
        if (to, giver) not in pairs and giver in nodes and to in nodes
    ]


def _arrow_head(ax: "Axes", start: np.ndarray, end: np.ndarray) -> None:
    ax.annotate(
        "",
        xy=tuple(end),
        xytext=tuple(start),
        zorder=2,
        arrowprops={
            "arrowstyle": "-|>",
            "color": "#909090",
            "linewidth": 1.2,
            "mutation_scale": 11,
            "shrinkA": 9,
            "shrinkB": 11,
        },
    )


def _key(n_left_out: int) -> str:
    lines = [
        "grey: promises to fight (arrow: one side only); dashed red: rivalries",
        "green: who may begin the crisis; area: share of capabilities",
    ]
    if n_left_out:
        lines.append(f"{n_left_out} actors with fewer ties are not drawn")
    return "\n".join(lines)
