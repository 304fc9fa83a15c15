"""Entries by treaty, by rivalry and of bystanders, drawn over the network of promises."""

from typing import TYPE_CHECKING, Any

import numpy as np

from mcescalate.analysis.estimation.distribution import actor_probabilities
from mcescalate.analysis.estimation.estimate import crises
from mcescalate.analysis.mechanisms.entry import entry_edges
from mcescalate.analysis.plots import canvas
from mcescalate.analysis.plots.graphs import (
    graph_of,
    places_of,
    promises_to_fight,
    write_beside,
)
from mcescalate.model.codes import BYSTANDER, CAUSES, OPPORTUNISM, SIDES
from mcescalate.results.provenance.schema import scenario_of
from mcescalate.scenario.merged_rows import merge_rows
from mcescalate.scenario.schema import Scenario

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.colors import Colormap

MOST_NODES, MOST_EDGES = 24, 40

DASHED, DOTTED = (0, (3, 1.5)), (0, (1, 1.2))


def entry_network(
    result: "xr.Dataset",
    *,
    scenario: Scenario | None = None,
    ax: "Axes | None" = None,
    least: float = 1e-3,
) -> "Axes":
    r"""Draw who draws whom in: entries by treaty and by rivalry, and the sides taken.

    A solid arrow leads from an ally to the actor that joins because of its promise, a dashed
    arrow from an actor that joins out of its own rivalry to the originator it opposes, a dotted
    one likewise from an actor that joins without a rivalry. Wider arrows are likelier. A thick
    line joins originators; grey lines are promises to fight. The colour of a node shows the
    side it takes, the number how often it is at war at the end. Only actors that ever take a
    side are drawn; of many, those that do so most often.

    Parameters
    ----------
    result
        Counts of one run.
    scenario
        The scenario whose promises and rivalries are drawn; by default that of the result's
        provenance.
    ax
        Axes to draw on; a new figure by default.
    least
        Entries with a smaller probability are left out.

    Returns
    -------
    matplotlib.axes.Axes
        The axes; `.figure` is the figure.

    Raises
    ------
    UsageError
        `result` is a sweep or an exact solution.
    ExtraMissing
        matplotlib or networkx is not installed.

    Examples
    --------
    >>> import mcescalate as mc
    >>> result = mc.simulate(mc.load_case("july-1914"), n_chains=1000, seed=7)
    >>> mc.plots.entry_network(result).get_title(loc="left")
    'Who draws whom in (n = 1\u202f000)'
    """
    canvas.one_result(result, "entry_network")
    ax = canvas.axes_for(ax, 5.2)
    chances = actor_probabilities(result)["probability"]
    engaged = chances.sel(event="engaged").values
    order = np.argsort(-engaged, kind="stable")[:MOST_NODES]
    names = result["actor"].values.tolist()
    nodes = [names[k] for k in sorted(order) if engaged[k] > 0]
    scenario = scenario or scenario_of(result)
    pulls = _likeliest(_pulls(result), nodes, least)
    rivals, bystanders = (
        _likeliest(onlooker_entries(result, scenario, cause), nodes, least)
        for cause in (OPPORTUNISM, BYSTANDER)
    )
    promises = promises_to_fight(scenario, nodes)
    quarrels = _originators(result, nodes)
    ax.set_axis_off()
    ax.set_title(
        f"Who draws whom in ({canvas.sample(result)})",
        loc="left",
        **canvas.TITLE,
    )
    if not nodes:
        canvas.say_instead(ax, "no actor ever took a side")
        return ax
    graph = graph_of(nodes, [*promises, *pulls, *rivals, *bystanders, *quarrels])
    places = places_of(graph)
    looks: tuple[dict[str, Any], ...] = (
        {"color": "#c8c8c8", "linewidth": 1.0, "zorder": 1},
        {"color": canvas.GREEN, "linewidth": 4.0, "alpha": 0.8, "zorder": 1.5},
    )
    for pairs, look in zip((promises, quarrels), looks, strict=True):
        for a, b in pairs:
            (x0, y0), (x1, y1) = places[a], places[b]
            ax.plot([x0, x1], [y0, y1], **look)
    drawn = ((pulls, "solid"), (rivals, DASHED), (bystanders, DOTTED))
    widest = max((chance for entries, _ in drawn for chance in entries.values()), default=1.0)
    for entries, line in drawn:
        for (start, end), probability in entries.items():
            _arrow(ax, places[start], places[end], np.sqrt(probability / widest), line)
    xy = np.array([places[node] for node in nodes])
    dots = ax.scatter(
        xy[:, 0],
        xy[:, 1],
        s=230,
        c=100 * _target_share(result, nodes),
        cmap=_side_colours(),
        vmin=0,
        vmax=100,
        edgecolors=canvas.BLACK,
        linewidths=0.8,
        zorder=3,
    )
    at_war = dict(zip(nodes, 100 * chances.sel(event="at_war", actor=nodes).values, strict=True))
    for node, place in zip(nodes, xy, strict=True):
        others = np.array([places[other] for other in graph[node]] or [xy.mean(axis=0)])
        share = f"\n{at_war[node]:.2g} %" if at_war[node] else ""
        write_beside(ax, canvas.plain(node) + share, place, others)
    ax.margins(0.18)
    bar = ax.figure.colorbar(
        dots,
        ax=ax,
        orientation="horizontal",
        shrink=0.6,
        pad=0.02,
        aspect=30,
        label=_key(canvas.unit_of(result), pulls, rivals, bystanders),
    )
    bar.set_ticks([0, 50, 100], labels=["initiator's side", "either", "target's side"])
    return ax


