"""Spent: what some work took: processor time, the user's wait, and room on the disk."""

import os
import resource
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Spent:
    """Processor seconds of all threads, seconds on the clock, bytes that the disk has more than before."""

    cpu: float
    wall: float
    stored: int


def spend(work: Callable[[], object], folder: Path) -> Spent:
    """Do it in this process, and say what it took."""
    before = size_of(folder)
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return Spent(cpu, wall, size_of(folder) - before)


def spend_on(command: Sequence[str], folder: Path, *, cwd: Path, env: Mapping[str, str]) -> Spent:
    """Run a command, all of whose processes count."""
    before = size_of(folder)
    wall, cpu = time.perf_counter(), _children()
    done = subprocess.run(command, cwd=cwd, env={**os.environ, **env}, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return Spent(_children() - cpu, time.perf_counter() - wall, size_of(folder) - before)


def size_of(folder: Path) -> int:
    """Return how many bytes the files below a folder hold."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file() and not file.is_symlink())


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
