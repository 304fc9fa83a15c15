"""What tests and benchmarks share: data files are looked for in one place and never required."""

import os
from pathlib import Path

import pytest

import mcescalate as mc


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """The folder with the field's published data files that MCESCALATE_DATA names, if it is set."""
    name = os.environ.get("MCESCALATE_DATA")
    if not name:
        pytest.skip("published data files are looked for where MCESCALATE_DATA says")
    folder = Path(name)
    assert folder.is_dir(), f"MCESCALATE_DATA: there is no folder {folder}"
    return folder


@pytest.fixture(scope="session")
def published_data(data_folder):
    """Those files, read once."""
    return mc.read_data(data_folder)
