"""Shards are the same, byte for byte, for any executor, in any order and after any stop."""

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
import xarray as xr
from sweep.conftest import simulate_into, sums

from mcescalate.results.files.store import load
from mcescalate.scenario.change.addresses import assign
from mcescalate.sweep.result.assemble import assemble
from mcescalate.sweep.store.folder import reopen_folder
from mcescalate.sweep.workflow import merge_folders

ADAPTIVE = {"precision": "war=30%", "max_chains": 3000}


def command(plan, out, *words):
    """The program as a process."""
    return [sys.executable, "-m", "mcescalate", "sweep", str(plan), "--out", str(out), *words]


ENVIRONMENT = {**os.environ, "MCESCALATE_SHARD_SECONDS": "0.003"}


def untimed(dataset: xr.Dataset) -> xr.Dataset:
    """A result without the times of its making."""
    for name in ("history", "date_created", "content_sha256"):
        dataset.attrs.pop(name, None)
    return dataset


def data_of(path) -> xr.Dataset:
    """The same of a result's file."""
    with xr.open_dataset(path) as file:
        return untimed(file.load())


FEW = ("--chains", "50", "--backend", "python")
"""Few chains, but slow ones."""


@pytest.fixture
def expected(plan_file, tmp_path):
    """Sums of the shards of an undisturbed sweep with one thread."""
    simulate_into(tmp_path / "expected", plan_file, workers=1)
    return sums(tmp_path / "expected")


@pytest.fixture
def expected_few(plan_file, tmp_path):
    """The same with the chains of `FEW`."""
    simulate_into(tmp_path / "few", plan_file, options={"chains": 50})
    return sums(tmp_path / "few")


@pytest.mark.parametrize("options", [{}, ADAPTIVE, {"independent": True}], ids=str)
def test_any_number_of_workers(plan_file, tmp_path, options):
    simulate_into(tmp_path / "one", plan_file, options=options, workers=1)
    assert len(sums(tmp_path / "one")) > 3
    for workers in (2, 7):
        simulate_into(tmp_path / f"{workers}", plan_file, options=options, workers=workers)
        assert sums(tmp_path / f"{workers}") == sums(tmp_path / "one")


def test_tasks_of_any_size(plan_file, tmp_path, expected):
    for k, seconds in enumerate((1e-9, 1e-4, 0.003, 10)):
        options = {"task_seconds": seconds}
        simulate_into(tmp_path / f"{k}", plan_file, **options)
        assert sums(tmp_path / f"{k}") == expected


def test_the_interpreted_model(plan_file, tmp_path):
    few = {"chains": 20}
    simulate_into(tmp_path / "numba", plan_file, options=few)
    _, status = simulate_into(tmp_path / "python", plan_file, options=few, backend="python")
    assert status.failures == {}
    assert sums(tmp_path / "python") == sums(tmp_path / "numba")


def test_points_are_single_runs(plan_file, tmp_path):
    from mcescalate.api import simulate

    folder, _ = simulate_into(tmp_path / "out", plan_file)
    result = assemble(folder)
    for point in (0, 5):
        run = simulate(folder.sweep.scenario(point), n_chains=200, seed=11)
        here = result.isel(point=point)
        for name in run.data_vars:
            assert (run[name].values == here[name].values).all(), name
    assert (here["block_outcome_count"].sum("block") == here["outcome_count"]).all()
    assert (here["block_outcome_count"].sum("outcome") == [7] * 8 + [6] * 24).all()


@pytest.mark.parametrize("options", [{}, ADAPTIVE], ids=str)
def test_parts_merged(plan_file, tmp_path, options):
    folder, _ = simulate_into(tmp_path / "whole", plan_file, options=options)
    whole = untimed(assemble(folder))
    for i in range(3):
        simulate_into(tmp_path / f"part{i}", plan_file, options=options, part=(i, 3))
        simulate_into(tmp_path / "shared", plan_file, options=options, part=(i, 3))
    apart = merge_folders([tmp_path / f"part{i}" for i in (2, 0, 1)])
    for merged in (apart, merge_folders([tmp_path / "shared"])):
        assert untimed(merged).identical(whole)
    assert sums(tmp_path / "shared") == sums(tmp_path / "whole")


def test_more_chains_keep_the_shards_there_are(plan_file, tmp_path):
    out = tmp_path / "out"
    simulate_into(out, plan_file, options={"chains": 70})
    before = {p.name: p.stat().st_mtime_ns for p in (out / "shards").iterdir()}
    first = sums(out)
    folder, status = simulate_into(out, plan_file, options={"chains": 200})
    assert status.shards_found == len(before)
    assert status.chains_done - status.chains_found == 9 * 130
    after = {p.name: p.stat().st_mtime_ns for p in (out / "shards").iterdir()}
    assert before.items() <= after.items() and first.items() <= sums(out).items()
    straight, _ = simulate_into(tmp_path / "straight", plan_file)
    extended, whole = assemble(folder), assemble(straight)
    for name in whole.data_vars:
        assert (extended[name] == whole[name]).all(), name
    _, again = simulate_into(out, plan_file, options={"chains": 200})
    assert again.shards_written == 0


@pytest.mark.parametrize("first", [2**32 - 100, 2**33, 2**63 - 100, 2**64 - 200])
def test_chain_numbers_beyond_32_bits(plan_file, tmp_path, first):
    from mcescalate.api import simulate

    folder, _ = simulate_into(tmp_path / "out", plan_file, options={"first_chain": first})
    result = assemble(folder)
    run = simulate(folder.sweep.scenario(4), n_chains=200, seed=11, first_chain=first)
    assert (result["last_turn_count"][4].values == run["last_turn_count"].values).all()
    low = simulate(folder.sweep.scenario(4), n_chains=200, seed=11)
    assert (run["last_turn_count"].values != low["last_turn_count"].values).any()


