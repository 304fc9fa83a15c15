"""`run`, `show` and `merge` as a user meets them: answers, files, faults, signals."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from mcescalate.limits import SEED_END

FEW = ("-n", 200, "--backend", "python")


def test_answer_goes_to_stdout_and_progress_to_stderr(mcescalate, scenario_file, tmp_path):
    done = mcescalate("run", scenario_file, *FEW, "--seed", 7)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "small-7.h5").is_file()
    for word in ("deterred", "general war", "War (limited or general)", "AAA", "CCC", "seed 7"):
        assert word in done.stdout
    assert "memory" in done.stderr and "small-7.h5" in done.stderr
    assert "\x1b" not in done.stdout + done.stderr
    assert " 0 %" not in done.stdout


def test_json_is_one_object_with_stable_keys(mcescalate, scenario_file):
    done = mcescalate("run", scenario_file, *FEW, "--seed", 7, "--json")
    assert done.stderr == ""
    answer = json.loads(done.stdout)
    assert list(answer) == [
        "file",
        "schema_version",
        "title",
        "seed",
        "chains",
        "n_chains",
        "interval_level",
        "outcomes",
        "war",
        "wars",
        "joining_causes",
        "peak_rungs",
        "actors",
    ]
    assert answer["seed"] == "7"
    assert sum(outcome["count"] for outcome in answer["outcomes"].values()) == 200
    assert list(answer["actors"]) == ["AAA", "BBB", "CCC"]
    assert mcescalate("show", "small-7.h5", "--json").stdout == done.stdout


def test_quiet_says_nothing_on_stderr(mcescalate, scenario_file):
    done = mcescalate("run", scenario_file, *FEW, "-q")
    assert done.returncode == 0
    assert done.stderr == ""
    assert done.stdout


def test_drawn_seed_is_printed_and_stored(mcescalate, scenario_file, tmp_path):
    answer = json.loads(mcescalate("run", scenario_file, *FEW, "--json").stdout)
    assert 0 <= int(answer["seed"]) < SEED_END
    assert answer["file"] == f"small-{answer['seed']}.h5"
    shown = json.loads(mcescalate("show", answer["file"], "--json").stdout)
    assert shown["seed"] == answer["seed"]
    again = json.loads(mcescalate("run", scenario_file, *FEW, "--json").stdout)
    assert again["seed"] != answer["seed"]


@pytest.mark.parametrize("seed", ["-1", str(SEED_END), "1.5", "true", "", "1e3", "nan"])
def test_wrong_seed_names_key_and_range(mcescalate, scenario_file, tmp_path, seed):
    before = sorted(tmp_path.iterdir())
    done = mcescalate("run", scenario_file, "--seed", seed)
    assert done.returncode == 2
    assert "--seed" in done.stderr and str(SEED_END - 1) in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    "words",
    [
        ("-n", "0"),
        ("-n", "-5"),
        ("-n", "many"),
        ("--workers", "0"),
        ("--first-chain", str(2**64)),
        ("--chain", "5"),
        ("--backend", "abacus"),
        ("--set", "response.gpa=1"),
        ("--set", "response.gap"),
        ("--overlay", "missing.toml"),
    ],
    ids=" ".join,
)
def test_wrong_usage(mcescalate, scenario_file, tmp_path, words):
    before = sorted(tmp_path.iterdir())
    done = mcescalate("run", scenario_file, *words)
    assert done.returncode == 2
    assert done.stderr and "Traceback" not in done.stderr
    assert done.stdout == ""
    assert sorted(tmp_path.iterdir()) == before


def test_settings_change_the_run(mcescalate, scenario_file):
    calm = mcescalate(
        "run",
        scenario_file,
        *FEW,
        "--seed",
        1,
        "--set",
        "trigger.accident=0",
        "--set",
        "deterrence.base=-90",
        "--json",
    )
    assert json.loads(calm.stdout)["outcomes"]["deterred"]["count"] == 200


def test_file_is_kept_unless_forced(mcescalate, scenario_file, tmp_path):
    path = tmp_path / "kept.h5"
    path.write_text("precious")
    refused = mcescalate("run", scenario_file, *FEW, "--out", path)
    assert refused.returncode == 2
    assert "--force" in refused.stderr
    assert path.read_text() == "precious"
    assert mcescalate("run", scenario_file, *FEW, "--out", path, "--force").returncode == 0
    assert mcescalate("show", path).returncode == 0


def test_merge_equals_one_run(mcescalate, scenario_file):
    def run(out, n, first):
        words = ("-n", n, "--first-chain", first, "--seed", 3, "--backend", "python")
        assert mcescalate("run", scenario_file, *words, "--out", out).returncode == 0

    run("whole.h5", 60, 0)
    run("a.h5", 25, 0)
    run("b.h5", 35, 25)
    merged = mcescalate("merge", "a.h5", "b.h5", "-o", "ab.h5", "--json")
    assert merged.returncode == 0, merged.stderr
    whole = json.loads(mcescalate("show", "whole.h5", "--json").stdout)
    assert json.loads(merged.stdout) | {"file": ""} == whole | {"file": ""}
    assert mcescalate("merge", "a.h5", "a.h5", "-o", "aa.h5").returncode == 2
    assert mcescalate("merge", "a.h5", "b.h5", "-o", "ab.h5").returncode == 2


@pytest.mark.parametrize("words", [("-n", 10**15), ("-n", 10**10, "--keep-chains")], ids=str)
def test_the_impossible_is_refused_at_once(mcescalate, scenario_file, tmp_path, words):
    done = mcescalate("run", scenario_file, *words)
    assert done.returncode == 4
    assert "bytes" in done.stderr or "GB" in done.stderr or "MB" in done.stderr
    assert sorted(tmp_path.iterdir()) == [scenario_file]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.h5", b""),
        ("text.h5", b"hello"),
        ("page.h5", b"<!DOCTYPE html><html></html>"),
        ("image.h5", b"\x89PNG\r\n\x1a\n" + bytes(64)),
        ("classic.h5", b"CDF\x01" + bytes(64)),
    ],
)
def test_foreign_files_are_named(mcescalate, tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    for words in (("show", name), ("merge", name, name, "-o", "c.h5")):
        done = mcescalate(*words)
        assert done.returncode == 3
        assert name in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "c.h5").exists()


def test_missing_result(mcescalate):
    done = mcescalate("show", "nothing.h5")
    assert done.returncode == 3
    assert "nothing.h5" in done.stderr


def start(tmp_path, *words):
    """The program, running; SIGINT is not ignored even if the tests' own shell ignores it."""
    return subprocess.Popen(
        [sys.executable, "-m", "mcescalate", *map(str, words)],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )


