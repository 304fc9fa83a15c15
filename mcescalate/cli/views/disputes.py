"""The scores of a backtest, and fitted values, as text."""

from collections.abc import Mapping
from typing import Any

from mcescalate.cli.terminal.printing import print_lines
from mcescalate.quantities import counted, grouped

NAMES = {
    "model": "the model",
    "era": "base rate of the era",
    "inputs": "regression on the model's inputs",
    "field": "regression on standard covariates",
}


def print_scores(scores: Mapping[str, Any]) -> None:
    """Print how well each target was predicted, and by what."""
    percent = f"{100 * scores['level']:.0f} %"
    print_lines(
        f"{counted(scores['disputes'], 'disputes')}, split {scores['settings']['split']}; "
        f"brackets: {percent} intervals over disputes"
    )
    for reason, n in scores["unplaced"].items():
        print_lines(f"  not placed, predicted by the rate of the era: {n} ({reason})")
    for target, found in scores["targets"].items():
        if found is None:
            print_lines("", f"{target}: no outcomes are known")
            continue
        print_lines("", f"{target}: {found['events']} of {grouped(found['n'])} disputes")
        print_lines(*_table(found["predictors"], ("skill", "auc", "auc_within_eras", "log_score")))
    joining = scores["joining"]
    if joining:
        print_lines(
            "",
            f"joining: {joining['joined']} of {grouped(joining['n'])} bystanders in "
            f"{grouped(joining['disputes'])} disputes",
        )
        print_lines(*_table(joining["predictors"], ("skill", "auc", "log_score")))


def _table(predictors: Mapping[str, Any], columns: tuple[str, ...]) -> list[str]:
    heads = [name.replace("_", " ").replace("auc", "AUC") for name in columns]
    lines = [f"  {'':34}" + "".join(f"{head:>24}" for head in heads)]
    for name, found in predictors.items():
        cells = "".join(f"{with_interval(found[column]):>24}" for column in columns)
        lines.append(f"  {NAMES[name]:34}{cells}")
    return lines


def with_interval(found: Mapping[str, float | None]) -> str:
    """A score with its interval in brackets; a dash where it is not defined."""
    if found["value"] is None:
        return "-"
    if found["lower"] is None or found["lower"] == found["upper"]:
        return f"{found['value']:.3f}"
    return f"{found['value']:.3f} [{found['lower']:.3f}, {found['upper']:.3f}]"


def print_calibration(summary: Mapping[str, Any]) -> None:
    """Print fitted values with their uncertainty, and those that the disputes do not inform."""
    eras = ", ".join(f"{era}: {n}" for era, n in summary["by_era"].items())
    print_lines(f"{counted(summary['disputes'], 'disputes')} ({eras})")
    for reason, n in summary["unplaced"].items():
        print_lines(f"  not placed, and left out: {n} ({reason})")
    print_lines("")
    print_lines(
        f"{'value':32}{'era':12}{'default':>10}{'estimate':>10}{'se':>9}{'shrinkage':>11}",
    )
    for row in summary["values"]:
        if row["informed"]:
            numbers = f"{row['default']:>10.3f}{row['estimate']:>10.3f}{row['se']:>9.3f}"
            print_lines(f"{row['address']:32}{row['era']:12}{numbers}{row['shrinkage']:>11.2f}")
    left = [row for row in summary["values"] if not row["informed"]]
    if left:
        print_lines("", "not informed by the disputes, kept at the default:")
        for row in left:
            print_lines(
                f"  {row['address']}: {row['default']:g} (its standard deviation stays at "
                f"{100 * row['shrinkage']:.0f} % of the prior's)"
            )
