"""Long tables: every count has a row for each of its labels, in CSV as in Parquet."""

import csv

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from small_crisis import crisis

import mcescalate as mc
from mcescalate.analysis.comparison.compare import compare, differences
from mcescalate.analysis.estimation.estimate import shares
from mcescalate.analysis.tables import long_table as long_tables
from mcescalate.analysis.tables.long_table import columns_of, dataset_table, long_table
from mcescalate.analysis.tables.table_files import save_table, write_csv
from mcescalate.errors import ExtraMissing, OutputError, UsageError
from mcescalate.model.counts import COUNTS

PAIRS = {"drawn_in_count", "incident_count"}


def read(path):
    return pd.read_csv(path, keep_default_na=False, na_values=[""], low_memory=False)


@pytest.fixture(scope="module")
def table(result, tmp_path_factory):
    path = tmp_path_factory.mktemp("tables") / "counts.csv"
    save_table(result, path)
    return read(path)


@pytest.mark.parametrize("count", COUNTS, ids=lambda count: count.name)
def test_every_count_is_there_with_its_estimates(count, result, table):
    if count.name == "n_chains":
        return
    rows = table[table["variable"] == count.name]
    found = shares(result, count.name)
    expected = (found if count.dims else found.expand_dims("row")).to_dataframe().reset_index()
    if count.name in PAIRS:
        expected = expected[expected["count"] > 0]
    columns = [*count.dims, "count", "n", "probability", "lower", "upper"]
    rows = rows[columns].sort_values(list(columns)).reset_index(drop=True)
    expected = expected[columns].sort_values(list(columns)).reset_index(drop=True)
    pd.testing.assert_frame_equal(rows, expected, check_dtype=False, rtol=0, atol=0)


def test_other_columns_are_empty(table):
    rows = table[table["variable"] == "outcome_count"]
    others = set(table.columns) - {"variable", "outcome", *long_tables.NUMBERS}
    assert rows[list(others)].isna().all(axis=None)
    assert set(table.columns) >= {"actor", "partner", "turn", "cause", "tie"}


def test_pieces_do_not_change_the_table(result, table, monkeypatch, tmp_path):
    monkeypatch.setattr(long_tables, "MOST_ROWS", 7)
    assert max(len(piece["count"]) for piece in long_table(result)) == 7
    save_table(result, tmp_path / "small.csv")
    pd.testing.assert_frame_equal(read(tmp_path / "small.csv"), table)


def test_one_variable(result):
    (piece,) = long_table(result, "outcome_count")
    assert len(piece["count"]) == 6
    with pytest.raises(UsageError, match='"outcomes": expected one of outcome_count, '):
        list(long_table(result, "outcomes"))


def test_exact_probabilities_are_no_counts():
    solved = mc.solve(crisis())
    (piece,) = long_table(solved, "outcome_count")
    assert "count" not in piece and "n" not in piece
    np.testing.assert_array_equal(piece["probability"], solved["outcome_probability"])
    np.testing.assert_array_equal(piece["lower"], piece["probability"])
    assert {"count", "n"} < set(columns_of(solved))


def test_bounds_are_no_probabilities():
    solved = mc.solve(crisis(), prune=1e-2)
    (piece,) = long_table(solved, "outcome_count")
    assert "probability" not in piece
    lost = float(solved.attrs["mass_lost"])
    assert lost > 0
    np.testing.assert_allclose(piece["upper"] - piece["lower"], lost)


def test_points_have_their_values_and_only_their_labels(tmp_path):
    bases = {"small": crisis(), "short": crisis(run={"horizon": 2})}
    sweep = mc.Sweep(bases, axes={"response.gap": [0.2, 0.8]}, chains=50, seed=1)
    result = mc.run_sweep(sweep, tmp_path / "sweep", workers=1)
    save_table(result, tmp_path / "points.csv")
    table = read(tmp_path / "points.csv")
    assert sorted(table["point"].unique()) == [0, 1, 2, 3]
    assert table.groupby("point")["response.gap"].first().tolist() == [0.2, 0.8, 0.2, 0.8]
    turns = table[table["variable"] == "war_turn_count"].groupby("base")["turn"].max()
    assert turns["short"] == 2 < turns["small"]
    outcomes = table[table["variable"] == "outcome_count"]
    assert (outcomes.groupby("point")["count"].sum() == 50).all()
    np.testing.assert_array_equal(
        outcomes["count"], result["outcome_count"].transpose("point", "outcome").values.ravel()
    )


def test_estimates_of_a_comparison(tmp_path):
    changed = crisis(response={"up": 0.3, "war_cost": 0.0, "gap": 0.9})
    events = differences(compare(crisis(), changed, n_chains=500, seed=1))
    save_table(events, tmp_path / "events.csv")
    table = read(tmp_path / "events.csv").set_index("event")
    assert set(table.columns) == set(events.data_vars)
    for name, values in events.data_vars.items():
        np.testing.assert_array_equal(table[name], values.broadcast_like(events["event"]), name)


def test_datasets_with_other_dims_share_one_table(tmp_path):
    one = xr.Dataset({"share": ("event", [0.5, 1.0]), "n": 7}, {"event": ["a", "b"]})
    two = xr.Dataset({"share": (("actor", "event"), [[0.1]])}, {"actor": ["=X"], "event": ["a"]})
    columns, pieces = dataset_table(one, two)
    write_csv(tmp_path / "both.csv", columns, pieces, force=False)
    rows = list(csv.reader((tmp_path / "both.csv").read_text().splitlines()))
    assert rows == [
        ["event", "actor", "share", "n"],
        ["a", "", "0.5", "7"],
        ["b", "", "1.0", "7"],
        ["a", "'=X", "0.1", ""],
    ]


def test_parquet_holds_the_same(result, table, tmp_path):
    pytest.importorskip("pyarrow")
    save_table(result, tmp_path / "counts.parquet")
    same = pd.read_parquet(tmp_path / "counts.parquet")
    assert list(same.columns) == list(table.columns)
    assert same["count"].dtype.kind == "i" or same["count"].dtype == "Int64"
    for name in table.columns:
        ours, theirs = same[name].to_numpy(), table[name].to_numpy()
        there = ~pd.isna(ours)
        np.testing.assert_array_equal(there, ~pd.isna(theirs), name)
        assert (ours[there] == theirs[there]).all(), name


def test_parquet_names_its_extra(result, tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pyarrow.parquet", None)
    with pytest.raises(ExtraMissing, match=r"mcescalate\[parquet\]"):
        save_table(result, tmp_path / "counts.parquet")
    assert not list(tmp_path.iterdir())


def test_a_name_of_another_kind_is_refused(result, tmp_path):
    with pytest.raises(OutputError, match=r"expected a name ending in \.csv"):
        save_table(result, tmp_path / "counts.xlsx")
    assert not list(tmp_path.iterdir())
