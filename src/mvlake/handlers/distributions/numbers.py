"""Numbers: two columns of numbers, moments or spans of time, counted into the same bins; and how far they lie apart at most."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mvlake.compare.common_bins import bin_labels, common_edges
from mvlake.compare.counted import Bound, Counted
from mvlake.compare.cumulative import SAMPLING
from mvlake.compare.distribution import Basis

_MIDDLE = (0.01, 0.99)


@dataclass(frozen=True, slots=True)
class Numbers:
    """Cells of one column that are there, as numpy has them; `scale` is what one is multiplied by for the axis of bins.

    `is_sample`: they are rows drawn at random, of more.
    """

    cells: Any
    scale: float = 1.0
    is_time: bool = False
    is_span: bool = False
    is_sample: bool = False


def count_numbers(a: Numbers, b: Numbers) -> Counted | None:
    """Return both sides in bins of one width; None where one side has no finite value, or all values are one."""
    with np.errstate(all="ignore"):
        ours, theirs = _ordered(a.cells), _ordered(b.cells)
        if not len(ours) or not len(theirs):
            return None
        if ours.dtype != theirs.dtype or a.scale != b.scale:  # on one scale, the rest of the digits is beyond any bin
            ours, theirs = ours.astype(np.float64) * a.scale, theirs.astype(np.float64) * b.scale
            scale = 1.0
        else:
            scale = a.scale
        is_whole = scale == 1.0 and ours.dtype.kind in "iu"
        off = SAMPLING * (a.is_sample + b.is_sample)
        distance = kolmogorov_smirnov(ours, theirs)
        found = Counted(
            labels=(),
            a=(),
            b=(),
            a_seen=len(ours),
            b_seen=len(theirs),
            basis=Basis.SAMPLE if off else Basis.EXACT,
            error=2 * SAMPLING if off else 0.0,
            furthest=Bound(distance, max(distance - off, 0.0), min(distance + off, 1.0)),
        )
        edges = common_edges(_ends(ours, theirs, (0.0, 1.0), scale), _ends(ours, theirs, _MIDDLE, scale), is_whole=is_whole)
        return _in_bins(found, ours, theirs, edges, scale, bin_labels(edges, is_time=a.is_time, is_span=a.is_span))


def _ordered(cells: Any) -> Any:
    found = cells[np.isfinite(cells)] if cells.dtype.kind == "f" else cells
    return np.sort(found)


def _ends(a: Any, b: Any, at: tuple[float, float], scale: float) -> tuple[float, float]:
    """Return the least and the greatest value at two shares of both sides."""
    places = [[side[round(share * (len(side) - 1))] for side in (a, b)] for share in at]
    return float(min(places[0])) * scale, float(max(places[1])) * scale


def kolmogorov_smirnov(a: Any, b: Any) -> float:
    """Return the greatest distance between the cumulative distributions of two ordered arrays, at every value of both: 0 to 1.

    It is D of the two-sample test (Kolmogorov 1933, Smirnov 1939).
    """
    return max(
        float(np.abs(np.searchsorted(a, points, side="right") / len(a) - np.searchsorted(b, points, side="right") / len(b)).max())
        for points in (a, b)
    )


def _in_bins(found: Counted, a: Any, b: Any, edges: tuple[float, ...], scale: float, labels: tuple[str, ...]) -> Counted:
    """Return the counts; one bin where all values of both sides are one."""
    if not edges:
        return found
    inner = np.array(edges[1:-1]) / scale
    counts = [np.diff(np.concatenate([[0], np.searchsorted(side, inner, side="left"), [len(side)]])).tolist() for side in (a, b)]
    return replace(found, labels=labels, edges=edges, a=tuple(map(float, counts[0])), b=tuple(map(float, counts[1])))
