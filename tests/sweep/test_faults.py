"""Workers that die, folders that do not fit, disks that are full: what a sweep makes of it."""

import errno
import json
import os
import shutil
import threading
import tracemalloc
from concurrent.futures import BrokenExecutor

import pytest
from sweep import faulty_workers
from sweep.conftest import PLAN, simulate_into, sums

from mcescalate.errors import (
    DataError,
    OutputError,
    ResourceError,
    ScenarioError,
    UsageError,
)
from mcescalate.sweep import workflow
from mcescalate.sweep.design.reading import load_sweep
from mcescalate.sweep.result import assemble as assembling
from mcescalate.sweep.result.assemble import assemble
from mcescalate.sweep.run import runner
from mcescalate.sweep.run.executors import check_address, open_executor
from mcescalate.sweep.run.worker import simulate_pieces
from mcescalate.sweep.schedule import budget
from mcescalate.sweep.schedule.shards import Costs
from mcescalate.sweep.schedule.tally_layouts import PointLayouts
from mcescalate.sweep.store.folder import reopen_folder, seed_in
from mcescalate.sweep.store.manifest import restore
from mcescalate.sweep.workflow import merge_folders, prepare


@pytest.fixture
def whole(plan_file, tmp_path):
    """An undisturbed sweep."""
    folder, _ = simulate_into(tmp_path / "whole", plan_file)
    return folder


# ------------------------------------------------------------------ workers


def test_a_worker_is_killed(plan_file, tmp_path, whole, monkeypatch):
    flag = tmp_path / "flag"
    flag.touch()
    monkeypatch.setenv(faulty_workers.FLAG, str(flag))
    _, status = simulate_into(
        tmp_path / "out", plan_file, executor="processes", simulate=faulty_workers.dies_once
    )
    assert not flag.exists() and not status.failures
    assert sums(tmp_path / "out") == sums(whole.path)


def test_a_shard_that_always_kills_its_worker(plan_file, tmp_path):
    few = PLAN.replace("values = [0.2, 0.5, 0.8]", "values = [0.2, 0.5]")
    plan_file.write_text(few.replace("steps = 3", "steps = 2"))
    out = tmp_path / "out"
    _, status = simulate_into(
        out, plan_file, executor="processes", simulate=faulty_workers.dies_always
    )
    assert len(status.failures) == 2 and status.shards_written == 2
    assert all("base small" in text for text in status.failures.values())
    assert sorted(p.name for p in (out / "failed").iterdir()) == [
        f"{name}.txt" for name in sorted(status.failures)
    ]
    _, again = simulate_into(out, plan_file)
    assert again.shards_written == 2 and not again.failures
    assert list((out / "failed").iterdir()) == []


def test_an_exception_in_a_shard(plan_file, tmp_path, whole):
    out = tmp_path / "out"
    folder, status = simulate_into(out, plan_file, simulate=faulty_workers.raises)
    assert len(status.failures) == 3 and status.shards_written == 6
    (name, text), *_ = status.failures.items()
    assert "ZeroDivisionError: the bottom fell out" in text and "points" in text
    assert "Traceback" in (out / "failed" / f"{name}.txt").read_text()
    with pytest.raises(DataError, match="3 shards are missing"):
        assemble(folder)
    simulate_into(out, plan_file)
    assert sums(out) == sums(whole.path)


def test_a_pool_that_breaks_while_work_is_handed_out(plan_file, tmp_path, whole):
    executor = open_executor("threads", 2)
    calls, submit = [], executor.submit

    def breaks_at_times(*arguments):
        calls.append(arguments)
        if len(calls) in (1, 4, 5):
            raise BrokenExecutor("a worker has died")
        return submit(*arguments)

    executor.submit = breaks_at_times
    simulate_into(tmp_path / "out", plan_file, executor=executor)
    assert sums(tmp_path / "out") == sums(whole.path)


def test_shards_of_many_tasks_that_kill_their_workers(plan_file, tmp_path):
    executor = open_executor("threads", 2)
    executor.is_death = lambda error: isinstance(error, ZeroDivisionError)
    _, status = simulate_into(
        tmp_path / "out",
        plan_file,
        executor=executor,
        simulate=faulty_workers.raises,
        task_seconds=1e-4,
    )
    assert len(status.failures) == 3 and status.shards_written == 6
    assert all("2 workers died" in text for text in status.failures.values())


