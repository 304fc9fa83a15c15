"""The pages on a comparison and on a ranking of levers (`compare.html`, `levers.html`)."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from mcescalate.analysis import plots
from mcescalate.analysis.comparison.compare import actor_differences, differences, splits
from mcescalate.analysis.mechanisms.deterrence import FACTOR_NAMES, factor_changes
from mcescalate.analysis.plots.changes import MOST_LEVERS
from mcescalate.analysis.tables.export import to_dict
from mcescalate.quantities import (
    chains_to_detect,
    change,
    change_interval,
    factor,
    in_words,
    one_side,
)
from mcescalate.report.figures import Figures, Report
from mcescalate.report.formatting import (
    NO_BREAK,
    UNKNOWN,
    amount,
    interval_of,
    level_of,
    number,
    share,
)
from mcescalate.report.provenance import MOST_ROWS, assumptions, reproduce_commands
from mcescalate.report.rendering import render
from mcescalate.results.labels import n_periods
from mcescalate.scenario.schema import Scenario

if TYPE_CHECKING:
    import xarray as xr

MOST_ACTORS = 30
FRAME: dict[str, Any] = {"day": "", "most_rows": MOST_ROWS, "left_out": ()}
_TIMES = "\N{MULTIPLICATION SIGN}"
_MINUS = "\N{MINUS SIGN}"


def comparison_page(
    counts: "xr.Dataset", first: Scenario, second: Scenario, names: tuple[str, str]
) -> Report:
    """One self-contained HTML page on two scenarios simulated on the same chains.

    Parameters
    ----------
    counts : as `analysis.compare.compare` returns them
    names : of the two, as the page calls them
    """
    figures = Figures()
    events, factors = differences(counts), factor_changes(counts)
    rows, at_war = to_dict(events), actor_differences(counts).sel(event="at_war")
    actors = to_dict(at_war.drop_vars("event"), "actor")
    moved = sorted(actors, key=lambda actor: -abs(actors[actor]["difference"]))[:MOST_ACTORS]
    n = int(counts["n_chains"])
    values = {
        "names": names,
        "networks": [
            figures.draw(
                partial(plots.scenario_network, scenario, beside=other),
                f"A network: promises, rivalries and the incident in {name}.",
                f"Promises and rivalries in {name}.",
            )
            for name, scenario, other in zip(names, (first, second), (second, first), strict=True)
        ],
        "n_chains": n,
        "n_periods": max(n_periods(first), n_periods(second)),
        "level": level_of(events.attrs["level"]),
        "events": changes_rows(rows),
        "splits": [
            (in_words(name), share(row), interval_of(row), number(row["count"]))
            for name, row in to_dict(splits(counts)).items()
        ],
        "factors": [
            (FACTOR_NAMES[name], *_ratio_cells(row)) for name, row in to_dict(factors).items()
        ],
        "factor_figure": figures.draw(
            lambda: plots.factors(factors),
            "Dots with intervals: the ratio by which each factor changes, 1 being no change.",
            "The expected number of states at war is the product of these factors. Below 1 the "
            "change lowers a factor, above 1 it raises it.",
        ),
        "actors": changes_rows({actor: actors[actor] for actor in moved}),
        "assumptions": assumptions({f"{names[0]} (first)": first, f"{names[1]} (second)": second}),
        "reproduction": reproduce_commands(
            f"mcescalate compare first.toml second.toml {_chains(counts)} --page comparison.html",
            {"first.toml": first, "second.toml": second},
        ),
        "title": f"{names[0]}: {names[1]}",
        "kicker": f"Comparison: {amount(n, 'chains')}, seed {counts.attrs['seed']}",
        "lead": first.description,
        **FRAME,
    }
    return Report(render("compare.html", values), figures.missing)


def levers_page(
    ranked: "xr.Dataset", counts: "xr.Dataset", scenario: Scenario, options: Sequence[str]
) -> Report:
    """One self-contained HTML page on a ranking of levers.

    Parameters
    ----------
    ranked : as `analysis.levers.ranking` returns it
    counts : from which it was made
    options : of the command, to make it again
    """
    figures = Figures()
    rows = to_dict(ranked)
    event = in_words(str(ranked["event"].item()))
    n = int(counts["n_chains"])
    values = {
        "event": event,
        "network": figures.draw(
            lambda: plots.scenario_network(scenario),
            "A network: actors joined by promises, rivalries and the incident.",
            "The network before any change: promises to fight, rivalries and the incident.",
        ),
        "n_chains": n,
        "level": level_of(ranked.attrs["level"]),
        "base": share(one_side(next(iter(rows.values())), "first")),
        "rows": [
            (label, *cells[1:-1], "" if row["is_detected"] else _needed(row))
            for row, (label, *cells) in zip(rows.values(), changes_rows(rows), strict=True)
        ],
        "n_drawn": MOST_LEVERS,
        "n_periods": n_periods(scenario),
        "n_detected": sum(bool(row["is_detected"]) for row in rows.values()),
        "figure_of_changes": figures.draw(
            lambda: plots.tornado(ranked),
            f"Bars: by how many percentage points each change moves the probability of {event}.",
            f"Change of the probability of {event} by lever, the greatest first.",
        ),
        "assumptions": assumptions({"": scenario}),
        "reproduction": reproduce_commands(
            " ".join(
                ["mcescalate levers scenario.toml", _chains(counts), *options, "--page levers.html"]
            ),
            {"scenario.toml": scenario},
        ),
        "title": scenario.title or "untitled scenario",
        "kicker": f"Levers: {amount(n, 'chains')} for each, seed {counts.attrs['seed']}",
        "lead": scenario.description,
        **FRAME,
    }
    return Report(render("levers.html", values), figures.missing)


def changes_rows(rows: Mapping[str, Mapping[str, Any]]) -> list[tuple[str, ...]]:
    """A row for each label: both shares, the change, its interval, whether it is detected."""
    return [
        (
            in_words(label),
            share(one_side(row, "first")),
            share(one_side(row, "second")),
            _signed(change(row)),
            _signed(change_interval(row)),
            "yes" if row["is_detected"] else f"no{_in_brackets(_needed(row))}",
        )
        for label, row in rows.items()
    ]


def _needed(row: Mapping[str, Any]) -> str:
    """About how many chains would detect a change of this size; nothing where none was seen."""
    n = chains_to_detect(row)
    return "" if n == "unknown" else f"≈{NO_BREAK}{n}"


def _in_brackets(text: str) -> str:
    return text and f" (n{NO_BREAK}{text})"


def _ratio_cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    ends = [factor(row[name]) for name in ("first", "second")]
    if row["ratio"] is None:
        return (*ends, UNKNOWN, UNKNOWN)
    return (
        *ends,
        f"{_TIMES}{NO_BREAK}{factor(row['ratio'])}",
        f"{factor(row['lower'])} to {factor(row['upper'])}",
    )


def _signed(text: str) -> str:
    return text.replace("-", _MINUS)


def _chains(counts: "xr.Dataset") -> str:
    first = int(counts.attrs["first_chain"])
    start = f" --first-chain {first}" if first else ""
    return f"-n {int(counts['n_chains'])} --seed {counts.attrs['seed']}{start}"
