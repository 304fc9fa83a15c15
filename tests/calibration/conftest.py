"""A world of made-up data with made-up disputes, and the command that predicts them."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from made_up_data import FILES, write_files
from made_up_disputes import many_disputes

from mcescalate.calibration.fitting import sampling
from mcescalate.calibration.scoring import regressions, scores
from mcescalate.cli import main

N = 60


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Fewer resamples and penalties than a user gets: what is tested is not their number."""
    monkeypatch.setattr(scores, "RESAMPLES", 40)
    monkeypatch.setattr(regressions, "PENALTIES", (1.0, 30.0))


@pytest.fixture
def few_draws(monkeypatch):
    """Fewer draws from posteriors than a user gets."""
    monkeypatch.setattr(sampling, "_ENOUGH", 200.0)


@pytest.fixture
def world(tmp_path) -> Path:
    """A folder of data with `N` disputes."""
    folder = tmp_path / "data"
    folder.mkdir()
    return write_files(folder, FILES | many_disputes(N))


class Answer(NamedTuple):
    """What a command left: its exit code and its streams."""

    code: int
    stdout: str
    stderr: str


@pytest.fixture
def run_backtest(tmp_path, monkeypatch, capsys) -> Callable[..., Answer]:
    """Call `mcescalate backtest` with words, few chains and few actors, in `tmp_path`."""
    monkeypatch.chdir(tmp_path)

    def call(*words: object) -> Answer:
        capsys.readouterr()
        few = [] if "--actors" in words else ["--actors", "4"]
        code = main(["backtest", *map(str, words), "--chains", "40", *few])
        return Answer(code, *capsys.readouterr())

    return call
