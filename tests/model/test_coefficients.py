"""The rows of coefficients make sense, each for itself and together."""

import subprocess
import sys

import pytest

from mcescalate.model.coefficients import COEFFICIENTS, FIELDS, TABLES, rows_of


def test_names_are_unique_and_tables_stand_together():
    assert len(set(FIELDS)) == len(COEFFICIENTS)
    assert [row for table in TABLES for row in rows_of(table)] == list(COEFFICIENTS)
    assert FIELDS[0] == "arms_periods"
    assert COEFFICIENTS[0].address == "arms.periods"


@pytest.mark.parametrize("row", COEFFICIENTS, ids=lambda row: row.address)
def test_each_row_is_complete(row):
    assert row.lower <= row.default <= row.upper
    assert row.neutral is None or row.lower <= row.neutral <= row.upper
    assert row.unit
    assert row.source
    assert row.meaning.endswith(".")
    if row.integer:
        assert all(float(value).is_integer() for value in (row.lower, row.default, row.upper))


def test_the_rows_need_no_library():
    code = (
        "import sys, mcescalate.model.coefficients; "
        "assert not {'numpy', 'numba', 'pydantic'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
