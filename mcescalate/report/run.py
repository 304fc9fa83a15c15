"""The sections on one scenario: what was asked, what came out, in figures and tables."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mcescalate.analysis import plots
from mcescalate.analysis.estimation.distribution import (
    actor_probabilities,
    peak_at_least,
    war_size_at_least,
)
from mcescalate.analysis.estimation.estimate import chains_needed, estimate
from mcescalate.analysis.estimation.export import to_dict
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
from mcescalate.analysis.mechanisms.timing import time_to_war
from mcescalate.quantities import in_words
from mcescalate.report.figures import Figures
from mcescalate.report.formatting import (
    ARROW,
    NO_BREAK,
    RANGE,
    about,
    amount,
    between,
    ends,
    level_of,
    listed,
    names_of,
    number,
    share,
    share_with_ends,
)
from mcescalate.report.markup import Markup, bullets, element, join, note, paragraphs, table
from mcescalate.report.page import Section
from mcescalate.scenario.merged_rows import merge_rows
from mcescalate.scenario.schema import Scenario

if TYPE_CHECKING:
    import xarray as xr

MOST_ACTORS, MOST_EDGES, MOST_TIES = 30, 15, 30
WANTED_HALF_WIDTH = 0.001
"""Of the sentence on how many chains more would be needed: a tenth of a percentage point."""


def sections(result: "xr.Dataset", scenario: Scenario, figures: Figures) -> list[Section]:
    """Question, answer, and the parts of the answer."""
    summary = summarise(result)
    names = names_of(result)
    return [
        question(scenario, names, summary["n_chains"]),
        answer(result, scenario, summary, names),
        how_crises_end(result, summary, figures),
        how_far(result, figures),
        who_takes_part(result, summary, names, figures),
        who_pulls_whom(result, scenario, names, figures),
        promises(result, scenario),
        misreading(result, summary),
    ]


def question(scenario: Scenario, names: Mapping[str, str], n_chains: int) -> Section:
    """What was simulated, and what is asked of it."""
    merged = merge_rows(scenario)
    pairs = [(names[a], names[b]) for a, b, _ in merged.incidents]
    if len(pairs) <= 3:
        begin = listed([f"{a} against {b}" for a, b in pairs])
        begin = f"It begins with a move of {begin}."
    else:
        begin = f"It begins with a move between one of {len(pairs)} pairs of states."
    n_promises = len(merged.in_force)
    horizon, days = scenario.run.horizon, scenario.run.turn_days
    return Section(
        "question",
        "The question",
        paragraphs(
            "How often does a crisis that begins like this one end in war, how far and how wide "
            "does it go, who is drawn in through whom, and how much of it is misreading?",
            f"{begin} {amount(len(names), 'states')} and {amount(n_promises, 'promises')} "
            f"between them are part of it; it is followed for at most {amount(horizon, 'turns')} "
            f"of {days:g} {'day' if days == 1 else 'days'}. "
            f"It was played {number(n_chains)} times. Each time, a chain, chance decides anew "
            "what each state sees and does; every number here is a share of these chains.",
        ),
    )


def answer(
    result: "xr.Dataset", scenario: Scenario, summary: dict[str, Any], names: Mapping[str, str]
) -> Section:
    """The main numbers, as tiles and in sentences."""
    war, wars, outcomes = summary["war"], summary["wars"], summary["outcomes"]
    level = level_of(summary["interval_level"])
    tiles = [
        (war, "of all chains end in war"),
        (outcomes["general_war"], "of all chains end in general war"),
        (outcomes["deterred"], "are deterred before they begin"),
    ]
    if war["count"]:
        tiles.append((wars["began_misread"], "of the wars begin by misreading alone"))
    boxes = (
        element("div", element("b", share(e)), what, element("br"), ends(e), class_="tile")
        for e, what in tiles
    )
    n = number(summary["n_chains"])
    sentences = [
        f"War comes in {share_with_ends(war)} of {n} chains. A general war, with "
        f"{100 * scenario.outcome.general_share:g}{NO_BREAK}% or more of {_system(scenario)} at "
        f"war, ends {share_with_ends(outcomes['general_war'])} of them."
        if war["count"]
        else f"No war came in {n} chains: it is rarer than "
        f"{100 * war['upper']:.2g} % of them ({level}).",
        f"In {share_with_ends(outcomes['deterred'])} the incident is deterred. The crisis is "
        f"settled without a mediator in {share_with_ends(outcomes['settled'])}, with one in "
        f"{share_with_ends(outcomes['mediated'])}, and is still open at the horizon in "
        f"{share_with_ends(outcomes['stalemate'])}.",
        *_drawn_in(result, names),
        *_when_war_comes(result),
    ]
    if war["count"]:
        sentences.append(
            f"In {share_with_ends(wars['began_misread'])} of the wars every step that began them "
            "would not have been taken with a true view of the other side."
        )
    needed = int(chains_needed(war["probability"], WANTED_HALF_WIDTH))
    return Section(
        "answer",
        "The answer",
        join(
            [
                element("div", *boxes, class_="tiles"),
                bullets(sentences),
                note(
                    f"Brackets hold the {level}: what chance alone leaves open with so many "
                    "chains, the scenario and the model taken as they are. To know the chance of "
                    f"war to a tenth of a percentage point takes about {about(needed)} chains.",
                ),
            ]
        ),
    )


def _system(scenario: Scenario) -> str:
    """Of what a general war is a share."""
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


def _drawn_in(result: "xr.Dataset", names: Mapping[str, str]) -> list[str]:
    rows = to_dict(actor_probabilities(result).sel(event="joined"), "actor")
    often = sorted(rows, key=lambda actor: -rows[actor]["probability"])[:3]
    told = [f"{names[a]} in {share_with_ends(rows[a])}" for a in often if rows[a]["count"]]
    if not told:
        return ["No state comes in besides those that begin it."]
    return [f"States that come in most often, by a promise or their own rivalry: {listed(told)}."]


def _when_war_comes(result: "xr.Dataset") -> list[str]:
    found = to_dict(time_to_war(result))
    if found["turns"] is None:
        return []
    wide = to_dict(factors(result))["size_given_war"]
    low, high = found["days_lower"], found["days_upper"]
    unsure = f"; interval {low:g} to {high:g}" if low < high else ""
    mean, lower, upper = (f"{wide[key]:.2f}" for key in ("value", "lower", "upper"))
    reach = f" ({lower}{RANGE}{upper})" if lower < upper else ""
    return [
        f"Half of the wars have begun by turn {found['turns']:g} (day {found['days']:g}{unsure}); "
        f"at its end a war has {mean} states in it on average{reach}."
    ]


def how_crises_end(result: "xr.Dataset", summary: dict[str, Any], figures: Figures) -> Section:
    """Outcomes, and when they come."""
    level = level_of(summary["interval_level"])
    figure = figures.draw(
        lambda: plots.survival(result),
        "Curves over days: shares of crises settled, mediated, at war, and without an end yet.",
        "How crises that were not deterred come to an end, day by day. Whichever end comes "
        "first shuts the others out; a war is counted from its first day.",
    )
    rows = [
        (in_words(name), share(e), ends(e), number(e["count"]))
        for name, e in summary["outcomes"].items()
    ]
    outcomes = table("Outcomes", ("outcome", "probability", level, "chains"), rows)
    return Section("ends", "How crises end", _pair(figure, outcomes))


def how_far(result: "xr.Dataset", figures: Figures) -> Section:
    """Peak rungs and numbers at war."""
    ladder = figures.draw(
        lambda: plots.ladder(result),
        "Bars: share of chains by their highest rung. Dots: share that reached it or more.",
        "The highest rung that anybody reached. Bars add up to all chains; dots count the "
        "chains that came this far or further.",
    )
    size = figures.draw(
        lambda: plots.war_size(result),
        "Share of chains with as many states at war or more, falling with the number.",
        "How wide wars are: chains with at least so many states at war at the end. The scale "
        "is logarithmic; numbers that never came are left out.",
    )
    peaks = to_dict(peak_at_least(result).isel(rung=slice(1, None)), "rung")
    sizes = to_dict(war_size_at_least(result).isel(n_actors=slice(1, None)), "n_actors")
    return Section(
        "far",
        "How far and how wide",
        join(
            [
                _pair(ladder, size),
                _pair(
                    table(
                        "This rung or a higher one",
                        ("rung", "probability", "interval", "chains"),
                        _rows(peaks),
                    ),
                    table(
                        "As many states at war at the end, or more",
                        ("states", "probability", "interval", "chains"),
                        _rows({k: e for k, e in sizes.items() if e["count"]}),
                    ),
                ),
            ]
        ),
    )


def who_takes_part(
    result: "xr.Dataset", summary: dict[str, Any], names: Mapping[str, str], figures: Figures
) -> Section:
    """Each actor's chances."""
    figure = figures.draw(
        lambda: plots.actor_bars(result),
        "Two bars for each state: how often it takes a side, and is at war at the end.",
        "Who takes a side, and who is at war at the end; those who begin the crisis included.",
    )
    actors = summary["actors"]
    often = sorted(
        actors,
        key=lambda actor: [-actors[actor][did]["probability"] for did in ("at_war", "engaged")],
    )
    trapped = entrapment(result)
    bounds = to_dict(trapped, "actor")
    rows = [
        (
            names[actor],
            share(actors[actor]["engaged"]),
            share(actors[actor]["entered_by_cause"]["treaty"]),
            share(actors[actor]["entered_by_cause"]["opportunism"]),
            share(actors[actor]["at_war"]),
            ends(actors[actor]["at_war"]),
            between(bounds[actor]),
        )
        for actor in often[:MOST_ACTORS]
    ]
    header = (
        "state",
        "takes a side",
        "in by treaty",
        "in by own rivalry",
        "at war",
        "interval",
        "entrapped",
    )
    about_it = (
        "Entrapped: at war at the end through a treaty, in a crisis that the state neither "
        "started nor was the target of."
    )
    if not trapped.attrs["known"]:
        about_it += (
            " Counts know this within bounds only; a run with --keep-chains knows it exactly."
        )
    return Section(
        "who",
        "Who takes part",
        join([figure, table(_of("States", often, MOST_ACTORS), header, rows), note(about_it)]),
    )


