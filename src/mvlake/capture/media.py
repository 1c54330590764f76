"""Media: what one display shows, type by type, as texts and bytes. No code of what is shown runs again."""

import base64
import binascii
import json
import re
from dataclasses import dataclass
from typing import Any, TypeAlias

from mvlake.records.kinds import Kinds

Content: TypeAlias = str | bytes
_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,40}/[a-z0-9][a-z0-9.+-]{0,80}", re.IGNORECASE)
_WIDGET = "application/vnd.jupyter.widget-"
_TEXTS = ("text/", "application/json", "application/javascript", "image/svg+xml")
_LEAVES = Kinds(int, float, bool, type(None))
_PLAIN = Kinds(str, bytes)
_DEEPEST = 200
# Bound here: what a user makes of `json.dumps` is no business of ours.
_write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


class Unkept(Exception):
    """Why a medium is not kept, as a sentence."""


@dataclass(frozen=True, slots=True)
class Medium:
    """One media type of a display, with its content; without one, `problem` says why."""

    type: str
    content: Content | None
    problem: str = ""


def media_of(bundle: Any, room: int) -> tuple[Medium, ...]:
    """Return the media of a display's bundle, no more than `room` bytes in all; the state of widgets is none of them."""
    if type(bundle) is not dict:
        return (Medium("", None, "it was shown by data that are no plain dictionary"),)
    found: list[Medium] = []
    for kind, value in list(bundle.items()):
        if type(kind) is not str or not _TYPE.fullmatch(kind):
            found.append(Medium("", None, "it was shown under what is no media type"))
        elif not kind.lower().startswith(_WIDGET):
            medium = _medium(kind.lower(), value, room)
            room -= len(medium.content or "")
            found.append(medium)
    return tuple(found)


def _medium(kind: str, value: Any, room: int) -> Medium:
    try:
        return Medium(kind, _content(kind, value, room))
    except Unkept as problem:
        return Medium(kind, None, str(problem))


def _content(kind: str, value: Any, room: int) -> Content:
    if type(value) in _PLAIN:
        if len(value) > room:
            raise Unkept(_TOO_LARGE)
        return _from_text(kind, value) if type(value) is str else bytes(value)
    if not _is_plain(value, room):
        raise Unkept("it is no plain JSON, or too much of it")
    try:
        return _write(value)
    except (ValueError, RecursionError) as error:
        raise Unkept(f"it cannot be written as JSON ({type(error).__name__})") from error


def _from_text(kind: str, text: str) -> Content:
    """Return a text; of a picture that travels as base64, its bytes."""
    if kind.startswith(_TEXTS) or kind.endswith(("+json", "+xml")):
        return text
    try:
        return base64.b64decode(text.encode("ascii"), validate=False) if kind.startswith(("image/", "application/pdf")) else text
    except (binascii.Error, ValueError):
        return text


def _is_plain(value: Any, room: int) -> bool:
    """True for JSON of Python's own types alone, no deeper and no larger than is kept: nothing of it can run the user's code."""
    waiting = [(value, 0)]
    while waiting:
        one, depth = waiting.pop()
        kind = type(one)
        if kind is str:
            room -= len(one)
        elif kind is dict and depth < _DEEPEST:
            if any(type(key) is not str for key in one):
                return False
            waiting += [(item, depth + 1) for item in one.values()]
            room -= sum(len(key) for key in one)
        elif (kind is list or kind is tuple) and depth < _DEEPEST:
            if len(one) > room:
                return False
            waiting += [(item, depth + 1) for item in one]
        elif kind not in _LEAVES:
            return False
        room -= 2
        if room < 0:
            return False
    return True


_TOO_LARGE = "it is larger than what is kept of a cell's displays"
