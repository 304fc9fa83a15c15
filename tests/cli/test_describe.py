"""`describe` says what is in a scenario, and draws its network."""

import json
from xml.etree import ElementTree

from cases import CONFIGS


def test_a_small_scenario(mcescalate, scenario_file):
    done = mcescalate("describe", scenario_file)
    assert done.returncode == 0 and not done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "Two rivals and an ally"
    words = [line.split() for line in lines]
    assert ["AAA", "50", "%", "Aland"] in words
    assert ["AAA", "BBB", "1"] in words
    assert ["CCC", "defence", "BBB"] in words
    assert ["AAA", "BBB", "100", "%"] in words


def test_changes_are_described(mcescalate, scenario_file):
    done = mcescalate(
        "describe",
        scenario_file,
        "--set",
        "ties.CCC-BBB.defence.strength=0.4",
        "--set",
        "response.gap=0.9",
        "--json",
    )
    found = json.loads(done.stdout)
    assert found["promises"][0]["strength"] == 0.4
    assert {"address": "response.gap", "value": 0.9, "default": 0.5} in found["changed"]


def test_long_lists_are_cut_and_say_so(mcescalate):
    done = mcescalate("describe", CONFIGS / "global-1914.toml")
    assert done.returncode == 0
    assert "more (--json has all)" in done.stdout
    assert len(done.stdout.splitlines()) < 200


def test_the_network_is_drawn(mcescalate, scenario_file, tmp_path):
    done = mcescalate("describe", scenario_file, "--plot", "network.svg")
    assert done.returncode == 0 and done.stderr == "written to network.svg\n"
    text = " ".join(ElementTree.parse(tmp_path / "network.svg").getroot().itertext())
    assert all(name in text for name in ("AAA", "BBB", "CCC"))
    again = mcescalate("describe", scenario_file, "--plot", "network.svg")
    assert again.returncode == 2 and "exists already" in again.stderr
    other = mcescalate("describe", scenario_file, "--plot", "network.gif")
    assert (
        other.returncode == 2 and "expected a name ending in .svg or .png or .pdf" in other.stderr
    )
