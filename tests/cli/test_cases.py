"""`mcescalate cases`, and cases named on the command line."""

import json

import mcescalate as mc
from mcescalate.scenario.library import KINDS, list_names


def test_all_are_listed_with_a_line_each(mcescalate):
    done = mcescalate("cases")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    names = [name for kind in KINDS for name in list_names(kind)]
    assert [line.split()[0] for line in lines if line.startswith("  ")] == names
    assert all(len(line.split()) > 2 for line in lines if line.startswith("  "))
    assert [line for line in lines if line[:1].strip()] == ["cases", "overlays", "presets", "plans"]
    assert done.stderr.startswith("files in ")
    assert mcescalate("cases", "--quiet").stderr == ""


def test_json_says_where_they_are(mcescalate):
    answer = json.loads(mcescalate("cases", "--json").stdout)
    assert answer["schema_version"] == 1
    (july,) = [row for row in answer["cases"] if row["name"] == "july-1914"]
    assert mc.load_scenario(july["file"]).description == july["line"]
    assert {row["name"] for row in answer["overlays"]} >= {"hotline", "mediator"}


def test_every_command_that_reads_a_scenario_takes_a_case(mcescalate, tmp_path):
    few = ("-n", 2, "--seed", 1, "--backend", "python")
    for words in (
        ("run", "july-1914", *few),
        ("trace", "july-1914", "--chain", 3, "--seed", 1),
        ("compare", "july-1914", "--overlay-second", "hotline", *few),
        ("compare", "july-1914", "cuba-1962", *few),
        ("levers", "july-1914", "--kind", "mediator", *few),
        ("sweep", "july-1914-terms", "-o", "terms", "--dry-run"),
    ):
        done = mcescalate(*words)
        assert done.returncode == 0, (words, done.stderr)
    assert [path.name for path in tmp_path.iterdir()] == ["july-1914-1.h5"]
    done = mcescalate("exact", "july-1914")
    assert done.returncode == 4  # it is found, and too large to be solved
    done = mcescalate("check", "july-1914", "--overlay", "hotline", "--overlay", "mediator")
    assert done.stdout.startswith("july-1914: valid\nJuly 1914\n")


def test_an_unknown_case_is_one_message_of_one_line(mcescalate):
    done = mcescalate("run", "july1914")
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr == (
        'july1914: there is no such file and no such case; did you mean "july-1914"? '
        "`mcescalate cases` lists all\n"
    )


def test_a_file_that_goes_before_a_case_is_reported_once_and_not_if_quiet(
    mcescalate_process, scenario_file
):
    scenario_file.rename(scenario_file.with_name("july-1914.toml"))
    warning = 'warning: july-1914.toml: this file is used, not the case "july-1914"'
    done = mcescalate_process("check", "july-1914")
    assert "Two rivals and an ally" in done.stdout
    assert done.stderr.startswith(warning)
    few = ("-n", 2, "--seed", 1, "--backend", "python")
    done = mcescalate_process("compare", "july-1914", "--without", "mediator", *few)
    assert done.returncode == 0 and done.stderr.count(warning) == 1
    done = mcescalate_process("run", "july-1914", *few, "--quiet")
    assert done.returncode == 0 and done.stderr == ""
