"""Result files: what is in them, and that they come back as they were or not at all."""

import json
import os
import threading

import h5py
import numpy as np
import pytest
import xarray as xr
from samples import small_scenario

import mcescalate as mc
from mcescalate.errors import DataError, OutputError, ResourceError
from mcescalate.model.counts import COUNTS
from mcescalate.results.files import atomic
from mcescalate.results.files.canonical import DIGEST, content_digest


def no_drafts(folder) -> bool:
    return not [file for file in folder.iterdir() if file.name.endswith(".tmp")]


def test_a_result_comes_back_as_it_was(whole, tmp_path):
    mc.save(whole, tmp_path / "a.h5")
    back = mc.load(tmp_path / "a.h5")
    assert back.attrs.pop(DIGEST) == content_digest(whole)
    xr.testing.assert_identical(back, whole)
    assert all(back[name].dtype == whole[name].dtype for name in whole.variables)
    assert no_drafts(tmp_path)


def test_equal_results_make_equal_files(whole, image, tmp_path):
    (tmp_path / "a.h5").write_bytes(image)
    mc.save(mc.load(tmp_path / "a.h5"), tmp_path / "b.h5")
    assert (tmp_path / "b.h5").read_bytes() == image


def test_plain_xarray_and_h5py_read_it(whole, tmp_path):
    file = tmp_path / "a.h5"
    mc.save(whole, file)
    for engine in (None, "h5netcdf"):
        with xr.open_dataset(file, engine=engine) as opened:
            assert opened["outcome_count"].equals(whole["outcome_count"])
            assert opened["actor"].values.tolist() == ["AUH", "YUG", "RUS"]
    with h5py.File(file) as opened:
        assert opened["outcome_count"][:].tolist() == whole["outcome_count"].values.tolist()
        assert json.loads(opened.attrs["provenance"])["rng"]["seed"] == whole.attrs["seed"]
        for count in COUNTS:
            assert opened[count.name].dtype == np.int64
            assert opened[count.name].fletcher32 or not count.dims
            assert opened[count.name].compression == ("gzip" if count.dims else None)


def test_every_variable_says_what_it_is(whole):
    for name, variable in whole.variables.items():
        assert variable.attrs["long_name"], name
        assert variable.dtype.kind == "U" or variable.attrs["units"], name
    assert whole["day"].attrs["units"] == "day"
    assert whole["chain_side"].attrs["flag_values"].tolist() == [-1, 0, 1]
    assert whole["chain_side"].attrs["flag_meanings"] == "neutral initiator target"
    assert whole.attrs["Conventions"].startswith("CF-")


def test_provenance_is_enough_to_make_it_again(whole, scenario):
    from mcescalate.scenario.schema import Scenario

    origin = json.loads(whole.attrs["provenance"])
    again = Scenario.model_validate(origin["parameters"]["scenario"])
    assert again == scenario
    ((first, n_chains),) = origin["rng"]["chains"]
    result = mc.simulate(
        again,
        seed=int(origin["rng"]["seed"]),
        first_chain=first,
        n_chains=n_chains,
        backend="python",
    )
    assert result["actor_peak_count"].equals(whole["actor_peak_count"])
    assert result.attrs["scenario_sha256"] == whole.attrs["scenario_sha256"]
    assert {"numpy", "numba"} <= set(origin["environment"]["libraries"])
    assert os.path.expanduser("~") not in whole.attrs["provenance"]


def test_odd_names_and_long_texts_come_back(tmp_path):
    ids = ("NO", "NA", "nan", "null", "1e5", "TRUE")
    scenario = small_scenario(
        actors=[
            {"id": name, "capability": 1.0, "name": f"Ünïted {name} 🕊", "note": "long " * 3000}
            for name in ids
        ],
        trigger={"initiator": "NO", "target": "NA"},
    )
    result = mc.simulate(scenario, n_chains=2, seed=1, backend="python")
    assert len(result.attrs["provenance"]) > 2**16
    mc.save(result, tmp_path / "a.h5")
    back = mc.load(tmp_path / "a.h5")
    assert back["actor"].values.tolist() == list(ids)
    assert back["actor_name"].values.tolist()[-1] == "Ünïted TRUE 🕊"
    assert back.attrs["provenance"] == result.attrs["provenance"]


def test_a_scenario_without_ties_has_an_empty_dim(tmp_path):
    result = mc.simulate(small_scenario(), n_chains=2, seed=1, backend="python")
    mc.save(result, tmp_path / "a.h5")
    back = mc.load(tmp_path / "a.h5")
    assert back["tie"].shape == (0,) and back["tie"].dtype.kind == "U"
    assert back["tie_fought_count"].shape == (0,)


def test_nothing_is_overwritten_unless_forced(whole, tmp_path):
    file = tmp_path / "a.h5"
    file.write_text("mine")
    with pytest.raises(OutputError, match=r"a\.h5: exists already"):
        mc.save(whole, file)
    assert file.read_text() == "mine"
    mc.save(whole, file, force=True)
    assert mc.load(file).sizes["chain"] == whole.sizes["chain"]


