"""What `scripts/test` hands to pytest, in a made-up checkout."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / "scripts" / "test"
PYTHON = """\
#!/bin/sh
printf '%s|%s' "${MCESCALATE_DATA-unset}" "$*"
"""


@pytest.fixture
def checkout(tmp_path):
    """A checkout with that script, in which setting up does nothing and Python only reports."""
    root = tmp_path / "checkout"
    programs = {"scripts/setup": "#!/bin/sh\n", ".venv/bin/python": PYTHON}
    for name, text in programs.items():
        path = root / name
        path.parent.mkdir(parents=True)
        path.write_text(text)
        path.chmod(0o755)
    shutil.copy(SCRIPT, root / "scripts")
    return root


def handed_over(checkout, **settings):
    surroundings = {k: v for k, v in os.environ.items() if k != "MCESCALATE_DATA"} | settings
    done = subprocess.run(
        [checkout / "scripts" / "test", "-k", "some of them"],
        cwd="/",
        env=surroundings,
        capture_output=True,
        text=True,
        check=True,
    )
    folder, words = done.stdout.split("|")
    assert words.startswith("-m pytest ") and words.endswith(" -k some of them")
    return folder


def test_kernels_are_compiled_before_all_tests(checkout):
    done = subprocess.run([checkout / "scripts" / "test"], capture_output=True, text=True)
    first, second = done.stdout.split("|")[1:]
    assert first.startswith("scripts/compile_kernels.py")
    assert second.startswith("-m pytest ")


def test_data_beside_the_checkout_are_used_unless_told_otherwise(checkout):
    assert handed_over(checkout) == "unset"
    assert handed_over(checkout, MCESCALATE_DATA="/elsewhere") == "/elsewhere"
    beside = checkout.parent / "shared" / "data"
    beside.mkdir(parents=True)
    assert os.path.samefile(handed_over(checkout), beside)
    assert handed_over(checkout, MCESCALATE_DATA="/elsewhere") == "/elsewhere"
    assert handed_over(checkout, MCESCALATE_DATA="") == ""
