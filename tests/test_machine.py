"""What the machine and its limits leave to this process."""

import resource

import pytest

from mcescalate import machine

GB = 10**9


@pytest.fixture
def groups(tmp_path, monkeypatch):
    """A made-up machine: place files in it by path and content."""
    monkeypatch.setattr(machine, "CONTROL_GROUPS", tmp_path / "groups")
    monkeypatch.setattr(machine, "PROCESS", tmp_path / "process")
    monkeypatch.setattr(machine, "_free_memory", lambda: 64 * GB)
    monkeypatch.setattr(
        resource, "getrlimit", lambda which: (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
    )

    def place(path: str, content: object) -> None:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(f"{content}\n")

    return place


def put_limit(place, group: str, most: object, used: int, at_hand: int = 0) -> None:
    place(f"groups{group}/memory.max", most)
    place(f"groups{group}/memory.current", used)
    place(f"groups{group}/memory.stat", f"anon 5\ninactive_file {at_hand}")


def test_without_groups_all_that_is_free_may_be_taken(groups):
    assert machine.available_memory() == 64 * GB


def test_a_container_sees_the_limit_at_the_top(groups):
    groups("process/cgroup", "0::/")
    put_limit(groups, "", 4 * GB, GB)
    assert machine.available_memory() == 3 * GB


def test_the_narrowest_of_the_groups_around_a_job_counts(groups):
    groups("process/cgroup", "0::/slurm/job_7/step_0")
    put_limit(groups, "/slurm", 50 * GB, 0)
    put_limit(groups, "/slurm/job_7", 8 * GB, 2 * GB)
    put_limit(groups, "/slurm/job_7/step_0", "max", 2 * GB)
    assert machine.available_memory() == 6 * GB


def test_files_that_are_only_kept_at_hand_are_free(groups):
    groups("process/cgroup", "0::/job")
    put_limit(groups, "/job", 8 * GB, 7 * GB, at_hand=5 * GB)
    assert machine.available_memory() == 6 * GB


def test_groups_of_the_first_version(groups):
    groups("process/cgroup", "9:cpu,cpuacct:/x\n4:memory:/job\n0::/")
    groups("groups/memory/job/memory.limit_in_bytes", 2 * GB)
    groups("groups/memory/job/memory.usage_in_bytes", GB)
    groups("groups/memory/job/memory.stat", "total_inactive_file 7")
    assert machine.available_memory() == GB + 7


def test_more_taken_than_allowed_leaves_nothing(groups):
    groups("process/cgroup", "0::/")
    put_limit(groups, "", GB, 2 * GB)
    assert machine.available_memory() == 0


def test_a_limit_on_addresses_counts_what_is_taken(groups, monkeypatch):
    groups("process/statm", "1000 1 1 1 0 1 0")
    page = machine.os.sysconf("SC_PAGE_SIZE")
    monkeypatch.setattr(resource, "getrlimit", lambda which: (GB, GB))
    assert machine.available_memory() == GB - 1000 * page
