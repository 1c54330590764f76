"""Environment: Python, operating system, processor and packages."""

import os
import platform
from functools import cache
from pathlib import Path

from mvlake.capture.probes.packages import packages
from mvlake.records.environment import Environment

_MAX_CPUINFO = 1 << 16


def environment() -> Environment:
    """Return the world as it is now; all but the packages is read once."""
    python, implementation, system, machine, processor, cpus = _machine()
    return Environment(python, implementation, system, machine, processor, cpus, packages())


@cache
def _machine() -> tuple[str, str, str, str, str, int]:
    return (
        platform.python_version(),
        platform.python_implementation(),
        f"{platform.system()} {platform.release()}",
        platform.machine(),
        _processor(),
        _cpus(),
    )


def _cpus() -> int:
    """Return how many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS, Windows
        return os.cpu_count() or 1


def _processor() -> str:
    """Return the processor's name: /proc/cpuinfo has it on Linux, where `platform.processor()` is empty or starts a program."""
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8", errors="replace") as file:
            for line in file.read(_MAX_CPUINFO).splitlines():
                key, _, value = line.partition(":")
                if key.strip() in ("model name", "Model", "cpu model"):
                    return value.strip()
    except OSError:
        pass
    return platform.machine()
