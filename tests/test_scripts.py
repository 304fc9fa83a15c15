"""What `scripts/test` and `.ci/run` call and say, in a made-up checkout."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
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
    shutil.copy(ROOT / "scripts" / "test", root / "scripts")
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


def test_data_beside_the_checkout_are_used_unless_another_folder_is_named(checkout):
    assert handed_over(checkout) == "unset"
    assert handed_over(checkout, MCESCALATE_DATA="/elsewhere") == "/elsewhere"
    beside = checkout.parent / "shared" / "data"
    beside.mkdir(parents=True)
    assert os.path.samefile(handed_over(checkout), beside)
    assert handed_over(checkout, MCESCALATE_DATA="/elsewhere") == "/elsewhere"
    assert handed_over(checkout, MCESCALATE_DATA="") == ""


@pytest.fixture
def bare_system(tmp_path):
    """A path with what the scripts themselves need, for a user who may install nothing."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("bash", "cat", "dirname", "env", "grep", "mktemp", "printf", "rm", "sh", "tee"):
        (folder / name).symlink_to(shutil.which(name))
    write_program(folder / "id", "#!/bin/sh\necho 1000\n")
    return folder


def write_program(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


def test_acceptance_lists_what_was_left_out(checkout, bare_system):
    shutil.copytree(ROOT / ".ci", checkout / ".ci")
    skips = "#!/bin/sh\necho 'SKIPPED [2] tests/a.py:3: no data'\n"
    for name, text in (
        (".venv/bin/python", skips),
        (".venv/bin/mcescalate", "#!/bin/sh\n"),
        ("scripts/check_wheel", "#!/bin/sh\necho the wheel\n"),
        ("scripts/docs", "#!/bin/sh\necho the site\n"),
        ("scripts/instructions", "#!/bin/sh\nexit 1\n"),
    ):
        write_program(checkout / name, text)
    run = checkout / ".ci" / "run"
    surroundings = {**os.environ, "PATH": str(bare_system)}
    done = subprocess.run([run], env=surroundings, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert {"the wheel", "the site"} <= set(lines)
    assert [line for line in lines if line.startswith("left out: ")] == [
        "left out: a result read and written by R: no R with the package ncdf4",
        "left out: pages shown by a browser: no Chromium",
        "left out: instructions counted: no valgrind",
        "left out: [2] tests/a.py:3: no data",
        "left out: [2] tests/a.py:3: no data",
    ]
    write_program(bare_system / "valgrind", "#!/bin/sh\n")
    assert subprocess.run([run], env=surroundings, capture_output=True).returncode == 1
    done = subprocess.run([run, "-k", "few"], env=surroundings, capture_output=True, text=True)
    assert done.returncode == 0 and "the wheel" not in done.stdout
