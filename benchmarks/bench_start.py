"""How long a user waits: imports, help, the first run of all, later ones, the states of a day.

Each is a process of its own, from its start to its end.
"""

import os
import subprocess
import sys

import pytest
from made_up_data import FILES, write_files

PROGRAM = ("-m", "mcescalate")
ROUNDS = 5
DAYS = ("1914-06-28", "2016-01-01")


@pytest.fixture
def wait_for(tmp_path, measuring):
    """Run Python with words in an empty folder, and wait for its end."""

    def call(*words: object, **settings: str) -> None:
        subprocess.run(
            [sys.executable, "-P", *map(str, words)],
            cwd=tmp_path,
            env={**os.environ, **settings},
            check=True,
            capture_output=True,
        )

    return call


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("-c", "pass"), id="python_alone"),
        pytest.param(("-c", "import mcescalate"), id="import_package"),
        pytest.param(("-c", "import mcescalate as mc; mc.simulate"), id="import_simulate"),
        pytest.param((*PROGRAM, "--help"), id="help"),
        pytest.param((*PROGRAM, "run", "--help"), id="help_of_run"),
    ],
)
def test_start(benchmark, wait_for, measuring, words):
    benchmark.group = "start"
    warmup = 1 if measuring else 0
    benchmark.pedantic(wait_for, words, rounds=ROUNDS, warmup_rounds=warmup)


@pytest.mark.parametrize("n_chains", [1, 100_000], ids=["1_chain", "100000_chains"])
def test_later_run(benchmark, wait_for, case_file, measuring, n_chains):
    """A run whose compiled code is in the cache already."""
    if not measuring and n_chains > 1:
        pytest.skip("one chain is enough to try it")
    words = (*PROGRAM, "run", case_file("july_1914"), "-n", n_chains, "--seed", 1, "--force")
    benchmark.group = "run"
    warmup = 1 if measuring else 0
    benchmark.pedantic(wait_for, words, rounds=ROUNDS if n_chains == 1 else 2, warmup_rounds=warmup)


def test_first_run(benchmark, wait_for, case_file, measuring, tmp_path):
    """The first run of all, compilation included; as a test, it does without the compiler."""
    words = (*PROGRAM, "run", case_file("july_1914"), "-n", 1, "--seed", 1, "--force")
    settings = {"NUMBA_CACHE_DIR": str(tmp_path / "cache")}
    if not measuring:
        settings["MCESCALATE_BACKEND"] = "python"
    benchmark.group = "run"
    benchmark.pedantic(wait_for, words, settings, rounds=1)


@pytest.mark.parametrize("day", DAYS)
def test_import_of_all_states(benchmark, wait_for, request, measuring, tmp_path, day):
    """The whole state system out of published files; as a test, out of a few made-up ones."""
    if not measuring and day != DAYS[0]:
        pytest.skip("one day is enough to try it")
    if measuring:
        data = request.getfixturevalue("data_folder")
    else:
        data, day = write_files(tmp_path, FILES), "1931-06-01"
    words = (*PROGRAM, "import", data, "--date", day, "--out", tmp_path / "states.toml")
    benchmark.group = "import"
    benchmark.pedantic(wait_for, (*words, "--force"), rounds=ROUNDS if measuring else 1)
