"""Values: plain JSON (`records.plain`) as people read it, and as ordinary JSON for other programs.

Both read the tags themselves and build no Python object: a record may come from a later mvlake, or from somebody hostile.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mvlake.records.canonical import Json
from mvlake.view.quantities import number

_ITEMS = 12
_DEPTH = 8
_BITS = 1024
_TEXT = 400
_BRACKETS = {"tuple": ("(", ")"), "set": ("{", "}"), "frozenset": ("frozenset({", "})")}


def ordinary(value: Json) -> Json:
    """Return tagged JSON as ordinary JSON: tuples and sets as arrays, NaN and infinities as text, bytes as base64, dates as ISO.

    >>> ordinary({"$": "tuple", "v": [1, {"$": "float", "v": "nan"}]})
    [1, 'NaN']
    """
    try:
        return _ordinary(value)
    except RecursionError:  # deeper than any value that mvlake writes
        return "nested too deeply"


class Bare(str):
    """Text that is known to be text, such as a library's version: shown without quotes, though it may look like a number."""

    __slots__ = ()


def value_text(value: Json, *, is_exact: bool = False) -> str:
    """Return a value in one line: text without quotes unless it could be taken for something else, floats with 6 digits.

    >>> value_text("gini"), value_text("4"), value_text(0.30000000000000004), value_text({"$": "tuple", "v": [64, 32]})
    ('gini', "'4'", '0.3', '(64, 32)')
    """
    if isinstance(value, Mapping) and value.get("$") == "str":
        value = ordinary(value)
    if isinstance(value, str):
        return repr(value[:_TEXT]) if _is_mistakable(value) and not isinstance(value, Bare) else value
    return _inner(value, 0, is_exact=is_exact)


def value_pair(a: Json, b: Json) -> tuple[str, str]:
    """Return the texts of two values that differ: exact ones where the short ones would look equal."""
    short = value_text(a), value_text(b)
    return short if short[0] != short[1] else (value_text(a, is_exact=True), value_text(b, is_exact=True))


def as_number(value: Json) -> float | None:
    """Return the number that plain JSON says, None when it is none."""
    if isinstance(value, Mapping):
        try:
            if value.get("$") == "float":
                return float(str(value["v"]))
            if value.get("$") == "int":
                return int(str(value["v"]), 16)
        except (KeyError, ValueError):
            return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return None


def unpaired(text: str) -> str:
    r"""Return text that UTF-8 can say: lone surrogates become their escapes.

    >>> print(unpaired("a\ud800"))
    a\ud800
    """
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")


def _is_mistakable(text: str) -> bool:
    if not text or text != text.strip() or text in {"True", "False", "None"}:
        return True
    try:
        float(text[:_TEXT])
    except ValueError:
        return text[0] in "'\"([{"
    return True


def _inner(value: Json, depth: int, *, is_exact: bool) -> str:
    if depth > _DEPTH:
        return "…"
    if isinstance(value, Mapping):
        return _inner_mapping(value, depth, is_exact=is_exact)
    if isinstance(value, str):
        return repr(value[:_TEXT])
    if isinstance(value, float):
        return repr(value) if is_exact else number(value).replace(",", "")
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if value.bit_length() <= _BITS else number(value)
    if isinstance(value, list | tuple):
        return f"[{_items(value, depth, is_exact=is_exact)}]"
    return str(value)  # True, False, None: as Python writes them


def _inner_mapping(value: Mapping[str, Any], depth: int, *, is_exact: bool) -> str:
    content = value.get("v")
    if "$" not in value:
        pairs = list(value.items())
        shown = [f"{str(key)[:_TEXT]!r}: {_inner(item, depth + 1, is_exact=is_exact)}" for key, item in pairs[:_ITEMS]]
        return "{" + ", ".join(shown) + _rest(len(pairs)) + "}"
    tag = str(value["$"])
    if isinstance(content, list) and tag in _BRACKETS:
        opening, closing = _BRACKETS[tag]
        single = "," if tag == "tuple" and len(content) == 1 else ""
        return opening + _items(content, depth, is_exact=is_exact) + single + closing
    whole = as_number(value)
    if whole is not None:
        return _inner(whole, depth, is_exact=is_exact) if isinstance(whole, int) else str(ordinary(value))
    if tag in {"bytes", "bytearray"}:
        return f"{tag} {str(content)[:_TEXT]}"
    found = ordinary(value)
    return found if isinstance(found, str) and tag != "str" else _inner_plain(found, depth, is_exact=is_exact)


