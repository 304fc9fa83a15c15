"""`sweep`, and `merge` and `show` of sweeps, as a user meets them."""

import errno
import itertools
import json
import os
import re
import signal
import subprocess
import sys
import time

import pytest

from mcescalate.sweep.run.runner import SweepStatus
from mcescalate.sweep.workflow import prepare

PLAN = """\
schema_version = 1
title = "By gap"
chains = 40
seed = 3

[[bases]]
scenario = "small.toml"

[[axes]]
address = "response.gap"
values = [0.2, 0.8]
"""


@pytest.fixture
def plan(scenario_file):
    """A plan of two points of 40 chains."""
    path = scenario_file.with_name("plan.toml")
    path.write_text(PLAN)
    return path


def test_answer_goes_to_stdout_and_progress_to_stderr(mcescalate, plan, tmp_path):
    done = mcescalate("sweep", plan, "--out", "out")
    assert done.returncode == 0, done.stderr
    assert "2 points, 40 chains each; estimate: " in done.stderr and "seed 3" in done.stderr
    assert "response.gap" in done.stdout and "95 % interval" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr
    assert (tmp_path / "out" / "result.h5").is_file()
    assert mcescalate("show", "out/result.h5").stdout == done.stdout


def test_json(mcescalate, plan):
    done = mcescalate("sweep", plan, "--out", "out", "--json")
    assert done.stderr == ""
    answer = json.loads(done.stdout)
    assert answer["points"] == answer["points_ended"] == 2
    assert answer["chains"] == 80 and answer["seed"] == "3" and answer["shards_written"] == 1
    again = json.loads(mcescalate("sweep", plan, "--out", "out", "--json").stdout)
    assert again["shards_written"] == 0 and again["shards_found"] == 1
    reported = mcescalate("sweep", plan, "--out", "out").stderr
    assert "1 shard with 80 chains was there already" in reported
    shown = json.loads(mcescalate("show", answer["file"], "--json").stdout)
    assert [point["values"] for point in shown["points"]] == [
        {"response.gap": 0.2},
        {"response.gap": 0.8},
    ]
    assert all(point["n_chains"] == 40 for point in shown["points"])
    assert all(0 < point["general_war"]["upper"] <= 1 for point in shown["points"])
    assert shown["wanted"] is None


def test_the_probability_that_was_wanted_is_shown_and_where_it_is_not_known(mcescalate, plan):
    # Without accidents the first point deters all incidents, the second one none.
    text = PLAN.replace('"small.toml"', '"small.toml"\nsettings = ["trigger.accident=0"]')
    plan.write_text(text.replace("response.gap", "deterrence.base").replace("0.2, 0.8", "-50, 50"))
    words = ("--precision", "peak>=1=40%", "--max-chains", 64, "--json")
    answer = json.loads(mcescalate("sweep", plan, "--out", "out", *words).stdout)
    shown = json.loads(mcescalate("show", answer["file"], "--json").stdout)
    reached = [point["is_reached"] for point in shown["points"]]
    assert shown["wanted"] == "peak>=1" and reached == [False, True]
    assert [point["wanted"]["count"] for point in shown["points"]] == [0, 64]
    heading, *rows, note = mcescalate("show", answer["file"]).stdout.splitlines()[3:]
    titles = ["chains", "peak>=1", "95 % interval", "war", "95 % interval", "general war"]
    assert [part.strip() for part in re.split("  +", heading)][2:-1] == titles
    assert ["*" in row for row in rows] == [True, False]
    assert note == "* peak>=1 misses the precision asked for at 1 point"


def test_dry_run_writes_nothing(mcescalate, plan, tmp_path):
    done = mcescalate("sweep", plan, "--out", "out", "--dry-run")
    assert done.returncode == 0
    for word in ("2 points", "40 chains each", "memory", "disk", "seed 3"):
        assert word in done.stdout
    assert not (tmp_path / "out").exists()
    facts = json.loads(mcescalate("sweep", plan, "--out", "o", "--dry-run", "--json").stdout)
    assert facts["points"] == 2 and facts["chains"] == 80 and facts["memory_bytes"] > 0


def test_quiet(mcescalate, plan):
    assert mcescalate("sweep", plan, "--out", "out", "-q").stderr == ""