def who_pulls_whom(
    result: "xr.Dataset", scenario: Scenario, names: Mapping[str, str], figures: Figures
) -> Section:
    """Entries by treaty, and through whom."""
    figure = figures.draw(
        lambda: plots.entry_network(result, scenario=scenario),
        "A graph of states: arrows lead from the ally that pulls to the state that comes in, "
        "dashed ones from the state that comes in to the rival that it comes in against.",
        "An arrow leads from an ally to the state that comes in by its promise to it; a dashed one "
        "from a state that comes in by its own rivalry to the originator that it comes in "
        "against. The wider, the more often. The green line joins the originators, grey ones are "
        "promises to fight. Colours are sides, numbers how often a state is at war at the end.",
    )
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
        rows.append((names[pulled], names[puller], share(edge), ends(edge), share(of_pulled)))
    header = (
        "comes in",
        "by its promise to",
        "of all chains",
        "interval",
        "of its entries by treaty",
    )
    pulls = table(
        _of("Entries by treaty, commonest first", edges["edge"].values, MOST_EDGES),
        header,
        rows,
        n_texts=2,
    )
    ganged = to_dict(chain_ganging(result), "actor")
    chained = {a: e for a, e in ganged.items() if e["count"]}
    often = sorted(chained, key=lambda actor: -chained[actor]["count"])[:5]
    told = [f"{share_with_ends(chained[a])} of those of {names[a]}" for a in often]
    sentence = (
        "Chain-ganging is coming in through an ally that had itself come in through an ally. "
        + (f"Of entries by treaty it is {listed(told)}." if told else "It never happened.")
    )
    body = _pair(figure, pulls) if rows else join([figure, paragraphs("No entry by treaty.")])
    return Section("entries", "Who pulls whom in", join([body, paragraphs(sentence)]))


