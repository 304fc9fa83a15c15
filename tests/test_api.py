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
from mcescalate.analysis import deterrence, inadvertence, levers
from mcescalate.analysis.estimation.summary import summarise
from mcescalate.errors import BackendUnavailable, McEscalateError, ScenarioError, UsageError
from mcescalate.report.make import make_report
from mcescalate.scenario.change import addresses, edits
from mcescalate.scenario.schema import Scenario
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
    exact = mc.solve(scenario)
    sample = mc.simulate(scenario, n_chains=10, seed=1, backend="python")
    assert exact["outcome_probability"].dims == sample["outcome_count"].dims
    assert exact["actor_war_probability"].dims == sample["actor_war_count"].dims
    with pytest.raises(UsageError, match='kind "exact"'):
        mc.merge([sample, exact])


def test_exact_solutions_go_to_disk_and_back(tmp_path):
    exact = mc.solve(crisis())
    mc.save(exact, tmp_path / "exact.h5")
    back = mc.load(tmp_path / "exact.h5")
    assert back["outcome_probability"].equals(exact["outcome_probability"])
    assert float(back["outcome_probability"].sum()) == pytest.approx(1.0)


NO_SCENARIOS = {
    "name": ("a.toml", 'found the name "a.toml"; read the file first, with load_scenario'),
    "path": (Path("a") / "b.toml", "read the file first, with load_scenario"),
    "None": (None, "found None; load_scenario reads one"),
    "dict": ({"schema_version": 1}, "found a dict; load_scenario reads one"),
    "number": (7, "found an int; load_scenario reads one"),
    "list": ([], "found a list; load_scenario reads one"),
    "result": (xr.Dataset(), "found a result; load_scenario reads one"),
    "class": (Scenario, "load_scenario reads one"),
}
TAKE_A_SCENARIO = {
    "simulate": lambda it: mc.simulate(it, n_chains=1, seed=1),
    "simulate with records": lambda it: mc.simulate(it, n_chains=1, seed=1, keep_chains=True),
    "solve": mc.solve,
    "trace": lambda it: mc.trace(it, chain=0, seed=1),
    "compare, first": lambda it: mc.compare(it, crisis(), n_chains=1, seed=1),
    "compare, second": lambda it: mc.compare(crisis(), it, n_chains=1, seed=1),
    "find_levers": levers.find_levers,
    "simulate_levers": lambda it: levers.simulate_levers(it, n_chains=1, seed=1),
    "edited": lambda it: edits.edited(it, off=["mediator"]),
    "without": lambda it: edits.without(it, "mediator"),
    "with_": lambda it: edits.with_(it, "mediator"),
    "simulate_without": lambda it: inadvertence.simulate_without(it, n_chains=1, seed=1),
    "simulate_settings": lambda it: deterrence.simulate_settings(
        it, "response.gap", [1.0], n_chains=1, seed=1
    ),
    "read": lambda it: addresses.read(it, "response.gap"),
    "assign": lambda it: addresses.assign(it, [("response.gap", 1.0)]),
}


@pytest.mark.parametrize("function", TAKE_A_SCENARIO)
@pytest.mark.parametrize(("value", "message"), NO_SCENARIOS.values(), ids=NO_SCENARIOS)
def test_what_is_no_scenario_is_reported_with_the_function_that_reads_one(function, value, message):
    with pytest.raises(UsageError) as caught:
        TAKE_A_SCENARIO[function](value)
    assert "expected a scenario, found " in str(caught.value)
    assert message in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: mc.load_scenario(None), "load_scenario: expected the name of a file, found None"),
        (lambda: mc.load_scenario({}), "load_scenario: expected the name of a file, found a dict"),
        (lambda: mc.load_scenario(crisis()), "the name of a file, found a scenario"),
        (lambda: mc.load_scenario(0), "the name of a file, found an int"),
        (lambda: mc.load(None), "load: expected the name of a file, found None"),
        (lambda: mc.load(xr.Dataset()), "load: expected the name of a file, found a result"),
        (lambda: mc.save("a.h5", xr.Dataset()), "save: expected a result, found the name"),
        (lambda: mc.save(None, "a.h5"), "save: expected a result, found None; simulate makes one"),
        (lambda: mc.save(xr.Dataset(), None), "save: expected the name of a file, found None"),
        (lambda: mc.save(crisis(), "a.h5"), "save: expected a result, found a scenario"),
        (lambda: mc.merge(xr.Dataset()), "merge: expected a list of results, found a result"),
        (lambda: mc.merge(None), "merge: expected a list of results, found None"),
        (lambda: mc.merge("a.h5"), "merge: expected a result, found the name"),
        (lambda: mc.merge(["a.h5", "b.h5"]), "read the file first, with load"),
        (
            lambda: mc.run_sweep({}, "out"),
            "run_sweep: expected a Sweep or a plan file, found a dict",
        ),
        (lambda: mc.run_sweep("plan.toml", None), "run_sweep: expected the name of a file"),
        (lambda: mc.scenario_from_data(7, date="1914-06-28"), "scenario_from_data: expected"),
        (lambda: mc.scenario_from_data([None], date="1914-06-28"), "scenario_from_data: expected"),
        (lambda: mc.solve(crisis(), prune="much"), "prune: expected a number from 0"),
        (lambda: mc.simulate(crisis(), n_chains="5", seed=1), "whole number from 1 to"),
        (lambda: make_report("a.h5"), "make_report: expected a result, found the name"),
        (lambda: summarise(None), "summarise: expected a result, found None"),
    ],
)
def test_arguments_of_the_wrong_kind_are_reported_in_one_line(call, message):
    with pytest.raises(UsageError) as caught:
        call()
    assert message in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_one_overlay_or_setting_may_stand_alone(file, tmp_path):
    overlay = tmp_path / "overlay.toml"
    overlay.write_text("[response]\ngap = 1.5\n")
    scenario = mc.load_scenario(file, overlays=overlay, settings="response.up=0.5")
    assert (scenario.response.gap, scenario.response.up) == (1.5, 0.5)
    assert mc.load_scenario(str(file).encode(), overlays=None, settings=()) == crisis()
    for wrong in ({"overlays": 5}, {"overlays": [None]}, {"settings": 5}, {"settings": [5]}):
        with pytest.raises(UsageError, match="load_scenario: "):
            mc.load_scenario(file, **wrong)
