"""The probability of a rare event, as a table."""

import math
from collections.abc import Mapping
from typing import Any

from mcescalate.cli.terminal.printing import print_lines, screen_width, stacked, table
from mcescalate.quantities import about, grouped


def print_rare(answer: Mapping[str, Any]) -> None:
    """Print the estimate, what it rests on, and the way to the event."""
    blocks: list[Any] = [[str(answer["title"]), f"P({answer['event']}), per incident"]]
    p = answer["probability"]
    if answer["reason"]:
        blocks.append([f"{p:g}: {answer['reason']}"])
        print_lines(*stacked(blocks))
        return
    level = f"{answer['level']:.0%}".replace("%", " %")
    lines = [f"{tiny(p)}, relative standard error {percent_of(answer['error'], p)}"]
    if answer["lower"] is None or math.isnan(answer["lower"]):
        lines.append(f"no interval: {answer['interval'].removeprefix('none: ')}")
    else:
        lines.append(f"{level} interval {tiny(answer['lower'])} to {tiny(answer['upper'])}")
    blocks.append(lines)
    n = grouped(answer["n_chains"])
    lines = [
        f"{answer['n_repetitions']} repetitions of {n} chains, from {about(answer['n_ancestors'])} "
        f"effective first chains; {grouped(answer['n_simulated'])} chains in all stages, and "
        f"{grouped(answer['n_tried'])} to find how many are needed"
    ]
    counting = answer["n_counting"]
    if counting is not None and math.isfinite(counting):
        gain = answer["gain"]
        times = f"{gain:.1f}" if gain < 10 else about(gain) if gain < 1e7 else f"{gain:.1e}"
        lines.append(
            f"counting would need {tiny(counting)} chains for the same precision, {times} times as "
            "many"
        )
    blocks.append(lines)
    if answer["thresholds"]:
        rows = [
            (name, tiny(row["reached"]), tiny(row["chance"]) if row["chance"] else "")
            for name, row in answer["thresholds"].items()
        ]
        blocks.append(table(("on the way", "probability", "in a turn"), rows, screen_width()))
    if answer["rounding"]:
        blocks.append([answer["rounding"]])
    if "path" in answer:
        blocks.append(answer["path"])
    print_lines(*stacked(blocks))


def print_rare_changes(answer: Mapping[str, Any]) -> None:
    """Print one row for each scenario: the estimate, and its ratio to the first."""
    level = f"{answer['level']:.0%} interval".replace("%", " %")
    rows = [
        (
            name,
            tiny(row["probability"]),
            between(row["lower"], row["upper"]),
            "unknown" if row["ratio"] is None else f"x {tiny(row['ratio'])}",
            between(row["ratio_lower"], row["ratio_upper"]),
        )
        for name, row in answer["changes"].items()
    ]
    header = ("scenario", "probability", level, "ratio", level)
    heading = [f"P({answer['event']}), per incident"]
    print_lines(*stacked([heading, table(header, rows, screen_width())]))


def between(lower: float | None, upper: float | None) -> str:
    """An interval; nothing if it is unknown."""
    return "unknown" if lower is None or upper is None else f"{tiny(lower)} - {tiny(upper)}"


def tiny(value: float) -> str:
    """A number of any size to three digits."""
    return f"{value:.3g}" if value == 0.0 or 1e-3 <= value < 1e6 else f"{value:.2e}"


def percent_of(error: float, value: float) -> str:
    """An error as a share of its value."""
    return f"{100 * error / value:.2g} %" if value else "unknown"
