"""Dataclasses as JSON objects, and back: field by field, by type, with unknown fields passed over.

This is the one edge at which a dictionary becomes a record. It knows the types that records are made of: text, numbers,
booleans, enumerations, digests, other records, tuples and mappings of these, plain JSON, and unions of one of these with None.
"""

import dataclasses
import types
from collections.abc import Mapping
from enum import Enum
from typing import Any, TypeVar, Union, cast, get_args, get_origin

from mvlake.records.canonical import Json
from mvlake.records.digest import Digest
from mvlake.records.summary import SUMMARY_KINDS, Summary

T = TypeVar("T")
_KIND_OF_SUMMARY = {kind: name for name, kind in SUMMARY_KINDS.items()}


def to_fields(record: Any) -> Json:
    """Return the JSON of a record.

    >>> from mvlake.records.environment import Author
    >>> to_fields(Author(user="ana", host="lab"))
    {'user': 'ana', 'host': 'lab'}
    """
    if dataclasses.is_dataclass(record):
        kind = _KIND_OF_SUMMARY.get(type(record))
        head: dict[str, Json] = {"kind": kind} if kind else {}
        return head | {field.name: to_fields(getattr(record, field.name)) for field in dataclasses.fields(record)}
    if isinstance(record, Enum):
        return str(record.value)
    if isinstance(record, str):
        return str(record)
    if isinstance(record, tuple | list):
        return [to_fields(item) for item in record]
    if isinstance(record, Mapping):
        return {str(key): to_fields(item) for key, item in record.items()}
    if record is None or isinstance(record, bool | int | float):
        return record
    raise TypeError(f"not a part of a record: {type(record).__name__}")


def from_fields(kind: type[T], document: Any) -> T:
    """Return the record of this kind that a JSON object says; ValueError or TypeError, with the path, when it says none.

    >>> from mvlake.records.environment import Author
    >>> from_fields(Author, {"user": "ana", "host": "lab", "later": 1})
    Author(user='ana', host='lab')
    """
    return cast("T", _read(kind, document, kind.__name__))


def read_summary(document: Any) -> Summary:
    """Return the summary that a JSON object says; ValueError or TypeError when it says none."""
    return cast("Summary", _read_summary(document, "summary"))


def _read(kind: Any, value: Any, path: str) -> Any:
    if kind is Json or kind is Any:
        return value
    if kind is Summary:
        return _read_summary(value, path)
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _read_optional(kind, value, path)
    if origin is tuple:
        item = get_args(kind)[0]
        return tuple(_read(item, one, f"{path}[{position}]") for position, one in enumerate(_of(list, value, path)))
    if origin is not None and issubclass(origin, Mapping):
        item = get_args(kind)[1]
        return {key: _read(item, one, f"{path}.{key}") for key, one in _of(dict, value, path).items()}
    if dataclasses.is_dataclass(kind):
        return _read_record(kind, value, path)
    return _read_scalar(kind, value, path)


def _read_record(kind: Any, value: Any, path: str) -> Any:
    document = _of(dict, value, path)
    found = {
        field.name: _read(field.type, document[field.name], f"{path}.{field.name}")
        for field in dataclasses.fields(kind)
        if field.name in document
    }
    try:
        return kind(**found)
    except TypeError as error:
        raise ValueError(f"{path}: {error}") from error


def _read_summary(value: Any, path: str) -> Any:
    kind = SUMMARY_KINDS.get(str(_of(dict, value, path).get("kind")))
    if kind is None:
        raise ValueError(f"{path}: unknown kind of summary")
    return _read_record(kind, value, path)


def _read_optional(kind: Any, value: Any, path: str) -> Any:
    options = [option for option in get_args(kind) if option is not types.NoneType]
    if value is None:
        return None
    return _read(options[0], value, path)


def _read_scalar(kind: Any, value: Any, path: str) -> Any:
    if kind is float and type(value) is int:
        return float(value)  # canonical JSON writes 2.0 as 2
    if isinstance(kind, type) and issubclass(kind, Enum | Digest):
        text = _of(str, value, path)
        try:
            return kind(text)
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from error
    return _of(kind, value, path)


def _of(kind: type[T], value: Any, path: str) -> T:
    if type(value) is not kind:
        raise TypeError(f"{path}: wanted {kind.__name__}, found {type(value).__name__}")
    return value
