"""Help and version must not wait for numerics that they do not use."""

import subprocess
import sys
import time

import pytest

HEAVY = ("numba", "llvmlite", "scipy", "xarray", "pandas", "h5py", "numpy", "matplotlib", "dask")
SECONDS = 2.5  # a guard against hanging; benchmarks/ measure the promised quarter of a second

REPORT = """
import sys
from mcescalate.cli import main
code = main(sys.argv[1:])
print(*sorted(sys.modules), file=sys.stderr)
sys.exit(code)
"""


@pytest.mark.parametrize(
    "words", [["--help"], ["--version"], ["run", "--help"], ["trace", "--help"], []], ids=str
)
def test_help_imports_nothing_heavy(words):
    done = subprocess.run(
        [sys.executable, "-c", REPORT, *words], capture_output=True, text=True, check=True
    )
    assert done.stdout
    loaded = {name.split(".")[0] for name in done.stderr.split()}
    assert loaded.isdisjoint(HEAVY)


def test_every_command_has_light_help():
    from mcescalate.cli.registry import COMMANDS

    script = "from mcescalate.cli.registry import *\n" + "\n".join(
        f"build_app().meta(['{command.name}', '--help'])" for command in COMMANDS
    )
    script += "\nimport sys; print(*sorted(sys.modules), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert {name.split(".")[0] for name in done.stderr.split()}.isdisjoint(HEAVY)
    for command in COMMANDS:
        assert f"mcescalate {command.name}" in done.stdout


def test_import_of_the_package_is_light():
    script = "import mcescalate, sys; print(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert {name.split(".")[0] for name in done.stdout.split()}.isdisjoint(HEAVY)


def test_help_comes_at_once():
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-m", "mcescalate", "--help"], capture_output=True, check=True)
    assert time.perf_counter() - begin < SECONDS