@pytest.mark.parametrize(("signum", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 75)])
def test_a_signal_stops_cleanly(tmp_path, scenario_file, signum, code):
    process = start(tmp_path, "run", scenario_file, "-n", 10**6, "--backend", "python", "--force")
    assert "memory" in process.stderr.readline()
    assert "seed" in process.stderr.readline()
    time.sleep(0.5)
    process.send_signal(signum)
    out, err = process.communicate(timeout=300)
    assert process.returncode == code, err
    assert "Traceback" not in err
    assert out == ""
    assert sorted(tmp_path.iterdir()) == [scenario_file]


def test_a_reader_that_leaves_is_no_error(tmp_path, scenario_file):
    with start(tmp_path, "schema") as process:
        process.stdout.read(10)
        process.stdout.close()
        assert process.wait(timeout=60) == 0
        assert process.stderr.read() == ""


@pytest.mark.parametrize("stream", [1, 2], ids=["stdout", "stderr"])
def test_a_closed_stream_is_no_error(tmp_path, scenario_file, stream):
    done = subprocess.run(
        [sys.executable, "-m", "mcescalate", "run", scenario_file, *map(str, FEW), "--seed", "1"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        preexec_fn=lambda: os.close(stream),
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "small-1.h5").is_file()
    assert ("general war" in done.stdout) == (stream == 2)
    assert ("written to" in done.stderr) == (stream == 1)


@pytest.mark.parametrize(
    "settings",
    [
        {"NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "20", "PYTHONIOENCODING": "latin-1"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    ],
    ids=str,
)
def test_any_terminal_will_do(mcescalate_process, scenario_file, settings):
    text = scenario_file.read_text(encoding="utf-8").replace(
        "Two rivals", "Zwei Gegn\u00f6r \u2014"
    )
    scenario_file.write_text(text, encoding="utf-8")
    for words in (("run", scenario_file, *FEW, "--seed", 1, "--force"), ("--help",)):
        done = mcescalate_process(*words, **settings)
        assert done.returncode == 0, done.stderr
        assert "\x1b" not in done.stdout + done.stderr
    done = mcescalate_process("show", "small-1.h5", "--json", **settings)
    assert json.loads(done.stdout)["title"] == "Zwei Gegn\u00f6r \u2014 and an ally"


def test_live_line_on_a_terminal(shown_on_a_terminal, scenario_file):
    assert " %" in shown_on_a_terminal("run", scenario_file, *FEW)
