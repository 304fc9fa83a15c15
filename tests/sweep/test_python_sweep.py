"""Sweeps made in Python: what a plan file says, to the last bit, and as well checked."""

import doctest

import numpy as np
import pytest

import mcescalate as mc
from mcescalate.errors import ScenarioError, UsageError
from mcescalate.results.files.canonical import canonical_form
from mcescalate.sweep.design import sweep as python_sweeps

AXES = {
    "response.gap": [0.2, 0.5, 0.8],
    "resolve": {
        "address": "actors.*.resolve",
        "change": "add",
        "low": -1.0,
        "high": 1.0,
        "steps": 3,
    },
}
COMMON = {"chains": 200, "seed": 11, "title": "Gap and resolve"}


@pytest.fixture
def scenario(plan_file):
    return mc.load_scenario(plan_file.parent / "small.toml")


def assert_same(one, other):
    """Two results have the same variables, labels and provenance, to the last bit."""
    assert one.attrs["provenance"] == other.attrs["provenance"]
    assert one.attrs["sweep_sha256"] == other.attrs["sweep_sha256"]
    ours, theirs = (canonical_form(result).arrays.to_dataset() for result in (one, other))
    assert ours.identical(
        theirs.assign_attrs({key: one.attrs[key] for key in ("history", "date_created")})
    )


def test_it_has_the_result_of_the_same_plan_in_a_file(plan_file, scenario, tmp_path):
    sweep = mc.Sweep({"small": scenario}, axes=AXES, **COMMON)
    ours = mc.run_sweep(sweep, tmp_path / "python", workers=1)
    assert_same(ours, mc.run_sweep(plan_file, tmp_path / "file", workers=1))
    # Either continues the other's folder: the manifest is the same.
    assert_same(ours, mc.run_sweep(plan_file, tmp_path / "python", workers=1))
    assert mc.load(tmp_path / "python" / "result.h5").sizes["point"] == 9


@pytest.mark.parametrize(
    ("tables", "arguments"),
    [
        (
            '[design]\nkind = "saltelli"\nsize = 8\nseed = 3\n[[axes]]\naddress = "response.gap"\n'
            'distribution = { kind = "normal", mean = 0.5, sd = 0.1, low = 0.1 }\n',
            {
                "design": {"kind": "saltelli", "size": np.int64(8), "seed": 3},
                "axes": {
                    "response.gap": {
                        "distribution": {"kind": "normal", "mean": 0.5, "sd": 0.1, "low": 0.1}
                    }
                },
            },
        ),
        (
            '[design]\nkind = "zip"\n[[axes]]\naddress = ["response.gap", "response.war_cost"]\n'
            'name = "both"\nvalues = [0.5, 0.75]\n[[axes]]\naddress = "run.horizon"\n'
            "values = [5, 6]\n",
            {
                "design": "zip",
                "axes": [
                    {
                        "address": ("response.gap", "response.war_cost"),
                        "name": "both",
                        "values": np.linspace(0.5, 0.75, 2),
                    },
                    {"address": "run.horizon", "values": range(5, 7)},
                ],
            },
        ),
        (
            '[design]\nkind = "one-at-a-time"\n[[axes]]\naddress = "actors.AAA.major"\n'
            "values = [true, false]\n",
            {"design": "one-at-a-time", "axes": {"actors.AAA.major": np.array([True, False])}},
        ),
    ],
    ids=["saltelli", "zip", "one-at-a-time"],
)
def test_every_design_has_the_points_of_its_plan(plan_file, scenario, tables, arguments):
    from mcescalate.sweep.design.reading import load_sweep
    from mcescalate.sweep.schedule.shards import Costs
    from mcescalate.sweep.store.manifest import describe

    plan_file.write_text(plan_file.read_text().split("[[axes]]")[0] + tables)
    sweep = mc.Sweep({"small": scenario}, **arguments, **COMMON)
    stored = describe(load_sweep(plan_file), Costs(), (200,))
    assert describe(sweep, Costs(), (200,)) == stored


