"""Where an answer may be written: all faults are found before any work."""

import os

import pytest

from mcescalate.cli import output
from mcescalate.cli.output import check_output
from mcescalate.errors import OutputError, ResourceError


def test_free_path_passes(tmp_path):
    check_output(tmp_path / "new.h5", force=False, n_bytes=1000)


def test_existing_file_needs_force(tmp_path):
    path = tmp_path / "old.h5"
    path.write_text("precious")
    with pytest.raises(OutputError, match="--force"):
        check_output(path, force=False)
    check_output(path, force=True)


def test_dangling_link_counts_as_existing(tmp_path):
    path = tmp_path / "link.h5"
    path.symlink_to(tmp_path / "nowhere")
    with pytest.raises(OutputError, match="exists"):
        check_output(path, force=False)


@pytest.mark.parametrize("force", [False, True])
def test_impossible_places(tmp_path, force):
    (tmp_path / "file").write_text("")
    for path in (tmp_path, tmp_path / "missing" / "x.h5", tmp_path / "file" / "x.h5"):
        with pytest.raises(OutputError):
            check_output(path, force=force)


def test_closed_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write anywhere
    with pytest.raises(OutputError, match="cannot be written"):
        check_output(tmp_path / "x.h5", force=False)


def test_short_disk_names_both_amounts(tmp_path, monkeypatch):
    monkeypatch.setattr(output, "free_disk", lambda folder: 5_000_000)
    with pytest.raises(ResourceError, match=r"3\d\.0 MB.*5\.0 MB") as caught:
        check_output(tmp_path / "x.h5", force=False, n_bytes=30_000_000)
    assert caught.value.exit_code == 4
    check_output(tmp_path / "x.h5", force=True, n_bytes=30_000_000)
