"""`exact` as a user meets it."""

import json

import pytest

BRIEF = ("--set", "run.horizon=2")


def test_answer_goes_to_stdout_and_file_is_shown(mcescalate, scenario_file, tmp_path):
    done = mcescalate("exact", scenario_file, *BRIEF, "--out", "small.h5")
    assert done.returncode == 0, done.stderr
    for word in ("exact: 1 crisis", "deterred", "general war", "War (limited or general)", "CCC"):
        assert word in done.stdout
    assert "small.h5" in done.stderr
    shown = mcescalate("show", tmp_path / "small.h5")
    assert shown.stdout == done.stdout


def test_json_is_one_object(mcescalate, scenario_file):
    done = mcescalate("exact", scenario_file, *BRIEF, "--json")
    assert done.stderr == ""
    answer = json.loads(done.stdout)
    assert answer["file"] is None and answer["kind"] == "exact"
    assert sum(b["lower"] for b in answer["outcomes"].values()) == pytest.approx(1.0)
    assert answer["war"]["lower"] == answer["war"]["upper"]


def test_pruning_prints_bounds(mcescalate, scenario_file):
    done = mcescalate("exact", scenario_file, *BRIEF, "--prune", "1e-3")
    assert done.returncode == 0, done.stderr
    assert "dropped" in done.stdout and "at least" in done.stdout


def test_rounded_probabilities_are_said_to_be(mcescalate, scenario_file):
    done = mcescalate("exact", scenario_file, *BRIEF, "--rounded", "--out", "small.h5")
    assert done.returncode == 0, done.stderr
    assert "rounded to 2^-32" in done.stdout
    assert mcescalate("show", "small.h5").stdout == done.stdout


def test_wrong_prune_is_a_usage_error(mcescalate, scenario_file):
    done = mcescalate("exact", scenario_file, *BRIEF, "--prune", "2")
    assert done.returncode == 2
    assert "prune" in done.stderr


def test_exact_files_do_not_merge(mcescalate, scenario_file):
    mcescalate("exact", scenario_file, *BRIEF, "--out", "small.h5")
    done = mcescalate("merge", "small.h5", "small.h5", "--out", "both.h5")
    assert done.returncode == 2
    assert "exact" in done.stderr
