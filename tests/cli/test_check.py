"""`check`, `schema` and `info` as a user meets them."""

import json
import re
import tomllib

import jsonschema


def test_valid_scenario_is_summed_up(mcescalate, scenario_file):
    done = mcescalate("check", scenario_file, "--set", "outcome.general_share=0.9")
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        f"{scenario_file}: valid",
        "Two rivals and an ally",
        "3 actors, 2 promises, 2 dyads, 1 incident, 1 domain",
    ]
    assert done.stderr == ""


def test_json(mcescalate, scenario_file):
    answer = json.loads(mcescalate("check", scenario_file, "--json").stdout)
    assert answer["actors"] == 3
    (notice,) = answer["notices"]
    assert notice.startswith("outcome.general_share: the originators alone hold 50 %")
    system = mcescalate("check", scenario_file, "--set", "outcome.system_capability=1.2", "--json")
    assert json.loads(system.stdout)["notices"] == []


def test_a_scenario_without_a_title_is_called_so(mcescalate, scenario_file):
    text = scenario_file.read_text().replace('title = "Two rivals and an ally"\n', "")
    scenario_file.write_text(text)
    assert mcescalate("check", scenario_file).stdout.splitlines()[1] == "untitled scenario"


def test_notices_are_no_errors(mcescalate, scenario_file):
    done = mcescalate("check", scenario_file, "--set", "mediation.delay=10")
    assert done.returncode == 0
    assert "notice: mediation.delay" in done.stdout


def test_all_problems_come_together(mcescalate, scenario_file):
    text = scenario_file.read_text().replace('to = "BBB"', 'to = "BBC"').replace("0.3", "-3")
    scenario_file.write_text(text + "[response]\ngpa = 1\n")
    done = mcescalate("check", scenario_file)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "3 problems" in done.stderr
    for hint in ("actors[0].capability", '"BBB"', '"gap"'):
        assert hint in done.stderr


def test_schema_accepts_the_scenario(mcescalate, scenario_file):
    schema = json.loads(mcescalate("schema").stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(tomllib.loads(scenario_file.read_text()), schema)


def test_info(mcescalate):
    reported = mcescalate("info", MCESCALATE_WORKERS="3")
    assert "numba" in reported.stdout and "MCESCALATE_WORKERS" in reported.stdout
    answer = json.loads(mcescalate("info", "--json", MCESCALATE_WORKERS="3").stdout)
    assert answer["settings"]["MCESCALATE_WORKERS"] == "3"
    assert answer["cores"] >= 1
    assert answer["backends"] == ["numba", "plain", "python"]
    assert answer["memory_bytes"] > 10**6
    assert "\nbackends               numba, plain, python\n" in reported.stdout
    assert re.search(r"\nmemory +[0-9.]+ [MGT]B\n", reported.stdout)
