"""Files that are damaged, foreign, too new or hostile: each is refused with one clear message."""

import os
import random
from pathlib import Path

import h5py
import numpy as np
import pytest
import xarray as xr
from unchecked import write_unchecked

import mcescalate as mc
from mcescalate.errors import DataError


def refusal(file: Path) -> str:
    """What is said of a file; it must be one line that begins with the name."""
    with pytest.raises(DataError) as caught:
        mc.load(file)
    message = str(caught.value)
    assert caught.value.exit_code == 3
    assert message.startswith(str(file)) and "\n" not in message and len(message) < 500
    return message.removeprefix(str(file))


@pytest.fixture
def file(image, tmp_path) -> Path:
    """A sound file, to be made unsound."""
    path = tmp_path / "a.h5"
    path.write_bytes(image)
    return path


def test_truncated_files_are_refused(image, file):
    for end in range(0, len(image), len(image) // 40):
        file.write_bytes(image[:end])
        refusal(file)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("n_flips", [12, pytest.param(400, marks=pytest.mark.slow)])
def test_flipped_bits_never_change_what_is_read(image, whole, file, n_flips):
    draw = random.Random(n_flips)
    for _ in range(n_flips):
        flipped = bytearray(image)
        flipped[draw.randrange(len(image))] ^= 1 << draw.randrange(8)
        file.write_bytes(flipped)
        try:
            back = mc.load(file)
        except DataError as error:
            assert str(error).startswith(str(file))
        else:  # a bit that says nothing
            del back.attrs["content_sha256"]
            xr.testing.assert_identical(back, whole)


@pytest.mark.parametrize(
    ("content", "likeness"),
    [
        (b"", "an empty file"),
        (b"schema_version = 1\n", "a text"),
        (b"<!DOCTYPE html><html></html>", "an HTML or XML page"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "a PNG picture"),
        (b"CDF\x01" + bytes(50), "a netCDF 3 file"),
        (b"PK\x03\x04" + bytes(50), "a zip archive"),
        (b"\x93NUMPY\x01\x00" + bytes(50), "an array of numpy"),
        (b"mcescalate shard sha256=00", "a shard of a sweep"),
        (b"\x80\x04\x95cposix\nsystem\n", "another kind of file"),
        (b"\x89HDF\r\n\x1a\n" + bytes(200), None),
    ],
)
def test_foreign_files_are_named(file, content, likeness):
    file.write_bytes(content)
    message = refusal(file)
    if likeness:
        assert "not a mcescalate result" in message and likeness in message


def test_pipes_and_folders_are_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    assert "expected a file, found a pipe" in refusal(tmp_path / "pipe")
    assert "expected a file, found a folder" in refusal(tmp_path)


def test_hdf5_of_others_is_not_a_result(file):
    with h5py.File(file, "w") as h5:
        h5["data"] = np.arange(5)
    assert "not a mcescalate result: it has no schema_version" in refusal(file)


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("schema_version", 3, "written in format 3, this version reads up to 2; upgrade"),
        ("schema_version", "one", "no schema_version"),
        ("rng_layout", "dice/7", 'of the scheme "dice/7", this version knows philox'),
        ("title", "another", "does not match its checksum"),
        ("content_sha256", "0" * 64, "does not match its checksum"),
    ],
)
def test_changed_attributes_are_known(file, key, value, words):
    with h5py.File(file, "r+") as h5:
        h5.attrs[key] = value
    assert words in refusal(file)


def test_changed_counts_are_known(file):
    with h5py.File(file, "r+") as h5:
        h5["outcome_count"][0] += 1
    assert "does not match its checksum" in refusal(file)


