#!/usr/bin/env python
"""Plant faults in a copy of the project, one at a time, and show that the tests catch each.

    scripts/mutants.py                  every fault of scripts/mutants.toml
    scripts/mutants.py --only reused    those in whose description this stands
    scripts/mutants.py --report FILE    write the table into FILE too

Ends with 1 if a fault goes unnoticed, no longer applies, or breaks the tests instead of
failing them; with 2 if the tests fail without any fault.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

ROOT = Path(__file__).resolve().parents[1]
FAULTS = ROOT / "scripts" / "mutants.toml"
COPIED = ("mcescalate", "configs", "tests", "pyproject.toml")
TESTS = (
    "tests/model",
    "tests/kernel/test_calls.py",
    "tests/kernel/test_laws.py",
    "tests/kernel/test_memory.py",
    "tests/kernel/test_simd.py",
    "tests/test_rules_against_reference.py",
    "tests/test_chains_against_reference.py",
)
"""Quick tests of rules, draws and counts; they run uncompiled.

Slow ones of these files are among them, but for those of many examples.
"""
CHOICE = ("-m", "slow or not slow", "-k", "not compiled and not many_states and not many_chains")
MOST_SECONDS = 1200
"""Processor time, not time on the clock: on a busy machine sound tests would seem not to end."""

PASSED, FAILED = 0, 1  # exit codes of pytest


@dataclass(frozen=True)
class Fault:
    """`new` in place of `old`, which stands once in `file`; `what` says what is wrong then.

    `tests` names the tests that should notice, if not the quick ones; these may compile.
    """

    what: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...] = ()

    def planted(self, text: str) -> str:
        """`text` with the fault; ValueError if it does not apply."""
        found = text.count(self.old)
        if found != 1:
            raise ValueError(f"{self.file}: expected the old text once, found it {found} times")
        return text.replace(self.old, self.new)


@dataclass(frozen=True)
class Verdict:
    """What became of a fault: whether the tests failed, and which one did first."""

    fault: Fault
    is_caught: bool
    detail: str


def read_faults(only: str) -> list[Fault]:
    """The faults of the list whose description contains `only`."""
    rows = tomllib.loads(FAULTS.read_text(encoding="utf-8"))["fault"]
    faults = [Fault(**row | {"tests": tuple(row.get("tests", ()))}) for row in rows]
    return [fault for fault in faults if only in fault.what]


def copy_project(folder: Path) -> Path:
    """What the tests need of the project, in `folder`."""
    for name in COPIED:
        source, target = ROOT / name, folder / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, target)
    return folder


def run_tests(project: Path, tests: tuple[str, ...] = ()) -> tuple[int, str]:
    """(exit code, first failure) of tests, the quick ones if none are named, in a copy."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--tb=no", "-rfE"]
    command += ["-p", "no:cacheprovider", *(tests or (*TESTS, *CHOICE))]
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}
    if not tests:
        environment["NUMBA_DISABLE_JIT"] = "1"
    with tempfile.TemporaryDirectory(prefix="mcescalate-numba-") as cache:
        # Compiled faults must neither be remembered nor be taken for the sound code.
        return _run(command, project, environment | {"NUMBA_CACHE_DIR": cache})


def _run(command: list[str], project: Path, environment: dict[str, str]) -> tuple[int, str]:
    done = subprocess.run(
        ["bash", "-c", f'ulimit -t {MOST_SECONDS}; exec "$@"', "-", *command],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        return FAILED, "the tests did not end"
    lines = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    first = lines[0].split(" - ")[0] if lines else (done.stdout + done.stderr)[-300:].strip()
    return done.returncode, first.removeprefix("FAILED ")


def try_fault(project: Path, fault: Fault) -> Verdict:
    """Plant a fault in a copy of the project, run the tests, and take it out again."""
    path = project / fault.file
    sound = path.read_text(encoding="utf-8")
    try:
        path.write_text(fault.planted(sound), encoding="utf-8")
    except ValueError as error:
        return Verdict(fault, False, str(error))
    try:
        code, first = run_tests(project, fault.tests)
    finally:
        path.write_text(sound, encoding="utf-8")
    if code == PASSED:
        return Verdict(fault, False, "no test failed")
    if code != FAILED:
        return Verdict(fault, False, f"the tests broke down: {first}")
    return Verdict(fault, True, first)


def try_all(faults: list[Fault], workers: int) -> list[Verdict]:
    """Verdicts in the order of the faults, from `workers` copies of the project at a time."""
    with tempfile.TemporaryDirectory(prefix="mcescalate-mutants-") as folder:
        copies: SimpleQueue[Path] = SimpleQueue()
        for number in range(workers):
            place = Path(folder) / str(number)
            place.mkdir()
            copies.put(copy_project(place))

        def try_one(fault: Fault) -> Verdict:
            project = copies.get()
            try:
                verdict = try_fault(project, fault)
            finally:
                copies.put(project)
            print(table_row(verdict), flush=True)
            return verdict

        for tests in dict.fromkeys(fault.tests for fault in faults):
            code, first = run_tests(Path(folder) / "0", tests)
            if code != PASSED:
                print(f"mutants: the tests fail without any fault: {first}", file=sys.stderr)
                raise SystemExit(2)
        with ThreadPoolExecutor(workers) as pool:
            return list(pool.map(try_one, faults))


def table_row(verdict: Verdict) -> str:
    """One row of the table of verdicts."""
    mark = "caught" if verdict.is_caught else "MISSED"
    return f"| {mark} | {verdict.fault.what} | {verdict.detail} |"


def report(verdicts: list[Verdict]) -> str:
    """The table of all verdicts."""
    caught = sum(verdict.is_caught for verdict in verdicts)
    rows = "\n".join(table_row(verdict) for verdict in verdicts)
    return (
        f"{caught} of {len(verdicts)} faults caught\n\n| | fault | caught by |\n|-|-|-|\n{rows}\n"
    )


def main() -> int:
    """Try every fault; 0 if each is caught."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", help="faults in whose description this stands")
    parser.add_argument("--report", type=Path, help="file for the table")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    faults = read_faults(options.only)
    verdicts = try_all(faults, max(1, min(options.workers, len(faults))))
    text = report(verdicts)
    if options.report:
        options.report.write_text(text, encoding="utf-8")
    print(text.splitlines()[0])
    return 0 if all(verdict.is_caught for verdict in verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
