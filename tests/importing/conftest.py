"""Folders of made-up data files, and the command that imports them."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from made_up_data import FILES, write_files

from mcescalate.cli import main


@pytest.fixture
def small_world(tmp_path) -> Path:
    """A folder with a file of each kind that an import wants, all of them made up."""
    folder = tmp_path / "data"
    folder.mkdir()
    return write_files(folder, FILES)


class Answer(NamedTuple):
    """What a command left: its exit code and its streams."""

    code: int
    stdout: str
    stderr: str


@pytest.fixture
def run_import(tmp_path, monkeypatch, capsys) -> Callable[..., Answer]:
    """Call `mcescalate import` with words, in `tmp_path`."""
    monkeypatch.chdir(tmp_path)

    def call(*words: object) -> Answer:
        capsys.readouterr()
        code = main(["import", *map(str, words)])
        return Answer(code, *capsys.readouterr())

    return call
