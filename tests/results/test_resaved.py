"""Results that another program stored again: the same result, with what was added named."""

import warnings
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from unchecked import write_unmarked

import mcescalate as mc
from mcescalate.errors import DataError

GOLDEN = Path(__file__).with_name("golden") / "format-1-philox4x32-10-1.h5"


@pytest.fixture
def file(image, tmp_path) -> Path:
    """A result as mcescalate wrote it."""
    path = tmp_path / "a.h5"
    path.write_bytes(image)
    return path


def same(file: Path, whole: xr.Dataset) -> None:
    """See that a file holds the same result, with nothing to warn of."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        back = mc.load(file)
    del back.attrs["content_sha256"]
    xr.testing.assert_identical(back, whole)


@pytest.mark.parametrize("options", [{}, {"decode_coords": False}, {"mask_and_scale": False}])
def test_stored_again_by_xarray(file, whole, tmp_path, options):
    with xr.open_dataset(file, engine="h5netcdf", **options) as opened:
        opened.to_netcdf(tmp_path / "b.nc", engine="h5netcdf")
    same(tmp_path / "b.nc", whole)


def test_stored_again_in_chunks_with_an_unlimited_dim(file, whole, tmp_path):
    with xr.open_dataset(file, engine="h5netcdf") as opened:
        again = opened.load().drop_encoding()
    encoding = {"outcome_count": {"chunksizes": (2,), "zlib": True, "_FillValue": -9}}
    again.to_netcdf(
        tmp_path / "b.nc", engine="h5netcdf", encoding=encoding, unlimited_dims=["chain"]
    )
    same(tmp_path / "b.nc", whole)


def test_the_first_format_is_read_from_a_copy_too(tmp_path):
    with xr.open_dataset(GOLDEN, engine="h5netcdf") as opened:
        opened.to_netcdf(tmp_path / "b.nc", engine="h5netcdf")
    xr.testing.assert_identical(mc.load(tmp_path / "b.nc"), mc.load(GOLDEN))


@pytest.mark.filterwarnings("ignore:.*added since")
@pytest.mark.parametrize("name", ["xarray-netcdf4.nc", "ncdf4.nc", "note-by-netcdf-c.nc"])
def test_stored_again_through_the_netcdf_library(name):
    """The golden file, stored again by xarray with netCDF4; as R's ncdf4 does, with texts as
    tables of characters and whole numbers as floats; and with a note put into it."""
    old, back = mc.load(GOLDEN), mc.load(GOLDEN.parents[1] / "resaved" / name)
    back.attrs.pop("note", None)
    xr.testing.assert_identical(back, old)


@pytest.mark.parametrize(
    "notes", [("mine", "\u00e9\U0001f54a", 3), (1.5, ["a", "b"], np.arange(3))], ids=["1", "2"]
)
def test_notes_are_named_and_kept(file, whole, tmp_path, notes):
    with xr.open_dataset(file, engine="h5netcdf") as opened:
        noted = opened.assign_attrs(note=notes[0], more=notes[1], last=notes[2])
        noted["outcome_count"].attrs |= {"comment": notes[1], "remark": notes[2]}
        noted.to_netcdf(tmp_path / "b.nc", engine="h5netcdf")
    names = "no part of the result: " + ", ".join(
        [
            *(f'attribute "{name}"' for name in ("note", "more", "last")),
            *(f'attribute "{name}" of outcome_count' for name in ("comment", "remark")),
        ]
    )
    with pytest.warns(UserWarning, match=names):
        back = mc.load(tmp_path / "b.nc")
    of_counts = back["outcome_count"].attrs
    found = [back.attrs["note"], back.attrs["more"], back.attrs["last"]]
    found += [of_counts["comment"], of_counts["remark"]]
    for value, note in zip(found, [*notes, *notes[1:]], strict=True):
        assert np.array_equal(value, note)
    with pytest.warns(UserWarning, match="note"):
        mc.save(back, tmp_path / "c.h5")
        again = mc.load(tmp_path / "c.h5")
    assert again.equals(whole)


def test_variables_that_were_added_are_named_and_left_out(file, whole, tmp_path):
    with xr.open_dataset(file, engine="h5netcdf") as opened:
        opened.assign(share=opened["outcome_count"] / 7, phase=("chain", np.arange(60))).to_netcdf(
            tmp_path / "b.nc", engine="h5netcdf"
        )
    with pytest.warns(UserWarning, match='variable "share", variable "phase"'):
        assert mc.load(tmp_path / "b.nc").equals(whole)


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.assign(outcome_count=d["outcome_count"][::-1].drop_vars("outcome")),
        lambda d: d.assign_coords(actor=["AUH", "YUG", "FRN"]),
        lambda d: d.assign_attrs(title="another"),
        lambda d: d.assign_attrs(kind="exact"),
        lambda d: d.assign(day=d["day"].assign_attrs(units="h")),
        lambda d: d.assign(turn_present=("turn", d["turn"].values > 0)),
        lambda d: d.drop_attrs(deep=False).assign_attrs(
            {key.replace("title", "titel"): value for key, value in d.attrs.items()}
        ),
    ],
    ids=range(7),
)
def test_what_is_ours_may_not_change(file, tmp_path, change):
    with xr.set_options(keep_attrs=True):
        write_unmarked(change(mc.load(file)), tmp_path / "b.nc")
    with pytest.raises(DataError, match="does not match its checksum"):
        mc.load(tmp_path / "b.nc")
