"""A new count is a row and an increment: all else that results are made of follows.

Each test copies the package, writes both into the copy as text, and uses it without compiling.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import mcescalate

PACKAGE = Path(mcescalate.__file__).parent
TESTS = Path(__file__).parent

LAST_ROW = '    _count("domain_count", '
FIRST_INCREMENT = "    tally.outcome[outcome] += 1\n"
FOR_THE_ENGAGED = "    side = state.actors[i].side\n"

PREPARE = """
import json, pathlib, sys
import mcescalate as mc
from verification.small_worlds import SHORT, tie, world
SCENARIO = world("CAB", ties=(tie("C", "B"), tie("C", "A")), ladder=SHORT, run={"horizon": 2},
                 alliance={"base": 0.0}, about={"A": {"instability": 0.4, "turnover": 0.3}})
"""
SOLVE = PREPARE + 'mc.solve(SCENARIO, backend="python")\n'

USE = (
    PREPARE
    + """
import numpy as np
from sweep.conftest import PLAN, SCENARIO as BASE
from verification.agreement import FAMILY_RATE, cells, disagreements

def run_chains(first, n):
    return mc.simulate(SCENARIO, n_chains=n, first_chain=first, seed=3, backend="python")

folder = pathlib.Path(sys.argv[1])
whole = run_chains(0, 150)
mc.save(run_chains(0, 50), folder / "one.h5")
mc.save(run_chains(50, 100), folder / "two.h5")
merged = mc.merge([mc.load(folder / "two.h5"), mc.load(folder / "one.h5")])
assert merged["crowd_count"].identical(whole["crowd_count"])
assert (whole["crowd_count"].sum("outcome") == whole["engaged_size_count"]).all()
assert (whole["eager_count"] == whole["entry_count"].sel(cause="treaty")
        + whole["entry_count"].sel(cause="opportunism")).all()

refused = []
for name in ("crowd_count", "eager_count"):
    broken = whole.assign({name: whole[name] + 1})
    try:
        mc.save(broken, folder / "broken.h5", force=True)
        mc.load(folder / "broken.h5")
    except mc.errors.DataError as error:
        refused.append(str(error))

(folder / "small.toml").write_text(BASE)
(folder / "plan.toml").write_text(PLAN.replace("steps = 3", "steps = 2"))
sweep = mc.run_sweep(folder / "plan.toml", folder / "out", options={"chains": 4},
                     backend="python", workers=1)
assert sweep["crowd_count"].dims == ("point", "outcome", "n_actors")
assert (sweep["crowd_count"].sum("outcome") == sweep["engaged_size_count"]).all()
assert (sweep["crowd_count"].sum(["outcome", "n_actors"]) == 4).all()
assert mc.load(folder / "out" / "result.h5")["crowd_count"].equals(sweep["crowd_count"])

