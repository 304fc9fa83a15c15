"""The values of the page on one run (`templates/run.html`), section by section."""

from collections.abc import Mapping, Sized
from typing import TYPE_CHECKING, Any

from mcescalate.analysis import plots
from mcescalate.analysis.estimation.distribution import (
    actor_probabilities,
    peak_at_least,
    war_size_at_least,
)
from mcescalate.analysis.estimation.estimate import chains_needed, crises, estimate
from mcescalate.analysis.estimation.summary import summarise
from mcescalate.analysis.mechanisms.deterrence import factors
from mcescalate.analysis.mechanisms.entry import (
    chain_ganging,
    entrapment,
    entry_edges,
    group_fates,
    tie_fates,
    treaty_ties,
)
from mcescalate.analysis.mechanisms.inadvertence import shares_without
from mcescalate.analysis.mechanisms.timing import time_to_war
from mcescalate.analysis.tables.export import to_dict
from mcescalate.engine.trace import trace_crises
from mcescalate.model.codes import BYSTANDER, CAUSES, DETERRED, OUTCOMES
from mcescalate.quantities import PREVAILING, grouped, in_words
from mcescalate.report.figures import Figures
from mcescalate.report.formatting import (
    ARROW,
    JOINING,
    NO_BREAK,
    UNKNOWN,
    between,
    interval_of,
    level_of,
    names_of,
    number,
    share,
    share_and_interval,
)
from mcescalate.scenario.merged_rows import merge_rows
from mcescalate.scenario.schema import Scenario

if TYPE_CHECKING:
    import xarray as xr

MOST_ACTORS, MOST_EDGES, MOST_TIES = 30, 15, 30
MOST_TRACED, MOST_TRIED = 40, 50
"""Actors of a scenario of which a chain is shown, and chains tried to find one."""

HALF_WIDTH = 0.001
"""Half-width of the interval, for the sentence on how many chains would reach it."""

Rows = list[tuple[str, ...]]


def describe(
    result: "xr.Dataset",
    scenario: Scenario,
    figures: Figures,
    without: "xr.Dataset | None" = None,
) -> dict[str, Any]:
    """The values of all sections; `left_out` names those that have nothing to say.

    Parameters
    ----------
    without : from `analysis.inadvertence.simulate_again`
    """
    summary = summarise(result)
    names = names_of(result)
    values = {
        "summary": summary,
        "level": level_of(summary["interval_level"]),
        "question": question(scenario, names, figures),
        "answer": answer(result, scenario, summary, names),
        "endings": endings(result, summary, figures),
        "extent": extent(result, figures),
        "wars": wars(result, summary, figures),
        "participation": participation(result, summary, names, figures),
        "entries": entries(result, scenario, summary, names, figures),
        "promises": promises(result, scenario),
        "misreading": misreading(result),
        "inadvertence": inadvertence(without),
        "sequence": sequence(summary),
        "example": example(result, scenario, summary, figures),
    }
    optional = ("wars", "inadvertence", "sequence", "example")
    left_out = [section for section in optional if values[section] is None]
    return {**values, "left_out": left_out}


def question(scenario: Scenario, names: Mapping[str, str], figures: Figures) -> dict[str, Any]:
    """What was simulated."""
    merged = merge_rows(scenario)
    return {
        "pairs": [f"{names[a]} challenges {names[b]}" for a, b, _ in merged.incidents],
        "n_states": len(names),
        "n_promises": len(merged.in_force),
        "horizon": scenario.run.horizon,
        "turn": "1 day" if scenario.run.turn_days == 1 else f"{scenario.run.turn_days:g} days",
        "network": figures.draw(
            lambda: plots.scenario_network(scenario),
            "A network: actors joined by promises, rivalries and the incident.",
            "The network before the crisis: promises to fight, rivalries, and the pairs between "
            "which the crisis may begin. Larger dots have more capability.",
        ),
    }


