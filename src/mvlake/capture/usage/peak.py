"""Peak: the most memory that the process ever had, before and after a cell.

The kernel's high-water mark only rises. Linux could set it back (`/proc/self/clear_refs`), but it is the user's mark too: what
their own code reads there would change. So a cell's peak is known exactly when it is the highest so far; otherwise it is the most
that was seen.
"""

import sys

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

_UNIT = 1 if sys.platform == "darwin" else 1024


def high_water() -> int:
    """Return the mark in bytes, 0 where the system keeps none."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT if resource is not None else 0


def risen_above(before: int) -> int | None:
    """Return the mark when it has risen above what it was, else None: the peak since then is not known."""
    now = high_water()
    return now if now > before else None