def test_a_drawn_seed_is_printed_kept_and_taken_up_again(mcescalate, plan):
    plan.write_text(PLAN.replace("seed = 3\n", ""))
    first = mcescalate("sweep", plan, "--out", "out")
    assert "(drawn)" in first.stderr
    second = json.loads(mcescalate("sweep", plan, "--out", "out", "--json").stdout)
    assert f"seed {second['seed']}" in first.stderr
    assert second["shards_written"] == 0


@pytest.mark.parametrize(
    "words",
    [
        ("--seed", "-1"),
        ("--seed", "1.5"),
        ("--seed", str(2**63)),
        ("--seed", "true"),
        ("--part", "3/3"),
        ("--part", "0/0"),
        ("--part", "a/b"),
        ("--part", "-1/3"),
        ("--chains", "0"),
        ("--precision", "war"),
        ("--precision", "war=2%"),
        ("--precision", "wor=2%", "--max-chains", "100"),
        ("--precision", "war=2%", "--max-chains", "100", "--chains", "5"),
        ("--executor", "fibres"),
        ("--scheduler", "tcp://127.0.0.1:1"),
        ("--executor", "dask", "--scheduler", "tcp://10.1.1.1:8786"),
        ("--workers", "0"),
    ],
    ids=" ".join,
)
def test_wrong_usage_writes_nothing(mcescalate, plan, tmp_path, words):
    before = sorted(tmp_path.rglob("*"))
    done = mcescalate("sweep", plan, "--out", "out", *words)
    assert done.returncode == 2, done.stderr
    assert done.stderr and "Traceback" not in done.stderr and done.stdout == ""
    assert sorted(tmp_path.rglob("*")) == before


def test_an_invalid_plan_is_reported_whole(mcescalate, plan):
    plan.write_text(PLAN.replace("response.gap", "response.gpa").replace("0.8", "true"))
    done = mcescalate("sweep", plan, "--out", "out")
    assert done.returncode == 2 and "axes[0].values" in done.stderr
    plan.write_text(PLAN.replace("response.gap", "response.gpa"))
    done = mcescalate("sweep", plan, "--out", "out")
    assert done.returncode == 2 and 'did you mean "response.gap"' in done.stderr


def test_another_plan_is_refused_with_what_differs(mcescalate, plan):
    assert mcescalate("sweep", plan, "--out", "out").returncode == 0
    for words in ((), ("--dry-run",)):
        done = mcescalate("sweep", plan, "--out", "out", "--seed", 4, *words)
        assert done.returncode == 2 and "plan.seed: 3 there, 4 now" in done.stderr
        assert "estimate" not in done.stderr + done.stdout
    done = mcescalate("sweep", plan, "--out", "out", "--chains", 39)
    assert done.returncode == 2 and "expected 40 or more" in done.stderr


def test_parts_and_merge(mcescalate, plan, tmp_path):
    words = ("--precision", "war=50%", "--max-chains", 2000)
    whole = mcescalate("sweep", plan, "--out", "whole", *words)
    for i in range(3):
        done = mcescalate("sweep", plan, "--out", "out", "--part", f"{i}/3", *words)
        assert done.returncode == 0 and "mcescalate merge out -o FILE" in done.stdout
    assert not (tmp_path / "out" / "result.h5").exists()
    merged = mcescalate("merge", "out", "-o", "merged.h5")
    assert merged.returncode == 0 and merged.stdout == whole.stdout
    assert mcescalate("merge", "out", "-o", "merged.h5").returncode == 2
    assert mcescalate("merge", "out", "merged.h5", "-o", "x.h5").returncode == 2
    assert mcescalate("merge", "merged.h5", "-o", "x.h5").returncode == 2


def test_an_unfinished_sweep_is_merged_only_in_part(mcescalate, plan, monkeypatch, tmp_path):
    monkeypatch.setenv("MCESCALATE_SHARD_SECONDS", "0.0001")
    assert mcescalate("sweep", plan, "--out", "out", "--part", "0/2").returncode == 0
    done = mcescalate("merge", "out", "-o", "m.h5")
    assert done.returncode == 3 and "shards are missing" in done.stderr
    done = mcescalate("merge", "out", "-o", "m.h5", "--partial", "--json")
    assert done.returncode == 0 and json.loads(done.stdout)["complete"] is False
    assert "incomplete: " in mcescalate("show", "m.h5").stdout


