"""Whether to measure or only to try, and what a report says of the code that it measured."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from benchmark_scenarios import CASES

import mcescalate as mc


def pytest_addoption(parser) -> None:
    parser.addoption(
        "--scale", type=float, default=1.0, help="measure on this many times the usual chains"
    )


@pytest.fixture(scope="session")
def scale(request) -> float:
    """Factor on the numbers of chains."""
    return request.config.getoption("scale")


@pytest.fixture(scope="session")
def measuring(request) -> bool:
    """Whether times are taken; otherwise everything runs once, tiny, as a test."""
    return request.config.getoption("benchmark_enable", False)


@pytest.fixture(scope="session")
def case_file(tmp_path_factory) -> Callable[[str], Path]:
    """Scenario file of a case, by name."""
    folder = tmp_path_factory.mktemp("cases")

    def write(name: str) -> Path:
        path = folder / f"{name}.toml"
        if not path.exists():
            path.write_text(CASES[name](), encoding="utf-8")
        return path

    return write


def pytest_benchmark_update_machine_info(config, machine_info) -> None:
    """Name the package that was measured: `--against` measures two of them."""
    machine_info["mcescalate"] = {
        "version": mc.__version__,
        "path": str(Path(mc.__file__).resolve().parent),
        "python": sys.executable,
    }