def test_a_file_that_appears_meanwhile_is_kept(whole, tmp_path, monkeypatch):
    file = tmp_path / "a.h5"
    opened = atomic._opened

    def slowly(*arguments):
        file.write_text("mine")
        return opened(*arguments)

    monkeypatch.setattr(atomic, "_opened", slowly)
    with pytest.raises(OutputError, match="exists already"):
        mc.save(whole, file)
    assert file.read_text() == "mine"
    assert no_drafts(tmp_path)


def test_file_systems_without_links_keep_the_promise(whole, tmp_path, monkeypatch):
    def no_links(*_):
        raise PermissionError(1, "no links here")

    monkeypatch.setattr(os, "link", no_links)
    file = tmp_path / "a.h5"
    mc.save(whole, file)
    assert mc.load(file).sizes["chain"] == whole.sizes["chain"]
    (tmp_path / "b.h5").symlink_to(tmp_path / "nowhere")
    with pytest.raises(OutputError, match="exists already"):
        mc.save(whole, tmp_path / "b.h5")
    assert no_drafts(tmp_path)


@pytest.mark.parametrize("force", [False, True])
def test_links_are_not_followed(whole, tmp_path, force):
    target = tmp_path / "target.h5"
    target.write_text("mine")
    for name, goal in (("link.h5", target), ("dangling.h5", tmp_path / "nowhere")):
        link = tmp_path / name
        link.symlink_to(goal)
        if force:
            mc.save(whole, link, force=True)
            assert not link.is_symlink()
        else:
            with pytest.raises(OutputError, match="exists already"):
                mc.save(whole, link)
    assert target.read_text() == "mine"
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize(
    ("number", "kind"),
    [(28, ResourceError), (122, ResourceError), (27, ResourceError), (5, OutputError)],
    ids=["full", "quota", "too large", "broken disk"],
)
@pytest.mark.parametrize("name", ["a.h5", "old.h5"])
def test_a_disk_that_fails_leaves_nothing_behind(whole, tmp_path, monkeypatch, number, kind, name):
    (tmp_path / "old.h5").write_text("old")

    def fail(_):
        raise OSError(number, "failed on purpose")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(kind, match="failed on purpose"):
        mc.save(whole, tmp_path / name, force=True)
    assert [file.name for file in tmp_path.iterdir()] == ["old.h5"]
    assert (tmp_path / "old.h5").read_text() == "old"


def test_an_interruption_leaves_nothing_behind(whole, tmp_path, monkeypatch):
    def interrupt(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        mc.save(whole, tmp_path / "a.h5")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "place", ["missing/a.h5", "file/a.h5", ".", "x" * 300 + ".h5", "a\0b.h5"], ids=ascii
)
def test_places_that_cannot_take_a_file(whole, tmp_path, place):
    (tmp_path / "file").write_text("a file")
    with pytest.raises(OutputError):
        mc.save(whole, f"{tmp_path}/{place}")
    assert [file.name for file in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("name", ["a.csv", "a.pdf", "a.xlsx", "a.nc.gz"])
def test_a_result_is_not_named_like_another_kind_of_file(whole, tmp_path, name):
    with pytest.raises(OutputError, match=r"expected a name ending in \.h5 or \.hdf5 or \.nc"):
        mc.save(whole, tmp_path / name, force=True)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("force", [False, True])
def test_writers_at_once_leave_one_atomic(whole, image, tmp_path, force, monkeypatch):
    monkeypatch.setattr("mcescalate.results.files.store._image", lambda _: memoryview(image))
    file = tmp_path / "a.h5"
    refused = []

    def write():
        try:
            mc.save(whole, file, force=force)
        except OutputError as error:
            refused.append(error)

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == (0 if force else 7)
    assert file.read_bytes() == image
    assert no_drafts(tmp_path)


def test_a_file_replaced_while_open_keeps_its_old_content(whole, pieces, tmp_path):
    file = tmp_path / "a.h5"
    mc.save(whole, file)
    with h5py.File(file, "r") as opened:
        mc.save(pieces[0], file, force=True)
        assert opened["n_chains"][()] == 60
    assert int(mc.load(file)["n_chains"]) == 10


def test_files_that_others_hold_locked_are_read(image, tmp_path):
    file = tmp_path / "a.h5"
    file.write_bytes(image)
    with h5py.File(file, "r+"):
        assert int(mc.load(file)["n_chains"]) == 60


def test_a_digest_sees_every_value_and_attribute(whole):
    def digest(change):
        copy = whole.copy(deep=True)
        change(copy)
        return content_digest(copy)

    def number(copy):
        copy["entry_count"].values[0, 0] += 1

    def text(copy):
        copy["actor_name"].values[0] = "x"

    def attribute(copy):
        copy["entry_count"].attrs["units"] = "2"

    def title(copy):
        copy.attrs["title"] += "x"

    digests = {digest(change) for change in (lambda _: None, number, text, attribute, title)}
    assert len(digests) == 5


def test_missing_files_are_reported(tmp_path):
    with pytest.raises(DataError, match=r"a\.h5: there is no such file"):
        mc.load(tmp_path / "a.h5")
