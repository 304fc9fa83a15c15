"""`calibrate` on a world of made-up data: what is written, and what is refused."""

import csv
import json
import tomllib
from collections.abc import Callable

import numpy as np
import pytest
import xarray as xr
from calibration.conftest import Answer

from mcescalate.calibration.fitting.calibrate import DRAWS
from mcescalate.calibration.likelihoods import observations
from mcescalate.calibration.likelihoods.free_values import PERIODS
from mcescalate.cli import main
from mcescalate.cli.terminal import progress
from mcescalate.importing.evidence import readings
from mcescalate.scenario.change.overlay import apply_overlay
from mcescalate.scenario.form.tables import Response
from mcescalate.scenario.reading import parse_scenario
from mcescalate.sweep.design.draws import plan_draws
from mcescalate.sweep.design.posterior import read_posterior

pytestmark = pytest.mark.usefixtures("few_draws")

OVERLAYS = [f"{period}.toml" for period in PERIODS]
SCENARIO = """\
schema_version = 1
[[actors]]
id = "AAA"
capability = 0.3
[[actors]]
id = "BBB"
capability = 0.2
[trigger]
initiator = "AAA"
target = "BBB"
[[trigger.domains]]
name = "threat"
[[trigger.domains]]
name = "display"
rung = 2
[[trigger.domains]]
name = "clash"
rung = 4
"""
FEW = ("--free", "response.gap,response.rivalry,actors.*.resolve", "--era", "actors.*.resolve")


@pytest.fixture
def run_calibrate(tmp_path, monkeypatch, capsys) -> Callable[..., Answer]:
    """Call `mcescalate calibrate` with words and few actors, in `tmp_path`."""
    monkeypatch.chdir(tmp_path)

    def call(*words: object) -> Answer:
        capsys.readouterr()
        code = main(["calibrate", *map(str, words), "--actors", "4"])
        return Answer(code, *capsys.readouterr())

    return call


def test_what_is_written(run_calibrate, world, tmp_path):
    done = run_calibrate(world, "--out", "out")
    assert done.code == 0, done.stderr
    out = tmp_path / "out"
    assert sorted(path.name for path in out.iterdir()) == sorted(
        [*OVERLAYS, "posterior.nc", "calibration.csv", "calibration.json", "calibration.html"]
    )
    with (out / "calibration.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == [
        "address",
        "era",
        "default",
        "estimate",
        "se",
        "shrinkage",
        "informed",
    ]
    summary = json.loads((out / "calibration.json").read_text())
    assert summary["disputes"] == sum(summary["by_era"].values()) == 60
    assert summary["converged"]
    page = (out / "calibration.html").read_text()
    assert "What the disputes do not show" in page and page.count("<svg") == 1
    assert "60 disputes" in done.stdout and "shrinkage" in done.stdout


def test_the_posterior_is_read_by_xarray(run_calibrate, world, tmp_path):
    assert run_calibrate(world, "--out", "out", *FEW).code == 0
    path = tmp_path / "out" / "posterior.nc"
    with xr.open_dataset(path, group="posterior") as posterior:
        assert posterior["response.gap"].dims == ("chain", "draw")
        assert posterior["actors.*.resolve"].dims == ("chain", "draw", "era")
        assert posterior.sizes == {"chain": 1, "draw": DRAWS, "era": 4}
        assert posterior["era"].values.tolist() == list(PERIODS)
        with (tmp_path / "out" / "calibration.csv").open(newline="") as file:
            table = {(row["address"], row["era"]): row for row in csv.DictReader(file)}
        gap = table["response.gap", ""]
        drawn = posterior["response.gap"].values
        assert drawn.std() == pytest.approx(float(gap["se"]), rel=1e-3)
        assert drawn.mean() == pytest.approx(float(gap["estimate"]), abs=5 * drawn.std() / 30)
    with xr.open_dataset(path) as root:
        assert json.loads(root.attrs["ladder"])["mid"] == [1, 2, 3, 3, 4, 5]
        assert root.attrs["method"].startswith("laplace")
        assert {"nmc.csv", "mida.csv"} <= {file["name"] for file in json.loads(root.attrs["data"])}
        assert json.loads(root.attrs["settings"])["free"] == FEW[1].split(",")
    # Over a scenario with the overlay a draw counts the resolve of all once.
    tables = tomllib.loads((tmp_path / "out" / "1990-.toml").read_text())
    fitted = apply_overlay(parse_scenario(SCENARIO), tables, "1990-")
    assert fitted.response.down != Response().down
    fitted = fitted.model_copy(update={"era": "1990-"})
    planned = plan_draws(fitted, read_posterior(path), n_chains=10**6, seed=1)
    for point in (0, 199):
        drawn = planned.sweep.scenario(point)
        assert drawn.response.down == Response().down and drawn.response.up == Response().up
        assert drawn.deterrence == fitted.deterrence.model_copy(update={"base": -1.0})
        assert len({actor.resolve for actor in drawn.actors}) == 1
        assert drawn.actors[0].resolve != 0.0


