"""Shared fixtures. Data files of the field are looked for in one place and never required."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """Folder with the field's published data files; skips where there is none.

    Set MCESCALATE_DATA to use another folder.
    """
    folder = Path(os.environ.get("MCESCALATE_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no data folder at {folder}; set MCESCALATE_DATA")
    return folder
