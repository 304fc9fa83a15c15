#!/usr/bin/env python3
"""Run the commands shown in README.md and docs/, and put their present output below them.

    .venv/bin/python scripts/refresh_docs.py [FILE...]     all files if none is named

In a block "console" each line that begins with "$ " is a command, and what follows is what it
prints on stdout. The commands of one file run one after another in one scratch folder, where
`configs` and `docs` are those of this checkout. A block "console once" differs between machines
or moments: it is left as it stands. Other blocks are left alone too.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BLOCK = re.compile(r"^```(?P<kind>console[a-z ]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
PROMPT = "$ "
SETTINGS = {"COLUMNS": "80", "NO_COLOR": "1", "MCESCALATE_WORKERS": "2"}


def documents() -> list[Path]:
    """Files whose commands are looked at."""
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(ROOT.glob("docs/**/*.md"))]


def commands(text: str) -> Iterator[str]:
    """Every command of every console block."""
    for block in BLOCK.finditer(text):
        for line in block["body"].splitlines():
            if line.startswith(PROMPT):
                yield line.removeprefix(PROMPT)


def refreshed(text: str, run: Callable[[str], str]) -> str:
    """`text` with the output of its commands replaced by what `run` returns for each."""

    def renew(block: re.Match) -> str:
        if block["kind"] != "console":
            return block[0]
        lines = [line for line in block["body"].splitlines() if line.startswith(PROMPT)]
        parts = [f"{line}\n{run(line.removeprefix(PROMPT))}" for line in lines]
        return f"```{block['kind']}\n{''.join(parts)}```"

    return BLOCK.sub(renew, text)


def run_in(folder: Path) -> Callable[[str], str]:
    """A function that runs a command in `folder` and returns what it printed on stdout."""
    for name in ("configs", "docs"):
        (folder / name).symlink_to(ROOT / name)
    programs = Path(sys.executable).parent
    environment = {**os.environ, **SETTINGS, "PATH": f"{programs}:{os.environ['PATH']}"}

    def run(command: str) -> str:
        done = subprocess.run(
            ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True
        )
        return "".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines())

    return run


def main() -> int:
    for path in [Path(name) for name in sys.argv[1:]] or documents():
        text = path.read_text(encoding="utf-8")
        with tempfile.TemporaryDirectory() as folder:
            new = refreshed(text, run_in(Path(folder)))
        if new != text:
            path.write_text(new, encoding="utf-8")
            print(f"{path}: refreshed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
