"""A small scenario and the program as a user calls it."""

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from mcescalate.cli import main

SMALL = """\
schema_version = 1
title = "Two rivals and an ally"

[[actors]]
id = "AAA"
name = "Aland"
capability = 0.3

[[actors]]
id = "BBB"
name = "Bland"
capability = 0.2

[[actors]]
id = "CCC"
name = "Cland"
capability = 0.1

[[ties]]
from = "CCC"
to = "BBB"
kind = "defence"

[[dyads]]
a = "AAA"
b = "BBB"
rivalry = 1.0

[trigger]
initiator = "AAA"
target = "BBB"
accident = 0.5

[run]
horizon = 10
"""


@pytest.fixture
def scenario_file(tmp_path) -> Path:
    """A valid scenario of three actors, in a folder of its own."""
    path = tmp_path / "small.toml"
    path.write_text(SMALL, encoding="utf-8")
    return path


class Answer(NamedTuple):
    """What a command left: its exit code and its streams."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def mcescalate(tmp_path, monkeypatch, capsys) -> Callable[..., Answer]:
    """Call the program with words, in this process and in `tmp_path`."""
    monkeypatch.chdir(tmp_path)

    def call(*words: object, **settings: str) -> Answer:
        capsys.readouterr()
        with monkeypatch.context() as during:
            for name, value in settings.items():
                during.setenv(name, value)
            code = main([str(word) for word in words])
        return Answer(code, *capsys.readouterr())

    return call


@pytest.fixture
def mcescalate_process(tmp_path) -> Callable[..., subprocess.CompletedProcess]:
    """Call the program with words, as a process in `tmp_path`; its streams come back as text."""

    def call(*words: object, **settings: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, "-m", "mcescalate", *map(str, words)],
            cwd=tmp_path,
            env={**os.environ, **settings},
            capture_output=True,
            text=True,
            errors="replace",
            timeout=120,
            stdin=subprocess.DEVNULL,
        )

    return call


@pytest.fixture
def shown_on_a_terminal(tmp_path) -> Callable[..., str]:
    """Call the program with words, as a process in `tmp_path`; what a terminal shows."""
    if not hasattr(os, "openpty"):
        pytest.skip("needs a terminal")

    def call(*words: object) -> str:
        controller, terminal = os.openpty()
        reported = bytearray()

        def watch() -> None:
            """Read on: a terminal holds little, and a program that writes to a full one waits."""
            with contextlib.suppress(OSError):  # nobody writes any more
                while part := os.read(controller, 4096):
                    reported.extend(part)

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            subprocess.run(
                [sys.executable, "-m", "mcescalate", *map(str, words)],
                cwd=tmp_path,
                stdout=subprocess.PIPE,
                stderr=terminal,
                env={**os.environ, "TERM": "xterm"},
                check=True,
                timeout=120,
            )
        finally:
            os.close(terminal)
            watcher.join(timeout=60)
            os.close(controller)
        return reported.decode()

    return call
