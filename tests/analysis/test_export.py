"""CSV that a spreadsheet opens without harm, and plain nested dicts."""

import csv
import io
import json

import pytest
import xarray as xr

from mcescalate.analysis.tables.export import csv_text, to_dict

RISKY = ["=cmd|' /C calc'!A1", "@SUM(1)", "+1", "-2+3", "\t=1", "\r=1", "\n=1"]


@pytest.mark.parametrize("text", RISKY)
def test_no_text_begins_a_formula(text):
    cells = next(csv.reader(io.StringIO(csv_text([text], []), newline="")))
    assert cells == [f"'{text}"]


def test_no_text_hides_a_formula_behind_a_semicolon():
    """Where the comma is the decimal sign, spreadsheets part cells at semicolons."""
    text = csv_text(["a"], [["x;=cmd|' /C calc'!A1"], ["x; @SUM(1);y;-2"]])
    parts = [part.strip() for line in text.splitlines()[1:] for part in line.split(";")]
    assert [part for part in parts if part.startswith(("=", "+", "-", "@"))] == []


def test_harmless_texts_and_numbers_stay():
    rows = [["NO", -1.5, 3, "<script>", 'say "a, b"', "1e5", "a; b"]]
    text = csv_text(["a", "b", "c", "d", "e", "f", "g"], rows)
    assert list(csv.reader(io.StringIO(text)))[1] == [str(cell) for cell in rows[0]]


def estimates(names):
    return xr.Dataset(
        {"probability": (("actor", "side"), [[0.5, float("nan")], [-1.0, 2.0]]), "n": 7},
        {"actor": names, "side": ["a", "b"]},
    )


def test_dict_by_label():
    found = to_dict(estimates(["A", "B"]))
    assert found == {
        "A": {"a": {"probability": 0.5, "n": 7}, "b": {"probability": None, "n": 7}},
        "B": {"a": {"probability": -1.0, "n": 7}, "b": {"probability": 2.0, "n": 7}},
    }
    assert to_dict(estimates(["A", "B"]), "side", "actor")["b"]["B"]["probability"] == 2.0
    assert to_dict(estimates(["A", "B"]).isel(actor=0, side=0)) == {"probability": 0.5, "n": 7}
    json.dumps(found, allow_nan=False)
