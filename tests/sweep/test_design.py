"""Designs: which points, in which order, from which distributions."""

import itertools

import numpy as np
import pytest
from scipy import stats

from mcescalate.errors import ScenarioError
from mcescalate.sweep.design.distributions import quantiles
from mcescalate.sweep.design.layout import build_design, design_size
from mcescalate.sweep.design.plan import Axis, DesignTable, Distribution
from mcescalate.sweep.design.table import read_table

LISTED = (
    Axis(address="a", values=(1, 2)),
    Axis(address="b", low=0.0, high=1.0, steps=3),
)
DRAWN = (
    Axis(address="a", low=0.0, high=1.0),
    Axis(address="b", low=1.0, high=100.0, spacing="log"),
    Axis(address="c", values=(1, 5, 9)),
)


def test_grid_has_every_combination_with_the_last_axis_fastest():
    design = build_design(DesignTable(), LISTED)
    assert design.values.tolist() == [list(row) for row in itertools.product((1, 2), (0, 0.5, 1))]
    assert design.kinds == ("int", "float")


def test_zip_goes_through_all_axes_together():
    axes = (Axis(address="a", values=(True, False)), Axis(address="b", values=(0.5, 0.25)))
    design = build_design(DesignTable(kind="zip"), axes)
    assert design.values.tolist() == [[1, 0.5], [0, 0.25]]
    assert design.kinds == ("bool", "float")


def test_one_at_a_time_begins_with_the_base_as_it_is():
    design = build_design(DesignTable(kind="one-at-a-time"), LISTED)
    assert design.blocks == ("base", "a", "a", "b", "b", "b")
    assert np.isnan(design.values[0]).all()
    assert (np.isnan(design.values[1:]).sum(axis=1) == 1).all()


def test_log_range_keeps_its_ends():
    axis = Axis(address="a", low=0.01, high=0.3, steps=4, spacing="log")
    values = build_design(DesignTable(), (axis,)).values[:, 0]
    assert values[0] == 0.01 and values[-1] == 0.3
    assert np.diff(np.log(values)) == pytest.approx(np.log(30) / 3)


@pytest.mark.parametrize("kind", ["random", "latin-hypercube", "sobol"])
def test_samples_lie_in_their_ranges_and_come_again(kind):
    table = DesignTable(kind=kind, size=64, seed=3)
    design = build_design(table, DRAWN)
    assert design.values.shape == (64, 3)
    assert ((design.values[:, 0] >= 0) & (design.values[:, 0] <= 1)).all()
    assert ((design.values[:, 1] >= 1) & (design.values[:, 1] <= 100)).all()
    assert set(design.values[:, 2]) == {1, 5, 9}
    assert design.kinds == ("float", "float", "int")
    assert build_design(table, DRAWN).digest() == design.digest()
    assert build_design(table.model_copy(update={"seed": 4}), DRAWN).digest() != design.digest()


@pytest.mark.parametrize("kind", ["latin-hypercube", "sobol"])
def test_one_sample_falls_into_each_stratum(kind):
    design = build_design(DesignTable(kind=kind, size=64), DRAWN[:1])
    assert sorted((design.values[:, 0] * 64).astype(int)) == list(range(64))


@pytest.mark.parametrize("second_order", [False, True])
def test_saltelli_rows_are_a_mixtures_and_b(second_order):
    table = DesignTable(kind="saltelli", size=8, second_order=second_order)
    design = build_design(table, DRAWN)
    n_blocks = 2 + len(DRAWN) * (2 if second_order else 1)
    assert len(design) == design_size(table, DRAWN) == 8 * n_blocks
    samples = design.values.reshape(8, n_blocks, 3)
    names = design.blocks[:n_blocks]
    assert design.blocks == names * 8
    assert design.samples.tolist() == np.repeat(np.arange(8), n_blocks).tolist()
    a, b = samples[:, 0], samples[:, -1]
    assert names[0] == "A" and names[-1] == "B"
    for k, name in enumerate("abc"):
        mixed = samples[:, names.index(f"AB:{name}")]
        for column in range(3):
            assert (mixed[:, column] == (b if column == k else a)[:, column]).all()
        if second_order:
            mixed = samples[:, names.index(f"BA:{name}")]
            for column in range(3):
                assert (mixed[:, column] == (a if column == k else b)[:, column]).all()


def test_sizes_are_known_without_laying_out():
    for kind, axes in (("grid", LISTED), ("one-at-a-time", LISTED), ("zip", LISTED[:1])):
        table = DesignTable(kind=kind)
        assert design_size(table, axes) == len(build_design(table, axes))
    huge = tuple(Axis(address=f"a{k}", low=0, high=1, steps=10**4) for k in range(2))
    assert design_size(DesignTable(), huge) == 10**8


U = (np.arange(4000) + 0.5) / 4000


