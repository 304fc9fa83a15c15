"""Sobol' indices and Morris screening on functions whose indices are known, noise and all."""

import csv
import io
import sys

import numpy as np
import pytest
import xarray as xr

from mcescalate.analysis.sweeps.sensitivity import morris, morris_table, parameters_of, sobol
from mcescalate.errors import ExtraMissing, UsageError
from mcescalate.sweep.design.layout import build_design
from mcescalate.sweep.design.plan import Axis, DesignTable

# Ishigami, a = 7, b = 0.1: V = a^2/8 + b pi^4/5 + b^2 pi^8/18 + 1/2.
FIRST = [0.31391, 0.44241, 0.0]
TOTAL = [0.55759, 0.44241, 0.24368]
VARIANCE = 13.84459
NAMES = ("x1", "x2", "x3")


def ishigami(x):
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def uniform_axis(name):
    law = {"kind": "uniform", "low": -np.pi, "high": np.pi}
    return Axis.model_validate({"address": f"response.{name}", "name": name, "distribution": law})


def saltelli(values=ishigami, size=1024, second=False, noise=0.0, shared=0.0, seed=1):
    """A response as a sweep would give it: on a Saltelli design, by block if there is noise."""
    axes = tuple(uniform_axis(name) for name in NAMES)
    design = build_design(
        DesignTable(kind="saltelli", size=size, seed=seed, second_order=second), axes
    )
    coords = {
        "design_block": ("point", np.array(design.blocks, object)),
        "design_sample": ("point", design.samples),
        "base": ("point", np.full(len(design), "base", object)),
    } | {
        name: ("point", design.values[:, k], {"address": f"response.{name}"})
        for k, name in enumerate(NAMES)
    }
    y = values(design.values)
    if not noise:
        return xr.DataArray(y, dims="point", coords=coords, name="y")
    random = np.random.default_rng(5)
    blocks = y[:, None] + noise * random.standard_normal((len(y), 32))
    blocks += shared * random.standard_normal((1, 32))
    return xr.DataArray(blocks, dims=("point", "block"), coords=coords, name="y")


def test_ishigami():
    found = sobol(saltelli(second=True))
    assert found["first"].values == pytest.approx(FIRST, abs=0.03)
    assert found["total"].values == pytest.approx(TOTAL, abs=0.03)
    assert float(found["second"].sel(parameter="x1", partner="x3")) == pytest.approx(
        TOTAL[2], abs=0.05
    )
    assert float(found["variance"]) == pytest.approx(VARIANCE, rel=0.03)
    for name in ("first", "total"):
        truth = {"first": FIRST, "total": TOTAL}[name]
        assert (found[f"{name}_lower"].values <= np.array(truth) + 0.02).all()
        assert (np.array(truth) - 0.02 <= found[f"{name}_upper"].values).all()
    assert found.attrs["noise_corrected"] == 0


@pytest.mark.parametrize("shared", [0.0, 10.0])
def test_ishigami_under_noise(shared):
    """Noise as great as the response, each point's own or partly shared by all points."""
    noisy = saltelli(noise=10.0, shared=shared)
    found = sobol(noisy)
    assert found["total"].values == pytest.approx(TOTAL, abs=0.06)
    assert found["first"].values == pytest.approx(FIRST, abs=0.08)
    assert found.attrs["noise_corrected"] == 1
    raw = sobol(noisy.mean("block"))
    assert (raw["total"] - found["total"] > 0.04).all()


@pytest.mark.slow
def test_measured_coverage():
    """Of 100 designs of 64 samples, at least 78 intervals of each index hold its truth.

    One that covers 90 % fails with a chance of 1.2e-4, of all 6 together 0.07 %.
    """
    hits = []
    for seed in range(100):
        found = sobol(saltelli(size=64, seed=seed))
        hits.append(
            [
                (found[f"{name}_lower"].values <= truth) & (truth <= found[f"{name}_upper"].values)
                for name, truth in (("first", np.array(FIRST)), ("total", np.array(TOTAL)))
            ]
        )
    assert (np.sum(hits, axis=0) >= 78).all(), np.sum(hits, axis=0)


