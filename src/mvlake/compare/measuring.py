"""Measuring: a distance, held against a tolerance."""

import math
from typing import NamedTuple

from mvlake.records.closeness import Closeness, Gap
from mvlake.records.events import Measured, Verdict
from mvlake.records.tolerance import Tolerance

_TELLING_ULP = 10**6


class Found(NamedTuple):
    """A verdict, the sentence that explains it, and the numbers in it."""

    verdict: Verdict
    reason: str
    measured: Measured | None = None


def graded(found: Closeness, tolerance: Tolerance, *, told: str = "", equal: str = "all values are equal") -> Found:
    """Return what a distance means; `told` begins the sentence where one number was measured, `equal` is said of equal values."""
    if not found.is_comparable:
        return Found(Verdict.NOT_COMPARABLE if found.is_closed else Verdict.DRIFTED, found.reason)
    if not found.gaps:
        return Found(Verdict.EQUIVALENT, f"{equal}; {found.note or 'the digests differ'}")
    gap = max(found.gaps, key=lambda one: _excess(one, tolerance))
    rtol = tolerance.rtol(gap.precision)
    measured = Measured(
        gap.precision,
        rtol,
        tolerance.atol,
        found.differing,
        found.total,
        _finite(gap.max_abs),
        _finite(gap.max_rel),
        gap.max_ulp or None,
    )
    share = told or f"{found.differing:,} of {found.total:,} numbers differ, by at most"
    # Beyond a million, units in the last place tell a reader no more; `Measured` has them.
    ulp = f", {gap.max_ulp:,} ULP" if 0 < gap.max_ulp < _TELLING_ULP else ""
    said = f"{share} {gap.max_abs:.3g} (relative {gap.max_rel:.3g}{ulp})"
    note = f"; {found.note}" if found.note else ""
    if not tolerance.accepts(gap):
        return Found(Verdict.DRIFTED, f"{said}: beyond {rtol:g} for {gap.precision}{note}", measured)
    allowed = f"{tolerance.atol:g}, which is nothing" if gap.max_abs <= tolerance.atol else f"{rtol:g} for {gap.precision}"
    return Found(Verdict.NUMERIC, f"{said}: within {allowed}{note}", measured)


def _excess(gap: Gap, tolerance: Tolerance) -> tuple[bool, float]:
    """Return what orders gaps by how far they are beyond the tolerance."""
    rtol = tolerance.rtol(gap.precision)
    return not tolerance.accepts(gap), gap.max_rel / rtol if rtol else gap.max_rel


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None
