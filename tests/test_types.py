"""What type checkers and editors know of the package: `scripts/lint` has mypy read this file.

mypy takes each `assert_type` as a claim, and each `type: ignore` for an error that must be there;
both do nothing when the tests are run.
"""

import subprocess
import sys
from pathlib import Path
from typing import assert_type

import pytest
import xarray as xr
from matplotlib.axes import Axes

import mcescalate as mc

ROOT = Path(__file__).parents[1]


def test_a_scenario_is_known_to_its_values() -> None:
    scenario = mc.load_case("july-1914")
    assert_type(scenario, mc.Scenario)
    assert_type(scenario.run.horizon, int)
    assert_type(scenario.response.gap, float)
    assert_type(scenario.actors[0].capability, float)
    assert_type(scenario.trigger.domains[0].name, str)
    with pytest.raises(AttributeError):
        scenario.run.horizn  # type: ignore[attr-defined]  # noqa: B018
    with pytest.raises(mc.errors.ScenarioError) as caught:
        mc.load_case("july-1914", settings=["run.horizon=0"])
    assert_type(caught.value.problems, list[str])


def test_results_sweeps_and_figures_are_known() -> None:
    scenario = mc.load_case("july-1914")
    result = mc.simulate(scenario, n_chains=4, seed=1, backend="python")
    assert_type(result, xr.Dataset)
    assert_type(mc.plots.ladder(result), Axes)
    assert_type(mc.analysis.events.event_names(["calm", "war"]), list[str])
    sweep = mc.Sweep(scenario, axes={"response.gap": [0.25, 0.5]}, chains=4, seed=1)
    assert_type(sweep.n_points, int)
    assert_type(sweep.scenario(1).run.turn_days, float)


def test_a_misspelt_name_is_an_error() -> None:
    with pytest.raises(AttributeError):
        mc.simulat  # type: ignore[attr-defined]  # noqa: B018
    with pytest.raises(AttributeError):
        mc.analysis.lever  # type: ignore[attr-defined]  # noqa: B018


@pytest.mark.slow
def test_mypy_finds_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mypy"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
