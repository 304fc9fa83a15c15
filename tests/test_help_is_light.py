"""Help and version must not wait for numerics that they do not use."""

import subprocess
import sys

import pytest

HEAVY = ("numba", "llvmlite", "scipy", "xarray", "pandas", "h5py", "numpy", "matplotlib", "dask")
LIGHT = {
    *("attr", "attrs", "cyclopts", "docstring_parser", "markdown_it", "mdurl", "pygments", "rich"),
    "mcescalate",
}
"""What prints help; how long that takes, benchmarks/ measure."""

REPORT = """
import sys
from mcescalate.cli import main
code = main(sys.argv[1:])
print(*sorted(sys.modules), file=sys.stderr)
sys.exit(code)
"""


def packages(modules: str) -> set[str]:
    return {name.split(".")[0] for name in modules.split()}


@pytest.fixture(scope="module")
def of_python_alone() -> set[str]:
    """What an environment loads before any program begins, and the standard library."""
    script = "import sys; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return packages(done.stdout) | sys.stdlib_module_names


@pytest.mark.parametrize(
    "words", [["--help"], ["--version"], ["run", "--help"], ["trace", "--help"], []], ids=str
)
def test_help_imports_nothing_heavy(words, of_python_alone):
    done = subprocess.run(
        [sys.executable, "-c", REPORT, *words], capture_output=True, text=True, check=True
    )
    assert done.stdout
    assert packages(done.stderr).isdisjoint(HEAVY)
    assert packages(done.stderr) - of_python_alone <= LIGHT


def test_every_command_has_light_help():
    from mcescalate.cli.registry import COMMANDS

    script = "from mcescalate.cli.registry import *\n" + "\n".join(
        f"build_app().meta(['{command.name}', '--help'])" for command in COMMANDS
    )
    script += "\nimport sys; print(*sorted(sys.modules), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert packages(done.stderr).isdisjoint(HEAVY)
    for command in COMMANDS:
        assert f"mcescalate {command.name}" in done.stdout


def test_import_of_the_package_is_light():
    script = "import mcescalate, sys; print(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert packages(done.stdout).isdisjoint(HEAVY)