def test_a_stopped_sweep_goes_on(plan_file, tmp_path, expected):
    out = tmp_path / "out"
    draw = random.Random(3)
    for _ in range(50):
        looks = draw.randrange(20, 60)
        polls = iter(range(10**9))
        _, status = simulate_into(
            out, plan_file, should_stop=lambda looks=looks, polls=polls: next(polls) >= looks
        )
        if not status.is_stopped:
            break
    assert sums(out) == expected


def kill_and_resume(plan_file, out, n_kills: int, words=()) -> None:
    """Kill the program at random moments of its simulating, then let it end."""
    draw, codes = random.Random(5), []
    status = out.with_name("status.json")

    def n_shards() -> int:
        return len(list((out / "shards").glob("*.tally")))

    for _ in range(n_kills):
        status.unlink(missing_ok=True)
        process = subprocess.Popen(
            command(plan_file, out, "--status-file", status, *words),
            env=ENVIRONMENT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        wanted = n_shards() + draw.randrange(2)
        while not (status.exists() and n_shards() >= wanted) and process.poll() is None:
            time.sleep(0.01)
        time.sleep(draw.random() * 0.5)
        process.kill()
        codes.append(process.wait())
    assert codes[0] == -signal.SIGKILL, "it ended before it was killed: simulate more chains"
    subprocess.run(command(plan_file, out, *words), env=ENVIRONMENT, check=True, timeout=120)
    # Whoever is killed while it writes leaves a draft, which a later run removes after a day.
    for draft in (out / "shards").glob(".mcescalate-*.tmp"):
        draft.unlink()


def test_killed_and_resumed(plan_file, tmp_path, expected_few):
    kill_and_resume(plan_file, tmp_path / "out", 1, FEW)
    assert sums(tmp_path / "out") == expected_few


@pytest.mark.slow
@pytest.mark.parametrize("words", [(), ("--executor", "processes"), ("--executor", "dask")])
def test_killed_ten_times_and_resumed(plan_file, tmp_path, expected, words):
    kill_and_resume(plan_file, tmp_path / "out", 10, (*words, "--backend", "python"))
    assert sums(tmp_path / "out") == expected
    subprocess.run(command(plan_file, tmp_path / "two"), env=ENVIRONMENT, check=True)
    assert data_of(tmp_path / "out" / "result.h5").identical(
        data_of(tmp_path / "two" / "result.h5")
    )


def test_two_at_once_on_one_folder(plan_file, tmp_path, expected):
    errors = []

    def go():
        try:
            simulate_into(tmp_path / "out", plan_file)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=go) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert sums(tmp_path / "out") == expected


@pytest.mark.parametrize("is_killed", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_two_processes_on_one_folder(plan_file, tmp_path, expected_few, is_killed):
    out = tmp_path / "out"
    words = command(plan_file, out, *FEW)
    both = [
        subprocess.Popen(words, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    while not (out / "shards").is_dir() and both[0].poll() is None:
        time.sleep(0.01)
    if is_killed:
        both[1].send_signal(signal.SIGKILL)
    reported = [process.communicate(timeout=120)[1] for process in both]
    assert [process.returncode for process in both] == [0, -9 if is_killed else 0], reported
    assert sums(out) == expected_few
    assert not list(out.rglob("*.tmp")) or is_killed
    assert load(out / "result.h5").attrs["complete"] == 1
    _, status = simulate_into(out, plan_file, options={"chains": 50})
    assert status.shards_written == 0 and status.shards_found == len(expected_few)


@pytest.mark.slow
@pytest.mark.parametrize(
    "settings",
    [
        {"NUMBA_DISABLE_JIT": "1"},
        {"NUMBA_ENABLE_CUDASIM": "1"},
        {"NUMBA_CPU_NAME": "generic"},
        {"NPY_DISABLE_CPU_FEATURES": "AVX512F AVX512CD AVX512_SKX"},
    ],
    ids=str,
)
def test_other_compilers_and_processors(plan_file, tmp_path, settings):
    few = {"chains": 40}
    simulate_into(tmp_path / "here", plan_file, options=few)
    subprocess.run(
        command(plan_file, tmp_path / "there", "--chains", "40"),
        env={**ENVIRONMENT, **settings},
        check=True,
        timeout=300,
    )
    assert sums(tmp_path / "there") == sums(tmp_path / "here")


def test_reordered_actors_change_nothing(plan_file, tmp_path):
    folder, _ = simulate_into(tmp_path / "one", plan_file)
    path = tmp_path / "small.toml"
    head, *rows = path.read_text().split("[[actors]]\n")
    last, rest = rows[2].split("\n\n", 1)
    rows = [rows[1], last + "\n\n", rows[0]]
    path.write_text(head + "".join(f"[[actors]]\n{row}" for row in rows) + rest)
    other, _ = simulate_into(tmp_path / "two", plan_file)
    a, b = assemble(folder), assemble(other)
    assert b["actor"].values.tolist() == ["AAA", "CCC", "BBB"]
    order = {"actor": a["actor"].values, "partner": a["partner"].values}
    for name in ("actor_war_count", "drawn_in_count", "entry_count", "tie_fought_count"):
        assert (b[name].sel({d: v for d, v in order.items() if d in b[name].dims}) == a[name]).all()


def test_a_copied_folder_is_the_same_sweep(plan_file, tmp_path):
    folder, _ = simulate_into(tmp_path / "one", plan_file)
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    again = reopen_folder(tmp_path / "two")
    assert again.digest == folder.digest
    assert np.array_equal(again.sweep.design.values, folder.sweep.design.values)
    assert assign(again.sweep.bases[0][1], []) == folder.sweep.bases[0][1]
