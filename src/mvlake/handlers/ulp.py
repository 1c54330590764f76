"""ULP: how many floats lie between two floats."""

from typing import Any

import numpy as np

from mvlake.records.closeness import MOST_ULP

_BITS = {"float64": np.uint64, "float32": np.uint32, "float16": np.uint16, "bfloat16": np.uint16}


def furthest(a: Any, b: Any, precision: str) -> int:
    """Return the largest distance in units in the last place over all pairs that are finite, 0 where none is.

    `a` and `b` are arrays of that precision (bfloat16 as float32), real or complex. It counts the floats from one to the other,
    denormals among them; 0 and -0 are one. `MOST_ULP` means that, or more.
    """
    if precision not in _BITS or not a.size:
        return 0
    if a.dtype.kind == "c":
        return max(furthest(a.real, b.real, precision), furthest(a.imag, b.imag, precision))
    both = np.isfinite(a) & np.isfinite(b)
    if not both.any():
        return 0
    (one, is_one_negative), (other, is_other_negative) = (_places(numbers[both], precision) for numbers in (a, b))
    apart = np.where(is_one_negative == is_other_negative, np.maximum(one, other) - np.minimum(one, other), one + other)
    return min(int(apart.max()), MOST_ULP)


def _places(numbers: Any, precision: str) -> tuple[Any, Any]:
    """Return how many floats each number is from zero, and whether it is below."""
    kind = _BITS[precision]
    if precision == "bfloat16":
        words = np.ascontiguousarray(numbers, np.float32).view(np.uint32) >> np.uint32(16)
    else:
        words = np.ascontiguousarray(numbers, np.dtype(precision)).view(kind)
    bits = words.astype(np.uint64)  # two distances of 63 bits have a sum of 64
    sign = np.uint64(1) << np.uint64(np.dtype(kind).itemsize * 8 - 1)
    return bits & (sign - np.uint64(1)), (bits & sign) != 0