def answer(
    result: "xr.Dataset", scenario: Scenario, summary: dict[str, Any], names: Mapping[str, str]
) -> dict[str, Any]:
    """The main numbers."""
    joining = to_dict(actor_probabilities(result).sel(event="joined"), "actor")
    often = sorted(joining, key=lambda actor: -joining[actor]["probability"])[:3]
    return {
        "general_share": f"{100 * scenario.outcome.general_share:g}{NO_BREAK}%",
        "system": _system(scenario),
        "causes": [JOINING[cause] for cause in summary["joining_causes"]],
        "joining": [
            f"{names[a]} in {share_and_interval(joining[a])}" for a in often if joining[a]["count"]
        ],
        "onset": to_dict(time_to_war(result)),
        "war_size": to_dict(factors(result))["size_given_war"],
        "chains_needed": int(chains_needed(summary["war"]["probability"], HALF_WIDTH)),
    }


def _system(scenario: Scenario) -> str:
    """The whole that a general war is a share of."""
    of_actors = sum(actor.capability for actor in scenario.actors)
    system = scenario.outcome.system_capability
    if system <= of_actors:
        return "the capability of all states in the scenario"
    held = 100 * of_actors / system
    if held > 99.95:
        return "the whole system's capability"
    return (
        f"the whole system's capability ({system:.3g}, of which the states in the scenario hold "
        f"{held:.3g}{NO_BREAK}%)"
    )


def endings(result: "xr.Dataset", summary: dict[str, Any], figures: Figures) -> dict[str, Any]:
    """Outcomes, and when they occur."""
    return {
        "figure": figures.draw(
            lambda: plots.survival(result),
            "Curves over days: shares of crises settled, mediated, at war, and still open.",
            "How crises that were not deterred end, day by day. A crisis counts under the first "
            "ending that occurs; a war counts from its first day.",
        ),
        "rows": _rows({in_words(name): e for name, e in summary["outcomes"].items()}),
    }


def extent(result: "xr.Dataset", figures: Figures) -> dict[str, Any]:
    """Highest rungs and numbers of states at war."""
    peaks = to_dict(peak_at_least(result).isel(rung=slice(1, None)), "rung")
    sizes = to_dict(war_size_at_least(result).isel(n_actors=slice(1, None)), "n_actors")
    return {
        "ladder": figures.draw(
            lambda: plots.ladder(result),
            "Bars: share of chains by highest rung. Dots: share that reached at least this rung.",
            "The highest rung that any state reached. Bars add up to all chains; dots give the "
            "share of chains that reached this rung or a higher one.",
        ),
        "size": figures.draw(
            lambda: plots.war_size(result),
            "Share of chains with at least this many states at war, falling with the number.",
            "How wide wars are: the share of chains with at least this many states at war at the "
            "end. The scale is logarithmic; sizes that never occurred are omitted.",
        ),
        "peaks": _rows(peaks),
        "sizes": _rows({size: e for size, e in sizes.items() if e["count"]}),
    }


def wars(result: "xr.Dataset", summary: dict[str, Any], figures: Figures) -> dict[str, Any] | None:
    """How long wars last and who prevails; None where no war can end, or none occurred."""
    found = summary["wars"]
    if "ended" not in found or not summary["war"]["count"]:
        return None
    of_ended = found["prevailing_of_ended"]
    return {
        "figure": figures.draw(
            lambda: plots.war_length(result),
            "A curve over days: the share of wars that still go on, falling from all of them.",
            "How long wars last: the share of wars that still go on so many days after they began. "
            "A war that goes on at the horizon counts for as long as it is followed (Kaplan and "
            "Meier's estimate).",
        ),
        "ended": found["ended"],
        "median": found["median_length"],
        "rows": [
            (
                PREVAILING[winner],
                share(of_all),
                interval_of(of_all),
                *((share(of), interval_of(of)) if (of := of_ended.get(winner)) else ("", "")),
                number(of_all["count"]),
            )
            for winner, of_all in found["prevailing"].items()
        ],
    }