@pytest.mark.parametrize(
    ("table", "law"),
    [
        ({"kind": "uniform", "low": -1.0, "high": 3.0}, stats.uniform(-1, 4)),
        ({"kind": "log-uniform", "low": 0.1, "high": 10.0}, stats.loguniform(0.1, 10)),
        ({"kind": "normal", "mean": 2.0, "sd": 0.5}, stats.norm(2, 0.5)),
        (
            {"kind": "normal", "mean": 0.0, "sd": 1.0, "low": -0.5, "high": 2.0},
            stats.truncnorm(-0.5, 2),
        ),
        (
            {"kind": "normal", "mean": 0.0, "sd": 1.0, "low": 12.0},  # beyond what doubles resolve
            stats.truncnorm(12, np.inf),
        ),
        ({"kind": "log-normal", "median": 3.0, "spread": 0.4}, stats.lognorm(0.4, scale=3)),
        ({"kind": "triangular", "low": 1.0, "mode": 2.0, "high": 4.0}, stats.triang(1 / 3, 1, 3)),
        ({"kind": "beta", "a": 2.0, "b": 3.0, "low": 0.0, "high": 2.0}, stats.beta(2, 3, 0, 2)),
    ],
    ids=lambda value: value["kind"] if isinstance(value, dict) else "",
)
def test_quantiles_are_those_of_the_law(table, law):
    axis = Axis(address="a", distribution=Distribution(**table))
    assert quantiles(axis, U) == pytest.approx(law.ppf(U), rel=1e-9, abs=1e-9)
    assert np.isfinite(quantiles(axis, np.array([0.0, 1.0 - 2**-53]))).all()


def test_whole_numbers_keep_the_strata_of_sobol_sequences():
    whole = Axis(address="a", distribution=Distribution(kind="whole", low=0, high=3))
    edges = np.arange(8) / 8
    assert quantiles(whole, edges).tolist() == [0, 0, 1, 1, 2, 2, 3, 3]


def test_a_truncated_log_normal_is_the_exponential_of_a_truncated_normal():
    law = {"kind": "log-normal", "median": 3.0, "spread": 0.4, "low": 2.0, "high": 5.0}
    values = quantiles(Axis(address="a", distribution=Distribution(**law)), U)
    low, high = np.log(np.array([2.0, 5.0]) / 3.0) / 0.4
    assert np.log(values / 3.0) / 0.4 == pytest.approx(stats.truncnorm(low, high).ppf(U), rel=1e-9)
    assert values.min() >= 2.0 and values.max() <= 5.0


def test_whole_numbers_and_listed_values_come_equally_often():
    whole = Axis(address="a", distribution=Distribution(kind="whole", low=2, high=5))
    assert np.bincount(quantiles(whole, U).astype(int)).tolist() == [0, 0, 1000, 1000, 1000, 1000]
    listed = Axis(address="a", values=(0.5, 7.0))
    assert np.unique(quantiles(listed, U), return_counts=True)[1].tolist() == [2000, 2000]


def test_a_table_is_taken_row_by_row(plan_file, tmp_path):
    from mcescalate.sweep.design.reading import load_sweep

    text = plan_file.read_text().split("[[axes]]")[0]
    plan_file.write_text(
        text + '[design]\nkind = "table"\nfile = "points.csv"\n'
        '[[axes]]\nname = "shift"\naddress = "actors.*.resolve"\nchange = "add"\n'
    )
    (tmp_path / "points.csv").write_bytes(
        b"\xef\xbb\xbfresponse.gap,shift,actors.AAA.major,run.horizon\n0.5,0,true,5\n0.7,1,false,6\n"
    )
    sweep = load_sweep(plan_file)
    sweep.check()
    assert sweep.n_points == 2
    second = sweep.scenario(1)
    assert second.response.gap == 0.7
    assert {actor.resolve for actor in second.actors} == {1.0}
    assert [actor.major for actor in sweep.scenario(0).actors] == [False, True, False]
    assert sweep.horizons.tolist() == [5, 6]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "expected a row of column names"),
        (b"a,b\n1,2\n3\n", "row 3: expected 2 columns, found 1"),
        (b"a;b\n1;2\n", 'expected commas between columns, found ";"'),
        (b"a,b\n1,nan\n", 'row 2, column "b": expected a number'),
        (b"a,b\n1,1e400\n", 'row 2, column "b": expected a number'),
        (b'a,b\n1,"0,5"\n', 'row 2, column "b": expected a number, true or false, found "0,5"'),
        (b"a,a\n1,2\n", 'each once, found "a"'),
        (b"a\ntrue\n1\n", 'column "a": expected all numbers'),
        (b'a\n"1\n', "not CSV"),
        (b"a\n\xff\n", "not UTF-8"),
        (b"a\n" + b"1" * 200_000, "not CSV: field larger than field limit"),
        (b" " * (2**24 + 1), "larger than 16 MiB"),
    ],
)
def test_a_wrong_table_is_reported_by_row_and_column(data, problem):
    with pytest.raises(ScenarioError) as raised:
        read_table(data, "points.csv")
    assert problem in str(raised.value)
