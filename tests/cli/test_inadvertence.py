"""`inadvertence`, and its section of the report: the same numbers as in Python, and refusals."""

import csv
import json

import pytest

from mcescalate.analysis.mechanisms.inadvertence import (
    MECHANISMS,
    inadvertence,
    simulate_again,
    simulate_without,
)
from mcescalate.api import load, merge, simulate
from mcescalate.errors import UsageError
from mcescalate.scenario.reading import load_scenario

WARLIKE = ("--set", "response.up=0.5", "--set", "response.war_cost=0")
FEW = ("-n", 300, "--seed", 7)


def test_table_json_and_csv_have_the_shares(mcescalate, scenario_file, tmp_path):
    words = ("inadvertence", scenario_file, *FEW, *WARLIKE)
    done = mcescalate(*words, "--csv", "shares.csv")
    assert done.returncode == 0, done.stderr
    assert "8 runs on the same chains" in done.stderr and "written to" in done.stderr
    scenario = load_scenario(scenario_file, settings=[WARLIKE[1], WARLIKE[3]])
    found = inadvertence(simulate_without(scenario, n_chains=300, seed=7))
    wars = int(found["wars"])
    assert wars > 5 and f"{wars} wars in 300 chains" in done.stdout
    answer = json.loads(mcescalate(*words, "--json").stdout)
    assert answer["wars"] == wars and list(answer["mechanisms"]) == list(MECHANISMS)
    with (tmp_path / "shares.csv").open(newline="") as file:
        table = {row["mechanism"]: row for row in csv.DictReader(file)}
    for mechanism, row in answer["mechanisms"].items():
        expected = found.sel(mechanism=mechanism)
        for name in ("vanishing", "appearing", "net"):
            assert row[name]["probability"] == float(expected[name])
            assert row[name]["upper"] == float(expected[f"{name}_upper"])
            assert float(table[mechanism][name]) == float(expected[name])
        line = next(n for n in done.stdout.splitlines() if n.startswith(mechanism + " "))
        assert f"{100 * float(expected['net']):+.1f} %" in line
    assert answer["began_misread"]["lower"] == float(found["began_misread_lower"])
    assert "Wars begun by misreading" in done.stdout and "nan" not in done.stdout


def test_without_any_war_there_is_one_sentence(mcescalate, scenario_file):
    words = ("inadvertence", scenario_file, *FEW, "--set", "response.up=-100")
    done = mcescalate(*words)
    assert done.returncode == 0 and "No war occurred, so none could vanish" in done.stdout
    answer = json.loads(mcescalate(*words, "--json").stdout)
    assert answer["wars"] == 0 and answer["mechanisms"]["noise"]["net"]["probability"] is None


def test_bad_use_is_refused(mcescalate, scenario_file, tmp_path):
    for words in (("-n", 0), ("--seed", "x"), ("--set", "response.upp=1"), ("--csv", "a.h5")):
        done = mcescalate("inadvertence", scenario_file, *words)
        assert done.returncode == 2 and "Traceback" not in done.stderr, words
    assert not (tmp_path / "a.h5").exists()


def test_report_has_the_section_when_asked(mcescalate, scenario_file, tmp_path):
    ran = mcescalate("run", scenario_file, *FEW, *WARLIKE, "-o", "small.h5")
    assert ran.returncode == 0, ran.stderr
    plain = mcescalate("report", "small.h5", "-o", "plain.html")
    assert plain.returncode == 0, plain.stderr
    done = mcescalate("report", "small.h5", "--inadvertence", "-o", "page.html")
    assert done.returncode == 0, done.stderr
    asked, unasked = ((tmp_path / n).read_text("utf-8") for n in ("page.html", "plain.html"))
    assert "Wars without misperception" in asked and "Wars without misperception" not in unasked
    assert "mcescalate report result.h5 --inadvertence -o report.html" in asked
    assert "--inadvertence" not in unasked
    found = inadvertence(simulate_again(load(tmp_path / "small.h5")))
    net = 100 * float(found["net"].sel(mechanism="noise"))
    assert f">{net:+.1f}</td>" in asked


def test_report_refuses_what_has_no_chains_of_one_run(mcescalate, scenario_file, tmp_path):
    brief = ("--set", "run.horizon=2")
    assert mcescalate("exact", scenario_file, *brief, "--out", "exact.h5").returncode == 0
    done = mcescalate("report", "exact.h5", "--inadvertence")
    assert done.returncode == 2 and "expected the result of one run" in done.stderr
    assert not (tmp_path / "exact.html").exists()


def test_chains_of_several_runs_are_simulated_again(scenario_file):
    scenario = load_scenario(scenario_file, settings=["response.up=0.5"])
    parts = [simulate(scenario, n_chains=150, seed=7, first_chain=k) for k in (0, 1_000)]
    done = []
    again = simulate_again(merge(parts), progress=done.append)
    apart = [
        simulate_without(scenario, n_chains=150, seed=7, first_chain=k)["reach_pair_count"]
        for k in (0, 1_000)
    ]
    assert (again["reach_pair_count"] == sum(apart)).all()
    assert int(again["n_chains"]) == 300 and done[-1] == 8 * 300 and done == sorted(done)


def test_chains_that_come_out_otherwise_are_refused(scenario_file):
    result = simulate(load_scenario(scenario_file), n_chains=50, seed=7)
    other = result["outcome_count"].roll(outcome=1)
    with pytest.raises(UsageError, match="run its scenario with this version"):
        simulate_again(result.assign(outcome_count=other))
