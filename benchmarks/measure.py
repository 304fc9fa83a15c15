"""Measure this checkout, alone or against another revision of it; `scripts/bench` calls this.

Against another revision, both are measured by this checkout's benchmarks in turn, round by
round, so that whatever else the machine does meets both alike.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parents[1]
BENCHMARKS = sorted(path.relative_to(ROOT) for path in ROOT.glob("benchmarks/bench_*.py"))

Times = dict[str, float]
"""Seconds by benchmark: the shortest of its rounds."""


def main() -> int:
    if "--baseline" in sys.argv[1:]:
        return run_alone("side_by_side", [word for word in sys.argv[1:] if word != "--baseline"])
    arguments, passed_on = parser().parse_known_args()
    if arguments.against is None:
        return report(arguments.json, passed_on)
    sha = commit_of(arguments.against)
    with other_checkout(sha) as folder:
        python = environment_of(folder)
        pairs = measure_both(folder, python, arguments.rounds, passed_on)
    rows = compare(pairs)
    print(comparison(rows, arguments.against, sha, arguments.threshold))
    if arguments.json is not None:
        arguments.json.write_text(json.dumps({"against": sha, "ratios": rows}, indent=2) + "\n")
    return 1 if slower(rows, arguments.threshold) else 0


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/bench",
        description="Measure this checkout. Other options go to pytest, e.g. -k help.",
        allow_abbrev=False,
    )
    parser.add_argument("--json", type=Path, help="file to write (default: .benchmarks/SHA.json)")
    parser.add_argument("--against", metavar="REV", help="compare with this revision")
    parser.add_argument(
        "--baseline",
        action="store_true",
        help="measure the engine and the same model in C in turn; with -h: options of that",
    )
    parser.add_argument("--rounds", type=int, default=3, help="how often both are measured")
    parser.add_argument(
        "--threshold",
        type=float,
        default=1.25,
        help="exit with 1 if anything takes more than this many times as long (default: 1.25)",
    )
    return parser


def run_alone(module: str, words: list[str]) -> int:
    """Run a module beside this one, in a process with one thread for each library."""
    paths = os.pathsep.join([str(ROOT), str(ROOT / "benchmarks")])
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return subprocess.run(
        [sys.executable, "-P", "-m", module, *words],
        env={**os.environ, "PYTHONPATH": paths, **threads},
    ).returncode


def report(path: Path | None, passed_on: list[str]) -> int:
    """Measure this checkout, print pytest-benchmark's table and keep its JSON."""
    if path is None:
        path = ROOT / ".benchmarks" / f"{git('rev-parse', '--short=12', 'HEAD')}.json"
        path.parent.mkdir(exist_ok=True)
    code = run_benchmarks(Path(sys.executable), ROOT, path, passed_on)
    if code == 0:
        print(rates(json.loads(path.read_text())["benchmarks"]))
        print(f"written to {path}")
    return code


def run_benchmarks(
    python: Path, package: Path, path: Path, passed_on: list[str], *, quiet: bool = False
) -> int:
    """Measure the package of the checkout `package` with its `python`; JSON goes to `path`."""
    words = ["--benchmark-enable", f"--benchmark-json={path.resolve()}", "-q", *passed_on]
    words += ["--tb=line"] if quiet else []
    done = subprocess.run(
        [python, "-P", "-m", "pytest", *BENCHMARKS, "-p", "no:cacheprovider", *words],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(package)},
        stdout=subprocess.PIPE if quiet else None,
        stderr=subprocess.STDOUT if quiet else None,
        text=True,
    )
    if quiet and done.returncode:
        print(done.stdout, file=sys.stderr)
    return done.returncode


# ---- against another revision


@contextmanager
def other_checkout(sha: str) -> Iterator[Path]:
    """A worktree of `sha` beside this checkout, gone afterwards."""
    folder = ROOT.parent / f"{ROOT.name}-bench-{sha}"
    git("worktree", "add", "--force", "--detach", str(folder), sha)
    try:
        yield folder
    finally:
        git("worktree", "remove", "--force", str(folder))


def environment_of(folder: Path) -> Path:
    """Python with what the other checkout needs: this one, unless it needs other packages."""
    if packages_of(folder) == packages_of(ROOT):
        return Path(sys.executable)
    subprocess.run([folder / "scripts" / "setup", "dev"], check=True)
    return folder / ".venv" / "bin" / "python"


