"""`mcescalate import` as a user meets it."""

import gzip
import json
import tomllib

import pytest
from made_up_data import TD, write_files

from mcescalate.cli import main
from mcescalate.scenario.reading import read_preset

WORDS = ("--date", "1931-06-01")


def test_a_scenario_and_a_report(run_import, small_world, tmp_path):
    done = run_import(small_world, *WORDS, "--actors", "AAA,BBB", "--actors", "200")
    assert done.code == 0
    path = tmp_path / "scenario-1931-06-01.toml"
    assert [row["id"] for row in tomllib.loads(path.read_text())["actors"]] == ["AAA", "BBB", "CCC"]
    assert done.stdout.startswith("3 states on 1931-06-01\n")
    for text in ("mapped", "missing", "assumed", "  actors: 3\n", "nmc.csv: COW National Material"):
        assert text in done.stdout
    assert done.stderr == "written to scenario-1931-06-01.toml\n"
    # Defence, consultation and aid of one pact, each both ways.
    assert "  promises: 6\n" in done.stdout
    assert main(["check", str(path)]) == 0


def test_files_that_are_not_read_are_listed_with_the_reason(run_import, small_world):
    write_files(small_world, {"td.csv": TD, **{f"{i}.csv": "a,b\n1,2\n" for i in range(4)}})
    reported = run_import(small_world, *WORDS).stdout
    assert "\nnot read\n  4 files: not a data set that can be read\n" in reported
    assert "\n  td.csv: not needed: tss.csv is more detailed\n" in reported


def test_what_is_known_is_not_called_assumed(run_import, small_world):
    reported = run_import(small_world, *WORDS, "--preset", "none").stdout
    assert "\ncoefficients\n  the model's defaults\n" in reported
    assumed, known = reported.split("\nassumed, ")[1].split("\nknown from elsewhere, ")
    assert "  reach.land = 1 (1): a common border\n" in assumed
    assert "  trigger.threat = 0.1 (1): " in assumed
    (line,) = known.split("\nleft to judge")[0].splitlines()[1:]
    assert line == "  capability.least = 1e-06 (2): share of a state without a recorded one"


def test_values_left_to_judge_are_listed_by_actor(run_import, small_world):
    shown = run_import(small_world, *WORDS, "--actors", "AAA,BBB").stdout
    assert shown.split("\nleft to judge: ")[1].splitlines()[1:] == [
        "  AAA (Aland): resolve 0, bias 0, noise 0.6, tempo 0.5, rigidity 0, optimism 0, "
        "exercise 0, arms 0, instability 0, turnover 0",
        "  BBB (Bland): resolve 0, bias 0, noise 0.6, tempo 0.5, rigidity 0, optimism 0, "
        "exercise 0, arms 0, instability 0, turnover 0",
        "  write them into the file, or use --set actors.AAA.resolve=0.5",
    ]


@pytest.mark.parametrize(
    ("date", "era"), [("1931-06-01", "1914-1945"), ("1955-06-01", "1946-1989")]
)
@pytest.mark.parametrize(
    "pair", [(), ("--initiator", "AAA", "--target", "BBB")], ids=["any", "pair"]
)
def test_the_preset_is_named_and_its_values_are_in_the_file(
    run_import, small_world, tmp_path, date, era, pair
):
    reported = run_import(small_world, "--date", date, *pair).stdout
    assert f"\ncoefficients\n  preset {era}, fitted to the disputes of the era; " in reported
    tables = tomllib.loads((tmp_path / f"scenario-{date}.toml").read_text())
    assert tables["era"] == era and tables["date"].isoformat() == date
    assert f"preset {era}" in tables["note"]
    for table, values in read_preset(era).items():
        if table != "trigger":
            values = {name: value for name, value in values.items() if name != "source"}
            assert tables[table] == {**tables[table], **values} or table == "outcome"
    assert "trigger.threat" not in reported
    answer = json.loads(run_import(small_world, *WORDS, *pair, "--json", "--force").stdout)
    assert answer["preset"] == "1914-1945"


def test_an_unknown_preset_is_one_message(run_import, small_world, tmp_path):
    done = run_import(small_world, *WORDS, "--preset", "1900s")
    assert done.code == 2 and "preset: expected era (that of the day), none" in done.stderr
    assert list(tmp_path.glob("*.toml")) == []


def test_json(run_import, small_world):
    done = run_import(small_world, *WORDS, "--json", "--out", "a.toml", "--title", "Ours")
    answer = json.loads(done.stdout)
    assert answer["file"] == "a.toml"
    assert answer["date"] == "1931-06-01"
    assert answer["mapped"]["actors"] == 6
    assert answer["missing"] and answer["assumptions"] and answer["files"]
    assert [one["actor"] for one in answer["to_judge"]][:2] == ["AAA", "BBB"]


