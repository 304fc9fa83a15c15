"""`compare` and `levers` as a user meets them: answers, files, refusals."""

import csv
import io
import json
import re

import pytest

FEW = ("-n", 150, "--seed", 7)


def test_tables_for_a_person(mcescalate, scenario_file):
    done = mcescalate("compare", scenario_file, "--without", "tie:CCC-BBB", *FEW)
    assert done.returncode == 0, done.stderr
    for words in (
        "first: Two rivals and an ally",
        "second: without tie:CCC-BBB",
        "the same 150 chains, seed 7",
        "general war",
        "crises prevented",
        "P(war | crisis)",
        "narrower",
    ):
        assert words in done.stdout
    assert "2 runs on the same chains" in done.stderr
    assert "nan" not in done.stdout


NEVER = ("--set", "response.up=-100", "--set", "response.down=50")
"""No chain comes to war."""


@pytest.mark.parametrize(
    "words",
    [
        ("--without", "mediator", *NEVER),
        ("--set-second", "deterrence.base=-100", "--set-second", "trigger.accident=0"),
        ("--set-second", "response.up=-100", "--set-second", "response.down=50"),
        (
            "--set-first",
            "response.up=-100",
            "--set-first",
            "response.down=50",
            "--with",
            "mediator",
        ),
        ("--set-second", "outcome.general_share=0.9"),
    ],
    ids=["no wars", "no crises then", "no wars then", "no wars at first", "nothing changes"],
)
def test_no_cell_is_empty_unknown_without_a_word_or_certain(mcescalate, scenario_file, words):
    done = mcescalate("compare", scenario_file, *words, *FEW)
    assert done.returncode == 0, done.stderr
    columns = None
    for line in done.stdout.splitlines():
        cells = re.split("  +", line.strip())
        if "interval" in line:
            columns = len(cells)
        elif not line or line.startswith("*"):
            columns = None
        elif columns:
            assert len(cells) == columns, line
            assert not [cell for cell in cells if cell in ("-", "- -", "- - -", "x -", "nan")]
            for low, high in re.findall(r"(?:^|  )\+?(-?[\d.]+) (?:-|to) \+?(-?[\d.]+)", line):
                assert float(low) < float(high), line
    assert "cannot be distinguished from no change" in done.stdout


def test_detected_changes_have_no_star(mcescalate, scenario_file):
    words = ("--without", "tie:CCC-BBB", *FEW)
    text = mcescalate("compare", scenario_file, *words).stdout
    events = json.loads(mcescalate("compare", scenario_file, *words, "--json").stdout)["events"]
    assert {row["is_detected"] for row in events.values()} == {True, False}
    for event, row in events.items():
        assert row["is_detected"] == (row["lower"] > 0 or row["upper"] < 0)
        line = next(n for n in text.splitlines() if re.match(f"{event.replace('_', ' ')}[ *]", n))
        assert (" * " in line) != row["is_detected"]
        if row["difference"] == 0:
            assert row["chains_to_detect"] is None and " unknown " in line
        elif not row["is_detected"]:
            assert row["chains_to_detect"] > 150


def test_json_is_one_object(mcescalate, scenario_file):
    done = mcescalate("compare", scenario_file, "--with", "hotline:AAA-BBB=0.5", *FEW, "--json")
    assert done.stderr == ""
    answer = json.loads(done.stdout)
    assert list(answer) == [
        "schema_version",
        "first",
        "second",
        "seed",
        "first_chain",
        "n_chains",
        "interval_level",
        "events",
        "splits",
        "actors",
        "factors",
    ]
    assert answer["second"] == "with hotline:AAA-BBB=0.5"
    assert answer["events"]["war"]["n"] == answer["n_chains"] == 150
    assert list(answer["actors"]) == ["AAA", "BBB", "CCC"]
    assert list(answer["actors"]["AAA"]) == ["engaged", "at_war"]
    assert list(answer["factors"])[-1] == "product"


def test_further_events_are_rows_of_their_own(mcescalate, scenario_file):
    words = ("--without", "mediator", *FEW)
    names = ("--event", "engaged_size>=2 & peak>=2", "--event", "war")
    answer = json.loads(mcescalate("compare", scenario_file, *words, *names, "--json").stdout)
    plain = json.loads(mcescalate("compare", scenario_file, *words, "--json").stdout)
    assert list(answer["events"]) == [*plain["events"], "engaged_size>=2&peak>=2"]
    row = answer["events"]["engaged_size>=2&peak>=2"]
    assert 0 < row["first"] < answer["events"]["crisis"]["first"]
    assert "engaged size>=2&peak>=2" in mcescalate("compare", scenario_file, *words, *names).stdout


def test_the_second_file_is_the_second_side(mcescalate, scenario_file, tmp_path):
    """A scenario against a changed copy is the same as against itself with the change."""
    other = tmp_path / "other.toml"
    text = scenario_file.read_text().replace("accident = 0.5", "accident = 1.0")
    other.write_text(text.replace("Two rivals", "Three"))
    by_file = json.loads(mcescalate("compare", scenario_file, other, *FEW, "--json").stdout)
    by_edit = json.loads(
        mcescalate("compare", scenario_file, "--with", "accident=1", *FEW, "--json").stdout
    )
    assert by_file["second"] == "Three and an ally"
    assert by_file["events"] == by_edit["events"]
    assert by_file["events"]["deterred"]["second"] == 0.0