def promises(result: "xr.Dataset", scenario: Scenario) -> Section:
    """What became of promises that were called upon."""
    fates = tie_fates(result)
    called = fates["n"].isel(fate=0).values
    order = [int(k) for k in (-called).argsort(kind="stable") if called[k]]
    rows = []
    for k in order[:MOST_TIES]:
        promise = str(fates["tie"].values[k]).replace("-", ARROW)
        rows.append((promise, *_fate_cells(to_dict(fates.isel(tie=k, drop=True), "fate"))))
    if not rows:
        return Section("promises", "Promises kept and broken", paragraphs("None was called upon."))
    header = (
        "promise",
        "times called upon",
        "kept: fought",
        "interval",
        "stood by",
        "abandoned",
        "betrayed",
    )
    return Section(
        "promises",
        "Promises kept and broken",
        join(
            [
                paragraphs(
                    "A defence promise is called upon when the ally that it covers is at war at "
                    "the end. It is kept if its giver fights at the ally's side. A giver that "
                    "takes the ally's side and stays below war stands by it. The promise is "
                    "broken if the giver stays neutral, so that the ally is abandoned, or joins "
                    "the enemy, so that it is betrayed. A promise reads from its giver to the "
                    "ally."
                ),
                table(_of("Defence promises, by use", order, MOST_TIES), header, rows),
                _treaties(result, scenario, header),
            ]
        ),
    )


