"""A dask cluster gives the same shards, whatever happens to it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sweep import faulty_workers
from sweep.conftest import PLAN, simulate_into, sums

import mcescalate as mc

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def dask_case(plan_file, tmp_path):
    """Run a case of `dask_cases` into tmp_path/out; its answer."""

    def call(name: str, **settings: str):
        done = subprocess.run(
            [sys.executable, "-m", "sweep.dask_cases", name, plan_file, tmp_path / "out"],
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), **settings},
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    return call


def test_one_cluster(plan_file, tmp_path, dask_case):
    flag = tmp_path / "flag"
    flag.touch()
    answer = dask_case("one_cluster", **{faulty_workers.FLAG: str(flag)})
    assert answer["addresses"] == ["127.0.0.1"]
    assert answer["lost"] == "OSError('gone with its worker')"
    assert not flag.exists()
    simulate_into(tmp_path / "here", plan_file)
    assert sums(tmp_path / "out") == sums(tmp_path / "here")


@pytest.mark.parametrize("n", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_shards_that_kill_their_workers(plan_file, tmp_path, dask_case, n):
    few = PLAN.replace("values = [0.2, 0.5, 0.8]", "values = [0.2, 0.5]")
    resolves = [-1.0, 1.0][:n]
    few = few.replace("low = -1.0\nhigh = 1.0\nsteps = 3", f"values = {resolves}")
    plan_file.write_text(few)
    assert dask_case("shard_kills") == {"failed": n, "written": n}
    assert len(list((tmp_path / "out" / "failed").iterdir())) == n


def test_the_scheduler_is_lost(plan_file, tmp_path, dask_case):
    answer = dask_case("scheduler_goes")
    assert answer["exit_code"] == 1
    assert "shards are saved" in answer["lost"]
    saved = len(sums(tmp_path / "out"))
    assert saved >= 1
    _, status = simulate_into(tmp_path / "out", plan_file)
    assert status.shards_found == saved and status.shards_written == 9 - saved


JOBQUEUE = """\
from distributed import LocalCluster


class SLURMCluster(LocalCluster):
    def __init__(self, *, cores, processes, memory, walltime, job_extra_directives):
        assert processes <= cores and "--requeue" in job_extra_directives
        super().__init__(
            n_workers=0, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0"
        )

    def adapt(self, *, minimum, maximum):
        return super().adapt(minimum=minimum, maximum=min(maximum, 2))
"""


def test_the_example_with_dask_jobqueue(plan_file, tmp_path):
    """With a stand-in for the package that starts its workers here, when work comes."""
    (tmp_path / "dask_jobqueue.py").write_text(JOBQUEUE)
    script = ROOT / "scripts" / "slurm" / "sweep_dask_jobqueue.py"
    done = subprocess.run(
        [sys.executable, script, plan_file, tmp_path / "out"],
        env={**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert "outcome_count" in done.stdout
    expected = mc.run_sweep(plan_file, tmp_path / "here")
    assert mc.load(tmp_path / "out" / "result.h5").equals(expected)
