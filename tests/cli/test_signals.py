"""Signals from the first instruction to the last: an exit code, no traceback, no draft."""

import os
import signal
import subprocess
import sys

import pytest

from mcescalate.cli import main
from mcescalate.cli.terminal import signals
from mcescalate.results.files import atomic

HANGUP = getattr(signal, "SIGHUP", None)
CODES = [(signal.SIGINT, 130), (signal.SIGTERM, 75)]
if HANGUP is not None:
    CODES.append((HANGUP, 129))
by_signal = pytest.mark.parametrize(("signum", "code"), CODES, ids=lambda value: str(int(value)))
by_one_signal = pytest.mark.parametrize(
    ("signum", "code"),
    [CODES[-1], *(pytest.param(*case, marks=pytest.mark.slow) for case in CODES[:-1])],
    ids=lambda value: str(int(value)),
)
"""What hangs on the signal is tried elsewhere; each of these starts a process that simulates."""

WHILE_IMPORTING = """
import builtins, signal, sys
from mcescalate.cli import main

class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            signal.raise_signal({signum})
        return None

sys.meta_path.insert(0, Interrupting())
sys.argv = ["mcescalate", *{words!r}]
sys.exit(main())
"""


@pytest.fixture(autouse=True)
def no_nohup():
    """Processes begin with the usual effect of SIGHUP, however these tests were started."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


def run_script(script, cwd) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", script], cwd=cwd, capture_output=True, text=True, timeout=120
    )


@by_signal
@pytest.mark.parametrize("module", ["mcescalate.cli.program", "cyclopts", "pydantic", "numpy"])
def test_a_signal_during_imports(scenario_file, tmp_path, module, signum, code):
    words = ["run", str(scenario_file), "-n", "20", "-q"]
    script = WHILE_IMPORTING.format(module=module, signum=int(signum), words=words)
    done = run_script(script, tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (code, "", "stopped\n")
    assert list(tmp_path.iterdir()) == [scenario_file]


def test_handlers_are_installed_before_anything_large_is_imported():
    """What `main` has loaded by then comes with Python, except for itself."""
    script = (
        "import sys\nimport mcescalate.cli\nfrom mcescalate.cli.terminal import signals\n"
        "print(*(name for name in sys.modules if name not in sys.stdlib_module_names))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{script}"],
        capture_output=True,
        text=True,
        check=True,
    )
    own = {name for name in done.stdout.split() if name.startswith("mcescalate")}
    assert own == {
        "mcescalate",
        "mcescalate.cli",
        "mcescalate.cli.terminal",
        "mcescalate.cli.terminal.signals",
    }
    tops = {name.partition(".")[0] for name in done.stdout.split()} - {"mcescalate", "__main__"}
    assert tops.isdisjoint({"cyclopts", "rich", "numpy", "numba", "pydantic", "xarray"})


WHILE_WRITING = """
import os, signal, sys
from mcescalate.cli import main
from mcescalate.results.files import atomic

def interrupted(handle):
    for _ in range({times}):
        signal.raise_signal({signum})

atomic.os.fsync = interrupted
sys.argv = ["mcescalate", *{words!r}]
sys.exit(main())
"""


@by_one_signal
def test_a_signal_while_a_file_is_written_leaves_no_draft(scenario_file, tmp_path, signum, code):
    words = ["run", str(scenario_file), "-n", "20", "--backend", "python", "-q"]
    for times in (1, 2):
        script = WHILE_WRITING.format(signum=int(signum), words=words, times=times)
        done = run_script(script, tmp_path)
        assert (done.returncode, done.stderr) == (code, "stopped\n")
        assert list(tmp_path.iterdir()) == [scenario_file]


@by_one_signal
def test_a_signal_while_a_shard_is_written_leaves_no_draft(scenario_file, tmp_path, signum, code):
    (tmp_path / "plan.toml").write_text(
        "schema_version = 1\nchains = 5\nseed = 1\n[[bases]]\nscenario = 'small.toml'\n"
    )
    words = ["sweep", "plan.toml", "-o", "out", "--backend", "python", "-q"]
    script = WHILE_WRITING.format(signum=int(signum), words=words, times=2)
    done = run_script(script, tmp_path)
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert [path for path in tmp_path.rglob("*") if path.name.endswith(".tmp")] == []


@pytest.mark.skipif(HANGUP is None, reason="needs hangups")
def test_a_program_that_nohup_starts_goes_on(scenario_file, tmp_path):
    words = ["check", str(scenario_file)]
    script = "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
    script += WHILE_IMPORTING.format(module="pydantic", signum=int(HANGUP), words=words)
    done = run_script(script, tmp_path)
    assert done.returncode == 0, done.stderr


@by_signal
def test_a_second_signal_ends_at_once_but_a_second_hangup(monkeypatch, signum, code):
    ended = []
    monkeypatch.setattr("os._exit", ended.append)
    previous = signals.install_handlers()
    try:
        with pytest.raises(signals.Stopped) as caught:
            signal.raise_signal(signum)
        assert signals.exit_code(caught.value) == code
        if signum == HANGUP:
            signal.raise_signal(signum)
            assert ended == []
        else:
            with pytest.raises(signals.Stopped):  # only because nothing ends here
                signal.raise_signal(signum)
            assert ended == [code]
    finally:
        signals.restore_handlers(previous)


def test_handlers_are_put_back(capsys):
    before = [signal.getsignal(signum) for signum, _ in CODES]
    assert main(["--version"]) == 0
    assert [signal.getsignal(signum) for signum, _ in CODES] == before


def test_once_the_work_is_done_its_exit_code_stays(tmp_path):
    script = (
        "import atexit, signal, sys\nfrom mcescalate.cli import main\n"
        "sys.argv = ['mcescalate', '--version']\n"
        "atexit.register(signal.raise_signal, signal.SIGTERM)\nsys.exit(main())"
    )
    done = run_script(script, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


def test_drafts_are_known_until_they_are_named(tmp_path, monkeypatch):
    def stop(handle):
        (draft,) = tmp_path.iterdir()
        assert draft.name.startswith(".mcescalate-")
        atomic.remove_temporary_files()
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", stop)
    with pytest.raises(KeyboardInterrupt):
        atomic.write_atomically(tmp_path / "result.h5", b"x")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="needs a process group")
def test_the_module_runs_as_the_command_does(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "mcescalate", "--version"], capture_output=True, text=True
    )
    assert done.returncode == 0 and done.stdout.strip()
