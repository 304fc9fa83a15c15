"""What this process may use of the machine that it runs on."""

import os
import shutil
import sys
from pathlib import Path

CONTROL_GROUP = Path("/sys/fs/cgroup")


def available_cores() -> int:
    """Cores that this process may run on: those of its affinity mask, where there is one."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def available_memory() -> int:
    """Bytes that this process may still take: the least that machine and limits leave it."""
    return min(_free_memory(), _left_of_address_space(), _left_of_control_group())


def free_disk(folder: Path) -> int:
    """Bytes free on the disk of `folder`."""
    return shutil.disk_usage(folder).free


def _free_memory() -> int:
    """What the system could hand out without swapping; all memory where it does not say."""
    facts = Path("/proc/meminfo")
    if facts.is_file():
        for line in facts.read_text().splitlines():
            name, _, amount = line.partition(":")
            if name == "MemAvailable":
                return 1024 * int(amount.split()[0])
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _left_of_address_space() -> int:
    """What `ulimit -v` leaves."""
    import resource

    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit == resource.RLIM_INFINITY:
        return sys.maxsize
    taken = Path("/proc/self/statm")
    pages = int(taken.read_text().split()[0]) if taken.is_file() else 0
    return max(limit - pages * os.sysconf("SC_PAGE_SIZE"), 0)


def _left_of_control_group() -> int:
    """What a container's or job's limit leaves."""
    limit, taken = CONTROL_GROUP / "memory.max", CONTROL_GROUP / "memory.current"
    if not (limit.is_file() and taken.is_file()):
        return sys.maxsize
    most = limit.read_text().strip()
    return max(int(most) - int(taken.read_text()), 0) if most.isdecimal() else sys.maxsize
