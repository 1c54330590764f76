"""Plain values: Python's own data as JSON, exactly. What JSON cannot say is tagged `{"$": kind, "v": …}`.

Exact means type and value: `1` and `1.0`, `(1,)` and `[1]`, `-0.0`, NaN, `2**70`, bytes, sets, dates and dictionaries with
keys of any plain kind come back as they went in. A subclass is not plain: its behaviour would be lost.
"""

import base64
import math
import sys
from array import array
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from fractions import Fraction
from pathlib import PurePath, PurePosixPath, PureWindowsPath
from typing import Any
from uuid import UUID

from mvlake.records.canonical import Json, canonical
from mvlake.records.kinds import Kinds

_EXACT = 2**53
_MAX_DEPTH = 60
_MAX_CONTAINERS = 1 << 20
_SEQUENCES, _SCALARS = Kinds(list, tuple), Kinds(type(None), bool, int, float, str)
_LONG = 1024  # longer than any parameter: those stay readable
_NAME = type.__dict__["__name__"]  # `cls.__name__` would ask the class's metaclass, which is a stranger's code


class _Walk:
    """Where an encoding is: the containers around the present value, and how many were met so far."""

    __slots__ = ("around", "met")

    def __init__(self) -> None:
        self.around: list[int] = []
        self.met = 0

    def items(self, container: Any, values: Iterable[Any]) -> list[Json]:
        """Return the values of a container, each encoded; ValueError when it is a part of itself, too deep or endless."""
        if id(container) in self.around:
            raise ValueError("a part of itself")
        if len(self.around) >= _MAX_DEPTH:
            raise ValueError(f"nested deeper than {_MAX_DEPTH}")
        # Forty lists, each holding the next one twice, are small in memory and endless as text.
        self.met += 1
        if self.met > _MAX_CONTAINERS:
            raise ValueError(f"more than {_MAX_CONTAINERS} containers")
        self.around.append(id(container))
        found = [_encode(value, self) for value in values]
        self.around.pop()
        return found

    def sequence(self, container: list[Any] | tuple[Any, ...]) -> Json:
        """Return the values of a list or tuple. Of one kind, as most long ones are, they need not be looked at one by one."""
        kinds = set(map(id, map(type, container))) if len(container) >= _LONG else set()
        if kinds == _TRUTHS or (kinds == _INTEGERS and min(container) >= -_EXACT and max(container) <= _EXACT):
            return list(container)
        if kinds == _TEXTS_ONLY and _is_sayable(container):
            return list(container)
        if kinds == _FLOATS:
            return _tag("floats", base64.b64encode(_doubles(container)).decode())
        return self.items(container, container)


def to_plain(value: Any) -> Json:
    """Return the tagged JSON of a plain value; TypeError when some part is not plain, ValueError when it is its own part, or huge.

    >>> to_plain({"layers": (64, 32), "lr": 0.1})
    {'layers': {'$': 'tuple', 'v': [64, 32]}, 'lr': 0.1}
    """
    return _encode(value, _Walk())


def from_plain(value: Json) -> Any:
    """Return the value whose tagged JSON this is; ValueError when it is none.

    >>> from_plain(to_plain((1, 2.0, {3: b"x"})))
    (1, 2.0, {3: b'x'})
    """
    try:
        return _decode(value)
    except (TypeError, LookupError, ArithmeticError, AttributeError, OSError, RecursionError) as error:
        raise ValueError(f"no plain value ({type(error).__name__}: {error})") from error


def is_plain(value: Any) -> bool:
    """True when `to_plain` can say this value."""
    if type(value) in _SEQUENCES and _SCALARS.holds_all(map(type, value)):
        return True  # whatever their values are: nothing needs to be written to know it
    try:
        _encode(value, _Walk())
    except (TypeError, ValueError):
        return False
    return True


def _tag(kind: str, value: Json) -> Json:
    return {"$": kind, "v": value}


