"""Plain values as a column can hold them: a double where there is one, and text as a person writes it."""

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from mvlake.records.canonical import Json
from mvlake.records.plain import from_plain

_MAX_DEPTH = 60


def number_of(value: Json) -> float | None:
    """Return the double that a plain value is, None for what is no number. Truth values are none.

    >>> number_of(3), number_of({"$": "float", "v": "nan"}), number_of({"$": "decimal", "v": "0.5"}), number_of("3")
    (3.0, nan, 0.5, None)
    """
    if isinstance(value, bool):
        return None
    try:
        if isinstance(value, int | float):
            return float(value)
        if isinstance(value, Mapping) and set(value) == {"$", "v"}:
            read = _NUMBERS.get(str(value["$"]))
            return None if read is None else read(value["v"])
    except (ValueError, TypeError, ArithmeticError, IndexError):
        return None
    return None


def text_of(value: Json) -> str:
    """Return a plain value as Python writes it, a text without its quotes. Equal values give equal texts.

    >>> text_of("adam"), text_of({"$": "tuple", "v": [64, 32]}), text_of(True), text_of({"$": "float", "v": "1.0"})
    ('adam', '(64, 32)', 'True', '1.0')
    """
    if isinstance(value, str):
        return value
    return _written(value, 0)


def moment_of(text: str) -> datetime | None:
    """Return the moment, None when the text is none. The zone is dropped: every moment in a table is UTC."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None


def _ratio(value: Any) -> float:
    numerator, denominator = value
    return float(Fraction(int(numerator, 16), int(denominator, 16)))


def _decimal(value: Any) -> float:
    number = Decimal(value)
    return math.nan if number.is_nan() else float(number)


_NUMBERS: dict[str, Callable[[Any], float]] = {
    "float": float,
    "int": lambda value: float(int(value, 16)),
    "decimal": _decimal,
    "fraction": _ratio,
}
_SCALARS = frozenset(
    {"int", "complex", "range", "date", "time", "timedelta", "decimal", "fraction", "uuid", "path", "bytes", "bytearray"}
)
_BRACKETS = {"tuple": ("(", ")"), "set": ("{", "}"), "frozenset": ("{", "}")}


def _written(value: Json, depth: int) -> str:
    if depth > _MAX_DEPTH:
        return "…"
    if isinstance(value, Mapping):
        if set(value) == {"$", "v"}:
            return _written_tag(str(value["$"]), value["v"], depth)
        return _pairs(((key, item) for key, item in value.items()), depth)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return f"[{_joined(value, depth)}]"
    return repr(value)


def _written_tag(kind: str, value: Any, depth: int) -> str:
    if kind in _BRACKETS and isinstance(value, list):
        left, right = _BRACKETS[kind]
        comma = "," if kind == "tuple" and len(value) == 1 else ""
        return f"{left}{_joined(value, depth)}{comma}{right}"
    if kind == "dict" and isinstance(value, list) and all(isinstance(pair, list) and len(pair) == 2 for pair in value):
        return _pairs(value, depth)
    if kind == "datetime" and isinstance(value, list) and value:
        return str(value[0])  # reading it would ask this machine's time zone files
    if kind in _SCALARS:
        try:
            return str(from_plain({"$": kind, "v": value}))
        except (ValueError, TypeError, ArithmeticError, LookupError):
            pass  # made by hand, or an integer of more digits than Python writes
    return value if isinstance(value, str) else _written(value, depth + 1)


def _joined(items: Sequence[Json], depth: int) -> str:
    return ", ".join(_written(item, depth + 1) for item in items)


def _pairs(pairs: Any, depth: int) -> str:
    return "{" + ", ".join(f"{_written(key, depth + 1)}: {_written(item, depth + 1)}" for key, item in pairs) + "}"
