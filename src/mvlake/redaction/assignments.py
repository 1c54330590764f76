"""Assignments: `password = "…"`, `"api_key": "…"`, `?token=…`, `user:password@host`: what stands around calls it a secret."""

import base64
import binascii
import re
from collections.abc import Iterator
from typing import TypeAlias

from mvlake.redaction.secret_names import is_secret_name
from mvlake.redaction.values import can_be_secret, is_filler, looks_random

Found: TypeAlias = tuple[int, int, str]
"""Where a secret begins and ends, and the rule by which it was found."""

NAMED = "named-value"
USERINFO = "url-password"
HEADER = "auth-header"

_WORDS = ("pass", "pwd", "secret", "token", "key", "cred", "dsn")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,80}")
_LOOK_BACK = 60
_LINE = 300  # how much of a line is looked at for an open quote
# Quotes may be escaped: a notebook's file is JSON, with code in its texts. Before `=` may stand an annotation, `]` of an element.
_TIE = re.compile(
    r"(?P<quote>\\?[\"'])?\]?[ \t]{0,8}"
    r"(?::[ \t]{0,4}[A-Za-z_][A-Za-z0-9_\[\]|. ]{0,40}(?<! )[ ]?=(?!=)|:=|={1,2}>?|:(?!:))[ \t]{0,8}"
)
_PAIR = re.compile(r"(?P<quote>\\?[\"'])[ \t]{0,4},[ \t]{0,4}(?=[rbuRBU]{0,2}\\?[\"'])")
_OPTION = re.compile(r"(?P<quote>(?!))?[ \t]{1,4}(?=[^\s-])")
_ANY_TIE = re.compile(r"\\?[\"']?\]?[ \t]{0,8}[=:,>]")  # most names have none: one look tells
_ELEMENT = re.compile(r"(?P<quote>(?!))?>(?=[^<\s])")
_QUOTED = re.compile(r"(?P<prefix>[rbufRBUF]{0,2})(?P<quote>\\?[\"'])(?P<secret>(?:(?!(?P=quote))[^\n\r]){1,4000})(?P=quote)")
_BARE = re.compile(r"[^\s\"'`,;(){}\[\]<>&|\\=]{8,500}={0,2}")
_IDENTIFIER = re.compile(r"[A-Za-z_][\w.]*")
_URL = re.compile(r"://[^\s:/@\"'<>\\]{0,200}:(?P<secret>[^\s/@\"'<>\\]{4,300})@(?=[A-Za-z0-9\[{._-])")
_TOKEN_URL = re.compile(r"://(?P<secret>[A-Za-z0-9_~.-]{20,300})@(?=[A-Za-z0-9\[])")
_BEARER = re.compile(r"bearer[ \t]{1,4}(?P<secret>[^\s\"'`,;(){}\[\]<>\\]{12,4000})")
_BASIC = re.compile(r"[Bb]asic[ \t]{1,4}(?P<secret>[A-Za-z0-9+/]{8,2000}={0,2})")


def assignments(text: str, lowered: str, *, is_code: bool) -> Iterator[Found]:
    """Yield the values in a text that are called secrets. `lowered` is the text in small letters, and as long.

    In code a bare word is a name; elsewhere it is a value.
    """
    for word in _WORDS:
        at = lowered.find(word)
        while at >= 0:
            first, end = _name_around(text, at, len(word))
            value = _value_behind(text, first, end, is_code=is_code)
            if value is not None:
                yield (*value, NAMED)
                end = value[1]
            at = lowered.find(word, end)
    yield from _in_urls(text)
    yield from _in_headers(text, lowered)


def _name_around(text: str, at: int, length: int) -> tuple[int, int]:
    """Return where the name begins and ends that a word in it is part of."""
    first = at
    while first > 0 and at - first < _LOOK_BACK and (text[first - 1].isalnum() or text[first - 1] in "_-."):
        first -= 1
    if first > 0 and text[first - 1] == "\\" and text[first] in "nrt" and first < at:
        first += 1  # `\npassword`, as JSON writes two lines
    while first < at and text[first] in "-.":
        first += 1
    name = _NAME.match(text, first)
    return first, max(name.end() if name is not None else 0, at + length)


