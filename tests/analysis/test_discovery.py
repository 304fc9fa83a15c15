"""Boxes of parameters in which an event is likely."""

import sys

import numpy as np
import pytest
import xarray as xr

from mcescalate.analysis.sweeps.discovery import find_boxes
from mcescalate.errors import ExtraMissing, UsageError


@pytest.fixture
def response():
    """0.9 where a > 0.6 and b < 0.4, else 0.1; c does nothing."""
    x = np.random.default_rng(1).random((300, 3))
    y = np.where((x[:, 0] > 0.6) & (x[:, 1] < 0.4), 0.9, 0.1)
    coords = {name: ("point", x[:, k], {"address": name}) for k, name in enumerate("abc")}
    return xr.DataArray(y, dims="point", coords=coords, name="war")


def test_finds_the_corner(response):
    pytest.importorskip("ema_workbench")
    found = find_boxes(response, above=0.5, density=0.95)
    first = found.isel(box=0)
    assert first["is_restricted"].values.tolist() == [True, True, False]
    assert float(first["low"].sel(parameter="a")) == pytest.approx(0.6, abs=0.05)
    assert float(first["high"].sel(parameter="b")) == pytest.approx(0.4, abs=0.05)
    assert float(first["coverage"]) > 0.85
    assert float(first["density"]) >= 0.95
    a, b = response["a"], response["b"]
    inside = (a >= first["low"][0]) & (a <= first["high"][0])
    inside &= (b >= first["low"][1]) & (b <= first["high"][1])
    wanted = response > 0.5
    assert float(first["coverage"]) == pytest.approx(float((inside & wanted).sum() / wanted.sum()))
    assert float(first["density"]) == pytest.approx(float(wanted[inside].mean()))


def test_no_dense_box(response):
    """Points of interest strewn about at random fill no box."""
    pytest.importorskip("ema_workbench")
    strewn = response.copy(data=np.random.default_rng(2).random(300))
    assert find_boxes(strewn, above=0.9, density=0.8, mass=0.1).sizes["box"] == 0


@pytest.mark.parametrize("above", [0.0, 1.0])
def test_nothing_to_separate(response, above):
    pytest.importorskip("ema_workbench")
    with pytest.raises(UsageError, match="above and below"):
        find_boxes(response, above=above)


def test_missing_library_is_reported(response, monkeypatch):
    monkeypatch.setitem(sys.modules, "ema_workbench.analysis", None)
    with pytest.raises(ExtraMissing, match="discovery"):
        find_boxes(response, above=0.5)