def _inner_plain(value: Json, depth: int, *, is_exact: bool) -> str:
    # What `ordinary` could not untag still holds its "$": shown as text, or it would come back here for ever.
    if isinstance(value, Mapping) and "$" in value:
        return repr(str(value)[:_TEXT])
    return _inner(value, depth + 1, is_exact=is_exact)


def _items(value: Sequence[Json], depth: int, *, is_exact: bool) -> str:
    return ", ".join(_inner(item, depth + 1, is_exact=is_exact) for item in value[:_ITEMS]) + _rest(len(value))


def _rest(count: int) -> str:
    return f", … and {count - _ITEMS:,} more" if count > _ITEMS else ""


def _ordinary(value: Json) -> Json:
    if isinstance(value, Mapping):
        if "$" not in value:
            return {unpaired(str(key)): _ordinary(item) for key, item in value.items()}
        return _untagged(value)
    if isinstance(value, str):
        return unpaired(value)
    if isinstance(value, float) and not math.isfinite(value):
        return number(value)
    if isinstance(value, list | tuple):
        return [_ordinary(item) for item in value]
    return value


def _untagged(value: Mapping[str, Any]) -> Json:
    read = _ORDINARY.get(str(value["$"]))
    if read is not None and set(value) == {"$", "v"}:
        try:
            return read(value["v"])
        except (ValueError, TypeError, KeyError, IndexError, AttributeError):
            pass  # a tag that says something else than it should: shown as it is written
    return {unpaired(str(key)): _ordinary(item) for key, item in value.items()}


def _float(value: Any) -> Json:
    found = float(value)
    return found if math.isfinite(found) else number(found)


def _int(value: Any) -> Json:
    found = int(value, 16)
    return found if found.bit_length() <= _BITS else str(value)


def _text(value: Any) -> Json:
    import base64

    return unpaired(base64.b64decode(value).decode("utf-8", "surrogatepass"))


def _pairs(value: Any) -> Json:
    keys = [key if isinstance(key, str) else value_text(key) for key, _ in value]
    if len(set(keys)) < len(keys):  # {1: …, "1": …}
        return [[_ordinary(key), _ordinary(item)] for key, item in value]
    return {unpaired(key): _ordinary(item) for key, (_, item) in zip(keys, value, strict=True)}


def _complex(value: Any) -> Json:
    real, imaginary = value
    return str(complex(float(real), float(imaginary)))


def _range(value: Any) -> Json:
    start, stop, step = (int(part, 16) for part in value)
    return f"range({start}, {stop}, {step})"


def _fraction(value: Any) -> Json:
    numerator, denominator = (int(part, 16) for part in value)
    return f"{numerator}/{denominator}"


def _delta(value: Any) -> Json:
    from datetime import timedelta

    return str(timedelta(days=value[0], seconds=value[1], microseconds=value[2]))


def _uuid(value: Any) -> Json:
    from uuid import UUID

    return str(UUID(hex=value))


def _array(value: Any) -> Json:
    return [_ordinary(item) for item in value]


def _same(value: Any) -> Json:
    return unpaired(str(value))


_ORDINARY: dict[str, Callable[[Any], Json]] = {
    "str": _text,
    "int": _int,
    "float": _float,
    "tuple": _array,
    "set": _array,
    "frozenset": _array,
    "dict": _pairs,
    "bytes": _same,
    "bytearray": _same,
    "complex": _complex,
    "range": _range,
    "datetime": lambda value: unpaired(str(value[0])),
    "date": _same,
    "time": _same,
    "timedelta": _delta,
    "decimal": _same,
    "fraction": _fraction,
    "uuid": _uuid,
    "path": lambda value: unpaired(str(value[1])),
}