def _value_behind(text: str, first: int, end: int, *, is_code: bool) -> tuple[int, int] | None:
    """Return where the value is that belongs to a name, if the name is that of a secret and the value can be one."""
    is_option = text.endswith("--", 0, first)
    if _ANY_TIE.match(text, end) is None and not is_option:
        return None
    tie = (
        _TIE.match(text, end)
        or _PAIR.match(text, end)
        or _ELEMENT.match(text, end)
        or (_OPTION.match(text, end) if is_option else None)
    )
    if tie is None or not is_secret_name(text[first:end].rpartition(".")[2].strip("-")):
        return None
    quoted = _QUOTED.match(text, tie.end())
    if quoted is not None:
        return quoted.span("secret") if _is_quoted_secret(text, first, tie, quoted) else None
    bare = _BARE.match(text, tie.end())
    if bare is None or tie.re is _PAIR:
        return None
    start, stop = bare.start(), bare.start() + len(bare[0].rstrip(".:"))
    if is_code and _IDENTIFIER.fullmatch(text, start, stop) and not (tie[0] in ("=", ">", " ") and _is_in_a_text(text, first)):
        return None
    value = text[start:stop]
    return (start, stop) if can_be_secret(value) and looks_random(value) else None


def _is_quoted_secret(text: str, first: int, tie: re.Match[str], quoted: re.Match[str]) -> bool:
    value, quote = quoted["secret"], quoted["quote"]
    if not can_be_secret(value) or value.count(" ") > 3 or ("f" in quoted["prefix"].lower() and "{" in value):
        return False
    if (tie.re is _PAIR or "==" in tie[0]) and not looks_random(value):
        return False
    if quote.startswith("\\"):
        return True
    # `getpass("Token: ")`: what looks like an opening quote closes the text that the name stands in.
    is_key = first > 0 and text[first - 1] in "\"'"
    if is_key != (tie["quote"] is not None):
        return False
    return is_key or _line_before(text, first).count(quote) % 2 == 0


def _line_before(text: str, at: int) -> str:
    return text[max(text.rfind("\n", 0, at) + 1, at - _LINE) : at]


def _is_in_a_text(text: str, at: int) -> bool:
    """True when a line of code has an open quote before a place, or is a command or a comment."""
    line = _line_before(text, at)
    return line.lstrip()[:1] in ("%", "!", "#") or line.count('"') % 2 == 1 or line.count("'") % 2 == 1


def _in_urls(text: str) -> Iterator[Found]:
    at = text.find("://")
    while at >= 0:
        found = _URL.match(text, at)
        if (found is not None and not is_filler(found["secret"])) or (
            found is None and (found := _TOKEN_URL.match(text, at)) is not None and looks_random(found["secret"])
        ):
            yield (*found.span("secret"), USERINFO)
        at = text.find("://", at + 3)


def _in_headers(text: str, lowered: str) -> Iterator[Found]:
    at = lowered.find("bearer")
    while at >= 0:
        found = _BEARER.match(lowered, at)
        if found is not None:
            start, end = found.span("secret")
            if can_be_secret(text[start:end]) and looks_random(text[start:end]):
                yield start, end, HEADER
        at = lowered.find("bearer", at + 6)
    at = lowered.find("basic ")
    while at >= 0:
        found = _BASIC.match(text, at)
        if found is not None and _is_name_and_password(found["secret"]):
            yield (*found.span("secret"), HEADER)
        at = lowered.find("basic ", at + 6)


def _is_name_and_password(coded: str) -> bool:
    try:
        name, _, password = base64.b64decode(coded, validate=True).decode("utf-8").partition(":")
    except (binascii.Error, ValueError):
        return False
    return name.isprintable() and bool(password) and not is_filler(password)
