"""Where an answer may be written: all faults are found before any work."""

import os
from pathlib import Path

import pytest

from mcescalate.cli import output_file
from mcescalate.cli.output_file import check_output
from mcescalate.errors import OutputError, ResourceError
from mcescalate.results.files.atomic import write_atomically
from mcescalate.results.files.kinds import (
    PAGE,
    PARQUET,
    RESULT,
    SCENARIO,
    STATUS,
    TABLE,
)


def test_free_path_passes(tmp_path):
    check_output(tmp_path / "new.h5", RESULT, force=False, n_bytes=1000)


def test_existing_file_needs_force(tmp_path):
    path = tmp_path / "old.h5"
    path.write_text("precious")
    with pytest.raises(OutputError, match="--force"):
        check_output(path, RESULT, force=False)
    check_output(path, RESULT, force=True)


def test_dangling_link_counts_as_existing(tmp_path):
    path = tmp_path / "link.h5"
    path.symlink_to(tmp_path / "nowhere")
    with pytest.raises(OutputError, match="exists"):
        check_output(path, RESULT, force=False)


@pytest.mark.parametrize("force", [False, True])
def test_impossible_places(tmp_path, force):
    (tmp_path / "file").write_text("")
    for path in (tmp_path, tmp_path / "missing" / "x.h5", tmp_path / "file" / "x.h5"):
        with pytest.raises(OutputError):
            check_output(path, RESULT, force=force)


def test_closed_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write anywhere
    with pytest.raises(OutputError, match="is not writable"):
        check_output(tmp_path / "x.h5", RESULT, force=False)


def test_short_disk_names_both_amounts(tmp_path, monkeypatch):
    monkeypatch.setattr(output_file, "free_disk", lambda folder: 5_000_000)
    with pytest.raises(ResourceError, match=r"3\d\.0 MB.*5\.0 MB") as caught:
        check_output(tmp_path / "x.h5", RESULT, force=False, n_bytes=30_000_000)
    assert caught.value.exit_code == 4
    check_output(tmp_path / "x.h5", RESULT, force=True, n_bytes=30_000_000)


@pytest.mark.parametrize(
    "kind", [RESULT, TABLE, PARQUET, PAGE, SCENARIO, STATUS], ids=lambda k: k.form
)
def test_an_ending_is_kept_or_refused(tmp_path, kind):
    for ending in (*kind.endings, kind.endings[0].upper(), "", ".5", ".1914"):
        check_output(tmp_path / f"out{ending}", kind, force=False)
    for ending in (".pdf", ".xlsx", ".h5.gz", ".json5", ".v2", ". "):
        with pytest.raises(OutputError, match=f"expected a name ending in {kind.endings[0]}"):
            check_output(tmp_path / f"out{ending}", kind, force=True)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (("run", "small.toml", "-n", 5), RESULT),
        (("exact", "small.toml"), RESULT),
        (("merge", "a.h5", "b.h5"), RESULT),
        (("merge", "folder"), RESULT),
        (("compare", "small.toml", "--without", "accident", "-n", 5), TABLE),
        (("levers", "small.toml", "-n", 5), TABLE),
        (("report", "a.h5"), PAGE),
        (("import", "folder", "--date", "1914-06-28"), SCENARIO),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_commands_refuse_what_they_do_not_write(mcescalate, scenario_file, tmp_path, words, kind):
    for name in ("a.h5", "b.h5"):
        (tmp_path / name).write_text("not looked at")
    (tmp_path / "folder").mkdir()
    before = sorted(tmp_path.iterdir())
    for ending in {".pdf", ".xlsx", ".csv", ".h5", ".html", ".toml"} - {*kind.endings}:
        option = "--csv" if kind is TABLE else "-o"
        done = mcescalate(*words, option, f"out{ending}", "--force")
        assert done.returncode == 2 and f"found {ending}" in done.stderr, done
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("name", ["out.h5", "out.pdf", "out.CSV", "out.json"])
def test_a_folder_is_not_named_like_a_file(mcescalate, scenario_file, tmp_path, name):
    (tmp_path / "plan.toml").write_text(
        'schema_version = 1\nchains = 5\n[[bases]]\nscenario = "small.toml"\n'
    )
    done = mcescalate("sweep", "plan.toml", "--out", name)
    assert done.returncode == 2 and "expected the name of a folder" in done.stderr
    done = mcescalate("sweep", "plan.toml", "--out", "out-0.5", "--status-file", "state.csv")
    assert done.returncode == 2 and "expected a name ending in .json" in done.stderr
    assert not [path for path in tmp_path.iterdir() if "out" in path.name]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with names")
@pytest.mark.parametrize("force", [False, True])
def test_pipes_and_devices_are_never_replaced(tmp_path, force):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, Path(os.devnull)):
        with pytest.raises(OutputError, match="is a pipe, a socket or a device; name a file"):
            check_output(path, RESULT, force=force)
        with pytest.raises(OutputError, match="is a pipe"):
            write_atomically(path, b"", force=force)
    assert pipe.is_fifo()
