"""Lines and tables of a sweep: the estimate before it, a table of its points after it."""

import json
from typing import TYPE_CHECKING, Any

from mcescalate.cli.terminal.printing import print_json, print_lines, say, screen_width, table
from mcescalate.quantities import counted, grouped, interval, percent
from mcescalate.sweep.run.runner import SweepStatus
from mcescalate.sweep.store.folder import Folder
from mcescalate.sweep.store.shard_files import FAILED
from mcescalate.sweep.workflow import PreparedSweep

if TYPE_CHECKING:
    import xarray as xr

MOST_ROWS = 30


def print_estimate(prepared: PreparedSweep, *, as_json: bool, to_stdout: bool) -> None:
    """Print the size of the sweep and what it needs, on stderr or as the answer."""
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
    print_line = print_lines if to_stdout else say
    amount = f"{grouped(prepared.sweep.most_chains)} chains each"
    if plan.precision:
        width = f"{100 * plan.precision.half_width:.3g} %"
        amount = f"until {plan.precision.of} is known to {width}, at most {amount}"
    print_line(f"{counted(budget.points, 'points')}, {amount}; estimate: {budget}")
    print_line(f"seed {plan.seed}" + (" (drawn)" if prepared.seed_is_drawn else ""))


def sweep_summary(
    prepared: PreparedSweep, status: SweepStatus, result: "xr.Dataset | None"
) -> dict[str, Any]:
    """How much of a sweep was simulated, ready for JSON."""
    return {
        "seed": str(prepared.sweep.seed),
        "points": prepared.sweep.n_points,
        "points_ended": status.points_ended,
        "points_reached": status.points_reached if prepared.sweep.plan.precision else None,
        "chains": int(result["n_chains"].sum()) if result is not None else status.chains_done,
        "shards_written": status.shards_written,
        "shards_found": status.shards_found,
        "shards_redone": status.shards_redone,
    }


def say_found(status: SweepStatus) -> None:
    """Print what was in the folder already."""
    if n := status.shards_found:
        what = f"{counted(n, 'shards')} with {counted(status.chains_found, 'chains')}"
        say(f"{what} {'was' if n == 1 else 'were'} there already")
    if n := status.shards_redone:
        say(f"{counted(n, 'shards')} {'was' if n == 1 else 'were'} damaged and simulated again")


def say_failures(folder: Folder, status: SweepStatus) -> None:
    """Print which shards failed, and where their tracebacks are."""
    say(f"{counted(len(status.failures), 'shards')} failed; all others are complete:")
    for name, text in status.failures.items():
        say(f"  {name}: {text}")
    say(f"tracebacks are in {folder.path / FAILED}; run the command again to retry them")


def print_points(summary: dict[str, Any]) -> None:
    """Print the probabilities at each point, at most `MOST_ROWS` of them."""
    axes, points, wanted = summary["axes"], summary["points"], summary["wanted"]
    has_bases = len({point["base"] for point in points}) > 1
    first = ["wanted"] if wanted not in (None, "war", "general_war") else []
    names = [*first, "war", "general_war"]
    rows = []
    for point in points[:MOST_ROWS]:
        base = [point["base"]] if has_bases else []
        values = [_cell(point["values"][axis]) for axis in axes]
        shares = ["not simulated", "0 - 100"] * len(names)
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
        print_lines(f"and {grouped(len(points) - len(rows))} more points, in the file")
    short = sum(not point.get("is_reached", True) for point in points)
    if short:
        print_lines(f"* {wanted} misses the precision asked for at {counted(short, 'points')}")
    if not summary["complete"]:
        print_lines("incomplete: unfinished points have no chains")


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.6g}"
    return "base" if value is None else json.dumps(value)
