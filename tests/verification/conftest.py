"""Exact solutions that several tests of this folder look at, and the report of the long ones."""

import functools
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import xarray as xr
from verification.agreement import Cells
from verification.report import write_report
from verification.small_worlds import MAIN, SMALL_WORLDS

import mcescalate as mc


@pytest.fixture(scope="session")
def exact_of() -> Callable[[str], xr.Dataset]:
    """Exact solution of a small world, by name; worked out once."""
    return functools.cache(lambda name: mc.solve(SMALL_WORLDS[name]))


@pytest.fixture(scope="session")
def exact_of_main() -> Callable[[str], xr.Dataset]:
    """The same of a world with everything on, over all its turns: a minute for four actors."""
    return functools.cache(lambda name: mc.solve(MAIN[name]))


@pytest.fixture(scope="session")
def note() -> Iterator[Callable[[str, Cells, float], None]]:
    """Note the cells of a world, with its false-alarm rate, for the report.

    The report goes into the folder named by MCESCALATE_REPORT; without it none is written.
    """
    noted: dict[str, Cells] = {}
    rates: dict[str, float] = {}

    def add(name: str, seen: Cells, rate: float) -> None:
        noted[name], rates[name] = seen, rate

    yield add
    folder = os.environ.get("MCESCALATE_REPORT")
    if folder and noted:
        write_report(noted, rates, Path(folder))
