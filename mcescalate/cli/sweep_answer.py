"""What a sweep says: its estimate before, a table of its points after."""

import json
from typing import TYPE_CHECKING, Any

from mcescalate.analysis.estimate import wilson
from mcescalate.analysis.summary import WARS
from mcescalate.cli.answer import interval, percent
from mcescalate.cli.terminal import print_json, say, screen_width, table
from mcescalate.quantities import counted, grouped
from mcescalate.sweep.conduct import Prepared
from mcescalate.sweep.execute import Standing
from mcescalate.sweep.folder import Folder
from mcescalate.sweep.store import FAILED

if TYPE_CHECKING:
    import xarray as xr

MOST_ROWS = 30


def print_estimate(prepared: Prepared, *, as_json: bool, to_stdout: bool) -> None:
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
    tell = print if to_stdout else say
    amount = f"{grouped(prepared.sweep.most_chains)} chains each"
    if plan.precision:
        width = f"{100 * plan.precision.half_width:.3g} %"
        amount = f"until {plan.precision.of} is known to {width}, at most {amount}"
    tell(f"{counted(budget.points, 'points')}, {amount}; needs about {budget}")
    tell(f"seed {plan.seed}" + (" (drawn)" if prepared.seed_is_drawn else ""))


def sweep_summary(
    prepared: Prepared, standing: Standing, result: "xr.Dataset | None"
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


def tell_failures(folder: Folder, standing: Standing) -> None:
    """Say which shards failed, and where the whole story is."""
    say(f"{counted(len(standing.failures), 'shards')} failed, all others are done:")
    for name, text in standing.failures.items():
        say(f"  {name}: {text}")
    say(f"tracebacks are in {folder.path / FAILED}; start again to try them once more")


def print_points(dataset: "xr.Dataset") -> None:
    """Print the probability of war at each point, the first ones of many."""
    war = dataset["outcome_count"].sel(outcome=list(WARS)).sum("outcome").values
    n_chains = dataset["n_chains"].values
    axes = [name for name in dataset.coords if "address" in dataset[name].attrs]
    if len(set(dataset["base"].values)) > 1:
        axes.insert(0, "base")
    rows = []
    for point in range(min(dataset.sizes["point"], MOST_ROWS)):
        count, n = int(war[point]), int(n_chains[point])
        lower, upper = wilson(count, n)
        estimate = {
            "probability": count / n if n else None,
            "lower": float(lower),
            "upper": float(upper),
        }
        cells = [_cell(dataset[axis].values[point]) for axis in axes]
        share = (percent(estimate), interval(estimate)) if n else ("not played", "")
        rows.append((str(point), *cells, grouped(n), *share))
    header = ("point", *axes, "chains", "war", "95 % interval")
    print(
        f"{dataset.attrs['title']}\n{counted(dataset.sizes['point'], 'points')}, "
        f"{grouped(int(n_chains.sum()))} chains, seed {dataset.attrs['seed']}\n"
    )
    print(table(header, rows, screen_width()))
    left = dataset.sizes["point"] - len(rows)
    if left > 0:
        print(f"and {grouped(left)} more, all in the file")


def _cell(value: Any) -> str:
    plain = value.item() if hasattr(value, "item") else value
    if isinstance(plain, float):
        return "as it is" if plain != plain else f"{plain:.6g}"
    return plain if isinstance(plain, str) else json.dumps(plain)
