"""Editors and type checkers see the tables of coefficients that the program makes from its rows."""

import importlib.util
from pathlib import Path

from mcescalate.scenario.form import coefficient_tables

ROOT = Path(__file__).resolve().parents[2]


def test_the_stub_is_that_of_the_rows():
    spec = importlib.util.spec_from_file_location("stub", ROOT / "scripts" / "coefficient_stub.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    stub = Path(coefficient_tables.__file__).with_suffix(".pyi").read_text(encoding="utf-8")
    assert stub == script.stub()
