"""Points: what an axis does to a scenario, seeds, and what is said of invalid points."""

import pytest

from mcescalate.errors import ScenarioError
from mcescalate.sweep.design.reading import load_sweep


def sweep_with(plan_file, axes: str, **options):
    text = plan_file.read_text().split("[[axes]]")[0]
    plan_file.write_text(text + axes)
    return load_sweep(plan_file, options)


def test_every_base_has_every_row(plan_file):
    text = plan_file.read_text().replace(
        "[[axes]]",
        '[[bases]]\nname = "calm"\nscenario = "small.toml"\nsettings = ["response.cost=0.9"]\n'
        "[[axes]]",
        1,
    )
    plan_file.write_text(text)
    sweep = load_sweep(plan_file)
    assert sweep.n_points == 18
    assert [sweep.base_of(p) for p in (0, 8, 9, 17)] == [0, 0, 1, 1]
    assert sweep.scenario(8).response.gap == sweep.scenario(17).response.gap == 0.8
    assert sweep.scenario(17).response.cost == 0.9 != sweep.scenario(8).response.cost


def test_set_scale_and_add(plan_file):
    sweep = sweep_with(
        plan_file,
        '[[axes]]\naddress = "actors.*.capability"\nchange = "scale"\nvalues = [2]\n'
        '[[axes]]\naddress = ["response.up", "response.down"]\nchange = "add"\nvalues = [1.0]\n'
        '[[axes]]\naddress = "run.horizon"\nvalues = [4]\n',
    )
    base, point = sweep.bases[0][1], sweep.scenario(0)
    assert [a.capability for a in point.actors] == [2 * a.capability for a in base.actors]
    assert point.response.up == base.response.up + 1
    assert point.response.down == base.response.down + 1
    assert point.run.horizon == 4
    assert sweep.horizons.tolist() == [4]


def test_axes_follow_one_another(plan_file):
    sweep = sweep_with(
        plan_file,
        '[[axes]]\naddress = "response.gap"\nvalues = [0.5]\n'
        '[[axes]]\nname = "double"\naddress = "response.gap"\nchange = "scale"\nvalues = [2]\n',
    )
    assert sweep.scenario(0).response.gap == 1.0


def test_points_share_their_seed_or_have_their_own(plan_file):
    common = load_sweep(plan_file)
    assert {common.seed_of(p) for p in range(9)} == {11}
    own = load_sweep(plan_file, {"independent": True})
    assert len({own.seed_of(p) for p in range(9)}) == 9
    assert all(0 <= own.seed_of(p) < 2**63 for p in range(9))
    assert [load_sweep(plan_file, {"independent": True}).seed_of(p) for p in range(9)] == [
        own.seed_of(p) for p in range(9)
    ]


def test_invalid_points_are_reported_before_anything_runs(plan_file):
    sweep = sweep_with(
        plan_file,
        '[[axes]]\naddress = "actors.*.tempo"\nchange = "add"\nvalues = [0.1, 0.9]\n'
        '[[axes]]\naddress = "response.gpa"\nvalues = [1]\n',
    )
    with pytest.raises(ScenarioError) as raised:
        sweep.check()
    assert raised.value.name == str(plan_file)
    text = str(raised.value)
    assert 'did you mean "response.gap"' in text
    assert "point 1: actors.BBB.tempo: expected a number from 0 to 1, found 1.4" in text


def test_a_float_where_a_whole_number_is_wanted(plan_file):
    sweep = sweep_with(plan_file, '[[axes]]\naddress = "run.horizon"\nvalues = [4.5]\n')
    with pytest.raises(ScenarioError, match=r"run\.horizon: expected a whole number"):
        sweep.check()