exact = mc.solve(SCENARIO, backend="python")
mc.save(exact, folder / "exact.h5")
crowd = mc.load(folder / "exact.h5")["crowd_probability"]
np.testing.assert_allclose(crowd.sum("n_actors"), exact["outcome_probability"], atol=1e-12)
np.testing.assert_allclose(crowd.sum("outcome"), exact["engaged_size_probability"], atol=1e-12)
seen = cells(whole, exact)
assert any(label.startswith("crowd_count[") for label in seen.labels)
old = mc.load(sys.argv[2])
print(json.dumps({
    "actors": whole["eager_count"]["actor"].values.tolist(),
    "outcomes": crowd["outcome"].values.tolist(),
    "meaning": sweep["crowd_count"].attrs["long_name"],
    "shown": float(crowd.max()),
    "format": int(whole.attrs["schema_version"]),
    "disagreements": list(disagreements(seen, FAMILY_RATE)),
    "refused": refused,
    "old": [int(old.attrs["schema_version"]), "crowd_count" in old],
}))
"""
)

CROWD = (
    '_count("crowd_count", "outcome n_actors", "chains by outcome and number engaged", '
    '"outcome_count", since=2)',
    FIRST_INCREMENT,
    "    tally.crowd[now.outcome, now.n_engaged] += 1\n",
)
EAGER = (
    '_count("eager_count", "actor", "entries of the actor after the incident", '
    'Total("entry_count", {"cause": ("treaty", "opportunism")}), since=2)',
    FOR_THE_ENGAGED,
    "    if i != state.now.initiator and i != state.now.target:\n        tally.eager[i] += 1\n",
)


def package_with(folder: Path, *counts: tuple[str, str, str]) -> Path:
    """A copy of the package with a row, and an increment after a line, for each count."""
    shutil.copytree(PACKAGE, folder / PACKAGE.name, ignore=shutil.ignore_patterns("__pycache__"))
    model = folder / PACKAGE.name / "model"
    for row, line, increment in counts:
        patch(model / "counts.py", LAST_ROW, f"    {row},\n{LAST_ROW}")
        patch(model / "chain" / "scoring.py", line, line + increment)
    return folder


def patch(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{path}: {old!r}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def run_in(folder: Path, script: str, *words: object) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", script, *map(str, words)],
        env={**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{TESTS}"},
        cwd=folder,
        capture_output=True,
        text=True,
    )


def test_a_row_and_an_increment_are_all(tmp_path):
    folder = package_with(tmp_path, CROWD, EAGER)
    (golden,) = (TESTS / "results" / "golden").glob("format-1-*.h5")
    done = run_in(folder, USE, tmp_path, golden)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["actors"] == ["C", "A", "B"]
    assert found["outcomes"][:2] == ["deterred", "settled"]
    assert found["meaning"] == "chains by outcome and number engaged"
    assert 0.1 < found["shown"] < 1.0
    assert found["format"] == 2
    assert found["disagreements"] == []
    assert "crowd_count does not add up to outcome_count" in found["refused"][0]
    assert "eager_count does not add up to entry_count of treaty and" in found["refused"][1]
    assert found["old"] == [1, False]


DREAD = (
    '_count("dread_count", "misreads", "chains by misread moves once more", since=2)',
    FIRST_INCREMENT,
    "    tally.dread[min(now.misreads, MISREAD_CLASSES - 1)] += 1\n",
)
BLAME = (
    '_count("blame_count", "domain", "chains in which the wrong one was blamed", since=2)',
    FIRST_INCREMENT,
    "    tally.blame[now.domain] += now.misattributed\n",
)
TOLL = (
    '_count("toll_count", "", "actors engaged, over all chains", since=2)',
    FIRST_INCREMENT,
    "    tally.toll[0] += now.n_engaged\n",
)


@pytest.mark.parametrize(
    ("count", "why"),
    [
        (DREAD, "cannot give dread_count: it depends on the past of a chain"),
        pytest.param(
            BLAME,
            "cannot give blame_count: it depends on the past of a chain",
            marks=pytest.mark.slow,
        ),
        (TOLL, "cannot give toll_count: one chain may count more than 1"),
    ],
    ids=["past", "origin", "sum"],
)
def test_what_cannot_be_solved_is_refused(tmp_path, count, why):
    done = run_in(package_with(tmp_path, count), SOLVE)
    assert done.returncode == 1
    assert "Unsolvable" in done.stderr and why in done.stderr


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ('_count("a_count", "rnug", "chains")', "a_count: there is no dim rnug, only outcome,"),
        ('_count("peak_count", "rung", "chains")', "two rows have the same name"),
        ('_count("a_count", "rung", "chains", "chains")', "a_count: its total chains is no count"),
        (
            '_count("a_count", "rung", "x", field="domain")',
            "domain_count: a_count has the same field domain of the tally",
        ),
        (
            '_count("a_count", "", "x", Total("outcome_count", {"outcome": ("war",)}))',
            "a_count: of its total's outcome there are only",
        ),
        (
            '_count("a_count", "turn", "x", Total("n_chains", each="actor"))',
            "a_count: adds up for each actor, which is none of its dims",
        ),
    ],
)
def test_rows_that_do_not_fit_are_refused_at_once(tmp_path, row, why):
    folder = package_with(tmp_path, (row, FIRST_INCREMENT, ""))
    done = run_in(folder, "import mcescalate.model.counts")
    assert done.returncode == 1
    assert "rows of counts that do not fit" in done.stderr and why in done.stderr
