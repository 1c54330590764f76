"""Printed text: two outputs compared as words and numbers."""

import math
import re

from mvlake.compare.floats import gap_of
from mvlake.records.closeness import Closeness, Gap, joined
from mvlake.records.tolerance import Tolerance

# A number that stands alone: not a part of a word, a version or a date. Matching is linear in the text.
_NUMBER = re.compile(r"(?<![\w.])(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?![\w]|\.\d)")
_LONGEST = 400  # digits; no float prints more


def compare_text(a: str, b: str, tolerance: Tolerance) -> Closeness:
    """Return how far apart the decimal numbers of two texts are; the first line that differs by more is the reason for none.

    Everything else must be equal to the letter: integers, spaces, whatever `noise` has left.
    """
    ours, theirs = a.split("\n"), b.split("\n")
    gaps: list[Gap] = []
    total = 0
    for place, (before, after) in enumerate(zip(ours, theirs, strict=False), start=1):
        if before == after:
            continue
        found = _apart(before, after, tolerance)
        if found is None:
            return Closeness(reason=f"line {place} differs")
        total += len(_NUMBER.findall(before))
        gaps += found
    if len(ours) != len(theirs):
        return Closeness(reason=f"{len(ours)} lines became {len(theirs)}")
    return Closeness(total=total, gaps=joined(gaps), note="only how they are written differs" if not gaps else "")


def _apart(a: str, b: str, tolerance: Tolerance) -> list[Gap] | None:
    """Return how far apart the numbers of two lines are, None when the lines differ by more than the tolerance allows."""
    if _NUMBER.split(a) != _NUMBER.split(b):
        return None
    gaps = []
    for before, after in zip(_NUMBER.findall(a), _NUMBER.findall(b), strict=True):
        if before == after:
            continue
        if max(len(before), len(after)) > _LONGEST or (before.isdecimal() and after.isdecimal()):
            return None
        ours, theirs = float(before), float(after)
        if not (math.isfinite(ours) and math.isfinite(theirs)):
            return None
        if ours != theirs:
            gaps.append(gap_of(ours, theirs, tolerance.atol))
            if not tolerance.accepts(gaps[-1]):
                return None
    return gaps
