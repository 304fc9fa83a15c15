"""The array script, with stand-ins for SLURM's commands: parts, requeueing, exit codes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sweep.conftest import simulate_into, sums

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "slurm" / "sweep-array.sh"

SRUN = """#!/bin/sh
shift
exec "$@"
"""
SCONTROL = """#!/bin/sh
echo "$@" >> "$SLURM_LOG"
"""
SLEEPER = """#!/bin/sh
echo "$@" >> "$SLURM_LOG"
trap 'kill $!; exit 75' TERM
echo ready >> "$SLURM_LOG.ready"
sleep 60 &
wait
"""
ENDER = """#!/bin/sh
echo "$@" >> "$SLURM_LOG"
exit ${END:-0}
"""


@pytest.fixture
def slurm(tmp_path):
    """Start the script as SLURM would; the log has what was called."""
    folder = tmp_path / "bin"
    folder.mkdir()
    log = tmp_path / "log"

    def start(program: str, *words, **settings: str) -> subprocess.Popen:
        for name, text in (("srun", SRUN), ("scontrol", SCONTROL), ("mcescalate", program)):
            (folder / name).write_text(text)
            (folder / name).chmod(0o755)
        environment = {k: v for k, v in os.environ.items() if not k.startswith("SLURM_")}
        path = f"{folder}:{environment['PATH']}"
        environment |= {"PATH": path, "SLURM_LOG": str(log), "TMPDIR": str(tmp_path), **settings}
        with open(tmp_path / "reported", "w") as reported:
            return subprocess.Popen(
                ["bash", SCRIPT, *words],
                env=environment,
                cwd=tmp_path,
                stdout=reported,
                stderr=reported,
            )

    start.log = log
    start.reported = tmp_path / "reported"
    return start


ARRAY = {
    "SLURM_ARRAY_JOB_ID": "77",
    "SLURM_ARRAY_TASK_ID": "6",
    "SLURM_ARRAY_TASK_MIN": "4",
    "SLURM_ARRAY_TASK_COUNT": "5",
    "SLURM_CPUS_PER_TASK": "3",
}


def test_a_task_is_a_part(slurm):
    process = slurm(ENDER, "plan.toml", "out", "--chains", "5", **ARRAY)
    assert process.wait(300) == 0, slurm.reported.read_text()
    called = "sweep plan.toml --out out --part 2/5 --workers 3 --chains 5\n"
    assert slurm.log.read_text() == called


def test_an_array_may_count_in_steps(slurm):
    steps = {**ARRAY, "SLURM_ARRAY_TASK_ID": "12", "SLURM_ARRAY_TASK_STEP": "2"}
    assert slurm(ENDER, "plan.toml", "out", **steps).wait(20) == 0
    assert "--part 4/5 " in slurm.log.read_text()


def test_a_task_that_is_no_part_is_wrong_usage(slurm, plan_file, tmp_path):
    # As in --array=4,9: such numbers identify no part.
    real = f'#!/bin/sh\nexec {sys.executable} -m mcescalate "$@"\n'
    numbers = {**ARRAY, "SLURM_ARRAY_TASK_ID": "9", "SLURM_ARRAY_TASK_COUNT": "2"}
    assert slurm(real, plan_file, tmp_path / "out", **numbers).wait(60) == 2
    assert "--part: expected i/n" in slurm.reported.read_text()
    assert not (tmp_path / "out").exists()


def test_without_a_number_of_cpus_the_affinity_mask_counts(slurm):
    few = {key: value for key, value in ARRAY.items() if "CPUS" not in key}
    assert slurm(ENDER, "plan.toml", "out", **few).wait(20) == 0
    assert "--workers" not in slurm.log.read_text()


@pytest.mark.parametrize("code", [0, 2, 5])
def test_the_exit_code_is_handed_on(slurm, code):
    process = slurm(ENDER, "plan.toml", "out", **ARRAY, END=str(code))
    assert process.wait(300) == code
    assert "requeue" not in slurm.log.read_text()


def test_asked_to_end_it_stops_cleanly_and_is_queued_again(slurm):
    process = slurm(SLEEPER, "plan.toml", "out", **ARRAY)
    ready = slurm.log.with_name("log.ready")
    while not ready.exists():
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    assert process.wait(300) == 75, slurm.reported.read_text()
    assert slurm.log.read_text().splitlines()[-1] == "requeue 77_6"


def test_usage(slurm):
    process = slurm(ENDER, "plan.toml")
    assert process.wait(300) == 2 and "usage" in slurm.reported.read_text()


def test_requeued_with_another_number_of_parts(plan_file, tmp_path):
    simulate_into(tmp_path / "whole", plan_file)
    out = tmp_path / "out"
    simulate_into(out, plan_file, part=(1, 4))
    for i in range(3):
        simulate_into(out, plan_file, part=(i, 3))
    assert sums(out) == sums(tmp_path / "whole")
