"""Printing: values of a profile as text: numbers exactly, moments in ISO 8601, spans in seconds."""

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

Print: TypeAlias = Callable[[Any], str]
_WHOLE = 2**53
_PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}


def number(value: Any) -> str:
    """Return a number as text, exactly.

    >>> number(np.int8(3)), number(0.1), number(2.0), number(np.float32(0.5)), number(True)
    ('3', '0.1', '2', '0.5', '1')
    """
    if isinstance(value, np.integer | np.bool_ | int):
        return str(int(value))
    found = float(value)
    return str(int(found)) if found.is_integer() and abs(found) < _WHOLE else repr(found)


def moments(unit: str, *, is_zoned: bool = False) -> Print:
    """Return what prints counts of a unit since 1970 (`D`, `s`, `ms`, `us`, `ns`) as moments; part of one is left out.

    >>> moments("D")(1), moments("ms", is_zoned=True)(1500.4)
    ('1970-01-02', '1970-01-01T00:00:01.500Z')
    """
    zone = "Z" if is_zoned else ""
    return lambda value: f"{_moment(value, unit)}{zone}"


def clock(unit: str) -> Print:
    """Return what prints counts of a unit since midnight as times of day."""
    return lambda value: _moment(value, unit).partition("T")[2]


def seconds(unit: str) -> Print:
    """Return what prints counts of a unit as seconds."""
    return lambda value: number(value / _PER_SECOND[unit] if _PER_SECOND[unit] > 1 else value)


def scale_of(unit: str) -> float:
    """Return how many seconds one of a unit is."""
    return 86400.0 if unit == "D" else 1 / _PER_SECOND[unit]


def _moment(value: Any, unit: Any) -> str:
    whole = int(value) if isinstance(value, np.integer | int) else round(float(value))
    return str(np.datetime64(whole, unit))
