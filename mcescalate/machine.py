"""What this process may use of the machine that it runs on.

Where a system lacks a source of such facts, as Windows lacks most, the other sources count; where
none is left, no limit is known.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

CONTROL_GROUPS = Path("/sys/fs/cgroup")
PROCESS = Path("/proc/self")
NO_LIMIT = sys.maxsize
"""Bytes of memory where nothing says how many there are."""


def available_cores() -> int:
    """Cores that this process may run on: those of its affinity mask, where there is one."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def available_memory() -> int:
    """Bytes that this process may still take: the least that machine and limits leave it.

    `NO_LIMIT` on a system that does not say.
    """
    return min(_free_memory(), _left_of_address_space(), _left_of_control_groups())


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
    if not hasattr(os, "sysconf"):
        return NO_LIMIT
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _left_of_address_space() -> int:
    """What `ulimit -v` leaves."""
    try:
        import resource
    except ImportError:
        return NO_LIMIT

    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit == resource.RLIM_INFINITY:
        return NO_LIMIT
    taken = PROCESS / "statm"
    if not taken.is_file() or not hasattr(os, "sysconf"):
        return limit
    pages = int(taken.read_text().split()[0])
    return max(limit - pages * os.sysconf("SC_PAGE_SIZE"), 0)


def _left_of_control_groups() -> int:
    """What the limits of a container or of a cluster's job leave."""
    return min(map(_left_in, _control_groups()), default=NO_LIMIT)


def _control_groups() -> Iterator[Path]:
    """Folders of the groups that count this process's memory: its own, and those around it."""
    groups = PROCESS / "cgroup"
    for line in groups.read_text().splitlines() if groups.is_file() else ():
        _, controllers, path = line.split(":", 2)
        if controllers and "memory" not in controllers.split(","):
            continue
        root = CONTROL_GROUPS / "memory" if controllers else CONTROL_GROUPS
        group = root / path.lstrip("/")
        yield group
        for around in group.parents:
            if not around.is_relative_to(root):
                break
            yield around


def _left_in(group: Path) -> int:
    """What the limit of one group leaves; files only kept at hand count as free."""
    for limit, taken, at_hand in (
        ("memory.max", "memory.current", "inactive_file"),
        ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
    ):
        try:
            most, used = ((group / name).read_text().strip() for name in (limit, taken))
            facts = dict(map(str.split, (group / "memory.stat").read_text().splitlines()))
        except OSError:
            continue
        if most.isdecimal():  # not "max"
            return max(int(most) - int(used) + int(facts.get(at_hand, 0)), 0)
    return NO_LIMIT