@pytest.mark.parametrize("side", ["first", "second"])
def test_settings_and_overlays_of_one_side(mcescalate, scenario_file, tmp_path, side):
    overlay = tmp_path / "calm.toml"
    overlay.write_text("[trigger]\naccident = 0.0\n")
    change = ("--set-second", "response.gap=0.4") if side == "first" else ()
    done = mcescalate(
        "compare",
        scenario_file,
        f"--overlay-{side}",
        overlay,
        f"--set-{side}",
        "deterrence.base=-100",
        *change,
        *FEW,
        "--json",
    )
    row = json.loads(done.stdout)["events"]["deterred"]
    other = "second" if side == "first" else "first"
    assert row[side] == 1.0
    assert row[other] < 0.9


def test_settings_of_both_sides(mcescalate, scenario_file):
    words = ("--set", "deterrence.base=-100", "--set", "trigger.accident=0", *FEW, "--json")
    done = mcescalate("compare", scenario_file, "--without", "mediator", *words)
    row = json.loads(done.stdout)["events"]["deterred"]
    assert row["first"] == row["second"] == 1.0


@pytest.mark.parametrize(
    ("words", "reported"),
    [
        ((), "expected a second scenario file, or a change"),
        (("--without", "mediator", "--event", "entered:CCD"), 'did you mean "CCC"'),
        (("--without", "tie:CCC"), "two ids"),
        (("--without", "tye:CCC-BBB"), 'did you mean "tie"'),
        (("--without", "posture:CCB"), "actors.CCC.rigidity"),
        (("--with", "posture:CCC=7"), "from 0 to 1"),
        (("--set-second", "response.gapp=1"), "response.gap"),
    ],
)
def test_what_cannot_be_compared(mcescalate, scenario_file, tmp_path, words, reported):
    before = sorted(tmp_path.iterdir())
    done = mcescalate("compare", scenario_file, *words, *FEW, "--csv", "out.csv")
    assert done.returncode == 2
    assert reported in done.stderr
    assert done.stdout == ""
    assert sorted(tmp_path.iterdir()) == before


def test_too_many_chains_are_refused_at_once(mcescalate, scenario_file):
    done = mcescalate("compare", scenario_file, "--without", "mediator", "-n", 10**15)
    assert done.returncode == 4
    assert "years" in done.stderr


def test_table_of_changes_as_csv(mcescalate, scenario_file, tmp_path):
    words = ("compare", scenario_file, "--without", "mediator", *FEW, "--csv", "out.csv")
    assert mcescalate(*words, "-q").stderr == ""
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text())))
    assert rows[0]["event"] == "war"
    assert float(rows[0]["n"]) == 150
    assert mcescalate(*words).returncode == 2
    assert "written to out.csv" in mcescalate(*words, "--force").stderr


def test_risky_names_do_no_harm_in_csv(mcescalate, scenario_file, tmp_path):
    text = scenario_file.read_text()
    text += '[ladder]\nrungs = ["calm", "=cmd|calc", "@war"]\n'
    text += "mobilised = 1\ncasus = 1\nmid = [1, 3, 5]\n"
    scenario_file.write_text(text)
    words = ("compare", scenario_file, "--without", "mediator", *FEW, "--csv", "out.csv")
    assert mcescalate(*words).returncode == 0
    for line in csv.reader(io.StringIO((tmp_path / "out.csv").read_text())):
        assert not line[0].startswith(("=", "@", "+", "-"))


def test_levers_ranked(mcescalate, scenario_file, tmp_path):
    done = mcescalate("levers", scenario_file, *FEW, "--top", 2, "--csv", "levers.csv")
    assert done.returncode == 0, done.stderr
    assert "Two rivals and an ally" in done.stdout
    assert len(done.stdout.split("\n\n")[1].splitlines()) == 3
    rows = list(csv.DictReader(io.StringIO((tmp_path / "levers.csv").read_text())))
    assert {row["kind"] for row in rows} == {"tie", "hotline", "mediator"}
    sizes = [abs(float(row["difference"])) for row in rows]
    assert sizes == sorted(sizes, reverse=True)


def test_levers_as_json(mcescalate, scenario_file):
    done = mcescalate("levers", scenario_file, *FEW, "--kind", "tie", "--of", "crisis", "--json")
    answer = json.loads(done.stdout)
    assert list(answer["levers"]) == ["without tie:CCC-BBB"]
    assert answer["of"] == "crisis"
    alone = mcescalate("compare", scenario_file, "--without", "tie:CCC-BBB", *FEW, "--json")
    assert answer["levers"]["without tie:CCC-BBB"] == json.loads(alone.stdout)["events"]["crisis"]


@pytest.mark.parametrize(
    ("words", "reported"),
    [
        (("--of", "peace"), "general_war"),
        (("--kind", "weather"), "posture"),
        (("--kind", "exercise"), "nothing of this kind"),
    ],
)
def test_levers_refuses(mcescalate, scenario_file, words, reported):
    done = mcescalate("levers", scenario_file, *words, *FEW)
    assert done.returncode == 2
    assert reported in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("command", ["levers", "inadvertence"])
def test_chains_of_several_crises_are_said_to_count_by_their_worst(
    mcescalate, scenario_file, command
):
    words = (command, scenario_file, "-n", 2, "--seed", 7)
    assert "worst crisis" not in mcescalate(*words).stdout
    done = mcescalate(*words, "--set", "sequence.crises=2")
    assert "chains of 2 periods count by their worst crisis" in done.stdout
    answer = json.loads(mcescalate(*words, "--set", "sequence.crises=2", "--json").stdout)
    assert answer["n_periods"] == 2
