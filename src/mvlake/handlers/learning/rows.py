"""Rows: one learned number, or one learned array, on either side."""

import math
from typing import Any

import numpy as np

from mvlake.compare.learned import WeightDiff

_ONLY_A, _ONLY_B = "only in a", "only in b"
_BLOCK = 1 << 20


def number_row(name: str, a: float | None, b: float | None, note: str = "") -> WeightDiff:
    """Return a number on either side."""
    if a is None or b is None:
        return WeightDiff(name, _said(a), _said(b), None, None, note)
    apart = 0.0 if a == b or (math.isnan(a) and math.isnan(b)) else abs(b - a)
    return WeightDiff(name, _said(a), _said(b), _said(apart), _relative(apart, abs(a)), note)


def array_row(name: str, a: Any, b: Any, note: str = "") -> WeightDiff:
    """Return an array on either side, None where it is absent: Euclidean norms, and the norm of the difference."""
    if a is None or b is None:
        there = norm(a if b is None else b)
        only = _ONLY_A if b is None else _ONLY_B
        return WeightDiff(name, _said(there) if b is None else None, _said(there) if a is None else None, None, None, only)
    before, after = norm(a), norm(b)
    if a.shape != b.shape:
        told = f"{tuple(a.shape)} became {tuple(b.shape)}"
        return WeightDiff(name, _said(before), _said(after), None, None, f"{note}; {told}" if note else told)
    apart = norm(a, b)
    return WeightDiff(name, _said(before), _said(after), _said(apart), _relative(apart, before), note)


def absent_row(name: str, a: float | None, b: float | None) -> WeightDiff:
    """Return a number that one side has alone."""
    return WeightDiff(name, _said(a), _said(b), None, None, _ONLY_A if b is None else _ONLY_B)


def norm(a: Any, b: Any = None) -> float:
    """Return the Euclidean norm of an array, or of b - a, in float64, a block of it at a time; equal NaN are no distance."""
    total, flat, other = 0.0, a.reshape(-1), None if b is None else b.reshape(-1)
    with np.errstate(all="ignore"):
        for start in range(0, flat.size, _BLOCK):
            part = flat[start : start + _BLOCK].astype(np.float64)
            if other is not None:
                theirs = other[start : start + _BLOCK].astype(np.float64)
                part = np.where((part == theirs) | (np.isnan(part) & np.isnan(theirs)), 0.0, theirs - part)
            total += float(np.dot(part, part))
    return math.sqrt(total) if total >= 0 else math.nan


def _said(number: float | None) -> float | None:
    return number if number is not None and math.isfinite(number) else None


def _relative(apart: float, size: float) -> float | None:
    return _said(apart / size) if size > 0 else None