def test_an_existing_file_stays(run_import, small_world, tmp_path):
    (tmp_path / "a.toml").write_text("mine")
    done = run_import(small_world, *WORDS, "--out", "a.toml")
    assert done.code == 2
    assert (tmp_path / "a.toml").read_text() == "mine"
    assert run_import(small_world, *WORDS, "--out", "a.toml", "--force", "--quiet").stderr == ""
    assert (tmp_path / "a.toml").read_text() != "mine"


def mixed_years(text):
    return text.replace("BBB,20,1931", "BBB,20,1930", 1)


def damaged(text, old, new):
    assert old in text
    return text.replace(old, new, 1)


@pytest.mark.parametrize(
    "name, damage, place",
    [
        ("nmc.csv", lambda text: text.replace(",cinc,", ",share,"), "line 1, column cinc"),
        (
            "nmc.csv",
            mixed_years,
            "line 8, column year: the same state and year is already in line 3",
        ),
        (
            "nmc.csv",
            lambda text: damaged(text, "AAA,2,1931", "AAA,2,1897"),
            "line 7, column year: AAA (2) was not a member of the state system in 1897, only from",
        ),
        ("nmc.csv", lambda text: damaged(text, ",2025", ",2021"), "line 3, column version"),
        ("nmc.csv", lambda text: damaged(text, "EEE,365", "EEE,3x5"), "line 6, column ccode"),
        ("states.csv", lambda text: damaged(text, "styear", "begin"), "line 1, column styear"),
        (
            "atop.csv",
            lambda text: damaged(text, ",defense,", ",defence,"),
            "line 1, column defense",
        ),
        ("contdir.csv", lambda text: damaged(text, "190001", "1900"), "line 2, column begin"),
        ("tss.csv", lambda text: damaged(text, "2,20,", "2,999,"), "line 2, column ccode2"),
    ],
)
def test_damaged_files(run_import, small_world, tmp_path, name, damage, place):
    path = small_world / name
    path.write_text(damage(path.read_text()))
    before = sorted(tmp_path.iterdir())
    done = run_import(small_world, *WORDS)
    assert done.code == 3
    assert done.stdout == ""
    assert f"{path}: {place}" in done.stderr
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("cut", [20, -1, -12])
def test_truncated_gzip(run_import, small_world, tmp_path, cut):
    text = (small_world / "nmc.csv").read_bytes()
    (small_world / "nmc.csv").unlink()
    path = small_world / "nmc.csv.gz"
    path.write_bytes(gzip.compress(text)[:cut])
    done = run_import(small_world, *WORDS)
    assert done.code == 3
    assert f"{path}: line " in done.stderr
    assert "damaged or end too early" in done.stderr
    assert not list(tmp_path.glob("*.toml"))


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_and_marks_do_not_matter(run_import, small_world, tmp_path, end):
    run_import(small_world, *WORDS, "--out", "a.toml")
    for path in small_world.iterdir():
        path.write_bytes(("\ufeff" + path.read_text().replace("\n", end)).encode("utf-8"))
    run_import(small_world, *WORDS, "--out", "b.toml")

    def rows(name):
        return {
            k: v for k, v in tomllib.loads((tmp_path / name).read_text()).items() if k != "source"
        }

    assert rows("a.toml") == rows("b.toml")


@pytest.mark.parametrize(
    "words, text",
    [
        (("--date", "tomorrow"), "date: expected a day such as 1914-06-28"),
        (("--date", "1931-06-01", "--actors", "XYZ"), 'no state is called "XYZ"'),
        (("--date", "1931-06-01", "--within", "0"), "--within: expected a whole number"),
        (("--date", "1931-06-01", "--mapping", "none.toml"), "none.toml: there is no such file"),
    ],
)
def test_wrong_options(run_import, small_world, tmp_path, words, text):
    done = run_import(small_world, *words)
    assert done.code == 2
    assert text in done.stderr
    assert not list(tmp_path.glob("*.toml"))


def test_a_mapping_file(run_import, small_world, tmp_path):
    (tmp_path / "own.toml").write_text("[channel]\nelsewhere = 0.4\n")
    done = run_import(small_world, *WORDS, "--mapping", "own.toml", "--out", "a.toml")
    assert " *channel.elsewhere = 0.4" in done.stdout
    assert tomllib.loads((tmp_path / "a.toml").read_text())["dyad_defaults"]["channel"] == 0.4
