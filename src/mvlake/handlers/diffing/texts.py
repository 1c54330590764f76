"""Texts: Arrow values as people read them. A null is `null`; two values never need to look different where they are equal."""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from mvlake.handlers.arrow_layout import is_text
from mvlake.handlers.diffing.cells import flat

NULL = "null"
LONGEST = 200
"""More characters of a cell are not shown."""


def texts_of(values: Any) -> Sequence[str]:
    """Return the texts of Arrow values, each as long as it is."""
    array = flat(values)
    if pa.types.is_temporal(array.type) or pa.types.is_decimal(array.type):
        try:
            array = array.cast(pa.large_string())
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):  # a moment beyond the calendar: its number says which
            array = array.view(pa.int32() if array.type.bit_width == 32 else pa.int64())
    try:
        return [NULL if value is None else text_of(value) for value in array.to_pylist()]
    except (ValueError, OverflowError, pa.ArrowException):  # Python has not such a value
        return [NULL if not one.is_valid else str(one) for one in array] if not is_text(array.type) else [NULL] * len(array)


def text_of(value: Any) -> str:
    """Return the text of one plain value.

    >>> text_of(1.0), text_of("a"), text_of(True)
    ('1.0', 'a', 'True')
    """
    return value if type(value) is str else str(value)


def shown(text: str) -> str:
    """Return a text as long as it may be.

    >>> len(shown("x" * 300))
    200
    """
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def told_apart(a: str, b: str) -> tuple[str, str]:
    """Return the texts of two values that differ, so that they do not look alike.

    >>> told_apart("1", "1"), told_apart("1", "2")
    (('1 (before)', '1 (after)'), ('1', '2'))
    """
    if a != b:
        short = shown(a), shown(b)
        if short[0] != short[1]:
            return short
        at = next((place for place, (one, other) in enumerate(zip(a, b, strict=False)) if one != other), min(len(a), len(b)))
        first = max(0, at - LONGEST // 2)
        return shown("…" + a[first:]), shown("…" + b[first:])
    return f"{shown(a)} (before)", f"{shown(b)} (after)"
