"""`run --coefficients`: over draws from a posterior, or with an overlay."""

import json

import pytest
from made_up_posterior import of_the_model, posterior_group, write_posterior

import mcescalate as mc

FEW = ("-n", 6_000, "--draws", 12, "--seed", 7)
ERA = ("--era", "1946-1989")


@pytest.fixture
def posterior_file(tmp_path):
    return write_posterior(tmp_path / "posterior.nc")


@pytest.fixture
def drawn(mcescalate, scenario_file, posterior_file):
    """What a run over draws left on its streams."""
    done = mcescalate("run", scenario_file, *FEW, *ERA, "--coefficients", "posterior.nc")
    assert done.returncode == 0, done.stderr
    return done


def test_both_intervals_stand_side_by_side(drawn, mcescalate, tmp_path):
    assert "12 draws of posterior.nc, era 1946-1989; 500 chains of each, seed 7" in drawn.stdout
    header = next(line for line in drawn.stdout.splitlines() if line.startswith("event"))
    assert header.split("  ")[0] == "event"
    for word in ("probability", "Monte Carlo 95 %", "parameters 95 %", "noise"):
        assert word in header
    for word in ("war", "general war", "crisis", "response.war_cost", "response.gap"):
        assert word in drawn.stdout
    assert "12 draws of the era 1946-1989, 500 chains of each; estimate: " in drawn.stderr
    assert "written to small-7.h5" in drawn.stderr
    assert mcescalate("show", "small-7.h5").stdout == drawn.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "posterior.nc",
        "small-7.h5",
        "small.toml",
    ]


def test_json_has_both_intervals_too(drawn, mcescalate, scenario_file):
    shown = json.loads(mcescalate("show", "small-7.h5", "--json").stdout)
    assert shown["posterior"]["draws"] == 12 and shown["posterior"]["era"] == "1946-1989"
    settled = shown["outcomes"]["settled"]
    assert settled["lower"] < settled["probability"] < settled["upper"]
    assert settled["parameter_lower"] < settled["probability"] < settled["parameter_upper"]
    assert shown["war"].keys() == settled.keys()
    assert len(shown["points"]) == 12 and shown["n_chains"] == 6_000
    words = ("--coefficients", "posterior.nc", "--json", "--force")
    again = mcescalate("run", scenario_file, *FEW, *ERA, *words)
    assert again.stderr == "" and json.loads(again.stdout) == shown


def test_python_has_the_same_counts(drawn, scenario_file, posterior_file, tmp_path):
    result = mc.simulate(
        mc.load_scenario(scenario_file),
        n_chains=6_000,
        seed=7,
        coefficients=posterior_file,
        draws=12,
        era="1946-1989",
    )
    stored = mc.load(tmp_path / "small-7.h5")
    assert (stored["outcome_count"].values == result["outcome_count"].values).all()
    assert (stored["response.gap"].values == result["response.gap"].values).all()


def test_the_page_has_both_intervals(drawn, mcescalate, tmp_path):
    assert mcescalate("report", "small-7.h5").returncode == 0
    page = (tmp_path / "small-7.html").read_text(encoding="utf-8")
    for words in ("Monte Carlo interval", "parameter interval", "draws from a posterior"):
        assert words in page
    assert "least likely" not in page


def test_workers_do_not_change_the_counts(drawn, mcescalate, scenario_file, tmp_path):
    words = ("--coefficients", "posterior.nc", "--workers", 1, "-o", "one.h5", "-q")
    assert mcescalate("run", scenario_file, *FEW, *ERA, *words).stderr == ""
    one, two = mc.load(tmp_path / "one.h5"), mc.load(tmp_path / "small-7.h5")
    assert one["outcome_count"].equals(two["outcome_count"])
    assert one.attrs["sweep_sha256"] == two.attrs["sweep_sha256"]


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        ((), 2, "choose one of its eras 1816-1913, 1914-1945, 1946-1989, 1990- with --era"),
        (("--era", "2000-"), 2, 'found "2000-"'),
        ((*ERA, "--draws", "61"), 2, "has 60 draws, found 61"),
        ((*ERA, "--draws", "1"), 2, "--draws: expected a whole number from 2"),
        ((*ERA, "-n", "5999"), 2, "over 12 draws are 499 each, expected 500 or more; use 6000"),
        ((*ERA, "--keep-chains"), 2, "--keep-chains: not available with draws from a posterior"),
        ((*ERA, "--fixed", "response.up"), 2, 'has no value "response.up"'),
        ((*ERA, "--out", "run.csv"), 2, "run.csv: a result is written as netCDF4"),
        ((*ERA, "--set", "response.gpa=1"), 2, 'did you mean "response.gap"?'),
    ],
    ids=["era", "no such era", "draws", "one", "chains", "records", "fixed", "ending", "setting"],
)
def test_one_message_says_what_to_do(
    words, code, message, mcescalate, scenario_file, posterior_file, tmp_path
):
    options = ["--coefficients", "posterior.nc", *FEW]
    for word in ("-n", "--draws"):
        if word in words:
            place = options.index(word)
            del options[place : place + 2]
    done = mcescalate("run", scenario_file, *options, *words)
    assert done.returncode == code and message in done.stderr
    assert done.stdout == "" and "Traceback" not in done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"posterior.nc", "small.toml"}


