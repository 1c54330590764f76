"""Quantities: numbers, sizes, durations and counts as people read them."""

import math
from typing import TypeGuard

_UNITS = ("KB", "MB", "GB", "TB", "PB")
_MINUTE, _HOUR = 60, 3600
MINUS = "\N{MINUS SIGN}"
TIMES = "\N{MULTIPLICATION SIGN}"


def number(value: float, *, digits: int = 6) -> str:
    """Return a number with `digits` significant digits, whole numbers and large ones with thousands separators.

    >>> number(0.91234567), number(1234567), number(12345.678), number(float("nan"))
    ('0.912346', '1,234,567', '12,345.7', 'NaN')
    """
    if isinstance(value, int):
        # The decimal text of a huge integer takes quadratic time, and Python refuses it beyond 4300 digits.
        return f"{value:,}" if value.bit_length() <= 256 else f"an integer of {value.bit_length():,} bits"
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if 10**digits <= abs(value) < 1e15:
        return f"{value:,.0f}"
    return f"{value:,.{digits}g}"


def is_finite(value: float | None) -> TypeGuard[float]:
    """True for a number that can be said: neither None nor NaN nor infinite."""
    return value is not None and math.isfinite(value)


def signed(delta: float) -> str:
    """Return a difference, always with its sign.

    >>> signed(0.014000000000000012), signed(-3) == MINUS + "3"
    ('+0.014', True)
    """
    sign = MINUS if delta < 0 else "+"
    return sign + number(abs(delta), digits=4)


def percent(share: float) -> str:
    """Return a relative difference as signed percent.

    >>> percent(0.0156), percent(0.5), percent(0.0001), percent(12)
    ('+1.6%', '+50%', '+<0.1%', '+1,200%')
    """
    sign = MINUS if share < 0 else "+"
    hundredths = abs(share) * 100
    if not math.isfinite(hundredths):
        return sign + number(abs(share))
    if 0 < hundredths < 0.1:
        return f"{sign}<0.1%"
    return f"{sign}{hundredths:,.1f}%" if hundredths < 10 else f"{sign}{hundredths:,.0f}%"


def size(count: int) -> str:
    """Return a number of bytes, thousands to the unit.

    >>> size(999), size(20_480), size(840_000_000)
    ('999 bytes', '20.5 KB', '840 MB')
    """
    if abs(count) < 1000:
        return plural(count, "byte")
    amount, unit = count / 1000, _UNITS[0]
    for unit in _UNITS:
        if abs(amount) < 999.5 or unit == _UNITS[-1]:
            break
        amount /= 1000
    return f"{amount:,.3g} {unit}" if abs(amount) < 1000 else f"{amount:,.0f} {unit}"


def seconds(duration: float) -> str:
    """Return a duration in the unit that fits it.

    >>> seconds(0.0123), seconds(4.25), seconds(75), seconds(7_260)
    ('12 ms', '4.2 s', '1 min 15 s', '2 h 1 min')
    """
    if not math.isfinite(duration):
        return number(duration)
    if duration < 1:
        return f"{duration * 1000:.0f} ms"
    if duration < _MINUTE:
        return f"{duration:.1f} s"
    if duration < _HOUR:
        return f"{int(duration // _MINUTE)} min {int(duration % _MINUTE)} s"
    return f"{int(duration // _HOUR):,} h {int(duration % _HOUR // _MINUTE)} min"


def plural(count: int, thing: str) -> str:
    """Return a count with its noun.

    >>> plural(1, "cell"), plural(1200, "row"), plural(2, "entry")
    ('1 cell', '1,200 rows', '2 entries')
    """
    if count == 1:
        return f"1 {thing}"
    many = f"{thing[:-1]}ies" if thing.endswith("y") and thing[-2:] not in {"ay", "ey", "oy"} else f"{thing}s"
    return f"{count:,} {many}"