def _decode(value: Any) -> Any:
    if isinstance(value, dict):
        if "$" not in value:
            return {key: _decode(item) for key, item in value.items()}
        read = _READERS.get(str(value["$"]))
        if read is None or set(value) != {"$", "v"}:
            raise ValueError(f"unknown tag: {str(value['$'])[:40]!r}")
        return read(value["v"])
    if isinstance(value, list):
        return [_decode(item) for item in value]
    return value


def _encode(value: Any, walk: _Walk) -> Json:
    write = _WRITERS.get(id(type(value)))  # the exact type: isinstance would run a stranger's __class__
    if write is None:
        raise TypeError(f"not a plain value: {_NAME.__get__(type(value))}")
    return write(value, walk)


def _text(value: str, _: _Walk) -> Json:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:  # a lone surrogate: legal in Python, not in UTF-8
        return _tag("str", base64.b64encode(value.encode("utf-8", "surrogatepass")).decode())
    return value


def _integer(value: int, _: _Walk) -> Json:
    return value if -_EXACT <= value <= _EXACT else _tag("int", hex(value))


def _float(value: float, _: _Walk) -> Json:
    # JSON has one kind of number and no -0.0: an integral float must say that it is one.
    if math.isfinite(value) and not value.is_integer():
        return value
    return _tag("float", repr(value))


def _list(value: list[Any] | tuple[Any, ...], walk: _Walk) -> Json:
    return walk.sequence(value)


def _is_sayable(texts: Iterable[str]) -> bool:
    try:
        "".join(texts).encode("utf-8")
    except UnicodeEncodeError:  # a lone surrogate
        return False
    return True


def _doubles(values: Iterable[float]) -> bytes:
    """Return numbers as IEEE 754 doubles, little-endian, with one NaN for all."""
    found = array("d", values)
    if found != found:
        found = array("d", (math.nan if value != value else value for value in found))
    if sys.byteorder == "big":
        found.byteswap()
    return found.tobytes()


def _read_floats(value: Any) -> list[float]:
    found = array("d")
    found.frombytes(base64.b64decode(value, validate=True))
    if sys.byteorder == "big":
        found.byteswap()
    return found.tolist()


def _dict(value: dict[Any, Any], walk: _Walk) -> Json:
    values = walk.items(value, value.values())
    if "$" not in value and all(type(key) is str and key.isprintable() for key in value):
        names = list(value)
        # The order in which canonical JSON keeps keys, and a reader finds them.
        if names == sorted(names, key=lambda name: name.encode("utf-16-be")):
            return dict(zip(names, values, strict=True))
    # Order is part of a dictionary, and canonical JSON has none: pairs keep it.
    keys = walk.items(value, value)
    return _tag("dict", [list(pair) for pair in zip(keys, values, strict=True)])


def _set(value: set[Any] | frozenset[Any], walk: _Walk) -> Json:
    return _tag(type(value).__name__, sorted(walk.items(value, value), key=canonical))


def _moment(value: datetime | time, walk: _Walk) -> Json:
    # Without its zone, which may be a stranger's, and whose offset `fromisoformat` reads wrongly when it is below a second.
    return _tag(type(value).__name__, [value.replace(tzinfo=None).isoformat(), value.fold, _zone(value.tzinfo, walk)])


def _zone(zone: tzinfo | None, walk: _Walk) -> Json:
    """Return the key of a zone of the time zone database, or a fixed offset with the name that it was given."""
    if zone is None:
        return None
    if type(zone) is timezone:
        offset = zone.utcoffset(None)
        name = zone.tzname(None)
        given = None if name == timezone(offset).tzname(None) else _text(name, walk)
        return [offset.days, offset.seconds, offset.microseconds, given]
    database = sys.modules.get("zoneinfo")  # loaded by whoever made such a zone; not by us, for it is slow
    if database is not None and type(zone) is database.ZoneInfo:
        key: str | None = getattr(zone, "key", None)
        if key is not None:  # None: read from a file that only this machine may have
            return key
    raise TypeError(f"not a plain time zone: {_NAME.__get__(type(zone))}")


def _read_datetime(value: Any) -> datetime:
    text, fold, zone = value
    return datetime.fromisoformat(text).replace(fold=fold, tzinfo=_read_zone(zone))


