"""Dataclasses as JSON objects, and back: field by field, by type, with unknown fields passed over.

This is the one edge at which a dictionary becomes a record. It knows the types that records are made of: text, numbers,
booleans, enumerations, digests, other records, tuples and mappings of these, plain JSON, and unions of one of these with None.
A log of a hundred thousand records passes through here, so each type is looked at once, and its reader kept.
"""

import dataclasses
import types
from collections.abc import Callable, Mapping
from enum import Enum
from functools import cache
from typing import Any, TypeAlias, TypeVar, Union, cast, get_args, get_origin

from mvlake.records.canonical import Json
from mvlake.records.digest import Digest
from mvlake.records.sparse import SPARSE
from mvlake.records.summary import SUMMARY_KINDS, Summary

T = TypeVar("T")
Reader: TypeAlias = Callable[[Any], Any]
_KIND_OF_SUMMARY = {kind: name for name, kind in SUMMARY_KINDS.items()}
_ALWAYS = object()  # of a field that is always written
_JSON_SCALARS = frozenset({str, int, float, bool, type(None)})


def to_fields(record: Any) -> Json:
    """Return the JSON of a record.

    >>> from mvlake.records.environment import Author
    >>> to_fields(Author(user="ana", host="lab"))
    {'user': 'ana', 'host': 'lab'}
    """
    kind: Any = type(record)
    if kind in _JSON_SCALARS:
        return cast("Json", _sayable(record) if kind is str else record)
    names = _names(kind)
    if names is not None:
        word = _KIND_OF_SUMMARY.get(kind)
        head: dict[str, Json] = {"kind": word} if word else {}
        said = ((name, getattr(record, name), default) for name, default in names)
        return head | {name: to_fields(value) for name, value, default in said if value != default}
    if isinstance(record, Enum):
        return str(record.value)
    if isinstance(record, str):
        return _sayable(str(record))
    if isinstance(record, tuple | list):
        return [to_fields(item) for item in record]
    if isinstance(record, Mapping):
        return {str(key): to_fields(item) for key, item in record.items()}
    if isinstance(record, int | float):
        return record
    raise TypeError(f"not a part of a record: {type(record).__name__}")


def from_fields(kind: type[T], document: Any) -> T:
    """Return the record of this kind that a JSON object says; ValueError or TypeError, with the path, when it says none.

    >>> from mvlake.records.environment import Author
    >>> from_fields(Author, {"user": "ana", "host": "lab", "later": 1})
    Author(user='ana', host='lab')
    """
    try:
        return cast("T", _reader(cast("Any", kind))(document))
    except (ValueError, TypeError) as error:
        raise _within(kind.__name__, error) from error


def _sayable(text: str) -> str:
    """Return a text as UTF-8 can say it: paths and messages of a machine may hold lone surrogates, which become escapes."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


def read_summary(document: Any) -> Summary:
    """Return the summary that a JSON object says; ValueError or TypeError when it says none."""
    try:
        return cast("Summary", _read_summary(document))
    except (ValueError, TypeError) as error:
        raise _within("summary", error) from error


@cache
def _names(kind: Any) -> tuple[tuple[str, Any], ...] | None:
    """Return the fields of a record, each with the value that is not written; None for what is no record."""
    if not dataclasses.is_dataclass(kind):
        return None
    return tuple((field.name, field.default if SPARSE in field.metadata else _ALWAYS) for field in dataclasses.fields(kind))


def _within(step: str, error: ValueError | TypeError) -> ValueError | TypeError:
    """Return the error with one more step in front of its path."""
    kind = TypeError if isinstance(error, TypeError) else ValueError
    return kind(f"{step}{error}")


@cache
def _reader(kind: Any) -> Reader:
    """Return what reads a value of this type. Its errors begin with the path from that value: `.cells[0].source: …`."""
    if kind is Json or kind is Any:
        return lambda value: value
    if kind is Summary:
        return _read_summary
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        read = _reader(next(option for option in get_args(kind) if option is not types.NoneType))
        return lambda value: None if value is None else read(value)
    if origin is tuple:
        return _tuple_reader(_reader(get_args(kind)[0]))
    if origin is not None and issubclass(origin, Mapping):
        return _mapping_reader(_reader(get_args(kind)[1]))
    if dataclasses.is_dataclass(kind):
        return _record_reader(kind)
    return _scalar_reader(kind)


def _record_reader(kind: Any) -> Reader:
    # What is of the very type that is wanted (most of a record is text) is taken without a call.
    fields = [(field.name, field.type, _reader(cast("Any", field.type))) for field in dataclasses.fields(kind)]

    def read(value: Any) -> Any:
        document = _of(dict, value)
        found = {}
        name = ""
        try:
            for name, wanted, read_field in fields:
                if name in document:
                    item = document[name]
                    found[name] = item if type(item) is wanted else read_field(item)
        except (ValueError, TypeError) as error:
            raise _within(f".{name}", error) from error
        try:
            return kind(**found)
        except TypeError as error:  # a field without default is not there
            raise ValueError(f": {error}") from error

    return read


def _tuple_reader(read_item: Reader) -> Reader:
    def read(value: Any) -> Any:
        found: list[Any] = []
        try:
            for item in _of(list, value):
                found.append(read_item(item))  # noqa: PERF401 - how many there are says which one is wrong
        except (ValueError, TypeError) as error:
            raise (_within(f"[{len(found)}]", error) if type(value) is list else error) from error
        return tuple(found)

    return read


def _mapping_reader(read_item: Reader) -> Reader:
    def read(value: Any) -> Any:
        found = {}
        for key, item in _of(dict, value).items():
            try:
                found[key] = read_item(item)
            except (ValueError, TypeError) as error:
                raise _within(f".{key}", error) from error
        return found

    return read


def _scalar_reader(kind: Any) -> Reader:
    if kind is float:
        # Canonical JSON writes 2.0 as 2.
        return lambda value: float(value) if type(value) is int else _of(float, value)
    if isinstance(kind, type) and issubclass(kind, Digest):
        return lambda value: _named(kind, _of(str, value))
    if isinstance(kind, type) and issubclass(kind, Enum):
        members = {member.value: member for member in kind}
        return lambda value: (type(value) is str and members.get(value)) or _named(kind, _of(str, value))
    return lambda value: _of(kind, value)


def _named(kind: Any, text: str) -> Any:
    try:
        return kind(text)
    except ValueError as error:
        raise ValueError(f": {error}") from error


def _read_summary(value: Any) -> Any:
    kind = SUMMARY_KINDS.get(str(_of(dict, value).get("kind")))
    if kind is None:
        raise ValueError(": unknown kind of summary")
    return _reader(kind)(value)


def _of(kind: type[T], value: Any) -> T:
    if type(value) is not kind:
        raise TypeError(f": wanted {kind.__name__}, found {type(value).__name__}")
    return value
