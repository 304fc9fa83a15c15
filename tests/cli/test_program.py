"""Exit codes and messages of the program, whatever a command does."""

import errno
import inspect
import re
import signal
import subprocess
import sys
import warnings
from importlib import import_module

import pytest

from mcescalate import errors
from mcescalate.cli import main, program
from mcescalate.cli.registry import COMMANDS
from mcescalate.cli.terminal.signals import Stopped, stop_on_signals


class Fake:
    """Stands for the app; its command raises or returns what it was given."""

    def __init__(self, effect):
        self.effect = effect

    def meta(self, words):
        if isinstance(self.effect, BaseException):
            raise self.effect
        return self.effect


@pytest.mark.parametrize(
    ("effect", "code"),
    [
        (None, 0),
        (5, 5),
        (errors.ScenarioError("a.toml", ["x: wrong"]), 2),
        (errors.OutputError("exists"), 2),
        (errors.DataError("damaged"), 3),
        (errors.ResourceError("too large"), 4),
        (MemoryError(), 4),
        (OSError(errno.ENOSPC, "No space left on device", "x.h5"), 4),
        (ZeroDivisionError("oops"), 1),
        (KeyboardInterrupt(), 130),
        (Stopped(75), 75),
        (BrokenPipeError(), 0),
    ],
    ids=repr,
)
def test_exit_codes(effect, code, monkeypatch, capsys):
    monkeypatch.setattr(program, "build_app", lambda: Fake(effect))
    monkeypatch.setattr(program, "discard_stdout", lambda: None)
    assert main([]) == code
    reported = capsys.readouterr()
    assert reported.out == ""
    assert "Traceback" not in reported.err
    if isinstance(effect, Exception) and not isinstance(effect, BrokenPipeError):
        assert reported.err


def test_a_warning_is_one_line_without_source(monkeypatch, capsys):
    def meta(words):
        warnings.warn("something is odd", RuntimeWarning, stacklevel=1)

    app = Fake(None)
    app.meta = meta
    monkeypatch.setattr(program, "build_app", lambda: app)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        assert main([]) == 0
    assert capsys.readouterr().err == "warning: something is odd\n"


def test_debug_shows_where(monkeypatch, capsys):
    monkeypatch.setattr(program, "build_app", lambda: Fake(ValueError("oops")))
    assert main(["--debug"]) == 1
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(("signum", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 75)])
def test_first_signal_asks(signum, code):
    before = signal.getsignal(signum)
    with stop_on_signals() as stop:
        assert not stop.is_set()
        signal.raise_signal(signum)
        assert stop.is_set()
        assert stop.exit_code == code
    assert signal.getsignal(signum) is before


def test_work_that_ignores_the_signal_is_ended():
    script = (
        "import signal, time\n"
        "from mcescalate.cli.terminal.signals import stop_on_signals\n"
        "with stop_on_signals(grace=0.1):\n"
        "    signal.raise_signal(signal.SIGTERM)\n"
        "    time.sleep(600)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=300)
    assert done.returncode == 75


def test_second_signal_ends_at_once(monkeypatch):
    ended = []
    monkeypatch.setattr("os._exit", ended.append)
    with stop_on_signals():
        signal.raise_signal(signal.SIGINT)
        assert ended == []
        signal.raise_signal(signal.SIGTERM)
    assert ended == [75]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_help_of_a_command_says_all_that_its_function_says(command, capsys):
    assert program.run([command.name, "--help"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    module, _, name = command.function.partition(":")
    function = getattr(import_module(f"mcescalate.cli.commands.{module}"), name)
    for paragraph in inspect.getdoc(function).split("\n\n"):
        assert " ".join(paragraph.split()).replace("`", "") in shown
    assert not re.search(r"\w\.\.\w", shown)  # addresses keep their stars


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["run", "a.toml", "extra"], "unexpected: extra\nTry: mcescalate run --help\n"),
        (
            ["run", "a.toml", "--chians", "5"],
            "Did you mean --chains?\nTry: mcescalate run --help\n",
        ),
        (["run"], "FILE: missing\nTry: mcescalate run --help\n"),
        (["trace", "a.toml"], "--chain: missing\nTry: mcescalate trace --help\n"),
        (["run", "a.toml", "--set"], "--set: expected a value, found none\nTry: "),
        (["rnu"], "Try: mcescalate --help\n"),
        (["run", "a.toml", "-n", "1e6"], "-n: expected a whole number from 1 to "),
        (["run", "a.toml", "-n", "٣"], 'found "٣"\n'),
        (["run", "a.toml", "-n", "1 000"], 'found "1 000"\n'),
        (["run", "a.toml", "--backend", "abacus"], 'backend "abacus" is not known'),
        (["run", "a.toml", "--first-chain", str(2**64 - 1), "-n", "2"], "from 1 to 1, found 2\n"),
    ],
)
def test_wrong_words_are_reported_in_one_message(words, message, scenario_file, mcescalate):
    words = [str(scenario_file) if word == "a.toml" else word for word in words]
    done = mcescalate(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr
    assert len(done.stderr.splitlines()) <= 2
    assert list(scenario_file.parent.iterdir()) == [scenario_file]
