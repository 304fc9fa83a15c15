"""Shards on disk: whole or not at all, and every damage known."""

import errno
import os
import random
import time
import uuid

import numpy as np
import pytest

from mcescalate.errors import DataError, OutputError, ResourceError
from mcescalate.sweep.schedule.shards import Shard
from mcescalate.sweep.store import shard_files as store
from mcescalate.sweep.store.shard_files import (
    create_file,
    parse_shard,
    read_shard,
    remove_old_temporary_files,
    replace_file,
    shard_image,
)

SHARD = Shard(3, 0, 1, range(5, 7), 2**64 - 10, 10)
ROWS = [np.arange(4, dtype=np.int64), np.array([300, 0, 1, 2], np.int64)]
LENGTHS = [4, 4]


def parse(image, shard=SHARD, lengths=LENGTHS, sweep="abc"):
    return parse_shard(image, shard, lengths, sweep, "x.tally")


@pytest.mark.parametrize("most", [0, 255, 256, 2**16, 2**32 - 2, 2**32 + 5, 2**63 - 1])
def test_counts_of_any_size_come_back(most):
    rows = [np.array([most, 0], np.int64), np.array([1, most], np.int64)]
    back = parse(shard_image(SHARD, rows, "abc"), lengths=[2, 2])
    assert [row.tolist() for row in back] == [row.tolist() for row in rows]
    assert all(row.dtype == np.int64 for row in back)


def test_equal_work_gives_equal_bytes():
    assert shard_image(SHARD, ROWS, "abc") == shard_image(SHARD, [r.copy() for r in ROWS], "abc")


def test_truncated_anywhere_is_known():
    image = shard_image(SHARD, ROWS, "abc")
    for end in range(len(image)):
        with pytest.raises(DataError, match=r"x\.tally"):
            parse(image[:end])


def test_one_bit_flipped_anywhere_is_known():
    image = shard_image(SHARD, ROWS, "abc")
    draw = random.Random(1)
    for _ in range(400):
        flipped = bytearray(image)
        flipped[draw.randrange(len(image))] ^= 1 << draw.randrange(8)
        with pytest.raises(DataError, match=r"x\.tally"):
            parse(bytes(flipped))


@pytest.mark.parametrize(
    "image",
    [b"", b"hello", b"<!DOCTYPE html>", b"\x89PNG\r\n\x1a\n" + bytes(99), b"\x89HDF" + bytes(99)],
)
def test_foreign_files_are_known(image):
    with pytest.raises(DataError, match="not a shard"):
        parse(image)


def test_shards_of_others_are_refused():
    image = shard_image(SHARD, ROWS, "abc")
    with pytest.raises(DataError, match="another sweep"):
        parse(image, sweep="abd")
    other = Shard(3, 0, 1, range(5, 7), 0, 10)
    with pytest.raises(DataError, match="points or chains differ"):
        parse(image, shard=other)
    with pytest.raises(DataError, match="number of counts differs"):
        parse(image, lengths=[4, 5])


def test_a_later_version_is_refused(monkeypatch):
    monkeypatch.setattr(store, "SHARD_VERSION", 2)
    image = shard_image(SHARD, ROWS, "abc")
    monkeypatch.undo()
    with pytest.raises(DataError, match="format 2; upgrade"):
        parse(image)


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (errno.ENOSPC, ResourceError),
        (errno.EDQUOT, ResourceError),
        (errno.EFBIG, ResourceError),
        (errno.EIO, OutputError),
        (errno.ENOLCK, OutputError),
    ],
)
@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_disk_that_fails_leaves_nothing_behind(tmp_path, monkeypatch, code, error, call):
    path = tmp_path / "x.tally"
    path.write_bytes(b"old")

    def fail(*arguments):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, call, fail)
    with pytest.raises(error, match=r"x\.tally"):
        replace_file(path, b"new")
    assert [p.name for p in tmp_path.iterdir()] == ["x.tally"]
    assert path.read_bytes() == b"old"


def test_a_stale_handle_is_asked_again(tmp_path, monkeypatch):
    calls = []
    replace = os.replace

    def stale_once(source, target):
        calls.append(target)
        if len(calls) == 1:
            raise OSError(errno.ESTALE, "stale")
        replace(source, target)

    monkeypatch.setattr(os, "replace", stale_once)
    replace_file(tmp_path / "x", b"new")
    assert len(calls) == 2 and (tmp_path / "x").read_bytes() == b"new"


def test_a_stale_shard_counts_as_not_there(tmp_path, monkeypatch):
    (tmp_path / "shards").mkdir()

    def stale(path):
        raise OSError(errno.ESTALE, "stale")

    monkeypatch.setattr("pathlib.Path.read_bytes", stale)
    assert read_shard(tmp_path, SHARD, LENGTHS, "abc") is None


def test_no_lock_is_taken(tmp_path, monkeypatch):
    import fcntl

    def refused(*arguments):
        raise OSError(errno.ENOLCK, "no locks")

    monkeypatch.setattr(fcntl, "flock", refused)
    monkeypatch.setattr(fcntl, "lockf", refused)
    (tmp_path / "shards").mkdir()
    replace_file(tmp_path / "shards" / SHARD.name, shard_image(SHARD, ROWS, "abc"))
    assert len(read_shard(tmp_path, SHARD, LENGTHS, "abc")) == 2


def test_drafts_of_one_process_number_and_time_do_not_collide(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "getpid", lambda: 42)
    monkeypatch.setattr(time, "time", lambda: 0.0)
    drafts = []
    replace = os.replace
    monkeypatch.setattr(os, "replace", lambda a, b: (drafts.append(str(a)), replace(a, b)))
    for _ in range(3):
        replace_file(tmp_path / "x", b"same")
    assert len(set(drafts)) == 3


def test_old_drafts_are_swept(tmp_path):
    old, new = (tmp_path / f".mcescalate-{uuid.uuid4().hex}.tmp" for _ in range(2))
    old.write_bytes(b"")
    new.write_bytes(b"")
    os.utime(old, (1, 1))
    remove_old_temporary_files(tmp_path)
    assert list(tmp_path.iterdir()) == [new]


def test_a_file_is_created_once(tmp_path, monkeypatch):
    assert create_file(tmp_path / "m", b"first")
    assert not create_file(tmp_path / "m", b"second")
    assert (tmp_path / "m").read_bytes() == b"first"

    def no_links(*arguments):
        raise PermissionError(errno.EPERM, "no links")

    monkeypatch.setattr(os, "link", no_links)
    assert create_file(tmp_path / "n", b"first")
    assert not create_file(tmp_path / "n", b"second")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["m", "n"]
