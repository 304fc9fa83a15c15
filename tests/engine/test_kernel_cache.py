"""Compiled code on disk: damage, other people's folders, no folder, many processes at once.

Each case is a process of its own with a small kernel in place of the model's, which would take
long to compile.
"""

import os
import shutil
import subprocess
import sys
import textwrap

import pytest

KERNEL = """\
def add(a, b):
    return a + b
"""

SIMULATE = """\
import threading
import tiny
from mcescalate.engine.backend_numba import compiled
kernel = compiled(tiny.add)
print(kernel(2, 3), kernel(4, 5))
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """The folder with the small kernel."""
    folder = tmp_path_factory.mktemp("source")
    (folder / "tiny.py").write_text(KERNEL)
    return folder


def started(source, folder, script=SIMULATE, **settings):
    """A process that compiles the small kernel, or finds it compiled below `folder`."""
    surroundings = {
        **{key: value for key, value in os.environ.items() if "NUMBA" not in key},
        "XDG_CACHE_HOME": str(folder / "cache"),
        "TMPDIR": str(folder),
        "PYTHONPATH": os.pathsep.join([str(source), *filter(None, [os.environ.get("PYTHONPATH")])]),
        **settings,
    }
    return subprocess.Popen(
        [sys.executable, "-c", script],
        env={key: value for key, value in surroundings.items() if value},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def simulate(source, tmp_path):
    """Start such a process with what is below `tmp_path`."""
    (tmp_path / "cache").mkdir(mode=0o700)
    return lambda *script, **settings: started(source, tmp_path, *script, **settings)


@pytest.fixture(scope="module")
def compiled(source, tmp_path_factory):
    """A folder in which the kernel has been compiled."""
    folder = tmp_path_factory.mktemp("compiled")
    (folder / "cache").mkdir(mode=0o700)
    ended(started(source, folder))
    return folder


@pytest.fixture
def run_again(source, compiled, tmp_path):
    """As `simulate`, where the kernel has been compiled before."""
    shutil.copytree(compiled / "cache", tmp_path / "cache")
    return lambda *script, **settings: started(source, tmp_path, *script, **settings)


def ended(process):
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert out == "5 9\n"
    return err


def files(tmp_path, pattern):
    return sorted((tmp_path / "cache").rglob(pattern))


def test_compiled_code_is_kept_in_a_folder_of_ones_own(simulate, tmp_path):
    assert ended(simulate()) == ""
    kept = files(tmp_path, "*.code")
    assert len(kept) == 1
    (folder,) = (tmp_path / "cache" / "mcescalate").iterdir()
    assert folder.stat().st_mode & 0o077 == 0
    before = [path.stat().st_mtime_ns for path in kept]
    assert ended(simulate()) == ""
    assert [path.stat().st_mtime_ns for path in kept] == before


@pytest.mark.parametrize(
    "damaged",
    [
        pytest.param(lambda data: b"", marks=pytest.mark.slow, id="empty"),
        pytest.param(lambda data: data[: len(data) // 2], id="half the code"),
        pytest.param(lambda data: data[:-1] + bytes([data[-1] ^ 1]), id="one bit"),
    ],
)
def test_damaged_code_is_compiled_anew_and_kept(run_again, tmp_path, damaged):
    others = tmp_path / "cache" / "mcescalate" / "of another program.code"
    others.write_bytes(b"never opened")
    (path,) = files(tmp_path, "add*.code")
    path.write_bytes(damaged(path.read_bytes()))
    reported = ended(run_again())
    assert reported.count("RuntimeWarning: ") == 1 and "compiling anew" in reported
    repaired = {path: path.stat().st_mtime_ns for path in files(tmp_path, "*.code")}
    assert ended(run_again()) == ""
    assert {path: path.stat().st_mtime_ns for path in files(tmp_path, "*.code")} == repaired
    assert others.read_bytes() == b"never opened"


def test_what_cannot_be_repaired_is_done_without(run_again, tmp_path):
    (path,) = files(tmp_path, "*.code")
    path.unlink()
    path.mkdir()
    reported = ended(run_again())
    assert "compiling anew" in reported and "not kept for later runs" in reported
    assert path.is_dir()


def test_code_that_there_is_no_room_for_is_compiled_once(simulate, tmp_path):
    script = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n" + SIMULATE
    reported = ended(simulate(script))
    assert reported.count("RuntimeWarning: ") == 1 and "not kept for later runs" in reported
    assert files(tmp_path, "add*") == []


def test_code_of_other_sources_is_not_taken(source, run_again, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "tiny.py").write_text(KERNEL.replace("a + b", "a - b"))
    out, _ = run_again(PYTHONPATH=str(other)).communicate(timeout=120)
    assert out == "-1 -1\n"


def test_numba_is_not_loaded_for_code_that_there_is(run_again):
    script = SIMULATE + 'import sys\nassert "numba" not in sys.modules\n'
    assert ended(run_again(script)) == ""


def refuse(tmp_path):
    """Open the folder of compiled code to everybody, and spoil what is in it."""
    (folder,) = (tmp_path / "cache" / "mcescalate").iterdir()
    folder.chmod(0o777)
    for path in files(tmp_path, "*.code"):
        path.write_bytes(b"never opened")


def test_a_folder_that_others_may_write_to_is_not_read(run_again, tmp_path):
    """A user who can write compiled code can run anything."""
    refuse(tmp_path)
    assert ended(run_again()) == ""
    assert all(path.read_bytes() == b"never opened" for path in files(tmp_path, "*.code"))


def test_a_refused_folder_is_replaced_by_the_same_one_each_time(run_again, tmp_path):
    refuse(tmp_path)
    ended(run_again())
    (instead,) = tmp_path.glob("mcescalate-*")
    assert instead.stat().st_mode & 0o077 == 0
    kept = {path: path.stat().st_mtime_ns for path in instead.rglob("*.code")}
    assert len(kept) == 1
    assert ended(run_again()) == ""
    assert {path: path.stat().st_mtime_ns for path in instead.rglob("*.code")} == kept
    assert list(tmp_path.glob("mcescalate-*")) == [instead]


@pytest.mark.parametrize(
    "fault", ["a link", pytest.param("open to others", marks=pytest.mark.slow)]
)
def test_where_every_folder_is_refused_nothing_is_left(run_again, tmp_path, fault):
    refuse(tmp_path)
    ended(run_again())
    (instead,) = tmp_path.glob("mcescalate-*")
    if fault == "a link":
        instead.rename(tmp_path / "elsewhere")
        instead.symlink_to(tmp_path / "elsewhere")
    else:
        instead.chmod(0o777)
    kept = list(instead.resolve().rglob("*.code"))
    for path in kept:
        path.write_bytes(b"never opened")
    assert ended(run_again()) == ""
    assert [path.read_bytes() for path in kept] == [b"never opened"]
    assert list(tmp_path.glob("mcescalate-*")) == [instead]


def test_without_a_home_it_compiles_all_the_same(simulate, tmp_path):
    (tmp_path / "file").write_text("")
    assert ended(simulate(XDG_CACHE_HOME="", HOME=str(tmp_path / "file" / "home"))) == ""


def test_several_processes_may_start_on_an_empty_cache(simulate):
    assert [ended(process) for process in [simulate() for _ in range(3)]] == [""] * 3


def test_no_threading_layer_is_loaded_and_threads_may_call_at_once(simulate):
    """numba's own layers abort the process there, or where a process forks."""
    script = SIMULATE + textwrap.dedent("""
        threads = [threading.Thread(target=kernel, args=(1, 1)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        import numba
        try:
            numba.threading_layer()
        except ValueError:
            pass
        else:
            raise SystemExit("a threading layer was loaded")
    """)
    assert ended(simulate(script)) == ""


def test_it_is_known_whether_a_kernel_is_being_compiled(simulate):
    script = textwrap.dedent("""
        from numba.core import event
        from mcescalate.engine.compilation import is_compiling

        class Listener(event.Listener):
            def on_start(self, event):
                print("compiling", is_compiling())

            def on_end(self, event):
                pass

        event.register("numba:compile", Listener())
        print("before", is_compiling())
    """)
    script += SIMULATE + 'print("after", is_compiling())\n'
    first, _ = simulate(script).communicate(timeout=120)
    said = list(dict.fromkeys(first.splitlines()))
    assert said == ["before False", "compiling True", "5 9", "after False"]
    later, _ = simulate(script).communicate(timeout=120)
    assert later == "before False\n5 9\nafter False\n"
