"""Stamp: by what a file that has changed is told, without reading it."""

import os
import stat
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stamp:
    """Size in bytes, time of change in nanoseconds, and which file it was."""

    size: int
    modified: int
    inode: int
    device: int


def stamp_of(path: str) -> Stamp | None:
    """Return the stamp of a regular file; None for anything else."""
    try:
        found = os.stat(path)  # noqa: PTH116 - asked within a user's `open`, where every microsecond is theirs
    except (OSError, ValueError):
        return None
    return stamp_from(found)


def stamp_from(found: os.stat_result) -> Stamp | None:
    """Return the stamp that a status says."""
    return Stamp(found.st_size, found.st_mtime_ns, found.st_ino, found.st_dev) if stat.S_ISREG(found.st_mode) else None