def test_order_of_points_does_not_matter():
    response = saltelli(size=64)
    mixed = response.isel(point=np.random.default_rng(1).permutation(response.sizes["point"]))
    assert sobol(mixed)["total"].values == pytest.approx(sobol(response)["total"].values)


def test_constant_response_has_no_indices():
    found = sobol(saltelli(lambda x: np.full(len(x), 0.25), size=16))
    assert found.attrs["has_variance"] == 0
    assert (found["first"] == 0).all() and (found["total"] == 0).all()


def test_rare_events_keep_their_indices():
    """A probability of a millionth varies as much, in proportion, as a greater one."""
    usual, rare = saltelli(size=64), saltelli(lambda x: 1e-9 * ishigami(x), size=64)
    assert sobol(rare)["total"].values == pytest.approx(sobol(usual)["total"].values)


def test_broken_designs_are_refused():
    response = saltelli(size=16)
    with pytest.raises(UsageError, match="whole"):
        sobol(response.isel(point=slice(1, None)))
    with pytest.raises(UsageError, match="Saltelli"):
        sobol(response.drop_vars("design_block"))
    with pytest.raises(UsageError, match="finish the sweep"):
        sobol(response.where(response["design_sample"] != 3))
    two = response["base"].values.copy()
    two[0] = "other"
    with pytest.raises(UsageError, match="one base"):
        sobol(response.assign_coords(base=("point", two)))


def trajectories(values, noise=0.0):
    ranges = dict.fromkeys((*NAMES, "idle"), (-np.pi, np.pi))
    text = morris_table(ranges, n_trajectories=150, seed=2)
    header, *rows = csv.reader(io.StringIO(text))
    x = np.array(rows, float)
    assert header == list(ranges)
    y = values(x)[:, None] + noise * np.random.default_rng(1).standard_normal((len(x), 32))
    coords = {name: ("point", x[:, k], {"address": name}) for k, name in enumerate(header)}
    return xr.DataArray(y, dims=("point", "block"), coords=coords, name="y")


def test_morris_of_a_plane():
    """Each step's effect is the slope, whatever the place: by hand for slopes 3, -2, 0.5, 0."""
    found = morris(trajectories(lambda x: x @ [3.0, -2.0, 0.5, 0.0] / (2 * np.pi)))
    assert found["mu"].values == pytest.approx([3.0, -2.0, 0.5, 0.0])
    assert found["mu_star"].values == pytest.approx([3.0, 2.0, 0.5, 0.0])
    assert found["rms"].values == pytest.approx([3.0, 2.0, 0.5, 0.0])
    assert found["sigma"].values == pytest.approx([0.0] * 4, abs=1e-9)


def test_morris_without_noise():
    """Noise makes an idle parameter look busy; taken out, it does nothing."""
    clean, noisy = morris(trajectories(ishigami)), morris(trajectories(ishigami, noise=10.0))
    assert float(noisy["mu_star"].sel(parameter="idle")) > 2.0
    assert float(noisy["rms"].sel(parameter="idle")) < 1.0
    assert noisy["rms"].values[:3] == pytest.approx(clean["rms"].values[:3], rel=0.15)


def test_morris_refuses_other_designs():
    whole = trajectories(ishigami)
    with pytest.raises(UsageError, match="whole trajectories"):
        morris(whole.isel(point=slice(1, None)))
    with pytest.raises(UsageError, match="each point to change one parameter"):
        morris(whole.isel(point=np.random.default_rng(1).permutation(whole.sizes["point"])))
    with pytest.raises(UsageError, match="even number"):
        morris_table({"x": (0.0, 1.0)}, levels=3)


def test_parameters_are_the_axes():
    assert parameters_of(saltelli(size=2)) == list(NAMES)


def test_missing_library_is_reported(monkeypatch):
    monkeypatch.setitem(sys.modules, "SALib.analyze.sobol", None)
    with pytest.raises(ExtraMissing, match="sensitivity"):
        sobol(saltelli(size=2))
