"""Processes: what the system says of a process and its children: processor time, and memory that is resident.

On Linux it stands in `/proc`; elsewhere psutil knows it, where it is loaded, as it is in every Jupyter kernel. Files are read by
their descriptors: nothing here takes a lock that a forked child could find locked for ever.
"""

import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from time import process_time  # bound here: a user may put something else there
from typing import Any

from mvlake.lake import clock

MOST = 64  # child processes that are looked at
_IS_LINUX = sys.platform == "linux"
_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


@dataclass(frozen=True, slots=True)
class Child:
    """A child process, or one of its own children: its age and processor time in seconds, and bytes that are resident."""

    age: float
    cpu: float
    memory: int


def cpu_time() -> float:
    """Return the processor time of all threads of this process, and of its children that have ended, in seconds."""
    spent = os.times()
    return process_time() + spent.children_user + spent.children_system


def resident(process: int | None = None) -> int:
    """Return the bytes of a process that are in memory, this one's when none is named; 0 where nobody tells."""
    if _IS_LINUX:
        try:
            return int(_read(f"/proc/{process or 'self'}/statm").split()[1]) * _PAGE
        except (OSError, ValueError, IndexError):
            return 0
    psutil: Any = sys.modules.get("psutil")
    if psutil is None:
        return 0
    try:
        return int(psutil.Process(process).memory_info().rss)
    except psutil.Error:  # it has ended
        return 0


def children(of: int | None = None) -> dict[int, Child]:
    """Return the child processes of a process, or of this one, by their numbers.

    At most MOST, and those of children after the children.
    """
    return dict(_children_on_linux(of or os.getpid()) if _IS_LINUX else _children_by_psutil(sys.modules.get("psutil"), of))


def _children_on_linux(of: int) -> Iterator[tuple[int, Child]]:
    waiting, count = [of], 0
    while waiting:
        for number in _numbers_below(waiting.pop(0)):
            count += 1
            if count > MOST:
                return
            waiting.append(number)
            if (child := _child_on_linux(number)) is not None:
                yield number, child


def _numbers_below(process: int) -> Iterator[int]:
    try:
        for thread in os.listdir(f"/proc/{process}/task"):  # noqa: PTH208 - names are all that is needed
            yield from map(int, _read(f"/proc/{process}/task/{thread}/children").split())
    except (OSError, ValueError):  # it has ended, or the kernel was built without
        return


def _child_on_linux(number: int) -> Child | None:
    try:
        # What follows the name in parentheses, which may hold anything: proc_pid_stat(5), from its third field on.
        fields = _read(f"/proc/{number}/stat").rpartition(b")")[2].split()
        spent = sum(map(int, fields[11:15])) / _TICKS
        age = time.clock_gettime(time.CLOCK_BOOTTIME) - int(fields[19]) / _TICKS
        return Child(age, spent, int(fields[21]) * _PAGE)
    except (OSError, ValueError, IndexError):
        return None


def _read(path: str) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.read(descriptor, 1 << 16)
    finally:
        os.close(descriptor)


def _children_by_psutil(psutil: Any, of: int | None) -> Iterator[tuple[int, Child]]:
    if psutil is None:
        return
    now = clock.wall()
    try:
        found = psutil.Process(of).children(recursive=True)[:MOST]
    except psutil.Error:  # it has ended
        return
    for process in found:
        try:
            spent, memory = process.cpu_times(), process.memory_info().rss
            yield process.pid, Child(now - process.create_time(), spent.user + spent.system, memory)
        except psutil.Error:  # it has ended
            continue
