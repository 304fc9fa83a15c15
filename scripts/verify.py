"""The long verification: runs its steps one by one and writes a report.

Called by `scripts/verify`. What a step prints goes into a log in the folder of the report; tests
find that folder in the environment as MCESCALATE_REPORT and may leave tables (*.md) and
pictures (*.png) there, which the report shows.
"""

import argparse
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REPORT = "report.md"
LEAST_COVERAGE = 95
PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "--durations=10")


@dataclass(frozen=True)
class Command:
    """Arguments for Python, and whether numba may compile in it."""

    arguments: tuple[str, ...]
    compiles: bool = True


@dataclass(frozen=True)
class Step:
    """Commands run one after the other; all must succeed."""

    name: str
    title: str
    commands: tuple[Command, ...]


@dataclass(frozen=True)
class Result:
    """How a step went."""

    step: Step
    is_passed: bool
    seconds: float
    tail: str


UNCOMPILED = (
    "tests/model",
    "tests/test_rules_against_reference.py",
    "tests/test_chains_against_reference.py",
)
COMPILED = ("tests/engine", "tests/verification")
MEASURED = "mcescalate/model/*,mcescalate/engine/*"


def steps(folder: Path) -> list[Step]:
    """Everything that is verified; files that steps leave go into `folder`."""
    slow = Command((*PYTEST, "-m", "slow"))
    mutants = Command(("scripts/mutants.py", "--report", str(folder / "mutants.md")))
    # Functions of the model are plain Python unless a kernel is made of them: their lines count
    # wherever tests or the python backend call them.
    data = f"--data-file={folder / 'coverage.data'}"
    measure = ("-m", "coverage", "run", data)
    plain = Command((*measure, *PYTEST, "-k", "not compiled", *existing(UNCOMPILED)), False)
    others = Command((*measure, "--append", *PYTEST, *existing(COMPILED)))
    bound = f"--fail-under={LEAST_COVERAGE}"
    table = Command(("-m", "coverage", "report", data, "-m", "--include", MEASURED, bound))
    return [
        Step("slow", "Slow tests", (slow,)),
        Step("mutants", "Planted faults", (mutants,)),
        Step("coverage", f"Coverage, {LEAST_COVERAGE} % or more", (plain, others, table)),
    ]


def existing(paths: Iterable[str]) -> list[str]:
    """Those of the paths that there are."""
    return [path for path in paths if (ROOT / path).exists()]


def run(step: Step, folder: Path) -> Result:
    """Run the commands of a step up to the first that fails; all that they print is logged."""
    begin = time.monotonic()
    log = folder / f"{step.name}.log"
    is_passed = True
    with log.open("w", encoding="utf-8") as out:
        for command in step.commands:
            environment = os.environ | {"MCESCALATE_REPORT": str(folder)}
            if not command.compiles:
                environment["NUMBA_DISABLE_JIT"] = "1"
            done = subprocess.run(
                [sys.executable, *command.arguments],
                cwd=ROOT,
                env=environment,
                stdout=out,
                stderr=subprocess.STDOUT,
                check=False,
            )
            if done.returncode != 0:
                is_passed = False
                break
    tail = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-60:])
    return Result(step, is_passed, time.monotonic() - begin, tail)


def left_in(folder: Path, pattern: str, since: float) -> list[Path]:
    """Files that a run begun at `since` has left in the folder."""
    found = [path for path in folder.glob(pattern) if path.stat().st_mtime >= since]
    return sorted(path for path in found if path.name != REPORT)


def report(results: list[Result], folder: Path, since: float) -> str:
    """The report in Markdown: a table of steps, what tests left, and how each step ended."""
    rows = [
        f"| {result.step.title} | {verdict(result)} | {result.seconds / 60:.1f} |"
        for result in results
    ]
    parts = [
        "# Verification",
        f"{time.strftime('%Y-%m-%d %H:%M')}, Python {platform.python_version()}, "
        f"{platform.machine()}, {os.cpu_count()} processors",
        "| step | result | minutes |\n|-|-|-|\n" + "\n".join(rows),
    ]
    for table in left_in(folder, "*.md", since):
        parts += [f"## {table.stem}", table.read_text(encoding="utf-8").strip()]
    for picture in left_in(folder, "*.png", since):
        parts.append(f"![{picture.stem}]({picture.name})")
    for result in results:
        parts += [f"## End of {result.step.name}.log", f"```\n{result.tail}\n```"]
    return "\n\n".join(parts) + "\n"


def verdict(result: Result) -> str:
    """One word on how a step went."""
    return "passed" if result.is_passed else "FAILED"


def main() -> int:
    """Run every step, or those asked for; 0 if all pass."""
    parser = argparse.ArgumentParser(prog="scripts/verify", description="The long verification.")
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "verification")
    parser.add_argument("--only", action="append", help="slow, mutants or coverage; repeatable")
    options = parser.parse_args()
    folder = options.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    since = time.time()
    results = []
    for step in steps(folder):
        if options.only and step.name not in options.only:
            continue
        print(f"{step.title} …", end=" ", flush=True)
        results.append(run(step, folder))
        print(f"{verdict(results[-1])} after {results[-1].seconds / 60:.1f} min", flush=True)
        (folder / REPORT).write_text(report(results, folder, since), encoding="utf-8")
    print(f"report: {folder / REPORT}")
    return 0 if all(result.is_passed for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
