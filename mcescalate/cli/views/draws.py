"""Lines and tables of a result over draws from a posterior, and which sweeps are that."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mcescalate.analysis.sweeps.points import summarise_points
from mcescalate.analysis.sweeps.posterior import is_over_draws, summarise_draws
from mcescalate.cli.terminal.printing import print_lines, screen_width, stacked, table
from mcescalate.cli.views.sweep import print_points
from mcescalate.quantities import counted, grouped, in_words, interval, percent

if TYPE_CHECKING:
    import xarray as xr

    from mcescalate.sweep.design.draws import PlannedDraws

Estimate = Mapping[str, Any]


def announcement(planned: "PlannedDraws", budget: str) -> str:
    """What will be simulated, and which values are not drawn."""
    sweep = planned.sweep
    era = f" of the era {planned.era}" if planned.era else ""
    amount = f"{counted(sweep.n_points, 'draws')}{era}, {grouped(sweep.n_chains)} chains of each"
    kept = f"; overlays or settings decide {', '.join(planned.kept)}" if planned.kept else ""
    return f"{amount}{kept}; estimate: {budget}"


def answer_of(result: "xr.Dataset") -> dict[str, Any]:
    """The points of a sweep ready for JSON, with both intervals if they are draws."""
    return summarise_points(result) | (summarise_draws(result) if is_over_draws(result) else {})


def print_sweep(result: "xr.Dataset") -> None:
    """Print the result of a sweep: both intervals if its points are draws, else every point."""
    if is_over_draws(result):
        print_draws(summarise_draws(result))
    else:
        print_points(summarise_points(result))


def print_draws(summary: Mapping[str, Any]) -> None:
    """Print probabilities with both intervals, and the values that were drawn."""
    width = screen_width()
    blocks = [_heading(summary)]
    for base, events in summary.get("bases", {"": summary}).items():
        blocks += [[base] if base else [], *_events(events, summary["interval_level"], width)]
    blocks.append(_values(summary["posterior"]["values"], summary["interval_level"], width))
    print_lines(*stacked([block for block in blocks if block]))


def _heading(summary: Mapping[str, Any]) -> list[str]:
    drawn = summary["posterior"]
    era = f", era {drawn['era']}" if drawn["era"] else ""
    each = f"{grouped(drawn['chains_of_each'])} chains of each"
    return [
        str(summary["title"]),
        f"{counted(drawn['draws'], 'draws')} of {drawn['file']}{era}; {each}, "
        f"seed {summary['seed']}",
    ]


def _events(events: Mapping[str, Any], level: float, width: int | None) -> list[list[str]]:
    shown = f"{level:.0%}".replace("%", " %")
    war = {"war": events["war"], "crisis": events["crisis"]}
    return [
        table(
            (name, "probability", f"Monte Carlo {shown}", f"parameters {shown}", "noise"),
            [
                (in_words(label), percent(e), interval(e), parameter_interval(e), _noise(e))
                for label, e in rows.items()
            ],
            width,
            keep=4,
        )
        for name, rows in (
            ("outcome", events["outcomes"]),
            ("event", war),
            ("peak at or above", events["peaks"]),
        )
    ]


def parameter_interval(estimate: Estimate) -> str:
    """The parameter interval in per cent; a dash where draws do not differ beyond noise."""
    ends = {end: estimate[f"parameter_{end}"] for end in ("lower", "upper")}
    return interval(ends) if ends["upper"] > ends["lower"] else "\N{EN DASH}"


def _noise(estimate: Estimate) -> str:
    share = estimate["noise_share"]
    return "not removed" if share is None else f"{100 * share:.0f} %"


def _values(
    values: Mapping[str, Mapping[str, float]], level: float, width: int | None
) -> list[str]:
    shown = f"{level:.0%} of draws".replace("%", " %")
    return table(
        ("value", "median", shown),
        [
            (name, f"{e['median']:.3g}", f"{e['lower']:.3g} to {e['upper']:.3g}")
            for name, e in values.items()
        ],
        width,
    )
