"""Inputs that are no regular files: nothing hangs, nothing grows; each is reported in a line."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from mcescalate import inputs
from mcescalate.errors import DataError, UsageError
from mcescalate.inputs import open_regular, read_input, read_regular

PATIENCE = 300
"""Seconds after which a process counts as hanging; all of these end at once."""

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with names")


@pytest.fixture
def odd(tmp_path) -> dict[str, Path]:
    """Names that lead to something else than a file."""
    places = {name: tmp_path / name for name in ("folder", "pipe", "socket", "loop")}
    places["folder"].mkdir()
    os.mkfifo(places["pipe"])
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(places["socket"]))
    server.close()
    places["loop"].symlink_to(places["loop"])
    places["link"] = tmp_path / "link"
    places["link"].symlink_to(places["pipe"])
    return places | {"zero": Path("/dev/zero"), "terminal": Path("/dev/tty")}


KINDS = {
    "folder": "expected a file, found a folder",
    "pipe": "expected a file, found a pipe",
    "link": "expected a file, found a pipe",
    "socket": "expected a file, found a socket",
    "zero": "expected a file, found a device",
    "terminal": "expected a file, found a device",
    "loop": "cannot be read: Too many levels of symbolic links",
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_file_is_named(odd, kind):
    for read in (read_input, read_regular):
        with pytest.raises(UsageError) as caught:
            read(odd[kind], 100)
        assert f"{odd[kind]}: {KINDS[kind]}" in str(caught.value)
    with pytest.raises(DataError):
        open_regular(odd[kind], DataError)


@pytest.mark.parametrize("kind", KINDS)
def test_every_command_refuses_it(mcescalate, scenario_file, odd, kind):
    it = odd[kind]
    for words in (
        ("check", it),
        ("run", it),
        ("trace", it, "--chain", 0),
        ("compare", scenario_file, it),
        ("check", scenario_file, "--overlay", it),
        ("sweep", it, "-o", "out"),
        ("show", it),
        ("report", it),
        ("merge", it, scenario_file, "-o", "both.h5"),
    ):
        done = mcescalate(*words)
        assert done.returncode in (2, 3), words
        assert len(done.stderr.splitlines()) == 1, done.stderr
        assert done.stdout == ""


def test_a_file_that_the_system_makes_up_is_read_within_bounds():
    path = Path("/proc/self/environ")
    if not path.exists():
        pytest.skip("needs /proc")
    assert len(read_input(path, 3)) == 4


def test_a_pipe_that_takes_the_place_of_a_file_is_seen(tmp_path, monkeypatch):
    path = tmp_path / "file"
    path.write_text("x")
    real = os.open

    def swap(name, flags):
        path.unlink()
        os.mkfifo(path)
        return real(name, flags)

    monkeypatch.setattr("os.open", swap)
    with pytest.raises(UsageError, match="found a pipe"):
        read_input(path, 10)


# ------------------------------------------------------------------ standard input


@pytest.fixture
def ask(tmp_path):
    """Call the program as a process with bytes or a stream as its standard input."""

    def call(*words, stdin) -> subprocess.CompletedProcess:
        given = {"input": stdin} if isinstance(stdin, bytes) else {"stdin": stdin}
        return subprocess.run(
            [sys.executable, "-m", "mcescalate", *map(str, words)],
            cwd=tmp_path,
            capture_output=True,
            timeout=PATIENCE,
            **given,
        )

    return call


@pytest.mark.parametrize("name", ["-", "/dev/stdin"])
def test_a_scenario_may_come_from_standard_input(ask, scenario_file, name):
    done = ask("check", name, stdin=scenario_file.read_bytes())
    assert done.returncode == 0, done.stderr
    assert b"valid\nTwo rivals and an ally\n" in done.stdout


def test_standard_input_is_read_once_and_used_twice(ask, scenario_file):
    words = ("compare", "-", "--without", "mediator", "-n", 20, "--backend", "python")
    done = ask(*words, stdin=scenario_file.read_bytes())
    assert done.returncode == 0, done.stderr


def test_overlay_and_plan_may_come_from_standard_input(ask, scenario_file):
    overlay = b"[response]\ngap = 1.5\n"
    assert ask("check", scenario_file, "--overlay", "-", stdin=overlay).returncode == 0
    plan = b"schema_version = 1\nchains = 5\nseed = 1\n[[bases]]\nscenario = 'small.toml'\n"
    done = ask("sweep", "-", "-o", "out", "--dry-run", stdin=plan)
    assert done.returncode == 0, done.stderr


def test_standard_input_of_any_kind_ends(ask):
    with open("/dev/zero", "rb") as zero:
        done = ask("check", "-", stdin=zero)
    assert done.returncode == 2 and b"larger than 16 MiB" in done.stderr
    done = ask("check", "-", stdin=subprocess.DEVNULL)
    assert done.returncode == 2 and b"schema_version: missing" in done.stderr
    controller, terminal = os.openpty()
    try:
        done = ask("check", "-", stdin=terminal)
    finally:
        os.close(terminal)
        os.close(controller)
    assert done.returncode == 2 and b"is a terminal" in done.stderr


def test_standard_input_that_brings_nothing_is_not_waited_for(monkeypatch):
    reader, writer = os.pipe()
    monkeypatch.setattr(inputs, "LONGEST_SILENCE", 0.05)
    with open(reader, "rb", buffering=0) as stream:
        monkeypatch.setattr("sys.stdin", stream)
        with pytest.raises(UsageError, match=r"standard input: no data for 0\.05 seconds"):
            read_input("-", 100)
        os.close(writer)


def test_standard_input_that_drips_is_not_waited_for(monkeypatch):
    reader, writer = os.pipe()
    os.write(writer, b"x")
    monkeypatch.setattr(inputs, "LONGEST_WAIT", 0.05)
    with open(reader, "rb", buffering=0) as stream:
        monkeypatch.setattr("sys.stdin", stream)
        with pytest.raises(UsageError, match=r"no end within 0\.05"):
            read_input("-", 100)
        os.close(writer)


def test_a_closed_standard_input_is_reported(monkeypatch):
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(UsageError, match="standard input: closed"):
        read_input("-", 100)


def test_results_do_not_come_from_standard_input(ask):
    for words in (("show", "-"), ("report", "-", "-o", "a.html")):
        done = ask(*words, stdin=b"\x89HDF")
        assert done.returncode == 3 and b"found a pipe" in done.stderr
