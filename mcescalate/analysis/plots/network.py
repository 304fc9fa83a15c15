"""Who pulled whom in, drawn over the promises between them."""

from typing import TYPE_CHECKING

import numpy as np

from mcescalate.analysis.distribution import actor_chances
from mcescalate.analysis.entry import entry_edges
from mcescalate.analysis.plots import canvas
from mcescalate.errors import ExtraMissing
from mcescalate.results.origin import scenario_of
from mcescalate.scenario.resolve import resolve
from mcescalate.scenario.schema import Scenario

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

MOST_NODES, MOST_EDGES = 24, 40
PROMISES_TO_FIGHT = ("defence", "offence")
FAR_APART = 3.0
"""Distance of nodes that nothing joins, in steps along the graph."""

LABEL_AWAY = 9.0
"""Points from the middle of a node to its label."""


def entry_network(
    result: "xr.Dataset",
    *,
    scenario: Scenario | None = None,
    ax: "Axes | None" = None,
    least: float = 1e-3,
) -> "Axes":
    """Arrows from the ally that pulls to the actor that comes in, over grey lines for promises.

    The wider an arrow the likelier the entry; the darker a node the likelier it is at war at
    the end. Only actors that ever take a side are drawn, the likeliest of many.

    Parameters
    ----------
    result : counts of one run
    scenario : whose promises are drawn; by default that of the result's provenance
    least : entries less likely than this are left out

    Raises
    ------
    ExtraMissing
        matplotlib or networkx is not installed.
    """
    canvas.one_result(result, "entry_network")
    ax = canvas.axes_for(ax, 4.9)
    try:
        import networkx
    except ImportError:
        raise ExtraMissing(
            'plots: networkx is not installed; pip install "mcescalate[plot]"'
        ) from None
    chances = actor_chances(result)["probability"]
    engaged = chances.sel(event="engaged").values
    order = np.argsort(-engaged, kind="stable")[:MOST_NODES]
    names = result["actor"].values.tolist()
    nodes = [names[k] for k in sorted(order) if engaged[k] > 0]
    edges = entry_edges(result)
    edges = edges.isel(edge=edges["probability"].values >= least)
    pulls = {
        (puller, pulled): float(chance)
        for puller, pulled, chance in zip(
            edges["puller"].values.tolist(),
            edges["pulled"].values.tolist(),
            edges["probability"].values,
            strict=True,
        )
        if puller in nodes and pulled in nodes
    }
    pulls = dict(list(pulls.items())[:MOST_EDGES])
    promises = _promises(scenario or scenario_of(result), nodes)
    ax.set_axis_off()
    ax.set_title(
        f"Who pulls whom in ({canvas.chains(result['n_chains'])} chains)",
        loc="left",
        **canvas.TITLE,
    )
    if not nodes:
        canvas.say_instead(ax, "nobody ever took a side")
        return ax
    graph = networkx.Graph()
    graph.add_nodes_from(nodes)
    graph.add_edges_from([*promises, *pulls])
    places = networkx.kamada_kawai_layout(graph, dist=_distances(networkx, graph))
    for a, b in promises:
        (x0, y0), (x1, y1) = places[a], places[b]
        ax.plot([x0, x1], [y0, y1], color="#c8c8c8", linewidth=1.0, zorder=1)
    widest = max(pulls.values(), default=1.0)
    for (puller, pulled), chance in pulls.items():
        ax.annotate(
            "",
            xy=places[pulled],
            xytext=places[puller],
            zorder=2,
            arrowprops={
                "arrowstyle": "-|>",
                "connectionstyle": "arc3,rad=0.12",
                "color": canvas.BLUE,
                "alpha": 0.85,
                "linewidth": 0.7 + 4.0 * np.sqrt(chance / widest),
                "mutation_scale": 11,
                "shrinkA": 9,
                "shrinkB": 10,
            },
        )
    at_war = 100 * chances.sel(event="at_war", actor=nodes).values
    xy = np.array([places[node] for node in nodes])
    dots = ax.scatter(
        *xy.T,
        s=230,
        c=at_war,
        cmap=canvas.shades("Oranges"),
        vmin=0,
        vmax=at_war.max() or 1.0,
        edgecolors=canvas.BLACK,
        linewidths=0.8,
        zorder=3,
    )
    for node, place in zip(nodes, xy, strict=True):
        others = np.array([places[other] for other in graph[node]] or [xy.mean(axis=0)])
        away = _away(place, others)
        ax.annotate(
            canvas.plain(node),
            place,
            xytext=LABEL_AWAY * away,
            textcoords="offset points",
            ha=("right", "center", "left")[1 + round(away[0])],
            va=("top", "center", "bottom")[1 + round(away[1])],
            fontsize="small",
            fontweight="bold",
            zorder=4,
        )
    ax.margins(0.16)
    ax.figure.colorbar(
        dots,
        ax=ax,
        orientation="horizontal",
        shrink=0.6,
        pad=0.02,
        aspect=30,
        label=f"at war at the end (% of chains)\n{_key(pulls)}",
    )
    return ax


def _away(place: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Direction, of length 1, into the widest gap between the directions of others."""
    angles = np.sort(np.arctan2(*(others - place).T[::-1]))
    gaps = np.diff(angles, append=angles[:1] + 2 * np.pi)
    widest = int(gaps.argmax())
    angle = angles[widest] + gaps[widest] / 2
    return np.array([np.cos(angle), np.sin(angle)])


def _key(pulls: dict[tuple[str, str], float]) -> str:
    """What arrows and lines are."""
    grey = "grey: promises to fight"
    if not pulls:
        return grey
    return f"arrows: entries by treaty, the widest in {100 * max(pulls.values()):.3g} %; {grey}"


def _distances(networkx, graph) -> dict[str, dict[str, float]]:
    """Steps between nodes, neither so few nor so many that the picture falls apart."""
    steps = dict(networkx.all_pairs_shortest_path_length(graph))
    return {
        a: {b: 0.0 if a == b else min(0.4 + steps[a].get(b, FAR_APART), FAR_APART) for b in graph}
        for a in graph
    }


def _promises(scenario: Scenario, nodes: list[str]) -> list[tuple[str, str]]:
    """Pairs of nodes of whom one has promised the other to fight, each once."""
    pairs = {
        tuple(sorted(key[:2])): None
        for key in resolve(scenario).in_force
        if key[2] in PROMISES_TO_FIGHT
    }
    return [(a, b) for a, b in pairs if a in nodes and b in nodes]
