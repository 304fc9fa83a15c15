"""Fitted values as text."""

from collections.abc import Mapping
from typing import Any

from mcescalate.cli.terminal.printing import print_lines
from mcescalate.quantities import counted


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
