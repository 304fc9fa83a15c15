"""Instructions a chain, counted by callgrind; `scripts/instructions` calls this.

Instructions of 1,200 chains less those of 200, of the thread that simulates alone, so that neither
starting nor waiting counts. Other work on the machine does not change them.
"""

import argparse
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from benchmark_scenarios import CASES
from measure import ROOT, commit_of, fail, other_checkout

PROCESSOR = "x86-64-v3"
"""What code is compiled for: valgrind knows no AVX-512."""

FEW, MANY = 200, 1_200
RUNS = [(case, n_chains) for case in CASES for n_chains in (FEW, MANY)]
"""In the order in which `marked_runs` makes them."""

MARK = "getsid"
MAIN_THREAD = 1
HEAD = ("part", "thread", "totals")
"""What callgrind calls the fields of `Part`."""

RECORD = ROOT / "benchmarks" / "instructions.json"
"""What `--json` wrote when figures last changed on purpose."""
MOST_RISE = 1.03
"""A case that takes more than this many times the recorded instructions has become slower."""

BESIDE = {
    "terms": "terms/here",
    "there": "here/there",
    "recorded": "here/then",
}
"""What the table may have beside the figures of this checkout, and their ratio."""

Counts = dict[str, float]
"""Instructions a chain, by case."""


class Part(NamedTuple):
    """What one thread executed between two of its marks."""

    number: int
    """In the order of time, over all threads."""
    thread: int
    instructions: int


def main() -> int:
    asked = parser().parse_args()
    for program in ("valgrind", "callgrind_control"):
        if shutil.which(program) is None:
            fail(f"scripts/instructions: no {program}; install valgrind (Debian: package valgrind)")
    if platform.machine() not in ("x86_64", "AMD64"):
        fail(f"scripts/instructions counts {PROCESSOR} code; this machine is {platform.machine()}")
    sha = None
    if asked.against is not None:
        sha = commit_of(asked.against)
    if asked.json is not None and not asked.json.resolve().parent.is_dir():
        fail(f"--json: {asked.json} cannot be written, there is no folder {asked.json.parent}")
    recorded = json.loads(RECORD.read_text(encoding="utf-8")) if asked.recorded else None
    found = {"processor": PROCESSOR, "made_with": made_with(), "here": count(ROOT)}
    if asked.terms:
        found["terms"] = count(ROOT, "--terms")
        found["ratios"] = {case: found["terms"][case] / found["here"][case] for case in CASES}
    if sha is not None:
        with other_checkout(sha) as folder:
            there = count(folder)
        ratios = {case: found["here"][case] / there[case] for case in there}
        found |= {"against": sha, "there": there, "ratios": ratios}
    if recorded is not None:
        ratios = {case: found["here"][case] / recorded["here"][case] for case in CASES}
        found |= {"recorded": recorded["here"], "ratios": ratios}
    print(table(found))
    if asked.json is not None:
        asked.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return 0 if recorded is None else judge(found, recorded)


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/instructions",
        description="Count the instructions that a chain takes, with valgrind. Takes minutes.",
        allow_abbrev=False,
    )
    parser.add_argument("--json", type=Path, help="file to write")
    other = parser.add_mutually_exclusive_group()
    other.add_argument(
        "--against", metavar="REV", help="count this revision too, with the packages of this one"
    )
    other.add_argument(
        "--terms",
        action="store_true",
        help="count with all terms of the model on too that are neutral by default",
    )
    other.add_argument(
        "--recorded",
        action="store_true",
        help=f"exit with 1 if a case takes over {MOST_RISE - 1:.0%}% more than {RECORD.name} says",
    )
    return parser


def made_with() -> dict[str, str]:
    """Versions on which figures depend beside the package's: of the compiler, the C library."""
    numba = "from importlib.metadata import version; print(version('numba'))"
    done = subprocess.run([python(), "-c", numba], capture_output=True, text=True, check=True)
    return {"numba": done.stdout.strip(), "C library": " ".join(platform.libc_ver())}


