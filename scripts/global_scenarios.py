"""Make the scenarios of the whole state system again from the published data files.

    .venv/bin/python scripts/global_scenarios.py            writes configs/global-*.toml
    .venv/bin/python scripts/global_scenarios.py --check    only says whether they are the same

The data files are not part of this project. They are looked for in the folder that the variable
MCESCALATE_DATA names; docs/importing.md lists them.
"""

import argparse
import os
import sys
from pathlib import Path

from mcescalate.importing.importer import scenario_from_data

ROOT = Path(__file__).resolve().parents[1]
CONFIGS = ROOT / "configs"
FURTHER = CONFIGS / "global-further-ties.csv"
SCENARIOS = {
    "global-1914": ("1914-06-28", "The state system in June 1914"),
    "global-latest": ("2025-12-31", "The state system at the end of 2025, by the latest data"),
}


def scenario_text(name: str, data: Path) -> str:
    """The text of one of the scenarios."""
    date, title = SCENARIOS[name]
    return scenario_from_data([data, FURTHER], date=date, title=title).text


def main() -> int:
    """Write or compare the files; 1 if one differs."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing, only compare")
    parser.add_argument("--only", choices=SCENARIOS, help="this one alone")
    options = parser.parse_args()
    data = Path(os.environ.get("MCESCALATE_DATA", ""))
    if data == Path():
        parser.error("set MCESCALATE_DATA to the folder with the published data files")
    differing = 0
    for name in [options.only] if options.only else SCENARIOS:
        path = CONFIGS / f"{name}.toml"
        text = scenario_text(name, data).encode("utf-8")
        if options.check:
            same = path.is_file() and path.read_bytes() == text
            differing += not same
            print(f"{path.name}: {'the same' if same else 'differs'}")
        else:
            path.write_bytes(text)
            print(f"{path.name}: {len(text)} bytes")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