def test_workers_get_arrays_alone(plan_file, tmp_path, whole):
    _, status = simulate_into(
        tmp_path / "out",
        plan_file,
        executor="processes",
        simulate=faulty_workers.imports_no_scenarios,
    )
    assert not status.failures
    assert sums(tmp_path / "out") == sums(whole.path)


def test_a_scheduler_must_be_near_or_encrypted():
    for address in ("tcp://127.0.0.1:8786", "tcp://localhost:1", "tcp://[::1]:1", "tls://a.b:1"):
        check_address(address, insecure_cluster=False)
    check_address("tcp://10.0.0.1:8786", insecure_cluster=True)
    for address in ("tcp://10.0.0.1:8786", "tcp://0.0.0.0:8786", "tcp://node7:8786"):
        with pytest.raises(UsageError, match="--insecure-cluster"):
            check_address(address, insecure_cluster=False)
    for address in ("127.0.0.1:8786", "http://127.0.0.1:1", "tcp://127.0.0.1", "tcp://a:b"):
        with pytest.raises(UsageError, match="expected an address"):
            check_address(address, insecure_cluster=True)


def test_unknown_executors_are_refused():
    with pytest.raises(UsageError, match="expected threads, processes, dask"):
        open_executor("fibres")
    with pytest.raises(UsageError, match="goes with --executor dask"):
        open_executor("threads", scheduler="tcp://127.0.0.1:1")


def test_interrupted_in_a_notebook(plan_file, tmp_path, whole):
    def interrupt(status):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate_into(tmp_path / "out", plan_file, progress=interrupt)
    simulate_into(tmp_path / "out", plan_file)
    assert sums(tmp_path / "out") == sums(whole.path)


def test_points_of_few_chains_make_no_endless_task(plan_file, tmp_path):
    sizes = []

    def counting(pieces, backend, stop=None):
        sizes.append(len(pieces))
        return simulate_pieces(pieces, backend, stop)

    size = {"shard_seconds": 100, "task_seconds": 2.5 * Costs().point}
    simulate_into(tmp_path / "out", plan_file, options={"chains": 1}, simulate=counting, **size)
    assert sum(sizes) == 9 and max(sizes) == 2


def test_a_stop_is_obeyed_while_scenarios_are_made(plan_file, tmp_path, monkeypatch):
    made = []
    monkeypatch.setattr(runner, "build_world", lambda scenario: made.append(scenario))
    size = {"shard_seconds": 100, "task_seconds": 100}
    _, status = simulate_into(
        tmp_path / "out", plan_file, should_stop=lambda: len(made) == 2, **size
    )
    assert status.is_stopped and len(made) == 2 and not sums(tmp_path / "out")


# ------------------------------------------------------------------ disks


def test_a_full_disk_while_simulating(plan_file, tmp_path, whole, monkeypatch):
    out, fsync, written = tmp_path / "out", os.fsync, []

    def full(handle):
        written.append(handle)
        if len(written) > 12:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        fsync(handle)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ResourceError, match=r"no room for \d"):
        simulate_into(out, plan_file)
    monkeypatch.undo()
    assert 0 < len(sums(out)) < len(sums(whole.path))
    assert not list(out.rglob(".*"))
    simulate_into(out, plan_file)
    assert sums(out) == sums(whole.path)


def test_a_full_disk_at_the_manifest(plan_file, tmp_path, monkeypatch):
    def full(handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ResourceError, match=r"manifest\.json: no room"):
        simulate_into(tmp_path / "out", plan_file)
    monkeypatch.undo()
    assert [p.name for p in (tmp_path / "out").rglob("*")] == ["shards"]
    simulate_into(tmp_path / "out", plan_file)


