"""The handler of plain values: Python's own data, as canonical JSON (`records.plain`)."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from mvlake.errors import CannotFingerprint, MissingLibrary, NoHandler, ProtocolTooNew
from mvlake.handlers.contract import Handler
from mvlake.handlers.hashing import digest_of
from mvlake.handlers.structure_distance import distance, in_order_of
from mvlake.records.canonical import canonical, parse
from mvlake.records.closeness import NEGLIGIBLE, Closeness
from mvlake.records.digest import Digest
from mvlake.records.kinds import Kinds
from mvlake.records.plain import from_plain, is_plain, to_plain
from mvlake.records.summary import Summary, ValueSummary

_WIDTH = 80
_MUTABLE = Kinds(list, dict, set, bytearray, tuple)  # a tuple is as mutable as what is in it
_BRACKETS: dict[type, tuple[str, str]] = {
    list: ("[", "]"),
    tuple: ("(", ")"),
    dict: ("{", "}"),
    set: ("{", "}"),
    frozenset: ("frozenset({", "})"),
}
_SIZED = Kinds(str, bytes, bytearray, list, tuple, dict, set, frozenset, range)


class PlainHandler(Handler):
    """Numbers, texts, dates, paths, and tuples, lists, sets and dictionaries of them, to any depth; exact types alone."""

    name = "plain"
    protocol = 1
    suffix = ".json"
    is_inert = True

    def matches(self, obj: Any) -> bool:
        """True when the value and all that is in it is plain."""
        return is_plain(obj)

    def refusal(self, obj: Any) -> str:
        """Return what in the value is not plain."""
        try:
            to_plain(obj)
        except (TypeError, ValueError) as error:
            return str(error)
        return super().refusal(obj)

    def fingerprint(self, obj: Any) -> Digest:
        """Return the digest of the value's canonical JSON, which tells `1` from `1.0` and a tuple from a list."""
        try:
            return digest_of(canonical(to_plain(obj)))
        except (TypeError, ValueError) as error:
            raise CannotFingerprint(type(obj).__name__, reason=str(error)) from error

    def summarize(self, obj: Any) -> Summary:
        """Return the beginning of the value as Python writes it."""
        kind = type(obj)
        return ValueSummary(kind.__name__, _shown(obj), len(obj) if kind in _SIZED else None)

    def encode(self, obj: Any) -> bytes:
        """Return the value's canonical JSON."""
        try:
            return canonical(to_plain(obj))
        except (TypeError, ValueError) as error:
            raise NoHandler(type(obj).__name__, reason=str(error)) from error

    def decode(self, data: bytes, *, protocol: int) -> Any:
        """Return the value; ValueError for bytes that are none."""
        if protocol > self.protocol:
            raise ProtocolTooNew(self.name, found=protocol, known=self.protocol)
        return from_plain(parse(data))

    def closeness(self, a: Any, b: Any, negligible: float = NEGLIGIBLE) -> Closeness:
        """Return how far apart the floats of two values of the same form are; MissingLibrary without numpy.

        A dictionary has the same form with its keys in another order.
        """
        ordered = in_order_of(a, b)
        try:
            found = distance(a, ordered, negligible)
        except ModuleNotFoundError as error:
            raise MissingLibrary(self.name, library=error.name or "numpy") from error
        is_reordered = found.is_comparable and self.fingerprint(b) != self.fingerprint(ordered)
        return replace(found, note="keys in another order") if is_reordered else found

    def hold(self, obj: Any) -> Any:
        """Return the value itself when nothing can change it, else a copy."""
        return super().hold(obj) if type(obj) in _MUTABLE else obj


def _shown(value: Any) -> str:
    """Return the beginning of a plain value's repr; what is cut off is not written first."""
    text = ""
    for token in _tokens(value):
        text += token
        if len(text) > _WIDTH:
            return f"{text[: _WIDTH - 1]}…"
    return text


def _tokens(value: Any) -> Iterator[str]:
    kind = type(value)
    if kind in _BRACKETS:
        opening, closing = _BRACKETS[kind] if value or kind not in (set, frozenset) else (f"{kind.__name__}(", ")")
        yield opening
        for position, item in enumerate(value):
            yield ", " if position else ""
            yield from _tokens(item)
            if kind is dict:
                yield ": "
                yield from _tokens(value[item])
        yield "," + closing if kind is tuple and len(value) == 1 else closing
    elif kind in (str, bytes, bytearray):
        yield repr(value[: _WIDTH + 1])
    elif kind is int and value.bit_length() > 4 * _WIDTH:
        yield hex(value)  # Python refuses to write thousands of digits
    else:
        yield repr(value)


handler = PlainHandler()