def onlooker_entries(
    result: "xr.Dataset", scenario: Scenario, cause: int = OPPORTUNISM
) -> dict[tuple[str, str], float]:
    """P(the first joins without a promise, and opposes the second), likeliest first.

    Results count these entries by actor and cause, not by the originator opposed. On each side
    they are the chains in which the actor took that side, minus those in which it was an
    originator or joined by treaty; entries by treaty follow the ally's side, or the ratio of its
    sides if the ally may be on either. The remainder is divided among the originators of the
    other side in proportion to how often each originated the crisis: to rivals of the actor go
    its entries by own rivalry, to others those as bystander. This is exact if one pair
    originates every crisis and every ally is always on one side.

    Parameters
    ----------
    cause : code of own rivalry, or of bystanders
    """
    merged = merge_rows(scenario)
    names = [str(actor) for actor in result["actor"].values]
    causes, sides = result["cause"].values.tolist(), list(SIDES)
    if CAUSES[cause] not in causes:
        return {}
    entries = result["entry_count"].transpose("actor", "cause").values
    engaged = result["actor_engaged_count"].transpose("actor", "side").values
    drawn = result["drawn_in_count"].transpose("actor", "partner").values
    counted = entries[:, causes.index(CAUSES[cause])]
    others = entries[:, causes.index(CAUSES[OPPORTUNISM]) :].sum(axis=1) - counted
    began = entries[:, [causes.index(side) for side in sides]]
    of_allies = engaged / np.maximum(engaged.sum(axis=1, keepdims=True), 1)
    by_side = (engaged - began - drawn @ of_allies).clip(0)
    found: dict[tuple[str, str], float] = {}
    for k in np.flatnonzero(counted):
        is_other = np.arange(len(names)) != k
        is_rival = np.array([names[k] != o and merged.dyad(names[k], o).rivalry > 0 for o in names])
        is_opposed = is_other & (is_rival == (cause == OPPORTUNISM))
        by_opposed = np.zeros(len(names))
        for side in range(len(sides)):
            weights = began[:, 1 - side] * (is_other if others[k] else is_opposed)
            by_opposed += by_side[k, side] * is_opposed * weights / max(weights.sum(), 1)
        by_opposed *= counted[k] / max(by_opposed.sum(), 1e-9) / int(crises(result))
        for o in np.flatnonzero(by_opposed):
            found[names[k], names[o]] = float(by_opposed[o])
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def _pulls(result: "xr.Dataset") -> dict[tuple[str, str], float]:
    """P(the second joins by its treaty with the first), likeliest first."""
    edges = entry_edges(result)
    ends = zip(edges["puller"].values.tolist(), edges["pulled"].values.tolist(), strict=True)
    return dict(zip(ends, edges["probability"].values.tolist(), strict=True))


def _likeliest(
    entries: dict[tuple[str, str], float], nodes: list[str], least: float
) -> dict[tuple[str, str], float]:
    shown = [
        (pair, probability)
        for pair, probability in entries.items()
        if probability >= least and pair[0] in nodes and pair[1] in nodes
    ]
    return dict(shown[:MOST_EDGES])


def _originators(result: "xr.Dataset", nodes: list[str]) -> list[tuple[str, str]]:
    """Pairs of nodes that began a crisis, each once, the most frequent of many."""
    count = result["incident_count"].transpose("actor", "partner").values
    names = [str(actor) for actor in result["actor"].values]
    pairs: dict[tuple[str, str], int] = {}
    for a, b in zip(*np.nonzero(count), strict=True):
        if names[a] in nodes and names[b] in nodes:
            pair = tuple(sorted((names[a], names[b])))
            pairs[pair] = pairs.get(pair, 0) + int(count[a, b])
    return sorted(pairs, key=lambda pair: -pairs[pair])[:MOST_EDGES]


def _target_share(result: "xr.Dataset", nodes: list[str]) -> np.ndarray:
    """Share of the chains in which each node takes a side in which that is the target's."""
    by_side = result["actor_engaged_count"].sel(actor=nodes)
    return (by_side.sel(side="target") / by_side.sum("side")).values


def _side_colours() -> "Colormap":
    from matplotlib.colors import LinearSegmentedColormap

    ends = [canvas.BLUE, "#f2f2f2", canvas.VERMILION]
    return LinearSegmentedColormap.from_list("sides", ends, N=canvas.N_SHADES + 1)


def _arrow(ax: "Axes", start: np.ndarray, end: np.ndarray, size: float, line: object) -> None:
    """An arrow between two nodes; `size` is from 0 to 1."""
    ax.annotate(
        "",
        xy=tuple(end),
        xytext=tuple(start),
        zorder=2,
        arrowprops={
            "arrowstyle": "-|>",
            "connectionstyle": "arc3,rad=0.12",
            "color": "#444444",
            "alpha": 0.85,
            "linestyle": line,
            "linewidth": 0.7 + 3.5 * size,
            "mutation_scale": 11,
            "shrinkA": 9,
            "shrinkB": 10,
        },
    )


def _key(unit: str, *entries: dict[tuple[str, str], float]) -> str:
    """What colours, numbers, arrows and lines are."""
    lines = [f"colour: side taken; numbers: at war at the end (% of {unit})"]
    looks = ("arrows: entries by treaty", "dashed: entries by own rivalry", "dotted: bystanders")
    for look, chances in zip(looks, entries, strict=True):
        if chances:
            lines.append(f"{look}, at most {100 * max(chances.values()):.3g} %")
    return "\n".join([*lines, "green: originators; grey: promises to fight"])
