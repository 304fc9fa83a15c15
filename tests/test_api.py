"""The Python API as a notebook uses it: three lines from a scenario to a result."""

import subprocess
import sys
from inspect import signature
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from small_crisis import crisis

import mcescalate as mc
from mcescalate.errors import BackendUnavailable, McEscalateError, ScenarioError, UsageError
from mcescalate.scenario.writing import to_toml


@pytest.fixture
def file(tmp_path) -> Path:
    path = tmp_path / "crisis.toml"
    path.write_text(to_toml(crisis()), encoding="utf-8")
    return path


def test_three_lines_from_file_to_file(file, tmp_path):
    scenario = mc.load_scenario(file, settings=["response.up=0.5"])
    result = mc.simulate(scenario, n_chains=50, seed=1, backend="python")
    mc.save(result, tmp_path / "result.h5")
    back = mc.load(tmp_path / "result.h5")
    assert isinstance(back, xr.Dataset)
    assert int(back["outcome_count"].sum()) == int(back["n_chains"]) == 50
    assert back["actor"].values.tolist() == [actor.id for actor in scenario.actors]


def test_every_public_name_is_there_and_explained():
    for name in mc.__all__:
        if name != "__version__":
            assert getattr(mc, name).__doc__, name
    assert set(mc.__all__) <= set(dir(mc))
    with pytest.raises(AttributeError, match="simlate"):
        mc.simlate  # noqa: B018 - looking it up is the test


def test_numbers_are_given_by_name():
    for function in (mc.simulate, mc.trace):
        kinds = [p.kind for p in list(signature(function).parameters.values())[1:]]
        assert all(kind.name == "KEYWORD_ONLY" for kind in kinds)


def test_importing_the_package_is_light():
    code = "import sys, mcescalate; print({'numba', 'xarray', 'scipy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "set()"


def test_a_scenario_may_be_put_together_in_python():
    first = mc.simulate(crisis(), n_chains=30, seed=4, backend="python")
    calmer = crisis(response={"up": -30.0, "war_cost": 0.0})
    second = mc.simulate(calmer, n_chains=30, seed=4, backend="python")
    assert not first["peak_count"].equals(second["peak_count"])


def test_numbers_of_numpy_are_numbers():
    result = mc.simulate(
        crisis(), n_chains=np.int64(5), seed=np.uint32(7), first_chain=np.uint64(2**40),
        backend="python",
    )  # fmt: skip
    assert result.attrs["seed"] == "7" and result.attrs["first_chain"] == str(2**40)


def test_errors_are_of_one_family(file, tmp_path):
    with pytest.raises(BackendUnavailable, match="abacus"):
        mc.simulate(crisis(), n_chains=1, seed=1, backend="abacus")
    with pytest.raises(UsageError, match="n_chains: expected a whole number from 1"):
        mc.simulate(crisis(), n_chains=0, seed=1)
    with pytest.raises(ScenarioError):
        mc.load_scenario(file, settings=["response.gpa=1"])
    with pytest.raises(McEscalateError):
        mc.load(file)
    with pytest.raises(McEscalateError):
        mc.load_scenario(tmp_path / "missing.toml")


def test_a_solution_and_a_sample_of_it_have_the_same_dims():
    scenario = crisis()
    exact = mc.solve(scenario, backend="python")
    sample = mc.simulate(scenario, n_chains=10, seed=1, backend="python")
    assert exact["outcome_probability"].dims == sample["outcome_count"].dims
    assert exact["actor_war_probability"].dims == sample["actor_war_count"].dims
    with pytest.raises(UsageError, match='kind "exact"'):
        mc.merge([sample, exact])


def test_exact_solutions_go_to_disk_and_back(tmp_path):
    exact = mc.solve(crisis(), backend="python")
    mc.save(exact, tmp_path / "exact.h5")
    back = mc.load(tmp_path / "exact.h5")
    assert back["outcome_probability"].equals(exact["outcome_probability"])
    assert float(back["outcome_probability"].sum()) == pytest.approx(1.0)