def test_too_little_disk_is_reported_before(plan_file, tmp_path, monkeypatch):
    monkeypatch.setattr(workflow, "free_disk", lambda folder: 1000)
    with pytest.raises(ResourceError, match="of disk are free"):
        prepare(plan_file, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    prepare(plan_file, tmp_path / "out", force=True)


def test_too_little_memory_is_reported_before(plan_file, tmp_path, whole, monkeypatch):
    monkeypatch.setattr(budget, "available_memory", lambda: 10**8)
    with pytest.raises(ResourceError, match="of memory are available"):
        prepare(plan_file, tmp_path / "out")
    monkeypatch.setattr(workflow, "available_memory", lambda: 10**8)
    with pytest.raises(ResourceError, match="its result needs about"):
        merge_folders([whole.path])


@pytest.mark.parametrize(
    "change",
    [
        ("steps = 3", "steps = 40000000"),
        ("chains = 200", "chains = 1000000000000000"),
    ],
)
def test_the_impossible_is_refused_at_once(plan_file, tmp_path, change):
    plan_file.write_text(PLAN.replace(*change))
    tracemalloc.start()
    try:
        with pytest.raises(ResourceError, match="needs about"):
            prepare(plan_file, tmp_path / "out")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 50e6  # no list of points, no tables
    assert not (tmp_path / "out").exists()


def test_an_estimate_allocates_nothing(plan_file, tmp_path):
    """A scenario of 20 000 actors has pairs for 60 GB, which nobody may try to hold."""
    rows = "".join(f'[[actors]]\nid = "X{k}"\ncapability = 1\n' for k in range(20_000))
    scenario = tmp_path / "small.toml"
    scenario.write_text(scenario.read_text().replace("[[ties]]", f"{rows}[[ties]]", 1))
    sweep = load_sweep(plan_file)
    tracemalloc.start()
    needs = budget.estimate(sweep, 2)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert needs.memory_bytes > 50e9 and needs.merge_bytes > 50e9
    assert peak < 50e6


def test_memory_does_not_grow_with_the_points(plan_file, tmp_path):
    # However little time a point takes, a shard holds the counts of some ten: 40 steps of 3 points
    # are already more than are under way at a time. How many of these are at the peak varies by a
    # few rows of counts; a row kept of each point would be 120 rows more.
    row = 0

    def peak(steps: int) -> int:
        nonlocal row
        long = '[[axes]]\naddress = "run.horizon"\nvalues = [300]\n'
        plan_file.write_text(PLAN.replace("steps = 3", f"steps = {steps}") + long)
        row = 8 * PointLayouts(load_sweep(plan_file)).lengths([0])[0]
        size = {"shard_seconds": 100, "shard_counts": 40_000}
        tracemalloc.start()
        simulate_into(tmp_path / f"{steps}", plan_file, options={"chains": 1}, workers=1, **size)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(2)
    few, many = peak(40), peak(80)
    assert many - few < 3 * 40 * budget.DESIGN_BYTES + 10 * row


def test_unfit_places_for_a_folder(plan_file, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="is a file"):
        prepare(plan_file, tmp_path / "file")
    with pytest.raises(OutputError, match="does not exist; create it"):
        prepare(plan_file, tmp_path / "no" / "where")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.doc").touch()
    with pytest.raises(OutputError, match="is not empty and holds no sweep"):
        prepare(plan_file, tmp_path / "full")


def test_a_folder_that_cannot_be_written_to(plan_file, tmp_path, monkeypatch):
    (tmp_path / "closed").mkdir()
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(OutputError, match="is not writable"):
        prepare(plan_file, tmp_path / "closed")


# ------------------------------------------------------------------ folders


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (("seed = 11", "seed = 12"), "plan.seed: 11 there, 12 now"),
        (("0.8]", "0.9]"), "plan.axes[0].values[2]: 0.8 there, 0.9 now"),
        (("chains = 200", "chains = 200\nindependent = true"), "plan.independent: false there"),
    ],
)
def test_a_folder_of_another_plan(plan_file, whole, change, key):
    plan_file.write_text(PLAN.replace(*change))
    before = sums(whole.path)
    with pytest.raises(UsageError) as raised:
        simulate_into(whole.path, plan_file)
    assert key in str(raised.value)
    assert sums(whole.path) == before


