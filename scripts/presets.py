#!/usr/bin/env python3
"""Make the presets of the package, and their tables in docs/presets.md, from a calibration.

    mcescalate calibrate DATA --out fitted --free … --era …
    .venv/bin/python scripts/presets.py fitted

Copies the overlay of each era to `configs/eras`. The cases that are made from data then have to be
made again, too (scripts/global_scenarios.py), and the figures of the others renewed
(scripts/rejudged_cases.py).
"""

import json
import shutil
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mcescalate.scenario.eras import ERAS

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "presets.md"
PRESETS = ROOT / "configs" / "eras"
BEGIN, END = "<!-- from scripts/presets.py -->\n", "<!-- end -->"


def number(value: float) -> str:
    """A number to two decimals, or two digits if it is small."""
    return f"{value:.2f}" if abs(value) >= 0.1 or value == 0 else f"{value:.2g}"


def fitted_rows(values: list[dict[str, Any]]) -> Iterator[str]:
    """A row for each value that was fitted: its default, and its estimate in each era."""
    by_address: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for value in values:
        if value["informed"]:
            by_address[value["address"]][value["era"]] = value
    for address, of_eras in by_address.items():
        one = of_eras.get("")
        cells = [one, None, None, None] if one else [of_eras[era] for era in ERAS]
        default = number(next(iter(of_eras.values()))["default"])
        shown = [f"{number(c['estimate'])} ± {number(c['se'])}" if c else "same" for c in cells]
        yield f"| `{address}` | {default} | {' | '.join(shown)} |"


def section(summary: dict[str, Any]) -> str:
    """What was fitted to what, by which command, as Markdown."""
    settings = summary["settings"]
    heads = [f"`{era}`" for era in ERAS]
    left = dict.fromkeys(v["address"] for v in summary["values"] if not v["informed"])
    names = ", ".join(f"`{address}`" for address in left)
    return "\n".join(
        [
            f"From {summary['disputes']} disputes of {summary['from'][:4]} to "
            f"{summary['to'][:4]}, model version {summary['model_version']}, by",
            "",
            "```",
            f'mcescalate calibrate DATA --out fitted --free "{",".join(settings["free"])}" \\',
            f'    --era "{",".join(settings["by_era"])}"',
            "```",
            "",
            f"| value | default | {' | '.join(heads)} |",
            f"| --- | --- | {' | '.join('---' for _ in ERAS)} |",
            f"| disputes | | {' | '.join(str(summary['by_era'][era]) for era in ERAS)} |",
            *fitted_rows(summary["values"]),
            "",
            "Estimate ± standard error."
            + (f" Not informed, and so at their defaults: {names}." if left else ""),
            "",
        ]
    )


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    folder = Path(sys.argv[1])
    summary = json.loads((folder / "calibration.json").read_text(encoding="utf-8"))
    PRESETS.mkdir(exist_ok=True)
    for era in ERAS:
        shutil.copyfile(folder / f"{era}.toml", PRESETS / f"{era}.toml")
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n{section(summary)}\n{END}{after}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
