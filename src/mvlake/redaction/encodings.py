"""Encodings: the forms in which one value may stand in a text: as it is, escaped, in a URL, in base64, in hexadecimal."""

import base64
import urllib.parse
from collections.abc import Iterator

from mvlake.records.standard_json import dumps

_LEAST = 8
_ALPHABET = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=")
_EDGE = 4  # characters of base64 at either end that a neighbouring byte may have a part in


def forms_of(value: str) -> Iterator[tuple[str, str]]:
    """Yield (encoding, text): of base64 the part that no neighbour has a share in, for each of the three ways it can be aligned.

    >>> [text for encoding, text in forms_of("s3cr3t/1") if encoding in ("", "url", "hex")]
    ['s3cr3t/1', 's3cr3t%2F1', '7333637233742f31', '7333637233742F31', '73:33:63:72:33:74:2f:31', ...]
    """
    seen = set[str]()
    for encoding, text in _all(value):
        if text not in seen and len(text) >= _LEAST:
            seen.add(text)
            yield encoding, text


def _all(value: str) -> Iterator[tuple[str, str]]:
    yield "", value
    yield "escaped", dumps(value, ensure_ascii=False)[1:-1]
    yield "escaped", dumps(value)[1:-1]
    yield "escaped", repr(value)[1:-1]
    yield "escaped", dumps(dumps(value, ensure_ascii=False)[1:-1])[1:-1]
    yield "url", urllib.parse.quote(value, safe="")
    yield "url", urllib.parse.quote(value)
    yield "url", urllib.parse.quote_plus(value)
    data = value.encode("utf-8", "surrogatepass")
    for lead in range(3):
        coded = base64.b64encode(b"\0" * lead + data)
        first, last = -(-8 * lead // 6), 8 * (lead + len(data)) // 6
        text = coded.decode()[first:last]
        yield "base64", text
        yield "base64", text.translate(str.maketrans("+/", "-_"))
    yield "hex", data.hex()
    yield "hex", data.hex().upper()
    yield "hex", data.hex(":")
    yield "hex", "".join(f"\\x{byte:02x}" for byte in data)


def widened(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a span of base64 with what its first and last bytes share with their neighbours."""
    first, last = max(start - _EDGE, 0), min(end + _EDGE, len(text))
    while start > first and text[start - 1] in _ALPHABET:
        start -= 1
    while end < last and text[end] in _ALPHABET:
        end += 1
    return start, end
