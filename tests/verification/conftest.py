"""Exact solutions that several tests of this folder look at; each is worked out once."""

import functools
from collections.abc import Callable

import pytest
import xarray as xr
from verification.small_worlds import SMALL_WORLDS

import mcescalate as mc


@pytest.fixture(scope="session")
def exact_of() -> Callable[[str], xr.Dataset]:
    """Exact solution of a small world, by name."""
    return functools.cache(lambda name: mc.solve(SMALL_WORLDS[name]))