def participation(
    result: "xr.Dataset", summary: dict[str, Any], names: Mapping[str, str], figures: Figures
) -> dict[str, Any]:
    """How often each actor takes part."""
    actors, causes = summary["actors"], summary["joining_causes"]
    often = sorted(
        actors,
        key=lambda actor: [-actors[actor][did]["probability"] for did in ("at_war", "engaged")],
    )
    trapped = entrapment(result)
    bounds = to_dict(trapped, "actor")
    return {
        "figure": figures.draw(
            lambda: plots.actor_bars(result),
            "Two bars for each state: how often it takes a side, and is at war at the end.",
            "How often each state takes a side and is at war at the end, originators included.",
        ),
        "times": figures.draw(
            lambda: plots.entry_times(result),
            "A dot and a bar for each state that joins: the day of half of its entries, and the "
            "days of the middle 80 %.",
            "When third parties join: the day by which half of a state's entries have happened "
            "(dot), and the days between which the middle 80 % of them lie (bar).",
        ),
        "caption": _caption("States", often, MOST_ACTORS),
        "joins": [f"joins {JOINING[cause]}" for cause in causes],
        "rows": [
            (
                names[actor],
                share(actors[actor]["engaged"]),
                *(share(actors[actor]["entered_by_cause"][cause]) for cause in causes),
                share(actors[actor]["at_war"]),
                interval_of(actors[actor]["at_war"]),
                between(bounds[actor]),
            )
            for actor in often[:MOST_ACTORS]
        ],
        "is_exact": bool(trapped.attrs["known"]),
    }


def entries(
    result: "xr.Dataset",
    scenario: Scenario,
    summary: dict[str, Any],
    names: Mapping[str, str],
    figures: Figures,
) -> dict[str, Any]:
    """Entries by treaty, and through which ally."""
    dotted = ""
    if CAUSES[BYSTANDER] in summary["joining_causes"]:
        dotted = ", dotted arrows likewise from a bystander, which has no rivalry with it"
    edges = entry_edges(result)
    rows = []
    for k in range(min(edges.sizes["edge"], MOST_EDGES)):
        edge = to_dict(edges.isel(edge=k).drop_vars(["puller", "pulled"]))
        pulled, puller = str(edges["pulled"].values[k]), str(edges["puller"].values[k])
        of_pulled = {
            "probability": edge["share"],
            "lower": edge["share_lower"],
            "upper": edge["share_upper"],
        }
        # Ids alone, as in the figure beside the table: names would break each row in three.
        rows.append((pulled, puller, share(edge), interval_of(edge), share(of_pulled)))
    ganged = {a: e for a, e in to_dict(chain_ganging(result), "actor").items() if e["count"]}
    often = sorted(ganged, key=lambda actor: -ganged[actor]["count"])[:5]
    return {
        "figure": figures.draw(
            lambda: plots.entry_network(result, scenario=scenario),
            "A network of states. Solid arrows lead from an ally to the state that joins because "
            "of its promise, dashed arrows from a state that joins to the rival it opposes.",
            "Solid arrows lead from an ally to the state that joins because of its promise to that "
            "ally; dashed arrows lead from a state that joins out of its own rivalry to the "
            f"originator it opposes{dotted}. Wider arrows are more frequent. Green lines join "
            "originators; grey lines are promises to fight. Colours show the side taken, numbers "
            "how often a state is at war at the end.",
        ),
        "caption": _caption("Entries by treaty, most frequent first", edges["edge"], MOST_EDGES),
        "rows": rows,
        "chain_ganging": [f"{share_and_interval(ganged[a])} of those of {names[a]}" for a in often],
    }


MOST_PERIODS = 12
"""Periods that a table shows at most: the first ones."""


