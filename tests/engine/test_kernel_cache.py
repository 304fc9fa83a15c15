"""Compiled code on disk: damage, other people's folders, no folder, many processes at once.

Each case is a process of its own with a small kernel in place of the model's, which would take
long to compile.
"""

import os
import subprocess
import sys
import textwrap

import pytest

KERNEL = """\
def add(a, b):
    return a + b
"""

PLAY = """\
import threading
import numba
import tiny
from mcescalate.engine.backend_numba import compiled
kernel = compiled(tiny.add)
print(kernel(2, 3), kernel(4, 5))
"""


@pytest.fixture
def play(tmp_path):
    """Start a process that compiles the small kernel, or finds it compiled below `tmp_path`."""
    (tmp_path / "tiny.py").write_text(KERNEL)
    (tmp_path / "cache").mkdir(mode=0o700)

    def start(script=PLAY, **settings):
        surroundings = {
            **{key: value for key, value in os.environ.items() if "NUMBA" not in key},
            "XDG_CACHE_HOME": str(tmp_path / "cache"),
            "TMPDIR": str(tmp_path),
            "PYTHONPATH": str(tmp_path),
            **settings,
        }
        return subprocess.Popen(
            [sys.executable, "-c", script],
            env={key: value for key, value in surroundings.items() if value},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start


def ended(process):
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert out == "5 9\n"
    return err


def files(tmp_path, pattern):
    return sorted((tmp_path / "cache").rglob(pattern))


def test_compiled_code_is_kept_in_a_folder_of_ones_own(play, tmp_path):
    assert ended(play()) == ""
    kept = files(tmp_path, "*.nb?")
    assert {path.suffix for path in kept} == {".nbi", ".nbc"}
    (folder,) = (tmp_path / "cache" / "mcescalate").iterdir()
    assert folder.stat().st_mode & 0o077 == 0
    before = [path.stat().st_mtime_ns for path in kept]
    assert ended(play()) == ""
    assert [path.stat().st_mtime_ns for path in kept] == before


def test_damaged_code_is_compiled_anew_with_one_warning(play, tmp_path):
    ended(play())
    whole = {path: path.read_bytes() for path in files(tmp_path, "*.nb?")}
    for suffix, damaged in (
        (".nbi", lambda data: b""),
        (".nbi", lambda data: b"\x80garbage" * 20),
        (".nbc", lambda data: data[: len(data) // 2]),
    ):
        for path, data in whole.items():
            path.write_bytes(damaged(data) if path.suffix == suffix else data)
        assert ended(play()).count("RuntimeWarning: ") == 1


def test_a_folder_that_others_may_write_to_is_not_read(play, tmp_path):
    """Compiled code is pickled: whoever can write it can run what they like."""
    ended(play())
    (folder,) = (tmp_path / "cache" / "mcescalate").iterdir()
    folder.chmod(0o777)
    for path in files(tmp_path, "*.nb?"):
        path.write_bytes(b"never opened")
    assert ended(play()) == ""
    assert all(path.read_bytes() == b"never opened" for path in files(tmp_path, "*.nb?"))


def test_without_a_home_it_compiles_all_the_same(play, tmp_path):
    (tmp_path / "file").write_text("")
    assert ended(play(XDG_CACHE_HOME="", HOME=str(tmp_path / "file" / "home"))) == ""


def test_eight_processes_may_start_on_an_empty_cache(play):
    assert [ended(process) for process in [play() for _ in range(8)]] == [""] * 8


def test_no_threading_layer_is_loaded_and_threads_may_call_at_once(play):
    """numba's own layers abort the process there, or where a process forks."""
    script = PLAY + textwrap.dedent("""
        threads = [threading.Thread(target=kernel, args=(1, 1)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        try:
            numba.threading_layer()
        except ValueError:
            pass
        else:
            raise SystemExit("a threading layer was loaded")
    """)
    assert ended(play(script)) == ""