def test_a_damaged_shard_is_named_by_merge(mcescalate, plan, tmp_path):
    mcescalate("sweep", plan, "--out", "out")
    (shard,) = (tmp_path / "out" / "shards").iterdir()
    shard.write_bytes(shard.read_bytes()[:50])
    done = mcescalate("merge", "out", "-o", "m.h5")
    assert done.returncode == 3 and shard.name in done.stderr
    done = mcescalate("sweep", plan, "--out", "out")
    assert done.returncode == 0 and "1 shard was damaged and simulated again" in done.stderr
    for words in (("nowhere",), ("out", "nowhere"), ("nowhere", "out")):
        done = mcescalate("merge", *words, "-o", "m.h5")
        assert done.returncode == 2 and "nowhere: no such file or folder" in done.stderr
    (tmp_path / "empty").mkdir()
    assert mcescalate("merge", "empty", "-o", "m.h5").returncode == 3


def test_a_full_disk_at_the_merge(mcescalate, plan, tmp_path, monkeypatch):
    mcescalate("sweep", plan, "--out", "out", "--part", "0/1")

    def full(handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as during:
        during.setattr(os, "fsync", full)
        done = mcescalate("merge", "out", "-o", "m.h5")
    assert done.returncode == 4 and "no room for" in done.stderr
    assert not list(tmp_path.glob("*.h5")) and not list(tmp_path.glob(".*"))
    assert mcescalate("merge", "out", "-o", "m.h5").returncode == 0


def test_a_status_file_that_cannot_be_written(mcescalate, plan, tmp_path):
    done = mcescalate("sweep", plan, "--out", "out", "--status-file", "no/where.json")
    assert done.returncode == 2 and "no/where.json" in done.stderr
    assert not list((tmp_path / "out").glob("shards/*"))


def test_failed_shards_end_with_their_own_code(mcescalate, plan, tmp_path, monkeypatch):
    from mcescalate.sweep.run import runner

    def fails(world):
        raise ArithmeticError("no such world")

    with monkeypatch.context() as during:
        during.setattr(runner, "build_world", fails)
        done = mcescalate("sweep", plan, "--out", "out")
    assert done.returncode == 5
    assert "1 shard failed" in done.stderr and "ArithmeticError: no such world" in done.stderr
    assert "Traceback" not in done.stderr
    assert mcescalate("sweep", plan, "--out", "out").returncode == 0


def test_status_file(mcescalate, plan, tmp_path):
    mcescalate("sweep", plan, "--out", "out", "--status-file", "status.json")
    status = json.loads((tmp_path / "status.json").read_text())
    assert status["state"] == "done" and status["points_ended"] == status["points"] == 2
    assert status["chains_done"] == 80 and status["seconds_left"] >= 0


def test_time_left_is_never_negative_though_the_clock_jumps(
    mcescalate, plan, tmp_path, monkeypatch
):
    from mcescalate.cli.terminal import sweep_progress

    clock, facts = itertools.count(1e9, -1000), []
    tell = sweep_progress.SweepProgress.facts
    monkeypatch.setattr(time, "time", lambda: float(next(clock)))
    monkeypatch.setattr(
        sweep_progress.SweepProgress, "facts", lambda self: facts.append(tell(self)) or facts[-1]
    )
    done = mcescalate("sweep", plan, "--out", "out", "--status-file", "s.json")
    assert done.returncode == 0 and len(facts) > 1
    assert all(known["elapsed_seconds"] >= 0 for known in facts)
    assert all((known["seconds_left"] or 0) >= 0 for known in facts)
    assert all(known["chains_per_second"] >= 0 for known in facts)


def test_a_plain_line_a_minute(mcescalate, plan, monkeypatch):
    from mcescalate.cli.terminal import sweep_progress

    monkeypatch.setattr(sweep_progress, "EVERY", 0.0)
    done = mcescalate("sweep", plan, "--out", "out")
    assert "2 of 2 points" in done.stderr and "chains/s" in done.stderr


def start(tmp_path, *words, **settings):
    return subprocess.Popen(
        [sys.executable, "-m", "mcescalate", *map(str, words)],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **settings},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )


SLOW = ("--chains", 10**6, "--backend", "python", "--force")