def _with_wars_ended(dataset: xr.Dataset) -> xr.Dataset:
    """Records of wars that ended before they began; what is counted by single turns is changed."""
    wars = dataset["chain_war_turn"] >= 0
    dataset["chain_war_turn"] = dataset["chain_war_turn"].where(~wars, 1).astype("int16")
    dataset["war_turn_count"] = dataset["war_turn_count"] * 0
    dataset["war_turn_count"][1] = int(wars.sum())
    dataset["chain_last_turn"] = dataset["chain_last_turn"].where(~wars, 0).astype("int16")
    last = dataset["last_turn_count"]
    for outcome in ("limited_war", "general_war"):
        n = int(last.sel(outcome=outcome).sum())
        last.loc[{"outcome": outcome}] = 0
        last.loc[{"outcome": outcome, "turn": 0}] = n
    return dataset


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d.drop_vars("peak_count"), "peak_count is missing"),
        (lambda d: d.drop_vars("tie"), "the dim tie is missing or has no names"),
        (lambda d: d.assign_coords(side=["left", "right"]), "side has other names"),
        (lambda d: d.assign(peak_count=d["peak_count"] + 0.5), "is not a count"),
        (lambda d: d.assign(peak_count=d["peak_count"] - 1000), "is not a count"),
        (lambda d: d.assign(peak_count=d["peak_count"] + 1), "peak_count does not add up"),
        (lambda d: d.assign(entry_count=d["entry_count"] + 1), "entry_count does not add up"),
        (lambda d: d.drop_vars("chain_side"), "chain_side: missing"),
        (lambda d: d.assign(chain_winner=d["chain_winner"] + 4), "chain 0: expected -1 to 2"),
        (lambda d: d.assign(chain_winner=d["chain_winner"] * 0), "do not add up to winner_count"),
        (lambda d: _with_wars_ended(d), "do not add up to war_length_count"),
        (lambda d: d.assign_attrs(provenance="{"), "has no provenance"),
        (lambda d: d.assign_attrs(provenance="{}"), "provenance: parameters: missing"),
        (lambda d: d.assign_attrs(seed="8"), 'attribute seed: expected "7", as in its provenance'),
    ],
    ids=range(14),
)
def test_contents_that_cannot_be_are_refused(whole, file, change, words):
    with xr.set_options(keep_attrs=True):
        changed = change(whole.copy(deep=True))
    write_unchecked(changed, file)
    assert words in refusal(file)


def _link_outside(h5):
    h5["secret"] = h5py.ExternalLink("/etc/hostname", "/data")


def _link_loop(h5):
    h5["loop"] = h5py.SoftLink("/loop")


def _external_storage(h5):
    h5.create_dataset("secret", (5,), "u1", external=[("/etc/hostname", 0, 5)])


def _external_pipe(h5):
    pipe = Path(h5.filename).with_name("pipe")
    os.mkfifo(pipe)
    h5.create_dataset("secret", (5,), "u1", external=[(str(pipe), 0, 5)])


def _virtual(h5):
    layout = h5py.VirtualLayout((5,), "u1")
    layout[:] = h5py.VirtualSource("/nowhere.h5", "x", (5,))
    h5.create_virtual_dataset("secret", layout)


def _huge(h5):
    h5.create_dataset("huge", (2**40,), "i8", chunks=(1024,), compression="gzip")


def _huge_chunk(h5):
    h5.create_dataset("huge", (1,), "i8", chunks=(2**28,), maxshape=(None,), compression="gzip")


def _bomb(h5):
    data = h5.create_dataset("bomb", (2**28,), "u1", chunks=(2**22,), compression="gzip")
    data[:] = 0


def _text_bomb(h5):
    data = h5.create_dataset("bomb", (4096,), h5py.string_dtype(), fillvalue="x" * 100_000)
    assert len(data[7]) == 100_000


def _groups(h5):
    h5.create_group("/".join(["deep"] * 200))


def _many_attributes(h5):
    for k in range(1000):
        h5["outcome_count"].attrs[f"a{k}"] = k


def _many_objects(h5):
    for k in range(2100):
        h5.create_dataset(f"x{k}", (), "i1")


def _attribute_of_texts(h5):
    h5["outcome_count"].attrs["x"] = ["a"] * 200


def _reference(h5):
    h5.create_dataset("ref", (1,), h5py.ref_dtype)


def _compound(h5):
    h5.create_dataset("pair", (1,), [("a", "i4"), ("b", "i4")])


def _kind(h5):
    h5["kind"] = np.dtype("i4")


def _filter(h5):
    h5.create_dataset("odd", (8,), "i4", chunks=(8,), scaleoffset=0)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (_link_outside, "'secret': a link to another object"),
        (_link_loop, "'loop': a link to another object"),
        (_external_storage, "'secret': its data are in another file"),
        (_external_pipe, "'secret': its data are in another file"),
        (_virtual, "'secret': its data are in another file"),
        (_huge, "'huge': claims"),
        (_huge_chunk, "'huge': claims"),
        (_bomb, "'bomb': claims"),
        (_text_bomb, "its texts claim more bytes"),
        (_groups, "'deep': not a variable"),
        (_many_attributes, "'outcome_count': has 10"),
        (_many_objects, "objects, more than a result can have"),
        (_attribute_of_texts, "attribute 'x': 200 values"),
        (_reference, "'ref': its data type does not occur in results"),
        (_compound, "'pair': its data type does not occur in results"),
        (_kind, "'kind': not a variable"),
        (_filter, "'odd': written through an unknown filter"),
    ],
)
def test_hostile_files_are_refused_unread(file, spoil, words):
    with h5py.File(file, "r+") as h5:
        spoil(h5)
    assert words in refusal(file)