def _treaties(result: "xr.Dataset", scenario: Scenario, header: Sequence[str]) -> Markup:
    """The same by treaty, where the scenario names some."""
    groups = {name: ties for name, ties in treaty_ties(scenario).items() if len(ties) > 1}
    fates = to_dict(group_fates(result, groups), "group", "fate") if groups else {}
    called = {name: fate for name, fate in fates.items() if fate["fought"]["n"]}
    if not called:
        return join([])
    often = sorted(called, key=lambda name: -called[name]["fought"]["n"])[:MOST_TIES]
    rows = [(name, *_fate_cells(called[name])) for name in often]
    return join(
        [
            table("Treaties of several promises", ("treaty", *header[1:]), rows),
            note(
                "Promises of one treaty tend to be kept or broken together in a chain; the "
                "interval assumes the worst, that they always are."
            ),
        ]
    )


def _fate_cells(fate: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...]:
    kept = fate["fought"]
    others = (share(fate[name]) for name in ("stood_by", "abandoned", "betrayed"))
    return number(kept["n"]), share(kept), ends(kept), *others


def misreading(result: "xr.Dataset", summary: dict[str, Any]) -> Section:
    """How many moves rest on a wrong reading."""
    level = level_of(summary["interval_level"])
    count = result["misread_count"]
    mean = float((count * count["misreads"]).sum() / result["n_chains"])
    found = to_dict(estimate(count, result["n_chains"]), "misreads")
    last = max((int(k) for k, e in found.items() if e["count"]), default=0)
    rows = [
        (f"{k} or more" if int(k) == len(found) - 1 else k, share(e), ends(e), number(e["count"]))
        for k, e in found.items()
        if int(k) <= last
    ]
    return Section(
        "misreading",
        "Misreading",
        join(
            [
                paragraphs(
                    "A misread move is a step up that the same state, with the same luck, would "
                    f"not have taken had it seen the others as they were. A chain has {mean:.2f} "
                    "of them on average. Whether the wars would vanish without misperception is "
                    "another question, answered by playing the same chains without it."
                ),
                table("Chains by misread moves", ("moves", "probability", level, "chains"), rows),
            ]
        ),
    )


def _rows(estimates: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, ...]]:
    return [(name, share(e), ends(e), number(e["count"])) for name, e in estimates.items()]


def _pair(*parts: Markup) -> Markup:
    """Side by side on a wide screen."""
    return element("div", *parts, class_="pair")


def _of(caption: str, items: Any, most: int) -> str:
    """A caption that says when not all is shown."""
    return caption if len(items) <= most else f"{caption}; the first {most} of {len(items)}"
