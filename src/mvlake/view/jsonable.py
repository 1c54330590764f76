"""Jsonable: any data of Python's own as JSON that every parser takes."""

import base64
import math
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime, time
from enum import Enum

from mvlake.records.canonical import Json
from mvlake.view.quantities import number
from mvlake.view.values import unpaired

_BITS = 1024


def jsonable(value: object) -> Json:
    """Return the value as JSON: NaN and infinities as text, bytes as base64, dates as ISO, what is left as its text.

    >>> jsonable({"a": float("nan"), "b": (1, b"x")})
    {'a': 'NaN', 'b': [1, 'eA==']}
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Enum):
        return jsonable(value.value)
    if isinstance(value, str):
        return unpaired(str(value))
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return _container(value)


def _container(value: object) -> Json:
    if isinstance(value, Mapping):
        return {unpaired(str(key)): jsonable(item) for key, item in value.items()}
    if isinstance(value, Sequence | AbstractSet):
        return [jsonable(item) for item in value]
    return unpaired(str(value))


def _number(value: float) -> Json:
    if isinstance(value, int):
        return int(value) if value.bit_length() <= _BITS else hex(value)
    return float(value) if math.isfinite(value) else number(value)
