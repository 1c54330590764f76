"""Plain values: Python's own data as JSON, exactly. What JSON cannot say is tagged `{"$": kind, "v": …}`.

Exact means type and value: `1` and `1.0`, `(1,)` and `[1]`, `-0.0`, NaN, `2**70`, bytes, sets, dates and dictionaries with
keys of any plain kind come back as they went in. A subclass is not plain: its behaviour would be lost.
"""

import base64
import math
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import PurePath, PurePosixPath, PureWindowsPath
from typing import Any
from uuid import UUID

from mvlake.records.canonical import Json, canonical

_EXACT = 2**53
_MAX_DEPTH = 60


def to_plain(value: Any) -> Json:
    """Return the tagged JSON of a plain value; TypeError when some part of it is not plain, ValueError when it is its own part.

    >>> to_plain({"lr": 0.1, "layers": (64, 32)})
    {'lr': 0.1, 'layers': {'$': 'tuple', 'v': [64, 32]}}
    """
    return _encode(value, 0)


def from_plain(value: Json) -> Any:
    """Return the value whose tagged JSON this is; ValueError for an unknown tag.

    >>> from_plain(to_plain((1, 2.0, {3: b"x"})))
    (1, 2.0, {3: b'x'})
    """
    if isinstance(value, dict):
        if "$" not in value:
            return {key: from_plain(item) for key, item in value.items()}
        read = _READERS.get(str(value["$"]))
        if read is None or set(value) != {"$", "v"}:
            raise ValueError(f"unknown tag: {str(value['$'])[:40]!r}")
        return read(value["v"])
    if isinstance(value, list):
        return [from_plain(item) for item in value]
    return value


def is_plain(value: Any) -> bool:
    """True when `to_plain` can say this value."""
    try:
        _encode(value, 0)
    except (TypeError, ValueError):
        return False
    return True


def _tag(kind: str, value: Json) -> Json:
    return {"$": kind, "v": value}


def _encode(value: Any, depth: int) -> Json:
    if depth > _MAX_DEPTH:
        raise ValueError(f"nested deeper than {_MAX_DEPTH}, or a part of itself")
    write = _WRITERS.get(type(value))  # the exact type: isinstance would run a stranger's __class__
    if write is None:
        raise TypeError(f"not a plain value: {type(value).__name__}")
    return write(value, depth)


def _text(value: str, _: int) -> Json:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:  # a lone surrogate: legal in Python, not in UTF-8
        return _tag("str", base64.b64encode(value.encode("utf-8", "surrogatepass")).decode())
    return value


def _integer(value: int, _: int) -> Json:
    return value if -_EXACT <= value <= _EXACT else _tag("int", hex(value))


def _float(value: float, _: int) -> Json:
    # JSON has one kind of number and no -0.0: an integral float must say that it is one.
    if math.isfinite(value) and not value.is_integer():
        return value
    return _tag("float", repr(value))


def _list(value: list[Any] | tuple[Any, ...], depth: int) -> list[Json]:
    return [_encode(item, depth + 1) for item in value]


def _dict(value: dict[Any, Any], depth: int) -> Json:
    if all(type(key) is str and key.isprintable() for key in value) and "$" not in value:
        names = {key: _encode(item, depth + 1) for key, item in value.items()}
        if list(value) == sorted(value):
            return names
    # Order is part of a dictionary, and canonical JSON has none: pairs keep it.
    return _tag("dict", [[_encode(key, depth + 1), _encode(item, depth + 1)] for key, item in value.items()])


def _set(value: set[Any] | frozenset[Any], depth: int) -> Json:
    items = [_encode(item, depth + 1) for item in value]
    return _tag(type(value).__name__, sorted(items, key=canonical))


def _moment(value: datetime, _: int) -> Json:
    if value.tzinfo is not None and value.utcoffset() is None:
        raise TypeError("a datetime whose zone gives no offset")
    return _tag("datetime", [value.isoformat(), value.fold, getattr(value.tzinfo, "key", None)])


def _read_moment(value: Any) -> datetime:
    text, fold, zone = value
    moment = datetime.fromisoformat(text).replace(fold=fold)
    if zone is None:
        return moment
    from zoneinfo import ZoneInfo  # reads the machine's time zone files: only for a value that names one

    return moment.replace(tzinfo=ZoneInfo(zone))


def _path(value: PurePath, _: int) -> Json:
    return _tag("path", [type(value).__name__, str(value)])


def _read_path(value: Any) -> PurePath:
    from pathlib import Path, PosixPath

    kind, text = value
    pure = {"PurePosixPath": PurePosixPath, "PureWindowsPath": PureWindowsPath, "WindowsPath": PureWindowsPath}.get(kind)
    if pure is not None:
        return pure(text)
    return Path(text) if kind == PosixPath.__name__ else PurePosixPath(text)


def _writers() -> dict[type, Callable[[Any, int], Json]]:
    from pathlib import PosixPath, WindowsPath

    paths: dict[type, Callable[[Any, int], Json]] = dict.fromkeys((PosixPath, WindowsPath, PurePosixPath, PureWindowsPath), _path)
    return {
        type(None): lambda value, _: value,
        bool: lambda value, _: value,
        int: _integer,
        float: _float,
        str: _text,
        list: _list,
        dict: _dict,
        tuple: lambda value, depth: _tag("tuple", _list(value, depth)),
        set: _set,
        frozenset: _set,
        bytes: lambda value, _: _tag("bytes", base64.b64encode(value).decode()),
        bytearray: lambda value, _: _tag("bytearray", base64.b64encode(value).decode()),
        complex: lambda value, _: _tag("complex", [repr(value.real), repr(value.imag)]),
        range: lambda value, _: _tag("range", [hex(value.start), hex(value.stop), hex(value.step)]),
        datetime: _moment,
        date: lambda value, _: _tag("date", value.isoformat()),
        time: lambda value, _: _tag("time", value.isoformat()),
        timedelta: lambda value, _: _tag("timedelta", [value.days, value.seconds, value.microseconds]),
        Decimal: lambda value, _: _tag("decimal", str(value)),
        Fraction: lambda value, _: _tag("fraction", [hex(value.numerator), hex(value.denominator)]),
        UUID: lambda value, _: _tag("uuid", value.hex),
        **paths,
    }


_WRITERS = _writers()
_READERS: dict[str, Callable[[Any], Any]] = {
    "str": lambda value: base64.b64decode(value).decode("utf-8", "surrogatepass"),
    "int": lambda value: int(value, 16),
    "float": float,
    "tuple": lambda value: tuple(from_plain(item) for item in value),
    "dict": lambda value: {from_plain(key): from_plain(item) for key, item in value},
    "set": lambda value: {from_plain(item) for item in value},
    "frozenset": lambda value: frozenset(from_plain(item) for item in value),
    "bytes": base64.b64decode,
    "bytearray": lambda value: bytearray(base64.b64decode(value)),
    "complex": lambda value: complex(float(value[0]), float(value[1])),
    "range": lambda value: range(*(int(part, 16) for part in value)),
    "datetime": _read_moment,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "timedelta": lambda value: timedelta(days=value[0], seconds=value[1], microseconds=value[2]),
    "decimal": Decimal,
    "fraction": lambda value: Fraction(int(value[0], 16), int(value[1], 16)),
    "uuid": lambda value: UUID(hex=value),
    "path": _read_path,
}
