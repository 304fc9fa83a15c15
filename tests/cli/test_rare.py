"""`rare`, and `trace --from-turn`, as a user meets them."""

import json

import pytest

BRANCH = ("--seed", 5, "--chain", 3, "--from-turn", 1, "--branches", 30)
RARE = ("--seed", 5, "--rel", 0.9, "--set", "run.horizon=2")


def test_a_branch_is_described_beside_its_chain(mcescalate, scenario_file, tmp_path):
    reported = json.loads(mcescalate("trace", scenario_file, *BRANCH[:4], "--json").stdout)
    figure = tmp_path / "fan.svg"
    words = (*BRANCH, "--move", "BBB=hold", "--set", "mediation.rate=1", "--plot", figure)
    done = mcescalate("trace", scenario_file, *words)
    assert done.returncode == 0, done.stderr
    for text in (
        f"chain 3 of seed 5, which ended in turn {reported['end']['last_turn']}",
        "from turn 1 on: BBB=hold, mediation.rate=1",
        "30 branches without and with the change",
        "unchanged",
        "branches with",
    ):
        assert text in done.stdout
    assert figure.read_bytes().startswith(b"<?xml")
    answer = json.loads(mcescalate("trace", scenario_file, *words, "--force", "--json").stdout)
    assert answer["n_branches"] == 30
    assert answer["outcome"] == reported["end"]["outcome"]
    assert len(answer["path"]) == reported["end"]["last_turn"] + 1


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("--from-turn", 900), "chain 3 ended in turn"),
        (("--from-turn", 1, "--move", "CCC=up"), "CCC is not engaged"),
        (("--from-turn", 1, "--move", "AAB=up"), 'did you mean "AAA"'),
        (("--from-turn", 1, "--without", "tie:AAA-CCC"), "AAA-CCC"),
        (("--from-turn", 0), "--from-turn: expected a whole number from 1"),
        (("--move", "AAA=up"), "--move: needs --from-turn"),
        (("--branches", 5), "--branches: needs --from-turn"),
        (
            ("--from-turn", 1, "--set-start", "sequence.crises=2"),
            "found sequence.crises = 2; add --set-start sequence.crises=1, or use run",
        ),
    ],
)
def test_impossible_branches_are_one_message(mcescalate, scenario_file, words, hint):
    done = mcescalate("trace", scenario_file, "--seed", 5, "--chain", 3, *words)
    assert done.returncode == 2
    assert hint in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_an_impossible_event_is_reported_with_its_reason(mcescalate, scenario_file):
    done = mcescalate("rare", scenario_file, "--event", "war_size>=7", *RARE)
    assert done.returncode == 0, done.stderr
    assert "P(war_size>=7), per incident" in done.stdout
    assert "0: the scenario has 3 actors" in done.stdout
    answer = json.loads(
        mcescalate("rare", scenario_file, "--event", "war_size>=7", *RARE, "--json").stdout
    )
    assert (answer["probability"], answer["upper"]) == (0.0, 0.0)


def test_a_rare_event_is_printed_with_what_it_rests_on(mcescalate, scenario_file):
    words = ("--event", "war", "--set", "response.war_cost=20", "--seed", 5, "--rel", 0.2)
    done = mcescalate("rare", scenario_file, *words)
    assert done.returncode == 0, done.stderr
    for text in (
        "P(war), per incident",
        "95 % interval",
        "effective first chains",
        "counting would need",
        "a peak of war",
        "2^-32",
    ):
        assert text in done.stdout
    assert "seed 5" in done.stderr
    answer = json.loads(mcescalate("rare", scenario_file, *words, "--json").stdout)
    assert 0.0 < answer["lower"] < answer["probability"] < answer["upper"] < 1e-6
    assert answer["thresholds"]["a peak of war"]["chance"] < 1e-7
    assert answer["gain"] > 1e3


@pytest.mark.parametrize(
    ("words", "code", "hint"),
    [
        (("--event", "peace"), 2, "war_size>=N"),
        (("--event", "war:AAB"), 2, 'did you mean "AAA"'),
        (("--event", "war", "--rel", "2"), 2, "--rel: expected a number above 0 and below 1"),
        (("--event", "war", "--chains", "100"), 4, "100 in all are allowed"),
        (
            ("--event", "war", "--set", "sequence.crises=2", "--set", "sequence.quiet=0.5"),
            2,
            "add --set sequence.crises=1 --set sequence.quiet=0, or use run",
        ),
        (("--event", "war", "--plan"), 2, "this is a scenario; expected a plan"),
        (("--event", "war", "--plan", "--with", "mediator"), 2, "--with: applies to a scenario"),
    ],
)
def test_what_cannot_be_estimated_is_one_message(mcescalate, scenario_file, words, code, hint):
    done = mcescalate("rare", scenario_file, *words, "--seed", 5)
    assert done.returncode == code
    assert hint in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_changed_scenarios_are_rows_beside_the_first(mcescalate, scenario_file):
    words = ("--event", "war", "--rel", 0.5, "--seed", 5)
    changes = ("--vary", "response.war_cost=6,12", "--without", "tie:CCC-BBB", "--with", "mediator")
    done = mcescalate("rare", scenario_file, *words, *changes)
    assert done.returncode == 0, done.stderr
    rows = [line for line in done.stdout.splitlines() if "  x " in line]
    assert [row.split("  ")[0] for row in rows] == [
        "unchanged",
        "response.war_cost=6",
        "response.war_cost=12",
        "without tie:CCC-BBB",
        "with mediator",
    ]
    answer = json.loads(mcescalate("rare", scenario_file, *words, *changes, "--json").stdout)
    costs = [answer["changes"][f"response.war_cost={cost}"] for cost in (6, 12)]
    assert 1e-4 < costs[1]["ratio"] / costs[0]["ratio"] < 1e-2
    wrong = mcescalate("rare", scenario_file, *words, "--vary", "response.war_cost=")
    assert wrong.returncode == 2
    assert "--vary: expected ADDRESS=VALUE,VALUE,..." in wrong.stderr


PLAN = """
schema_version = 1
chains = 10
[[bases]]
scenario = "{base}"
[[axes]]
address = "response.war_cost"
name = "cost"
values = [6.0, 12.0]
"""


def test_points_of_a_plan_are_rows(mcescalate, scenario_file, tmp_path):
    plan = tmp_path / "plan.toml"
    plan.write_text(PLAN.format(base=scenario_file.name))
    words = ("--event", "war", "--rel", 0.5, "--seed", 5)
    done = mcescalate("rare", plan, "--plan", *words, "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)["changes"]
    assert list(found) == ["cost=6", "cost=12"]
    assert found["cost=6"]["ratio"] == 1.0
    assert 1e-4 < found["cost=12"]["ratio"] < 1e-2