@pytest.mark.parametrize(
    ("signum", "code", "executor"),
    [
        (signal.SIGINT, 130, "threads"),
        (signal.SIGTERM, 75, "processes"),
        (signal.SIGTERM, 75, "dask"),
        pytest.param(signal.SIGTERM, 75, "threads", marks=pytest.mark.slow),
        pytest.param(signal.SIGINT, 130, "processes", marks=pytest.mark.slow),
    ],
)
def test_a_signal_stops_it_and_it_can_go_on(tmp_path, plan, mcescalate, signum, code, executor):
    process = start(tmp_path, "sweep", plan, "--out", "out", *SLOW, "--executor", executor)
    while not (tmp_path / "out" / "manifest.json").exists() and process.poll() is None:
        time.sleep(0.05)
    time.sleep(0.5)
    process.send_signal(signum)
    out, err = process.communicate(timeout=300)
    assert process.returncode == code, err
    assert "stopped" in err and "Traceback" not in err and out == ""
    assert not list((tmp_path / "out").rglob("*.tmp"))
    done = mcescalate("sweep", plan, "--out", "out", *SLOW, "--dry-run")
    assert done.returncode == 0


def test_a_second_signal_ends_at_once(tmp_path, plan):
    process = start(tmp_path, "sweep", plan, "--out", "out", *SLOW)
    while not (tmp_path / "out" / "manifest.json").exists():
        time.sleep(0.05)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=300)
    assert process.returncode == 130


def test_live_line_on_a_terminal(shown_on_a_terminal, plan):
    reported = shown_on_a_terminal("sweep", plan, "--out", "out", "--backend", "python")
    assert "of 2 points" in reported


@pytest.mark.parametrize("busy", [True, False])
def test_lines_say_that_it_is_compiling(mcescalate, plan, monkeypatch, busy):
    from mcescalate.cli.terminal import sweep_progress

    monkeypatch.setattr(sweep_progress, "EVERY", 0.0)
    monkeypatch.setattr(sweep_progress, "is_compiling", lambda: busy)
    lines = mcescalate("sweep", plan, "--out", "out").stderr.splitlines()
    reported = [line for line in lines if " of 2 points, " in line]
    assert reported
    assert all(("compiling (once per machine)" in line) == busy for line in reported)
    assert all(("chains/s" in line) != busy for line in reported)


def test_time_left_leaves_out_compiling(mcescalate, plan, tmp_path, monkeypatch):
    """A minute of compiling, then a chain a second."""
    from mcescalate.cli.terminal import sweep_progress

    busy, now = [True], [0.0]
    monkeypatch.setattr(sweep_progress, "is_compiling", lambda: busy[0])
    monkeypatch.setattr(sweep_progress.time, "monotonic", lambda: now[0])
    prepared = prepare(plan, tmp_path / "out")
    with sweep_progress.SweepProgress(prepared, (0, 1), None, shown=False) as progress:
        now[0] = 60.0
        progress(SweepStatus())
        busy[0] = False
        now[0] = 80.0
        progress(SweepStatus(chains_done=20))
        facts = progress.facts()
    assert facts["chains_per_second"] == 1 and facts["seconds_left"] == pytest.approx(60.0)
    assert facts["elapsed_seconds"] == 80.0


def test_a_limit_on_memory_is_obeyed(tmp_path, plan):
    """Under `ulimit -v` a sweep beyond it ends with code 4, and is not killed."""
    text = PLAN.replace("values = [0.2, 0.8]", "low = 0.1\nhigh = 0.9\nsteps = 2000000")
    plan.write_text(text)
    command = f"ulimit -v 3000000; {sys.executable} -m mcescalate sweep plan.toml --out out"
    done = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 4 and "memory are available" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_limit_on_the_size_of_files_is_a_full_disk(tmp_path, plan):
    plan.write_text(PLAN.replace("values = [0.2, 0.8]", "low = 0.1\nhigh = 0.9\nsteps = 30"))
    words = "-m mcescalate sweep plan.toml --out out --chains 1"
    limited = f"ulimit -f 12; NUMBA_CACHE_DIR={tmp_path} {sys.executable} {words} --backend python"
    done = subprocess.run(
        ["bash", "-c", limited], cwd=tmp_path, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 4 and "no room for" in done.stderr, done.stderr
    assert not list((tmp_path / "out").rglob("*.tmp"))
    again = subprocess.run(
        ["bash", "-c", f"{sys.executable} {words}"], cwd=tmp_path, capture_output=True, timeout=120
    )
    assert again.returncode == 0