def packages_of(folder: Path) -> tuple:
    """What a checkout asks to be installed."""
    project = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = project["dependencies"], project.get("optional-dependencies")
    return *asked, (folder / "constraints.txt").read_text(encoding="utf-8")


def measure_both(
    folder: Path, python: Path, rounds: int, passed_on: list[str]
) -> list[tuple[Times, Times]]:
    """(here, there) of every round; who goes first alternates."""
    places = {"here": (Path(sys.executable), ROOT), "there": (python, folder)}
    pairs = []
    for number in range(rounds):
        taken = {}
        for name in ("here", "there") if number % 2 == 0 else ("there", "here"):
            print(f"round {number + 1} of {rounds}, {name}", file=sys.stderr)
            taken[name] = measure(*places[name], passed_on)
        pairs.append((taken["here"], taken["there"]))
    return pairs


def measure(python: Path, package: Path, passed_on: list[str]) -> Times:
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "times.json"
        run_benchmarks(python, package, path, passed_on, quiet=True)
        if not path.exists():
            fail(f"no benchmark ran on {package}")
        found = json.loads(path.read_text())
    measured = Path(found["machine_info"]["mcescalate"]["path"])
    if measured != package / "mcescalate":
        fail(f"measured {measured}, wanted the package in {package}")
    return {row["fullname"].split("::")[-1]: row["stats"]["min"] for row in found["benchmarks"]}


def compare(pairs: list[tuple[Times, Times]]) -> list[dict]:
    """For each benchmark that both passed, their times and the ratio here to there."""
    names = [name for name in pairs[0][0] if all(name in times for both in pairs for times in both)]
    rows = []
    for name in names:
        here, there = min(here[name] for here, _ in pairs), min(there[name] for _, there in pairs)
        ratios = [here[name] / there[name] for here, there in pairs]
        rows.append(
            {
                "name": name,
                "here": here,
                "there": there,
                "ratio": here / there,
                "lowest": min(ratios),
                "highest": max(ratios),
            }
        )
    return rows


def slower(rows: list[dict], threshold: float) -> list[str]:
    """Benchmarks that take more than `threshold` times as long here."""
    return [row["name"] for row in rows if row["ratio"] > threshold]


# ---- tables


def rates(benchmarks: list[dict]) -> str:
    """Chains a second, and waits that 95 % are shorter than, of the benchmarks that have them."""
    lines = [
        f"{row['name']:<30}{row['extra_info']['chains_per_second']:>14,}"
        for row in benchmarks
        if "chains_per_second" in row["extra_info"]
    ]
    waits = [
        f"{row['name']:<30}{row['extra_info']['p95_seconds']:>14.3f}"
        for row in benchmarks
        if "p95_seconds" in row["extra_info"]
    ]
    tables = (("chains/s", lines), ("95 % under, s", waits))
    return "\n".join(
        line for unit, rows in tables if rows for line in [f"{'':<30}{unit:>14}", *rows]
    )


def comparison(rows: list[dict], revision: str, sha: str, threshold: float) -> str:
    """Times and ratios as a table, and the verdict."""
    lines = [
        f"{'seconds (shortest)':<34}{'here':>10}{'there':>10}{'here/there':>12}{'from - to':>16}"
    ]
    for row in rows:
        spread = f"{row['lowest']:.2f} - {row['highest']:.2f}"
        lines.append(
            f"{row['name']:<34}{row['here']:>10.4f}{row['there']:>10.4f}{row['ratio']:>12.2f}"
            f"{spread:>16}"
        )
    lines.append(f"there: {revision} ({sha}); the ratio is that of the shortest times")
    found = slower(rows, threshold)
    verdict = f"took over {threshold:g} times as long: {', '.join(found) or 'nothing'}"
    return "\n".join([*lines, verdict])


def commit_of(revision: str) -> str:
    """Short name of the commit that `--against` names."""
    words = ["git", "rev-parse", "--quiet", "--short=12", "--verify", "--end-of-options"]
    done = subprocess.run(
        [*words, f"{revision}^{{commit}}"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    if done.returncode:
        fail(f'--against: "{revision}" is no revision of this checkout; `git log` lists them')
    return done.stdout.strip()


def git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        fail(done.stderr.strip())
    return done.stdout.strip()


def fail(message: str) -> NoReturn:
    """End with 2: 1 means that something was slower."""
    print(message, file=sys.stderr)
    raise SystemExit(2)


if __name__ == "__main__":
    sys.exit(main())
