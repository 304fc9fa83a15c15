#!/usr/bin/env python3
"""Run the commands shown in README.md and docs/, and put their present output below them.

    .venv/bin/python scripts/refresh_docs.py [FILE...]     all files if none is named

In a block "console" each line that begins with "$ " is a command, and what follows is what it
prints on stdout. The commands of one file run one after another in one scratch folder, where
`configs` and `docs` are those of this checkout, and `data` is the folder of published data files
that MCESCALATE_DATA names. A page that uses `data` is left alone if that is not set. A block that
names a file, such as "toml plan.toml", is written to that file. Commands of a block "console alone"
neither need nor write files of other commands: they run first, some at a time. A block "console
once" differs between machines or moments: it is left as it stands. Other blocks are left alone too.
A shell runs each command; `mcescalate` is answered by one process that has loaded it already.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BLOCK = re.compile(r"^```(?P<kind>console[a-z ]*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"^```\w+ (?P<name>[\w-]+\.\w+)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
DATA = re.compile(r"mcescalate \w+ data\b")
PROMPT = "$ "
ALONE = "console alone"
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


def files(text: str) -> Iterator[tuple[str, str]]:
    """Name and content of every block that names a file."""
    return ((block["name"], block["body"]) for block in FILE.finditer(text))


def lacks_data(text: str) -> bool:
    """Whether a page needs published data files, and no folder with them is named."""
    return any(map(DATA.match, commands(text))) and not os.environ.get("MCESCALATE_DATA")


def refreshed(text: str, run: Callable[[str], str]) -> str:
    """`text` with the output of its commands replaced by what `run` returns for each."""
    alone = [
        command
        for block in BLOCK.finditer(text)
        if block["kind"] == ALONE
        for command in commands(block[0])
    ]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        printed = dict(zip(alone, pool.map(run, alone), strict=True))

    def renew(block: re.Match) -> str:
        if block["kind"] not in ("console", ALONE):
            return block[0]
        parts = [
            f"{PROMPT}{command}\n{printed[command] if block['kind'] == ALONE else run(command)}"
            for command in commands(block[0])
        ]
        return f"```{block['kind']}\n{''.join(parts)}```"

    return BLOCK.sub(renew, text)


@contextmanager
def warm_program() -> Iterator[Path]:
    """A folder with an `mcescalate` that a process answers which has loaded it already."""
    with (
        tempfile.TemporaryDirectory() as folder,
        subprocess.Popen(
            [sys.executable, ROOT / "scripts" / "warm_program.py", folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **SETTINGS},
            text=True,
        ) as server,
    ):
        if server.stdout.readline() != "ready\n":
            raise RuntimeError("warm_program.py did not start; its message is above")
        try:
            yield Path(folder)
        finally:
            server.stdin.close()


def run_in(folder: Path, text: str = "", program: Path | None = None) -> Callable[[str], str]:
    """A function that runs a command of `text` in `folder` and returns its stdout.

    `program` is the folder of the `mcescalate` to use, if not that of this Python.
    """
    for name in ("configs", "docs"):
        (folder / name).symlink_to(ROOT / name)
    if data := os.environ.get("MCESCALATE_DATA"):
        (folder / "data").symlink_to(Path(data).resolve())
    for name, body in files(text):
        (folder / name).write_text(body, encoding="utf-8")
    programs = [*filter(None, [program]), Path(sys.executable).parent]
    path = ":".join([*map(str, programs), os.environ["PATH"]])
    environment = {**os.environ, **SETTINGS, "PATH": path}

    def run(command: str) -> str:
        done = subprocess.run(
            ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True
        )
        return "".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines())

    return run


def main() -> int:
    with warm_program() as program:
        for path in [Path(name) for name in sys.argv[1:]] or documents():
            text = path.read_text(encoding="utf-8")
            if lacks_data(text):
                print(f"{path}: left alone, since MCESCALATE_DATA names no folder of data files")
                continue
            with tempfile.TemporaryDirectory() as folder:
                new = refreshed(text, run_in(Path(folder), text, program))
            if new != text:
                path.write_text(new, encoding="utf-8")
                print(f"{path}: refreshed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