def test_overlays_give_what_the_fit_found(run_calibrate, world, tmp_path):
    """An overlay has no place for the resolve of all actors, and writes what amounts to it."""
    from mcescalate.calibration.scoring.backtest import Settings, crisis_of
    from mcescalate.importing.importer import read_data
    from mcescalate.scenario.build import build_world
    from mcescalate.scenario.change.addresses import assign
    from mcescalate.scenario.change.overlay import apply_overlay
    from mcescalate.scenario.reading import read_overlay

    assert run_calibrate(world, "--out", "out", *FEW).code == 0
    data = read_data(world)
    scenario = crisis_of(data, data.disputes()[0], Settings(actors=4)).scenario
    summary = json.loads((tmp_path / "out" / "calibration.json").read_text())
    found = {(row["address"], row["era"]): row["estimate"] for row in summary["values"]}
    name, tables = read_overlay(str(tmp_path / "out" / "1914-1945.toml"))
    laid = build_world(apply_overlay(scenario, tables, name)).coefficients
    era = "1914-1945" if ("actors.*.resolve", "1914-1945") in found else ""
    resolve = found["actors.*.resolve", era]
    base = build_world(scenario).coefficients
    assert laid.response_up == pytest.approx(base.response_up + resolve, abs=1e-3)
    assert laid.response_down == pytest.approx(base.response_down - resolve, abs=1e-3)
    assert laid.alliance_base == pytest.approx(base.alliance_base + resolve, abs=1e-3)
    assert laid.response_gap == pytest.approx(found["response.gap", ""], rel=1e-3)
    set_all = build_world(assign(scenario, [("actors.*.resolve", resolve)]))
    assert set_all.actors["resolve"].tolist() == [resolve] * len(set_all.actors)


def test_same_data_same_bytes(run_calibrate, world, tmp_path):
    for out, workers in (("one", 1), ("three", 3)):
        assert run_calibrate(world, "--out", out, *FEW, "--workers", workers).code == 0
    for path in (tmp_path / "one").iterdir():
        if path.suffix != ".nc":
            assert path.read_bytes() == (tmp_path / "three" / path.name).read_bytes(), path.name
    with (
        xr.open_dataset(tmp_path / "one" / "posterior.nc", group="posterior") as one,
        xr.open_dataset(tmp_path / "three" / "posterior.nc", group="posterior") as three,
    ):
        assert one.identical(three)


@pytest.mark.parametrize(
    "words, reported",
    [
        (("--free", "response.gpa"), '"response.gpa": no coefficient has this address; did you '),
        (("--free", "run.horizon"), "cannot be fitted: it is a setting of the simulation"),
        (("--free", "mediation.delay"), "cannot be fitted: it is a whole number"),
        (("--free", "actors.*.capability"), "of actors only what all share can be fitted"),
        (("--free", "trigger.domains.threat.weight"), "first acts are fitted together"),
        (("--free", "response.gap", "--era", "response.up"), "is not among the free values"),
        (("--free", "war.*"), '"war.*": cannot be fitted: dispute data do not say how wars end'),
        (("--free", "trigger.domains.*.major"), "adds to the weights of first acts; add trigger"),
        (("--free", ""), "--free: expected at least one address, such as response.gap"),
        (("--free", "response.gap", "--coefficients", "own.toml"), "is fixed by own.toml"),
        (("--coefficients", "1990-"), "response.up, response.gap, response.balance, response.ri"),
        (("--free", "deterrence.base"), "inform none of the free values (deterrence.base)"),
        (("--free", "deterrence.base", "--era", "-"), "inform none of the free values (deterrence"),
        (("--from", "1999"), "no disputes: none began between these days"),
    ],
)
def test_what_cannot_be_fitted_is_refused_in_one_message(
    run_calibrate, world, tmp_path, words, reported
):
    (tmp_path / "own.toml").write_text("[response]\ngap = 0.7\n")
    done = run_calibrate(world, "--out", "out", "--quiet", *words)
    assert done.code == 2
    assert reported in done.stderr and len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_fixed_coefficients_are_laid_under_the_fit(run_calibrate, world, tmp_path):
    (tmp_path / "own.toml").write_text("[response]\nwar_cost = 60.0\n")
    few = ("--free", "response.gap")
    assert run_calibrate(world, "--out", "plain", *few).code == 0
    assert run_calibrate(world, "--out", "fixed", *few, "--coefficients", "own.toml").code == 0
    gaps = [
        json.loads((tmp_path / out / "calibration.json").read_text())["values"][0]["estimate"]
        for out in ("plain", "fixed")
    ]
    assert not np.isclose(*gaps, rtol=1e-3)


def test_a_folder_with_something_in_it_is_kept(run_calibrate, world, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("")
    done = run_calibrate(world, "--out", "mine", *FEW)
    assert (done.code, done.stderr) == (
        2,
        "mine: is not empty; use another --out, or --force\n",
    )


def test_the_time_left_is_that_of_disputes_alone(run_calibrate, world, monkeypatch):
    """Files take 100 s to read here, and each of 60 disputes 0.9 s to place."""
    now = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])

    def spend(owner, name, seconds):
        work = getattr(owner, name)

        def spending(*given, **named):
            now[0] += seconds
            return work(*given, **named)

        monkeypatch.setattr(owner, name, spending)

    spend(readings, "read_spells", 100.0)
    spend(observations, "crisis_of", 0.9)
    done = run_calibrate(world, "--out", "out", *FEW, "--workers", 1)
    said = done.stderr.splitlines()
    assert said[0] == "measured: 52 s left"
    assert said[1] == "fitting the two, step 1"
    assert not any("left" in line for line in said[1:])


def test_what_is_not_informed_is_named(run_calibrate, world):
    done = run_calibrate(world, "--out", "out", "--free", "response.gap,response.protocol")
    assert done.code == 0
    assert "response.protocol: 0.5 (its standard deviation stays at 100 % of the" in done.stdout
