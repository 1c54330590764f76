"""Held memory: how much of the user's data may be held at once until it is written."""

import os
from pathlib import Path

from mvlake.lake import variables

_SHARE = 4  # a quarter of what there is
_UNKNOWN = 4 << 30  # taken for the machine's memory where it does not tell
_CGROUP = Path("/sys/fs/cgroup/memory.max")


def ceiling() -> int:
    """Return the bytes that may be held: MVLAKE_HELD (in MB), else a quarter of the memory that this process may use."""
    stated = os.environ.get(variables.HELD, "")
    if stated.isascii() and stated.isdigit():
        return int(stated) << 20
    return _memory() // _SHARE


def _memory() -> int:
    try:
        found = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):  # Windows has no such question
        found = _UNKNOWN
    try:
        limit = _CGROUP.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return found
    return min(found, int(limit)) if limit.isdigit() else found
