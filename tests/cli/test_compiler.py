"""A run finds no packages that it does not use; others, and later imports, find them."""

import importlib
import subprocess
import sys

import pytest

from mcescalate.cli.compiler import absent

LATER = """
import sys
from mcescalate.cli.compiler import UNUSED, load_compiler
load_compiler()
assert "numba" in sys.modules and sys.modules.keys().isdisjoint(UNUSED)
import scipy.linalg.cython_blas, coverage
load_compiler()
assert set(UNUSED) <= sys.modules.keys()
"""


def test_packages_are_absent_within_the_block_alone(monkeypatch):
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    with absent("colorsys", "json"):
        assert importlib.import_module("json")  # it is loaded already
        with pytest.raises(ModuleNotFoundError):
            importlib.import_module("colorsys")
    assert importlib.import_module("colorsys")


def test_packages_come_back_after_an_error(monkeypatch):
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    with pytest.raises(ZeroDivisionError), absent("colorsys"):
        raise ZeroDivisionError
    assert importlib.import_module("colorsys")


def test_what_the_compiler_does_not_need_can_be_imported_later():
    done = subprocess.run([sys.executable, "-c", LATER], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
