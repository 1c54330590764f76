"""Distance: how far apart floats are, gathered column by column."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa

from mvlake.handlers.ulp import furthest
from mvlake.records.closeness import NEGLIGIBLE, Closeness, Gap, joined

_STEP = 1 << 20


class Distance:
    """A closeness under construction; what is no further apart than `negligible` has no relative distance."""

    def __init__(self, negligible: float = NEGLIGIBLE) -> None:
        self._negligible = negligible
        self._total = 0
        self._gaps: list[Gap] = []
        self._notes: list[str] = []

    def add_column(self, a: Any, b: Any, name: str, is_same: Callable[[], bool]) -> str:
        """Add two Arrow columns of equal length, and return why they have no distance, "" when they have one.

        `is_same` tells whether two columns of one type that are not of floats are equal.
        """
        if a.type != b.type:
            return self.add_widths(a, b, f"column {name} of {a.type} became one of {b.type}")
        if not pa.types.is_floating(a.type):
            return "" if is_same() else f"column {name} differs, and is not of floats"
        if a.null_count != b.null_count or (a.null_count and not a.is_null().equals(b.is_null())):
            return f"column {name} is null in other places"
        left, right = (_numbers(column) for column in (a, b))
        self.add(left, right)
        return ""

    def add_widths(self, a: Any, b: Any, told: str) -> str:
        """Add columns of two types, of which all values must be equal; else return `told`."""
        if not any(is_kind(a.type) and is_kind(b.type) for is_kind in _KINDS):
            return told
        wider = a.type if _bits(a.type) > _bits(b.type) else b.type
        try:
            if not _is_same_column(a.cast(wider), b.cast(wider)):
                return told
        except pa.ArrowInvalid:  # a value that the other width does not hold
            return told
        self.note(told)
        self._total += len(a)
        return ""

    def add_arrays(self, a: Any, b: Any, name: str = "") -> str:
        """Add two NumPy arrays of numbers, and return why they have no distance, "" when they have one."""
        what = f"{name} " if name else ""
        if a.shape != b.shape:
            return f"{what}shape {a.shape} became {b.shape}"
        if a.dtype != b.dtype:
            told = f"{what}{a.dtype} became {b.dtype}"
            if not _are_widths(a.dtype.kind, b.dtype.kind) or not _are_equal(a, b):
                return told
            self.note(told)
            self._total += a.size
        elif a.dtype.kind in "fc":
            self.add(a, b)
        elif not np.array_equal(a, b):
            return f"{what}values of dtype {a.dtype} differ"
        return ""

    def add(self, a: Any, b: Any, precision: str = "") -> None:
        """Add two arrays of floats or complex numbers of equal shape; `precision` where the dtype is not theirs."""
        for start in range(0, a.size, _STEP):
            self._add(a.reshape(-1)[start : start + _STEP], b.reshape(-1)[start : start + _STEP], precision)

    def note(self, text: str) -> None:
        """Remember what differs beside the values."""
        self._notes.append(text)

    def closeness(self) -> Closeness:
        """Return what was gathered."""
        more = f" and {len(self._notes) - 3:,} more" if len(self._notes) > 3 else ""
        return Closeness(total=self._total, gaps=joined(self._gaps), note=", ".join(self._notes[:3]) + more)

    def _add(self, a: Any, b: Any, precision: str) -> None:
        self._total += a.size
        with np.errstate(all="ignore"):
            apart = (a != b) & ~(np.isnan(a) & np.isnan(b))
            if not apart.any():
                return
            left, right = a[apart], b[apart]
            wide = np.complex128 if a.dtype.kind == "c" else np.float64
            before, after = left.astype(wide), right.astype(wide)
            gap = np.abs(before - after)
            # NaN against a number, or infinity against its opposite, is as far apart as can be.
            gap = np.where(np.isnan(gap), np.inf, gap)
            relative = np.where(gap == np.inf, np.inf, np.where(gap <= self._negligible, 0.0, gap / np.abs(before)))
        kind = precision or f"float{a.real.dtype.itemsize * 8}"
        ulp = furthest(left, right, kind)
        self._gaps.append(Gap(kind, int(apart.sum()), float(gap.max()), float(relative.max()), ulp))


def _are_widths(a: str, b: str) -> bool:
    return any(a in kinds and b in kinds for kinds in ("iu", "f", "c", "U", "S"))


def _are_equal(a: Any, b: Any) -> bool:
    return bool(np.array_equal(a, b, equal_nan=a.dtype.kind in "fc"))


_KINDS: tuple[Callable[[Any], bool], ...] = (
    pa.types.is_integer,
    pa.types.is_floating,
    lambda kind: pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind),
    lambda kind: pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_binary_view(kind),
)


def _bits(kind: Any) -> int:
    """Return how wide the numbers of a type are, 0 for what are no numbers."""
    return int(kind.bit_width) if pa.types.is_primitive(kind) else 0


def _is_same_column(a: Any, b: Any) -> bool:
    if not pa.types.is_floating(a.type):
        return bool(a.equals(b))
    if a.null_count != b.null_count or not a.is_null().equals(b.is_null()):
        return False
    return _are_equal(_numbers(a), _numbers(b))


def _numbers(column: Any) -> Any:
    """Return the floats of an Arrow column, nulls as NaN."""
    found = column.to_numpy() if isinstance(column, pa.ChunkedArray) else column.to_numpy(zero_copy_only=False)
    return np.asarray(found)
