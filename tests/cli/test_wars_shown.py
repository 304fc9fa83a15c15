"""Ends of wars and bystanders in `run`, `show` and `exact`: where they can be, and nowhere else."""

import json
from pathlib import Path

import pytest

from mcescalate.analysis import wars
from mcescalate.api import load

OF_FORMAT_1 = Path(__file__).resolve().parents[1] / "results/golden/format-1-philox4x32-10-1.h5"
WARLIKE = ("--set", "response.up=3", "--set", "response.war_cost=0")
ENDING = (*WARLIKE, "--set", "war.rate=0.4", "--set", "war.decisive=1")
FEW = ("-n", 400, "--seed", 7)


@pytest.fixture
def answered(mcescalate, scenario_file):
    """The answer of `run`, whose counts are in small.h5."""

    def run(*settings):
        done = mcescalate("run", scenario_file, *FEW, *settings, "-o", "small.h5", "--force")
        assert done.returncode == 0, done.stderr
        assert mcescalate("show", "small.h5").stdout == done.stdout
        return done.stdout

    return run


def test_wars_that_end_have_a_length_and_a_winner(mcescalate, answered, tmp_path):
    text = answered(*ENDING)
    result = load(tmp_path / "small.h5")
    median = wars.median_length(result)
    days, low, high = (float(median[f"days{end}"]) for end in ("", "_lower", "_upper"))
    assert f"turns, {days:g} days ({low:g} - {high:g})" in text
    answer = json.loads(mcescalate("show", "small.h5", "--json").stdout)["wars"]
    assert {key: value for key, value in answer["median_length"].items() if key != "n"} == {
        name: float(median[name]) for name in median if name != "n"
    }
    ended = wars.ends(result).sel(war_end="ended")
    assert answer["ended"]["count"] == int(ended["count"])
    assert answer["ended"]["upper"] == float(ended["upper"])
    of_ended = wars.winners(result, of_ended=True)
    for side in ("initiator", "target"):
        expected = float(of_ended["lower"].sel(winner=side))
        assert answer["prevailing_of_ended"][side]["lower"] == expected
        assert f"{side}'s side" in text
    assert "undecided" in text


def test_median_that_is_not_reached_is_said(answered):
    text = answered(*WARLIKE, "--set", "war.rate=0.001")
    assert "Median length of a war: not reached by the horizon" in text


def test_no_war_among_chains_in_which_wars_may_end(answered):
    text = answered("--set", "response.up=-100", "--set", "war.rate=0.4")
    assert "Median" not in text and "prevails" not in text


def test_nothing_is_said_of_what_is_off(mcescalate, answered):
    text = answered(*WARLIKE)
    for word in ("Median", "prevails", "bystander", "undecided"):
        assert word not in text
    answer = json.loads(mcescalate("show", "small.h5", "--json").stdout)
    assert sorted(answer["wars"]) == ["began_misread", "general"]
    assert answer["joining_causes"] == ["treaty", "opportunism"]


@pytest.mark.parametrize("base", ["2", "-99"], ids=["occurs", "never"])
def test_bystanders_have_a_column_where_they_are_on(answered, base):
    text = answered(*WARLIKE, "--set", "bystander.base=" + base, "--set", "ties.*.*.strength=0")
    header = next(line for line in text.splitlines() if line.startswith("actor "))
    assert header.endswith("by own rivalry  as bystander")
    cell = next(line for line in text.splitlines() if line.startswith("CCC ")).split("  ")[-1]
    assert ("<" in cell) == (base == "-99")


def test_exact_solution_says_the_same(mcescalate, scenario_file):
    brief = ("--set", "run.horizon=3", "--set", "bystander.base=-3")
    brief += ("--set", "trigger.domains.conventional.rung=4")
    done = mcescalate("exact", scenario_file, *brief, *ENDING, "--out", "exact.h5")
    assert done.returncode == 0, done.stderr
    for words in ("end by the horizon", "Median length of a war", "prevails", "as bystander"):
        assert words in done.stdout
    assert mcescalate("show", "exact.h5").stdout == done.stdout
    exact = json.loads(mcescalate("show", "exact.h5", "--json").stdout)["wars"]
    assert sum(exact["prevailing"].values()) == pytest.approx(1.0)
    assert sum(exact["prevailing_of_ended"].values()) == pytest.approx(1.0)
    assert 1 - exact["prevailing"]["undecided"] == pytest.approx(exact["ended"])
    words = ("run", scenario_file, "-n", 2000, "--seed", 7, *brief, *ENDING, "--json")
    sampled = json.loads(mcescalate(*words).stdout)["wars"]
    n = sampled["prevailing"]["undecided"]["count"] + sampled["ended"]["count"]
    for winner, share in exact["prevailing"].items():
        error = (share * (1 - share) / n) ** 0.5
        # Of three shares one is off by four errors with 1 seed in 5,000.
        assert abs(share - sampled["prevailing"][winner]["probability"]) < 4 * error


def test_a_result_of_the_first_format_has_neither(mcescalate):
    done = mcescalate("show", OF_FORMAT_1)
    assert done.returncode == 0, done.stderr
    assert "War (limited or general)" in done.stdout
    for word in ("Median", "prevails", "bystander"):
        assert word not in done.stdout