def judge(found: dict, recorded: dict) -> int:
    """Exit code: 1 if a case takes more than was recorded, with the same compiler and library."""
    others = [
        f"{name} {recorded['made_with'].get(name)} then, {version} now"
        for name, version in found["made_with"].items()
        if recorded["made_with"].get(name) != version
    ]
    if others:
        print(f"not judged, for the record was made with others: {'; '.join(others)}")
        return 0
    slower = {case: ratio for case, ratio in found["ratios"].items() if ratio > MOST_RISE}
    for case, ratio in slower.items():
        print(
            f"{case}: {found['here'][case]:,.0f} instructions a chain, {ratio - 1:.1%} more than "
            f"the {recorded['here'][case]:,.0f} recorded; up to {MOST_RISE - 1:.0%} is let pass. "
            f"If it must be: scripts/instructions --json {RECORD.relative_to(ROOT)}"
        )
    return 1 if slower else 0


def count(package: Path, *options: str) -> Counts:
    """Instructions a chain of the package in the checkout `package`; `options` of `marked_runs`."""
    with tempfile.TemporaryDirectory(prefix="mcescalate-instructions-") as scratch:
        folder = Path(scratch)
        words = [python(), "-P", str(ROOT / "benchmarks" / "marked_runs.py"), *options]
        print(f"compiling {package.name}", file=sys.stderr)
        measured = run(words, package, folder)
        if str(package / "mcescalate") not in measured.splitlines():
            fail(f"wanted the package in {package}, but found another: {measured}")
        print(f"counting {package.name}", file=sys.stderr)
        valgrind = ["valgrind", "--tool=callgrind", "--instr-atstart=no", "--separate-threads=yes"]
        valgrind += [f"--dump-before={MARK}", "--dump-line=no"]
        valgrind += [f"--callgrind-out-file={folder / 'counted'}"]
        run([*valgrind, *words, "--counted"], package, folder)
        return per_chain([part(path) for path in folder.glob("counted*") if path.stat().st_size])


def python() -> str:
    """The checkout's environment, if it has one."""
    own = ROOT / ".venv" / "bin" / "python"
    return str(own) if own.exists() else sys.executable


def run(words: list[str], package: Path, folder: Path) -> str:
    """Output of `marked_runs` with a package; compiled code is kept in `folder`."""
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    settings = {
        "PYTHONPATH": os.pathsep.join([str(package), str(ROOT / "benchmarks")]),
        "PYTHONHASHSEED": "0",
        "NUMBA_CPU_NAME": PROCESSOR,
        "NUMBA_CPU_FEATURES": "",
        "NUMBA_CACHE_DIR": str(folder / "cache"),
    }
    done = subprocess.run(
        words,
        env={**os.environ, **threads, **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        fail(f"{done.stdout}\ncould not simulate with {package}; `scripts/setup dev` may help")
    return done.stdout


def part(path: Path) -> Part:
    """The head of a file that callgrind wrote."""
    text = path.read_text(encoding="utf-8", errors="replace")
    found = (re.search(rf"^{key}: (\d+)$", text, re.MULTILINE) for key in HEAD)
    return Part(*(int(match[1]) for match in found))


def per_chain(parts: list[Part]) -> Counts:
    """Instructions a chain by case, out of all parts.

    The main thread's parts end where a run begins, after the last run, and with the process;
    between two of them are the worker's, of which the first ends where its batch begins.
    """
    runs: list[list[int]] = []
    for one in sorted(parts):
        if one.thread == MAIN_THREAD:
            runs.append([])
        elif runs:
            runs[-1].append(one.instructions)
    batches = [sum(worker[1:]) for worker in runs[: len(RUNS)]]
    if len(runs) != len(RUNS) + 2 or not all(batches):
        fail(f"callgrind wrote {len(parts)} parts that do not show {len(RUNS)} runs")
    counted = dict(zip(RUNS, batches, strict=True))
    return {case: (counted[case, MANY] - counted[case, FEW]) / (MANY - FEW) for case in CASES}


def table(found: dict) -> str:
    """Instructions a chain; beside them those of another revision, as recorded, or with all terms
    on."""
    other = next((name for name in BESIDE if name in found), None)
    beside = found.get(other)
    lines = [f"{'instructions a chain':<22}{'here':>12}"]
    if beside is not None:
        lines[0] += f"{other:>12}{BESIDE[other]:>12}"
    for case, here in found["here"].items():
        line = f"{case:<22}{here:>12,.0f}"
        if beside is not None:
            line += f"{beside[case]:>12,.0f}{found['ratios'][case]:>12.3f}"
        lines.append(line)
    lines.append(f"code for {found['processor']}")
    if "against" in found:
        lines[-1] += f"; there: {found['against']}"
    return "\n".join(lines)
