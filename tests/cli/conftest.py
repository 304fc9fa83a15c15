"""A small scenario and the program as a user calls it."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

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


@pytest.fixture
def mcescalate(tmp_path) -> Callable[..., subprocess.CompletedProcess]:
    """Call the program with words, in `tmp_path`; its streams come back as text."""

    def call(*words: object, **settings: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, "-m", "mcescalate", *map(str, words)],
            cwd=tmp_path,
            env={**os.environ, **settings},
            capture_output=True,
            text=True,
            timeout=120,
            stdin=subprocess.DEVNULL,
        )

    return call
