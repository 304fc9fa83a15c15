"""What a sweep says: its estimate before, a table of its points after."""

import json
import math
from typing import TYPE_CHECKING, Any

from mcescalate.analysis.estimation.estimate import wilson
from mcescalate.analysis.estimation.events import WARS
from mcescalate.cli.terminal.printing import print_json, print_lines, say, screen_width, table
from mcescalate.quantities import counted, grouped, interval, percent
from mcescalate.sweep.run.runner import SweepStatus
from mcescalate.sweep.store.folder import Folder
from mcescalate.sweep.store.shard_files import FAILED
from mcescalate.sweep.workflow import PreparedSweep

if TYPE_CHECKING:
    import numpy as np
    import xarray as xr

SUMMARY_VERSION = 1
MOST_ROWS = 30


def print_estimate(prepared: PreparedSweep, *, as_json: bool, to_stdout: bool) -> None:
    """Say what will be played and what it needs, on stderr or as the answer."""
    budget, plan = prepared.budget, prepared.sweep.plan
    if as_json:
        print_json(
            {
                "points": budget.points,
                "chains": round(budget.chains),
                "chains_are_at_most": budget.points * prepared.sweep.most_chains,
                "seconds": round(budget.seconds, 3),
                "memory_bytes": max(budget.memory_bytes, budget.merge_bytes),
                "disk_bytes": budget.disk_bytes,
                "seed": str(plan.seed),
                "seed_is_drawn": prepared.seed_is_drawn,
            }
        )
        return
    tell = print_lines if to_stdout else say
    amount = f"{grouped(prepared.sweep.most_chains)} chains each"
    if plan.precision:
        width = f"{100 * plan.precision.half_width:.3g} %"
        amount = f"until {plan.precision.of} is known to {width}, at most {amount}"
    tell(f"{counted(budget.points, 'points')}, {amount}; estimate: {budget}")
    tell(f"seed {plan.seed}" + (" (drawn)" if prepared.seed_is_drawn else ""))


def sweep_summary(
    prepared: PreparedSweep, standing: SweepStatus, result: "xr.Dataset | None"
) -> dict[str, Any]:
    """What came of a sweep, ready for JSON."""
    return {
        "seed": str(prepared.sweep.seed),
        "points": prepared.sweep.n_points,
        "points_ended": standing.points_ended,
        "points_reached": standing.points_reached if prepared.sweep.plan.precision else None,
        "chains": int(result["n_chains"].sum()) if result is not None else standing.chains_done,
        "shards_written": standing.shards_written,
        "shards_found": standing.shards_found,
        "shards_redone": standing.shards_redone,
    }


def tell_found(standing: SweepStatus) -> None:
    """Say what was in the folder already."""
    if n := standing.shards_found:
        what = f"{counted(n, 'shards')} with {counted(standing.chains_found, 'chains')}"
        say(f"{what} {'was' if n == 1 else 'were'} there already")
    if n := standing.shards_redone:
        say(f"{counted(n, 'shards')} {'was' if n == 1 else 'were'} damaged, and played again")


def tell_failures(folder: Folder, standing: SweepStatus) -> None:
    """Say which shards failed, and where the whole story is."""
    say(f"{counted(len(standing.failures), 'shards')} failed, all others are done:")
    for name, text in standing.failures.items():
        say(f"  {name}: {text}")
    say(f"tracebacks are in {folder.path / FAILED}; start again to try them once more")


def summarise_points(dataset: "xr.Dataset") -> dict[str, Any]:
    """Every point of a sweep with its values and probabilities of war, ready for JSON.

    Also, where a precision was wanted, the probability that it was wanted of.
    """
    outcomes, n_chains = dataset["outcome_count"], dataset["n_chains"].values
    shown = {
        "war": _estimates(outcomes.sel(outcome=list(WARS)).sum("outcome").values, n_chains),
        "general_war": _estimates(outcomes.sel(outcome="general_war").values, n_chains),
    }
    wanted = dataset.attrs.get("precision_of")
    if wanted is not None:
        shown["wanted"] = _estimates(dataset["precision_count"].values, n_chains)
        shown["is_reached"] = dataset["precision_reached"].values.tolist()
    axes = [str(name) for name in dataset.coords if "address" in dataset[name].attrs]
    columns = {name: dataset[name].values.tolist() for name in ("base", *axes)}
    points = [
        {
            "point": point,
            "base": columns["base"][point],
            "values": {axis: _number(columns[axis][point]) for axis in axes},
            "n_chains": int(n),
            **{name: values[point] for name, values in shown.items()},
        }
        for point, n in enumerate(n_chains)
    ]
    return {
        "schema_version": SUMMARY_VERSION,
        "title": dataset.attrs["title"],
        "seed": str(dataset.attrs["seed"]),
        "complete": bool(dataset.attrs["complete"]),
        "n_chains": int(n_chains.sum()),
        "axes": axes,
        "wanted": wanted,
        "points": points,
    }


def _estimates(counts: "np.ndarray", n_chains: "np.ndarray") -> list[dict[str, Any]]:
    """Probabilities with their intervals, point by point."""
    lower, upper = wilson(counts, n_chains)
    return [
        {
            "count": int(count),
            "probability": int(count) / int(n) if n else None,
            "lower": float(low),
            "upper": float(high),
        }
        for count, n, low, high in zip(counts, n_chains, lower, upper, strict=True)
    ]


def _number(value: Any) -> Any:
    """A value of an axis; None where the base keeps several of its own."""
    return None if isinstance(value, float) and math.isnan(value) else value


def print_points(summary: dict[str, Any]) -> None:
    """Print the probabilities of each point, the first ones of many."""
    axes, points, wanted = summary["axes"], summary["points"], summary["wanted"]
    has_bases = len({point["base"] for point in points}) > 1
    first = ["wanted"] if wanted not in (None, "war", "general_war") else []
    names = [*first, "war", "general_war"]
    rows = []
    for point in points[:MOST_ROWS]:
        base = [point["base"]] if has_bases else []
        values = [_cell(point["values"][axis]) for axis in axes]
        shares = ["not played", "0 - 100"] * len(names)
        if point["n_chains"]:
            shares = [
                text for name in names for text in (percent(point[name]), interval(point[name]))
            ]
        mark = "" if point.get("is_reached", True) else " *"
        rows.append(
            (f"{point['point']}{mark}", *base, *values, grouped(point["n_chains"]), *shares)
        )
    titles = [(wanted if name == "wanted" else name).replace("_", " ") for name in names]
    header = ["point", *(["base"] if has_bases else []), *axes, "chains"]
    header += [word for title in titles for word in (title, "95 % interval")]
    amount = f"{counted(len(points), 'points')}, {counted(summary['n_chains'], 'chains')}"
    print_lines(str(summary["title"]), f"{amount}, seed {summary['seed']}", "")
    print_lines(*table(header, rows, screen_width(), keep=len(header) - 2))
    if len(points) > len(rows):
        print_lines(f"and {grouped(len(points) - len(rows))} more, all in the file")
    short = sum(not point.get("is_reached", True) for point in points)
    if short:
        print_lines(f"* {wanted} is not known as well as wanted, at {counted(short, 'points')}")
    if not summary["complete"]:
        print_lines("not complete: points that were not finished have no chains")


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    return "as it is" if value is None else json.dumps(value)