def test_the_order_of_bases_is_part_of_a_sweep(plan_file, tmp_path):
    """It decides which points are whose: shards of the other order have other names."""
    base = '[[bases]]\nname = "{}"\nscenario = "small.toml"\nsettings = ["response.cost={}"]\n'
    x, y = base.format("x", 0.1), base.format("y", 0.3)
    axes = PLAN[PLAN.index("[[axes]]") :]
    plan_file.write_text(f"schema_version = 1\nchains = 20\nseed = 1\n{x}{y}{axes}")
    folder, _ = simulate_into(tmp_path / "out", plan_file)
    story = json.loads(assemble(folder).attrs["provenance"])
    sweep, _ = restore(story, "provenance")
    assert [(name, scenario.response.cost) for name, scenario in sweep.bases] == [
        ("x", 0.1),
        ("y", 0.3),
    ]
    plan_file.write_text(f"schema_version = 1\nchains = 20\nseed = 1\n{y}{x}{axes}")
    swapped, _ = simulate_into(tmp_path / "swapped", plan_file)
    assert swapped.digest != folder.digest
    with pytest.raises(UsageError, match=r'bases\[0\]\.name: "x" there, "y" now'):
        simulate_into(tmp_path / "out", plan_file)
    with pytest.raises(UsageError, match=r"hold different sweeps: bases\[0\]\.name"):
        merge_folders([tmp_path / "out", tmp_path / "swapped"])


def test_a_folder_of_another_scenario_version_or_machine(plan_file, tmp_path, whole, monkeypatch):
    from mcescalate.sweep.store import manifest

    scenario = tmp_path / "small.toml"
    text = scenario.read_text()
    scenario.write_text(text.replace("accident = 0.5", "accident = 0.6"))
    difference = r"bases\[0\]\.scenario\.trigger\.accident: 0\.5 there, 0\.6 now"
    with pytest.raises(UsageError, match=difference):
        simulate_into(whole.path, plan_file)
    scenario.write_text(text)
    monkeypatch.setattr(manifest, "__version__", "99.0")
    with pytest.raises(UsageError, match=r'mcescalate: "[^"]*" there, "99\.0" now'):
        simulate_into(whole.path, plan_file)
    monkeypatch.undo()
    monkeypatch.setattr(manifest, "thresholds_digest", lambda: "other")
    with pytest.raises(UsageError, match=r'thresholds_sha256: "[^,]* there, "other" now'):
        simulate_into(whole.path, plan_file)


def test_what_another_version_or_machine_simulated_can_be_read(plan_file, whole, monkeypatch):
    from mcescalate.sweep.store import manifest

    expected = assemble(whole)
    monkeypatch.setattr(manifest, "__version__", "99.0")
    monkeypatch.setattr(manifest, "RNG_LAYOUT", "other/1")
    monkeypatch.setattr(manifest, "thresholds_digest", lambda: "other")
    result = merge_folders([whole.path])
    assert result.equals(expected)
    for key in ("source", "rng_layout", "thresholds_sha256", "provenance", "sweep_sha256"):
        assert result.attrs[key] == expected.attrs[key]
    with pytest.raises(UsageError) as raised:
        simulate_into(whole.path, plan_file)
    for key in ("mcescalate", "rng_layout", "thresholds_sha256"):
        assert f"{key}: " in str(raised.value)


def test_a_manifest_of_which_this_version_makes_other_points(whole):
    path = whole.path / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "design_sha256": "0" * 64}))
    with pytest.raises(DataError, match=r"written by mcescalate .* builds other points"):
        reopen_folder(whole.path)


def test_a_missing_manifest_is_made_again(plan_file, whole):
    before = sums(whole.path)
    manifest = whole.path / "manifest.json"
    text = manifest.read_bytes()
    manifest.unlink()
    with pytest.raises(DataError, match=r"holds no manifest\.json"):
        reopen_folder(whole.path)
    _, status = simulate_into(whole.path, plan_file)
    assert status.shards_written == 0
    assert manifest.read_bytes() == text and sums(whole.path) == before


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"format": "x"}', '{"format": 1}', "[" * 10**5, "\x00", "[1]" * 9],
)
def test_a_garbled_manifest(plan_file, whole, text):
    (whole.path / "manifest.json").write_text(text)
    for action in (reopen_folder, seed_in):
        with pytest.raises(DataError, match=r"manifest\.json"):
            action(whole.path)


def test_a_manifest_of_a_later_version(plan_file, whole):
    path = whole.path / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": 2}))
    for action in (reopen_folder, lambda path: simulate_into(path, plan_file)):
        with pytest.raises(DataError, match="format 2, this version reads up to 1"):
            action(whole.path)