def test_what_is_no_posterior_ends_with_3(mcescalate, scenario_file, tmp_path):
    write_posterior(tmp_path / "old.nc", attrs=of_the_model(model_version="0"))
    group = posterior_group()
    write_posterior(tmp_path / "nan.nc", group.where(group["draw"] > 0))
    (tmp_path / "text.nc").write_text("[response]\ngap = 1\n")
    for name, message in (
        ("old.nc", "of the model"),
        ("nan.nc", "are not numbers"),
        ("text.nc", "but a text or another kind of file"),
        ("none.nc", "there is no such file"),
    ):
        done = mcescalate("run", scenario_file, *FEW, *ERA, "--coefficients", name)
        assert done.returncode == 3 and done.stderr.startswith(f"{name}: ")
        assert message in done.stderr and len(done.stderr.splitlines()) == 1


def test_settings_and_overlays_lie_over_the_draws(mcescalate, scenario_file, posterior_file):
    (scenario_file.parent / "own.toml").write_text("[response]\ngap = 0.25\n")
    words = ("--coefficients", "posterior.nc", "--overlay", "own.toml", "--json")
    done = json.loads(mcescalate("run", scenario_file, *FEW, *ERA, *words).stdout)
    assert list(done["posterior"]["values"]) == ["response.war_cost"]
    words = ("--coefficients", "posterior.nc", "--fixed", "response.gap", "-o", "fixed.h5")
    shown = mcescalate("run", scenario_file, *FEW, *ERA, *words)
    assert "response.gap" not in shown.stdout
    words = ("--coefficients", "posterior.nc", "--set", "response.gap=0.4", "-o", "set.h5")
    shown = mcescalate("run", scenario_file, *FEW, *ERA, *words)
    assert "overlays or settings decide response.gap; estimate" in shown.stderr


def test_an_overlay_of_coefficients_lies_below_overlays_and_settings(mcescalate, scenario_file):
    folder = scenario_file.parent
    (folder / "fitted.toml").write_text("[response]\ngap = 0.9\nwar_cost = 1.5\ncost = 0.3\n")
    (folder / "own.toml").write_text("[response]\nwar_cost = 1.0\n")
    few = ("-n", 100, "--seed", 1, "--backend", "python", "--json")
    words = ("--coefficients", "fitted.toml", "--overlay", "own.toml", "--set", "response.cost=0")
    done = mcescalate("run", scenario_file, *few, *words)
    assert done.returncode == 0, done.stderr
    scenario = mc.load(folder / "small-1.h5").attrs["provenance"]
    found = json.loads(scenario)["parameters"]["scenario"]["response"]
    assert (found["gap"], found["war_cost"], found["cost"]) == (0.9, 1.0, 0.0)
    done = mcescalate("run", scenario_file, *few, "--coefficients", "none.toml")
    assert done.returncode == 2 and "there is no such file" in done.stderr


def test_weights_of_first_acts_that_a_scenario_lacks_are_left_out(mcescalate, scenario_file):
    (scenario_file.parent / "fitted.toml").write_text(
        '[response]\ngap = 0.9\n[[trigger.domains]]\nname = "clash"\nrung = 4\nweight = 0.5\n'
    )
    few = ("-n", 100, "--seed", 1, "--backend", "python")
    done = mcescalate("run", scenario_file, *few, "--coefficients", "fitted.toml")
    assert done.returncode == 0
    assert "fitted.toml: left out clash: the scenario has no such domains" in done.stderr


def test_options_of_draws_need_a_posterior(mcescalate, scenario_file):
    (scenario_file.parent / "own.toml").write_text("[response]\ngap = 0.25\n")
    for words in (("--draws", 5), ("--era", "1990-"), ("--fixed", "response.gap")):
        for more in ((), ("--coefficients", "own.toml")):
            done = mcescalate("run", scenario_file, "-n", 10, *words, *more)
            assert done.returncode == 2
            assert "need a posterior as --coefficients" in done.stderr