def test_a_table_of_points_is_read_from_the_current_folder(scenario, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "points.csv").write_text("response.gap,run.horizon\n0.5,5\n0.7,6\n")
    sweep = mc.Sweep(scenario, design={"kind": "table", "file": "points.csv"}, chains=10, seed=1)
    assert sweep.horizons.tolist() == [5, 6]


def test_precision_is_wanted_in_either_form(scenario):
    wanted = {"of": "war", "half_width": 0.02, "max_chains": 5000}
    as_table = mc.Sweep(scenario, precision=wanted, seed=1)
    as_text = mc.Sweep(scenario, precision="war=2%", max_chains=5000, seed=1)
    assert as_table.plan == as_text.plan


def test_running_it_leaves_it_as_it_is(scenario, tmp_path):
    sweep = mc.Sweep(scenario, axes={"response.gap": [0.2]}, chains=10)
    result = mc.run_sweep(sweep, tmp_path / "out", options={"chains": 20}, workers=1)
    assert result["n_chains"].values.tolist() == [20]
    assert sweep.plan.chains == 10 and sweep.plan.seed is None


def test_bases_are_named_by_mapping_title_or_file(plan_file, scenario):
    path = plan_file.parent / "small.toml"
    sweep = mc.Sweep([scenario, path, "july-1914"], chains=1)
    assert [name for name, _ in sweep.bases] == ["Two rivals and an ally", "small", "july-1914"]
    with pytest.raises(ScenarioError, match='"small" is the name of two scenarios'):
        mc.Sweep([path, path], chains=1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"axes": {"response.gap": 0.5}, "chains": 1}, r"axes\[0\].values: expected an array"),
        ({"axes": {"response.gap": ["much"]}, "chains": 1}, r"values\[0\]: expected a number"),
        ({"axes": {"response.gap": {"lo": 0.1}}, "chains": 1}, r"axes\[0\].lo"),
        ({"axes": "response.gap", "chains": 1}, "axes: expected a mapping from addresses"),
        ({"axes": [0.5], "chains": 1}, r"axes\[0\]"),
        ({"design": "lattice", "chains": 1}, "design.kind"),
        ({"axes": {"response.gap": [0.1]}}, "expected either chains or a table"),
        ({"chains": 1, "precision": {"of": "war"}}, "precision.half_width"),
        ({"chains": 1, "precision": "war=2%", "max_chains": 9}, "expected one of them, found both"),
        (
            {"chains": 1, "precision": {"half_width": 0.1, "max_chains": 9}},
            "expected either chains or a table",
        ),
        ({"precision": "war=2%"}, "max-chains"),
        ({"chains": 1.5}, "chains: expected a whole number"),
    ],
)
def test_a_wrong_argument_is_named(scenario, arguments, message):
    with pytest.raises((ScenarioError, UsageError), match=message):
        mc.Sweep(scenario, **arguments)


@pytest.mark.parametrize("base", [7, None, [], [7], {"": "july-1914"}, {1: "july-1914"}])
def test_a_wrong_base_is_named(base):
    with pytest.raises(UsageError, match=r"^Sweep: base: expected"):
        mc.Sweep(base, chains=1)


def test_a_point_that_is_invalid_is_named_before_anything_is_simulated(scenario, tmp_path):
    sweep = mc.Sweep(scenario, axes={"trigger.accident": [0.2, 7.0]}, chains=10, seed=1)
    with pytest.raises(ScenarioError, match=r"point 1: trigger\.accident"):
        mc.run_sweep(sweep, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_neither_a_sweep_nor_a_plan_is_refused(tmp_path):
    with pytest.raises(UsageError, match="expected a Sweep or a plan file"):
        mc.run_sweep(7, tmp_path)


def test_the_example_of_its_docstring_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    tests = [test for test in doctest.DocTestFinder().find(python_sweeps) if test.examples]
    assert [test.name for test in tests] == ["mcescalate.sweep.design.sweep.Sweep"]
    assert doctest.DocTestRunner().run(tests[0]).failed == 0