def test_a_manifest_with_a_million_entries(plan_file, whole):
    path = whole.path / "manifest.json"
    fakes = ",".join(f'"x{k}":1' for k in range(10**6))
    path.write_text(f'{{"format": 1, {fakes}}}')
    with pytest.raises(DataError, match=r"has \d+ keys"):
        reopen_folder(whole.path)


# ------------------------------------------------------------------ shards


def test_damaged_shards_are_simulated_again_and_named_by_merge(plan_file, whole):
    before = sums(whole.path)
    first, second = sorted((whole.path / "shards").iterdir())[:2]
    first.write_bytes(first.read_bytes()[:-1])
    second.write_bytes(b"")
    with pytest.raises(DataError, match=f"{first.name}: damaged"):
        merge_folders([whole.path])
    _, status = simulate_into(whole.path, plan_file)
    assert status.shards_redone == status.shards_written == 2
    assert sums(whole.path) == before


def test_a_shard_of_another_sweep(plan_file, tmp_path, whole):
    other, _ = simulate_into(tmp_path / "other", plan_file, options={"seed": 12})
    name = sorted((whole.path / "shards").iterdir())[3].name
    shutil.copy(other.path / "shards" / name, whole.path / "shards" / name)
    with pytest.raises(DataError, match="belongs to another sweep"):
        merge_folders([whole.path])
    with pytest.raises(UsageError, match=r"different sweeps: plan\.seed"):
        merge_folders([whole.path, other.path])


def test_a_late_file_is_waited_for(whole, monkeypatch):
    calls = []
    read = assembling.read_shard

    def late(path, shard, lengths, sweep):
        calls.append(shard.name)
        return None if len(calls) < 3 else read(path, shard, lengths, sweep)

    monkeypatch.setattr(assembling, "read_shard", late)
    monkeypatch.setattr(assembling, "_PAUSE_SECONDS", 0)
    assert assemble(whole).attrs["complete"] == 1


def test_what_is_there_can_be_read_during_a_run(plan_file, tmp_path, whole):
    out, stop = tmp_path / "out", threading.Event()
    seen = []

    def look(status):
        if status.shards_written and not seen:
            seen.append(merge_folders([out], partial=True))
            stop.set()

    simulate_into(out, plan_file, progress=look, should_stop=stop.is_set, workers=1)
    partial = seen[0]
    assert partial.attrs["complete"] == 0
    done = partial["point_complete"].values
    assert 0 < done.sum() < 9
    assert (partial["n_chains"].values == 200 * done).all()
    there = assemble(whole)
    assert (partial["peak_count"].values[done] == there["peak_count"].values[done]).all()
    assert not partial["peak_count"].values[~done].any()


def test_a_part_without_a_seed(plan_file, tmp_path):
    plan_file.write_text(PLAN.replace("seed = 11\n", ""))
    with pytest.raises(UsageError, match="--part: also needs a seed"):
        prepare(plan_file, tmp_path / "out", part=(0, 2))
    prepared = prepare(plan_file, tmp_path / "out")
    assert prepared.seed_is_drawn
    simulate_into(tmp_path / "out", plan_file, options={"seed": prepared.sweep.seed})
    assert prepare(plan_file, tmp_path / "out").sweep.seed == prepared.sweep.seed
    assert prepare(plan_file, tmp_path / "out", part=(0, 2)).sweep.seed == prepared.sweep.seed


def test_a_precision_of_nothing_there_is(plan_file, tmp_path):
    options = {"precision": "peak>=armageddon=5%", "max_chains": 5000}
    with pytest.raises(ScenarioError, match='no rung "armageddon"'):
        prepare(plan_file, tmp_path / "out", options=options)


def test_memory_of_remote_workers_is_not_counted_here(plan_file, tmp_path):
    sweep = load_sweep(plan_file)
    here = budget.estimate(sweep, 1).memory_bytes
    assert budget.estimate(sweep, 500, processes=500).memory_bytes > 500 * budget.PROGRAM_BYTES
    prepared = prepare(
        plan_file,
        tmp_path / "out",
        executor="dask",
        scheduler="tcp://127.0.0.1:8786",
        workers=500,
        force=True,
    )
    assert prepared.budget.memory_bytes == here
