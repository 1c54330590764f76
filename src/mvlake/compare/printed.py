"""Printed text: two outputs compared as words and numbers."""

import math
import re

from mvlake.compare.tolerance import Tolerance

# A number that stands alone: not a part of a word, a version or a date. Matching is linear in the text.
_NUMBER = re.compile(r"(?<![\w.])(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?(?![\w]|\.\d)")
# What IPython's %%time, %time and %timeit print: how long it took is no result. Source: IPython.core.magics.execution.
_TIMING = re.compile(r"\s*(?:CPU times: .*|Wall time: .*|Compiler *: .*|.+ ± .+ per loop \(mean ± std\. dev\. of .+\))\s*")
_LONGEST = 400  # digits; no float prints more


def first_difference(a: str, b: str, tolerance: Tolerance) -> str:
    """Return where two texts differ by more than the tolerance allows their decimal numbers, "" when they nowhere do.

    Everything else must be equal to the letter: integers, spaces, memory addresses, times of day; but not what `%%time` prints.
    """
    ours, theirs = a.split("\n"), b.split("\n")
    for place, (before, after) in enumerate(zip(ours, theirs, strict=False), start=1):
        if before != after and not _are_timings(before, after) and not _is_close(before, after, tolerance):
            return f"line {place} differs"
    if len(ours) != len(theirs):
        return f"{len(ours)} lines became {len(theirs)}"
    return ""


def _are_timings(a: str, b: str) -> bool:
    return bool(_TIMING.fullmatch(a[:_LONGEST]) and _TIMING.fullmatch(b[:_LONGEST]))


def _is_close(a: str, b: str, tolerance: Tolerance) -> bool:
    if _NUMBER.split(a) != _NUMBER.split(b):
        return False
    pairs = zip(_NUMBER.findall(a), _NUMBER.findall(b), strict=True)
    return all(before == after or _is_number_close(before, after, tolerance) for before, after in pairs)


def _is_number_close(a: str, b: str, tolerance: Tolerance) -> bool:
    if max(len(a), len(b)) > _LONGEST or (a.isdecimal() and b.isdecimal()):
        return False
    return is_close(float(a), float(b), tolerance)


def is_close(a: float, b: float, tolerance: Tolerance) -> bool:
    """True when two finite numbers are within the tolerance for float64.

    >>> is_close(1.0, 1.0 + 1e-10, Tolerance()), is_close(float("inf"), float("inf"), Tolerance())
    (True, False)
    """
    max_abs, max_rel = distance(a, b)
    is_finite = math.isfinite(a) and math.isfinite(b)
    return is_finite and tolerance.accepts(max_abs=max_abs, max_rel=max_rel, precision="float64")


def distance(a: float, b: float) -> tuple[float, float]:
    """Return |a - b| and |a - b| / |a|.

    >>> distance(2.0, 1.0), distance(0.0, 1.0), distance(0.0, 0.0)
    ((1.0, 0.5), (1.0, inf), (0.0, 0.0))
    """
    off = abs(a - b)
    if off == 0:
        return 0.0, 0.0
    return off, off / abs(a) if a else math.inf
