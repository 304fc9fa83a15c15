"""`trace` as a user meets it."""

import json

import pytest


def test_story_ends_as_the_run_recorded(mcescalate, scenario_file, tmp_path):
    import mcescalate as mc

    done = mcescalate(
        "run", scenario_file, "-n", 20, "--seed", 5, "--backend", "python",
        "--keep-chains", "-o", tmp_path / "run.h5", "--quiet", "--workers", 1,
    )  # fmt: skip
    assert done.returncode == 0
    result = mc.load(tmp_path / "run.h5")
    outcomes = result["outcome"].values
    for chain in range(20):
        done = mcescalate("trace", scenario_file, "--chain", chain, "--seed", 5)
        assert done.returncode == 0
        assert done.stderr == ""
        outcome = outcomes[int(result["chain_outcome"][chain])].replace("_", " ")
        (reported,) = [line for line in done.stdout.splitlines() if line.startswith("Outcome")]
        assert reported.startswith(f"Outcome: {outcome}")


def test_json_and_text_describe_the_same_chain(mcescalate, scenario_file):
    words = ("trace", scenario_file, "--chain", 3, "--seed", 5)
    reported = json.loads(mcescalate(*words, "--json").stdout)
    assert reported["file"] == str(scenario_file)
    assert (reported["seed"], reported["chain"], reported["schema_version"]) == ("5", "3", 2)
    text = mcescalate(*words).stdout
    assert text.count("\nTurn ") == len(reported["turns"])


def test_a_scenario_without_a_title_is_called_untitled(mcescalate, scenario_file):
    titled = scenario_file.read_text()
    scenario_file.write_text(titled.replace('title = "Two rivals and an ally"\n', ""))
    reported = mcescalate("trace", scenario_file, "--chain", 1, "--seed", 1).stdout
    assert reported.startswith("untitled scenario: chain 1 of seed 1\n")


def test_settings_and_overlays_change_the_story(mcescalate, scenario_file, tmp_path):
    words = ("trace", scenario_file, "--chain", 3, "--seed", 5)
    overlay = tmp_path / "overlay.toml"
    overlay.write_text('title = "Another"\n[trigger]\naccident = 1.0\n')
    text = mcescalate(*words, "--overlay", overlay, "--set", "run.horizon=1").stdout
    assert text.startswith("Another: chain 3 of seed 5\n")
    assert "\n  an accident: probability of one 1," in text
    assert "\nTurn 2" not in text


def test_a_seed_left_out_is_drawn_and_printed(mcescalate, scenario_file):
    reported = json.loads(mcescalate("trace", scenario_file, "--chain", 0, "--json").stdout)
    again = mcescalate("trace", scenario_file, "--chain", 0, "--seed", reported["seed"], "--json")
    assert json.loads(again.stdout) == reported


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ((), "--chain"),
        (("--chain", "-1"), "--chain: expected a whole number from 0 to 18446744073709551615"),
        (("--chain", "1.5"), 'found "1.5"'),
        (("--chain", str(2**64)), "found 18446744073709551616"),
        (("--chain", "0", "--seed", str(2**63)), "--seed: expected"),
        (("--chain", "0", "--set", "response.gpa=1"), '"response.gap"'),
        (("--chain", "0", "--overlay", "missing.toml"), "missing.toml"),
    ],
)
def test_wrong_usage_is_one_clear_message(mcescalate, scenario_file, words, hint):
    done = mcescalate("trace", scenario_file, *words)
    assert done.returncode == 2
    assert done.stdout == ""
    assert hint in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_scenario_is_named(mcescalate):
    done = mcescalate("trace", "missing.toml", "--chain", 0)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("missing.toml: ")