def sequence(summary: dict[str, Any]) -> dict[str, Any] | None:
    """What happens period by period; None where chains are one crisis each."""
    found = summary.get("sequence")
    if found is None:
        return None
    rows = [
        (
            str(period["crisis"]),
            *(
                cell
                for key in ("quiet", "challenged", "war")
                for cell in (share(period[key]), interval_of(period[key]))
            ),
        )
        for period in found["periods"][:MOST_PERIODS]
    ]
    again = []
    for outcome, counts in found["recurrence"].items():
        n = sum(counts.values())
        if n:
            shares = (f"{100 * count / n:.1f}{NO_BREAK}%" for count in counts.values())
            again.append((in_words(outcome), *shares, grouped(n)))
    places = sorted({0, len(found["periods"]) // 2, len(found["periods"]) - 1})
    credibility = [
        (tie, *(f"{means[place]:.2f}" for place in places))
        for tie, means in found["credibility"].items()
    ]
    return {
        "periods": found["periods"],
        "rows": rows,
        "again": again,
        "shown": [f"after period {place}" for place in places],
        "credibility": credibility,
    }


def example(
    result: "xr.Dataset", scenario: Scenario, summary: dict[str, Any], figures: Figures
) -> dict[str, Any] | None:
    """The first chain that ends as most crises do; None where that would take long to find."""
    crises = {name: e for name, e in summary["outcomes"].items() if name != OUTCOMES[DETERRED]}
    usual = max(crises, key=lambda name: crises[name]["count"])
    if len(scenario.actors) > MOST_TRACED or not crises[usual]["count"]:
        return None
    first, n_chains = map(int, summary["chains"][0])
    numbers = range(first, first + min(MOST_TRIED, n_chains))
    seed = int(summary["seed"])
    chains = (trace_crises(scenario, chain=number, seed=seed) for number in numbers)
    stories = (story for chain in chains for story in chain)
    story = next((story for story in stories if story.end.outcome == usual), None)
    if story is None:
        return None
    return {
        "chain": story.chain,
        "outcome": in_words(usual),
        "figure": figures.draw(
            lambda: plots.timeline(story),
            "Lines over turns: the rung of each state that took a side in this chain.",
            f"Chain {story.chain}, turn by turn: the rung of each state that took a side.",
        ),
    }


def promises(result: "xr.Dataset", scenario: Scenario) -> dict[str, Any]:
    """What became of promises that were called upon, one by one and by treaty."""
    fates = tie_fates(result)
    called = fates["n"].isel(fate=0).values
    order = [int(k) for k in (-called).argsort(kind="stable") if called[k]]
    groups = {name: ties for name, ties in treaty_ties(scenario).items() if len(ties) > 1}
    by_treaty = to_dict(group_fates(result, groups), "group", "fate") if groups else {}
    used = {name: fate for name, fate in by_treaty.items() if fate["fought"]["n"]}
    often = sorted(used, key=lambda name: -used[name]["fought"]["n"])[:MOST_TIES]
    return {
        "caption": _caption("Defence promises, most often called upon first", order, MOST_TIES),
        "rows": [
            (
                str(fates["tie"].values[k]).replace("-", ARROW),
                *_fate_cells(to_dict(fates.isel(tie=k, drop=True), "fate")),
            )
            for k in order[:MOST_TIES]
        ],
        "treaties": [(name, *_fate_cells(used[name])) for name in often],
    }


def _fate_cells(fate: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...]:
    kept = fate["fought"]
    others = (share(fate[name]) for name in ("stood_by", "abandoned", "betrayed"))
    return number(kept["n"]), share(kept), interval_of(kept), *others


def misreading(result: "xr.Dataset") -> dict[str, Any]:
    """How many moves rest on a misperception."""
    count = result["misread_count"]
    found = to_dict(estimate(count, crises(result)), "misreads")
    last = max((int(k) for k, e in found.items() if e["count"]), default=0)
    most = str(len(found) - 1)
    shown = {k: e for k, e in found.items() if int(k) <= last}
    return {
        "mean": f"{float((count * count['misreads']).sum() / result['n_chains']):.2f}",
        "rows": _rows({f"{k} or more" if k == most else k: e for k, e in shown.items()}),
    }


def inadvertence(without: "xr.Dataset | None") -> dict[str, Any] | None:
    """Wars that vanish and appear without each mechanism of misperception."""
    if without is None:
        return None
    found = shares_without(without)
    return {
        "wars": found["wars"],
        "rows": [
            (
                in_words(mechanism),
                *(
                    cell
                    for part in ("vanishing", "appearing")
                    for cell in (share(parts[part]), interval_of(parts[part]))
                ),
                _signed(parts["net"]["probability"]),
                f"{_signed(parts['net']['lower'])} to {_signed(parts['net']['upper'])}",
            )
            for mechanism, parts in found["mechanisms"].items()
        ],
    }


def _signed(share_of_wars: float | None) -> str:
    return UNKNOWN if share_of_wars is None else f"{100 * share_of_wars:+.1f}"


def _rows(estimates: Mapping[str, Mapping[str, Any]]) -> Rows:
    return [(name, share(e), interval_of(e), number(e["count"])) for name, e in estimates.items()]


def _caption(caption: str, items: Sized, most: int) -> str:
    """A caption that says so if the table is cut short."""
    return caption if len(items) <= most else f"{caption}; the first {most} of {len(items)}"
