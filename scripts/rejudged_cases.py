#!/usr/bin/env python3
"""Renew the figures of the cases on the presets of their eras, in their pages and presets.md.

    .venv/bin/python scripts/rejudged_cases.py

To be run whenever the presets are made anew; see scripts/presets.py.
"""

import sys
from pathlib import Path

import mcescalate as mc
from mcescalate.analysis.estimation.pooling import estimate_event
from mcescalate.scenario.reading import change_scenario, lay_coefficients, load_case
from mcescalate.scenario.schema import Scenario

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / "docs" / "scenarios"
ALL = ROOT / "docs" / "presets.md"
BEGIN, END = "<!-- from scripts/rejudged_cases.py -->\n", "<!-- end -->\n"
ERAS = {
    "july-1914": "1914-1945",
    "europe-1908": "1816-1913",
    "cuba-1962": "1946-1989",
    "able-archer-1983": "1946-1989",
    "nato-russia-2022": "1990-",
    "east-asia-2020s": "1990-",
}
"""Cases with the presets of their eras; Europe in 1908 begins before 1914."""
TITLES = {
    "july-1914": "July 1914",
    "europe-1908": "Europe 1908-1914",
    "cuba-1962": "Cuba 1962",
    "able-archer-1983": "Able Archer 1983",
    "nato-russia-2022": "NATO and Russia 2022",
    "east-asia-2020s": "East Asia in the 2020s",
}
N_CHAINS, SEED = 20_000, 1
EVENTS = ("war", "general_war", "deterred")


def scenarios_of(case: str) -> dict[str, Scenario]:
    """The case as it is, on the preset of its era, and re-judged on top of it."""
    own = load_case(case)
    preset, _ = lay_coefficients(own, ERAS[case])
    judged = change_scenario(preset, overlays=[f"{case}-rejudged"])
    return {"the case as it is": own, f"preset {ERAS[case]}": preset, "re-judged on it": judged}


def percent(share: float) -> str:
    """A share in per cent, to two digits below ten."""
    return f"{100 * share:.{1 if share >= 0.0995 else 2}f}"


def estimates_of(scenario: Scenario) -> list[str]:
    """Each event's share of crises, with its 95 % interval."""
    result = mc.simulate(scenario, n_chains=N_CHAINS, seed=SEED, keep_chains=True)
    cells = []
    for event in EVENTS:
        found = estimate_event(result, event)
        share, low, high = (float(found[name]) for name in ("probability", "lower", "upper"))
        cells.append(f"{percent(share)} ({percent(low)} to {percent(high)})")
    return cells


def put(page: Path, table: list[str]) -> None:
    """Write a table between the marks of a page."""
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    text = "\n".join(table)
    page.write_text(f"{before}{BEGIN}\n{text}\n\n{END}{after}", encoding="utf-8")


def main() -> int:
    together = [
        "| case | preset | war, as it is | on the preset | re-judged | general war, as it is "
        "| on the preset | re-judged |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for case, era in ERAS.items():
        cells = {name: estimates_of(scenario) for name, scenario in scenarios_of(case).items()}
        names = " | ".join(f"{event.replace('_', ' ')}, % (95 % interval)" for event in EVENTS)
        rows = [f"| {name} | {' | '.join(row)} |" for name, row in cells.items()]
        put(PAGES / f"{case}.md", [f"| | {names} |", "| --- | --- | --- | --- |", *rows])
        shares = [[row[k].split(" ")[0] + " %" for row in cells.values()] for k in range(2)]
        link = f"[{TITLES[case]}](scenarios/{case}.md)"
        together.append(f"| {link} | {era} | {' | '.join(shares[0] + shares[1])} |")
    put(ALL, together)
    return 0


if __name__ == "__main__":
    sys.exit(main())
