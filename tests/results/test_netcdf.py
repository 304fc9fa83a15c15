"""Results are written and read without xarray, in files that hold what xarray writes."""

import io
import subprocess
import sys

import h5py
import numpy as np
import pytest
import xarray as xr

import mcescalate as mc
from mcescalate.results.arrays import Arrays
from mcescalate.results.files.canonical import DIGEST, content_digest
from mcescalate.results.files.netcdf import netcdf_image
from mcescalate.results.files.store import load, load_arrays, save
from mcescalate.results.simulate import simulate_arrays

HEAVY = {"xarray", "pandas", "dask", "distributed", "matplotlib", "networkx", "rich", "netCDF4"}
HEAVY |= {"scipy", "coverage", "mcescalate.engine.exact"}

ENCODING = {"zlib": True, "complevel": 1, "shuffle": True, "fletcher32": True}
HIDDEN = {"_Netcdf4Dimid", "_Netcdf4Coordinates", "CLASS", "NAME"}
"""Attributes of the format that netCDF libraries do not show."""

REPORT = """
import sys
from mcescalate.cli import main
code = main(sys.argv[1:])
print(*sys.modules, file=sys.stderr)
sys.exit(code)
"""


@pytest.fixture(scope="module", params=[False, True], ids=["counts", "records"])
def arrays(request) -> Arrays:
    return simulate_arrays(
        mc.load_case("july-1914"), n_chains=40, seed=3, keep_chains=request.param
    )


def test_the_file_holds_what_xarray_writes(arrays, tmp_path):
    ours, theirs = tmp_path / "ours.h5", tmp_path / "theirs.h5"
    save(arrays, ours)
    whole = arrays.to_dataset().assign_attrs({DIGEST: content_digest(arrays)})
    whole.to_netcdf(
        theirs,
        engine="h5netcdf",
        encoding={
            name: {"_FillValue": None, **(ENCODING if row.ndim else {})}
            for name, row in whole.variables.items()
            if row.dtype.kind not in "OU"
        },
    )
    with (
        xr.open_dataset(ours, engine="h5netcdf") as a,
        xr.open_dataset(theirs, engine="h5netcdf") as b,
    ):
        xr.testing.assert_identical(a, b)
        assert list(a.variables) == list(b.variables)
        assert dict(a.sizes) == dict(b.sizes)
        assert set(a.coords) == set(b.coords)
        for name in a.variables:
            assert a[name].dtype == b[name].dtype
            own, other = ({**x[name].encoding, "source": None} for x in (a, b))
            assert own == other, name
    with h5py.File(ours) as a, h5py.File(theirs) as b:
        assert list(a) == list(b)
        for name in a:
            assert a[name].attrs.keys() == b[name].attrs.keys(), name
            for key in HIDDEN & a[name].attrs.keys():
                assert np.array_equal(a[name].attrs[key], b[name].attrs[key]), (name, key)


def test_a_dataset_is_written_as_its_arrays_are(arrays, tmp_path):
    ours, theirs = tmp_path / "ours.h5", tmp_path / "theirs.h5"
    save(arrays, ours)
    save(arrays.to_dataset(), theirs)
    assert ours.read_bytes() == theirs.read_bytes()


def test_truth_values_and_dims_without_labels_or_length(tmp_path):
    data = {
        "yes": ("x", np.array([True, False]), {"long_name": "whether"}),
        "none": (("x", "y"), np.zeros((2, 0)), {}),
        "texts": ("y", np.array([], object), {}),
    }
    arrays = Arrays.of(data, {}, {})
    with xr.open_dataset(io.BytesIO(netcdf_image(arrays)), engine="h5netcdf") as back:
        assert back["yes"].dtype == bool and back["yes"].values.tolist() == [True, False]
        assert dict(back.sizes) == {"x": 2, "y": 0}
        assert back["none"].shape == (2, 0) and list(back.variables) == list(data)


def test_what_is_read_is_what_xarray_reads(arrays, tmp_path):
    path = tmp_path / "run.h5"
    save(arrays, path)
    back = load_arrays(path)
    xr.testing.assert_identical(back.to_dataset(), mc.load(path))
    xr.testing.assert_identical(
        back.to_dataset().drop_attrs(deep=False), arrays.to_dataset().drop_attrs(deep=False)
    )


def test_texts_of_fixed_length_are_left_to_xarray(arrays, tmp_path):
    """As netCDF 3 and R have them: characters along a dim of their own."""
    dataset = mc.load(save_as(arrays, tmp_path / "run.h5"))
    path = tmp_path / "characters.h5"
    dataset.to_netcdf(path, engine="h5netcdf", encoding={"outcome": {"dtype": "S1"}})
    assert load_arrays(path).attrs[DIGEST] == dataset.attrs[DIGEST]


def save_as(arrays: Arrays, path):
    save(arrays, path)
    return path


@pytest.mark.parametrize("read", [mc.load, load, load_arrays])
def test_a_warning_of_additions_points_at_the_caller(arrays, tmp_path, read):
    path = save_as(arrays, tmp_path / "run.h5")
    with h5py.File(path, "a") as file:
        file.attrs["note"] = "for chapter 3"
    with pytest.warns(UserWarning, match="note") as caught:
        read(path)
    assert caught[0].filename == __file__


def test_dims_must_fit():
    with pytest.raises(ValueError, match="along x"):
        Arrays.of({"a": ("x", [1, 2]), "b": ("x", [1])}, {}, {})


def loaded(*words: object) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", REPORT, *map(str, words)], capture_output=True, text=True, check=True
    )
    return set(done.stderr.splitlines()[-1].split())


def test_run_and_show_import_nothing_that_they_do_not_use(tmp_path):
    path = tmp_path / "out.h5"
    run = loaded("run", "july-1914", "-n", 1000, "--seed", 1, "-o", path)
    assert run.isdisjoint(HEAVY)
    assert {"llvmlite", "h5py"} <= run
    shown = loaded("show", path)
    assert shown.isdisjoint(HEAVY | {"numba"})
    assert "h5py" in shown


def test_a_dataset_is_what_xarray_itself_makes_of_the_arrays(arrays):
    straight = xr.Dataset(arrays.data_vars, arrays.coords, arrays.attrs)
    for _ in range(2):
        made = arrays.to_dataset()
        xr.testing.assert_identical(made, straight)
        assert list(made.variables) == list(straight.variables)
        assert list(made.indexes) == list(straight.indexes)
        for name, variable in straight.variables.items():
            assert made.variables[name].dtype == variable.dtype
        made["actor"].attrs["note"] = "of this one alone"
