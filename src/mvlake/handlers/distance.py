"""Distance: how far apart floats are, gathered column by column."""

from typing import Any

import numpy as np
import pyarrow as pa

from mvlake.records.closeness import NEGLIGIBLE, Closeness

_STEP = 1 << 20
_PRECISIONS = ("float16", "float32", "float64")


class Distance:
    """A closeness under construction."""

    def __init__(self) -> None:
        self._differing = 0
        self._total = 0
        self._max_abs = 0.0
        self._max_rel = 0.0
        self._precision = "float64"

    def add_column(self, a: Any, b: Any) -> bool:
        """Add two Arrow columns of equal type and length; False when they are not of floats, or null in different places."""
        if not pa.types.is_floating(a.type):
            return False
        if a.null_count != b.null_count or (a.null_count and not a.is_null().equals(b.is_null())):
            return False
        left, right = (_numbers(column) for column in (a, b))
        self.add(left, right)
        return True

    def add(self, a: Any, b: Any) -> None:
        """Add two arrays of floats or complex numbers of equal shape."""
        for start in range(0, a.size, _STEP):
            self._add(a.reshape(-1)[start : start + _STEP], b.reshape(-1)[start : start + _STEP])

    def closeness(self) -> Closeness:
        """Return what was gathered."""
        return Closeness("", self._differing, self._total, self._max_abs, self._max_rel, self._precision)

    def _add(self, a: Any, b: Any) -> None:
        self._total += a.size
        with np.errstate(all="ignore"):
            apart = (a != b) & ~(np.isnan(a) & np.isnan(b))
            if not apart.any():
                return
            wide = np.complex128 if a.dtype.kind == "c" else np.float64
            left, right = a[apart].astype(wide), b[apart].astype(wide)
            gap = np.abs(left - right)
            # NaN against a number, or infinity against its opposite, is as far apart as can be.
            gap = np.where(np.isnan(gap), np.inf, gap)
            relative = np.where(gap == np.inf, np.inf, np.where(gap <= NEGLIGIBLE, 0.0, gap / np.abs(left)))
        self._differing += int(apart.sum())
        self._max_abs = max(self._max_abs, float(gap.max()))
        self._max_rel = max(self._max_rel, float(relative.max()))
        precision = f"float{a.real.dtype.itemsize * 8}"
        if precision in _PRECISIONS and _PRECISIONS.index(precision) < _PRECISIONS.index(self._precision):
            self._precision = precision


def _numbers(column: Any) -> Any:
    """Return the floats of an Arrow column, nulls as NaN."""
    found = column.to_numpy() if isinstance(column, pa.ChunkedArray) else column.to_numpy(zero_copy_only=False)
    return np.asarray(found)
