"""Floats: how far one float is from another."""

import math
import struct

from mvlake.records.closeness import MOST_ULP, Gap


def gap_of(a: float, b: float, negligible: float) -> Gap:
    """Return how far apart two different floats are; what is no further apart than `negligible` has no relative distance.

    >>> gap_of(2.0, 1.0, 0.0)
    Gap(precision='float64', differing=1, max_abs=1.0, max_rel=0.5, max_ulp=4503599627370496)
    >>> gap_of(0.0, 1.0, 0.0).max_rel, gap_of(0.0, 5e-324, 1e-12).max_rel, gap_of(1.0, math.nan, 0.0).max_abs
    (inf, 0.0, inf)
    """
    off = abs(a - b)
    if math.isnan(off):
        off = math.inf
    relative = math.inf if off == math.inf or a == 0 else off / abs(a)
    return Gap("float64", 1, off, 0.0 if off <= negligible else relative, ulps(a, b))


def ulps(a: float, b: float) -> int:
    """Return how many floats one is from the other, `MOST_ULP` for more than that, 0 where one is not finite.

    >>> ulps(1.0, math.nextafter(1.0, 2.0)), ulps(0.0, -0.0), ulps(-5e-324, 5e-324), ulps(1.0, math.inf)
    (1, 0, 2, 0)
    >>> ulps(1.0, -1.0) == MOST_ULP
    True
    """
    if not (math.isfinite(a) and math.isfinite(b)):
        return 0
    return min(abs(_place(a) - _place(b)), MOST_ULP)


def _place(number: float) -> int:
    """Return how many floats the number is from zero, negative below it."""
    found: int = struct.unpack("<q", struct.pack("<d", abs(number)))[0]
    return -found if number < 0 else found
