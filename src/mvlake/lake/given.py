"""Given: the parameters that a replay is given, from Python as they are, from a line as `name=value`.

A value reads as YAML's plain ones do, for that is how papermill's users write them: numbers, true and false, null, quoted texts,
lists and mappings in brackets; JSON is among these. Whatever is nothing of that is a text.
"""

import ast
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mvlake.errors import Invalid
from mvlake.lake.parameters import checked_name

_LONGEST = 100_000
_DEEPEST = 50
_WORDS = {"true": True, "false": False, "null": None, "none": None, "~": None}
_INTEGER = re.compile(r"[-+]?[0-9]+(_[0-9]+)*")
_NUMBER = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.?[0-9]+)([eE][-+]?[0-9]+)?")
_ODD = re.compile(r"[-+]?\.?(inf|nan)", re.IGNORECASE)
_PAIRS = {"[": "]", "{": "}", "(": ")"}


def given_params(params: Mapping[str, Any] | Sequence[str]) -> dict[str, Any]:
    """Return the parameters by name; Invalid for what gives a name no value, twice one, or what is no name."""
    if isinstance(params, Mapping):
        return {checked_name(name): value for name, value in params.items()}
    found: dict[str, Any] = {}
    for text in params:
        name, equals, value = text.partition("=")
        name = checked_name(name.strip())
        if not equals:
            raise Invalid(f'"{name}" gives no value', hint=f"-p {name}=VALUE")
        if name in found:
            raise Invalid(f"{name} is given twice", hint=f"-p {name}=VALUE once")
        found[name] = read_value(value)
    return found


def read_value(text: str) -> Any:
    """Return the value that a text says.

    >>> [read_value(text) for text in ("3", "1e-3", "true", "null", "'3'", "adam", "[1, sgd]", '{"a": [2.5]}')]
    [3, 0.001, True, None, '3', 'adam', [1, 'sgd'], {'a': [2.5]}]
    """
    text = text.strip()
    if len(text) > _LONGEST:
        raise Invalid(
            f"a value of {len(text):,} characters is too long for a parameter", hint="put it into a file, and give its name"
        )
    try:
        return json.loads(text, parse_constant=float) if text[:1] in ('"', "[", "{") else _read(text, 0)
    except (ValueError, RecursionError):
        return _read(text, 0)


def _read(text: str, depth: int) -> Any:
    text = text.strip()
    if depth > _DEEPEST:
        raise Invalid(f"a value is nested more than {_DEEPEST} deep", hint="give it flatter")
    first = text[:1]
    if first and first in _PAIRS:
        return _collection(text, depth)
    if first and first in "\"'":
        return _quoted(text)
    word = text.lower()
    if word in _WORDS:
        return _WORDS[word]
    return _number(text)


def _number(text: str) -> Any:
    if _INTEGER.fullmatch(text):
        try:
            return int(text)
        except ValueError:  # of thousands of digits
            return text
    if _NUMBER.fullmatch(text):
        return float(text)
    return float(text.replace(".", "")) if _ODD.fullmatch(text) else text


def _quoted(text: str) -> str:
    try:
        found = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        found = None
    if type(found) is not str:
        raise Invalid(f"{text[:60]} is no quoted text", hint="quotes come in pairs: 'it''s' is \"it's\"")
    return found


def _collection(text: str, depth: int) -> Any:
    if text[-1] != _PAIRS[text[0]]:
        raise Invalid(f"{text[:60]} does not end with {_PAIRS[text[0]]}", hint=f"quote a text that begins with {text[0]}")
    parts = list(_parts(text[1:-1]))
    if text[0] == "(":
        return tuple(_read(part, depth + 1) for part in parts)
    if text[0] == "[":
        return [_read(part, depth + 1) for part in parts]
    found = {}
    for part in parts:
        key, colon, value = part.partition(":")
        name = _read(key, depth + 1)
        if not colon or type(name) not in (str, int, float, bool, type(None)):
            raise Invalid(f"{part.strip()[:60]} is no key with a value", hint="{depth: 3, name: adam}")
        found[name] = _read(value, depth + 1)
    return found


def _parts(text: str) -> Iterator[str]:
    """Yield what stands between the commas of a text that are in no brackets and no quotes."""
    open_, quote, begin, before = 0, "", 0, ""
    for place, letter in enumerate(text):
        if quote:
            quote = "" if letter == quote and text[place - 1] != "\\" else quote
        elif letter in "\"'" and before in ("", *"[{(,:"):
            quote = letter
        elif letter in _PAIRS:
            open_ += 1
        elif letter in _PAIRS.values():
            open_ -= 1
        elif letter == "," and not open_:
            yield text[begin:place]
            begin = place + 1
        before = before if letter.isspace() else letter
    if text[begin:].strip():
        yield text[begin:]