def _read_time(value: Any) -> time:
    text, fold, zone = value
    return time.fromisoformat(text).replace(fold=fold, tzinfo=_read_zone(zone))


def _read_zone(zone: Any) -> tzinfo | None:
    if zone is None:
        return None
    if isinstance(zone, list):
        days, seconds, microseconds, name = zone
        offset = timedelta(days, seconds, microseconds)
        return timezone(offset) if name is None else timezone(offset, _decode(name))
    from zoneinfo import ZoneInfo  # reads the machine's time zone files: only for a value that names one

    return ZoneInfo(zone)


def _path(value: PurePath, walk: _Walk) -> Json:
    return _tag("path", [type(value).__name__, _text(str(value), walk)])


def _read_path(value: Any) -> PurePath:
    from pathlib import Path

    kind, text = value[0], _decode(value[1])
    if kind == type(Path()).__name__:
        return Path(text)
    # A path of the other kind of machine cannot be opened here, but says the same.
    pure = {"PosixPath": PurePosixPath, "WindowsPath": PureWindowsPath}
    return {**pure, "PurePosixPath": PurePosixPath, "PureWindowsPath": PureWindowsPath}[kind](text)


def _writers() -> dict[type, Callable[[Any, _Walk], Json]]:
    from pathlib import PosixPath, WindowsPath

    paths: dict[type, Callable[[Any, _Walk], Json]] = dict.fromkeys((PosixPath, WindowsPath, PurePosixPath, PureWindowsPath), _path)
    return {
        type(None): lambda value, _: value,
        bool: lambda value, _: value,
        int: _integer,
        float: _float,
        str: _text,
        list: _list,
        dict: _dict,
        tuple: lambda value, walk: _tag("tuple", _list(value, walk)),
        set: _set,
        frozenset: _set,
        bytes: lambda value, _: _tag("bytes", base64.b64encode(value).decode()),
        bytearray: lambda value, _: _tag("bytearray", base64.b64encode(value).decode()),
        complex: lambda value, _: _tag("complex", [repr(value.real), repr(value.imag)]),
        range: lambda value, _: _tag("range", [hex(value.start), hex(value.stop), hex(value.step)]),
        datetime: _moment,
        date: lambda value, _: _tag("date", value.isoformat()),
        time: _moment,
        timedelta: lambda value, _: _tag("timedelta", [value.days, value.seconds, value.microseconds]),
        Decimal: lambda value, _: _tag("decimal", str(value)),
        Fraction: lambda value, _: _tag("fraction", [hex(value.numerator), hex(value.denominator)]),
        UUID: lambda value, _: _tag("uuid", value.hex),
        **paths,
    }


_TRUTHS, _INTEGERS, _TEXTS_ONLY, _FLOATS = ({id(kind)} for kind in (bool, int, str, float))
_WRITERS = {id(kind): write for kind, write in _writers().items()}  # by identity: a hash of a class is its metaclass's code
_READERS: dict[str, Callable[[Any], Any]] = {
    "str": lambda value: base64.b64decode(value).decode("utf-8", "surrogatepass"),
    "int": lambda value: int(value, 16),
    "float": float,
    "floats": _read_floats,
    "tuple": lambda value: tuple(_decode(value)),
    "dict": lambda value: {_decode(key): _decode(item) for key, item in value},
    "set": lambda value: {_decode(item) for item in value},
    "frozenset": lambda value: frozenset(_decode(item) for item in value),
    "bytes": base64.b64decode,
    "bytearray": lambda value: bytearray(base64.b64decode(value)),
    "complex": lambda value: complex(float(value[0]), float(value[1])),
    "range": lambda value: range(*(int(part, 16) for part in value)),
    "datetime": _read_datetime,
    "date": date.fromisoformat,
    "time": _read_time,
    "timedelta": lambda value: timedelta(days=value[0], seconds=value[1], microseconds=value[2]),
    "decimal": Decimal,
    "fraction": lambda value: Fraction(int(value[0], 16), int(value[1], 16)),
    "uuid": lambda value: UUID(hex=value),
    "path": _read_path,
}
