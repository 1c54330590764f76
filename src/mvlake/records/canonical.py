"""Canonical JSON (RFC 8785): one and only one byte string for a JSON value, so that it can be named by its digest."""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from mvlake.records.standard_json import dumps, loads

Json: TypeAlias = bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"] | None

_EXACT = 2**53  # beyond it a double skips integers (RFC 8785 §3.2.2.3: I-JSON numbers)
_MAX_DEPTH = 200
_quoted = json.encoder.encode_basestring  # json.dumps would make an encoder for every text


def canonical(value: Json) -> bytes:
    r"""Return the canonical UTF-8 bytes of a JSON value.

    Raises ValueError for what canonical JSON cannot say: NaN, infinities, integers beyond 2**53, lone surrogates,
    nesting deeper than 200; TypeError for what is not JSON. (`records.plain` says all of these, by tagging them.)

    >>> canonical({"b": 1.0, "a": [True, None, "\u20ac"]})
    b'{"a":[true,null,"\xe2\x82\xac"],"b":1}'
    """
    parts: list[str] = []
    _write(value, parts.append, 0)
    return "".join(parts).encode("utf-8")


def parse(data: bytes) -> Any:
    """Return the JSON value of these bytes; ValueError when they are none, or what `canonical` refuses to say.

    A whole number beyond 2**53 is a float, as in every reader that knows doubles only.
    """
    text = data.decode("utf-8")
    try:
        value = loads(text, object_pairs_hook=_unique, parse_constant=_no_constant, parse_int=_whole, parse_float=_finite)
        if "\\ud" in text or "\\uD" in text:
            dumps(value, ensure_ascii=False).encode("utf-8")  # finds lone surrogates: UTF-8 has none, escapes may
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    # Openers are counted first because nearly every document is shallow, and a count costs nothing.
    if data.count(b"[") + data.count(b"{") > _MAX_DEPTH:
        _refuse_depth(value)
    return value


def _write(value: Any, emit: Any, depth: int) -> None:
    if depth > _MAX_DEPTH:
        raise ValueError(f"nested deeper than {_MAX_DEPTH}")
    if value is None or value is True or value is False:
        emit("null" if value is None else "true" if value else "false")
    elif isinstance(value, str):
        emit(_quoted(value))
    elif isinstance(value, int):
        if not -_EXACT <= value <= _EXACT:
            raise ValueError(f"an integer beyond 2**53: {value}")
        emit(str(int(value)))
    elif isinstance(value, float):
        emit(_number(value))
    elif isinstance(value, Mapping):
        _write_object(value, emit, depth)
    elif isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        _write_list(value, emit, depth)
    else:
        raise TypeError(f"not JSON: {type(value).__name__}")


def _write_list(value: Sequence[Any], emit: Any, depth: int) -> None:
    emit("[")
    for position, item in enumerate(value):
        if position:
            emit(",")
        kind = type(item) if depth < _MAX_DEPTH else None
        if kind is str:  # what most long lists are of: digests, and numbers of rows
            emit(_quoted(item))
        elif kind is int and -_EXACT <= item <= _EXACT:
            emit(str(item))
        else:
            _write(item, emit, depth + 1)
    emit("]")


def _write_object(value: Mapping[str, Any], emit: Any, depth: int) -> None:
    emit("{")
    # RFC 8785 sorts by UTF-16 code units, which differs from code points above U+FFFF.
    for position, key in enumerate(_in_order(value)):
        if position:
            emit(",")
        emit(_quoted(key))
        emit(":")
        item = value[key]
        if type(item) is str:  # what most of a record is
            emit(_quoted(item))
        else:
            _write(item, emit, depth + 1)
    emit("}")


def _in_order(value: Mapping[str, Any]) -> list[str]:
    try:
        if "".join(value).isascii():  # then code points and code units are in the same order
            return sorted(value)
    except TypeError:  # a key that is no text, which is said below
        pass
    return sorted(value, key=_utf16)


def _utf16(key: str) -> bytes:
    if not isinstance(key, str):
        raise TypeError(f"a key that is no text: {type(key).__name__}")
    return key.encode("utf-16-be")


def _number(value: float) -> str:
    """Return the number as ECMAScript prints it (ECMA-262, Number::toString), which RFC 8785 prescribes."""
    if not math.isfinite(value):
        raise ValueError(f"not a JSON number: {value}")
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    # Python's repr is the shortest text that reads back as the same double, as ECMAScript demands; only its layout differs.
    mantissa, _, exponent = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + fraction) - len(digits) if whole == "0" else 0)
    digits = digits.rstrip("0")
    count = len(digits)
    if count <= point <= 21:
        return sign + digits + "0" * (point - count)
    if 0 < point <= 21:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    power = point - 1
    rest = f".{digits[1:]}" if count > 1 else ""
    return f"{sign}{digits[0]}{rest}e{'+' if power > 0 else '-'}{abs(power)}"


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key that stands twice")
    return found


def _refuse_depth(value: Any) -> None:
    level = [value] if type(value) in (dict, list) else []
    for _ in range(_MAX_DEPTH):
        level = [item for node in level for item in (node.values() if type(node) is dict else node) if type(item) in (dict, list)]
    if any(level):
        raise ValueError(f"nested deeper than {_MAX_DEPTH}")


def _whole(text: str) -> int | float:
    number = int(text) if len(text) <= len("-9007199254740992") else _EXACT + 1
    return number if -_EXACT <= number <= _EXACT else _finite(text)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"a number beyond every double: {text[:40]}")
    return number


def _no_constant(name: str) -> Any:
    raise ValueError(f"not JSON: {name}")
