"""Value change: what became of one value, in the few words that a cell of a table has room for."""

from collections import Counter
from collections.abc import Mapping
from typing import TypeAlias

from mvlake.records.canonical import Json
from mvlake.view.blocks import Span, Words, muted
from mvlake.view.quantities import MINUS
from mvlake.view.values import value_pair, value_text

# Items by what tells them apart, each with its text: the text of a dictionary's item is its key.
_Items: TypeAlias = list[tuple[str, str]]

_TAGS = frozenset({"tuple", "set", "frozenset", "dict"})
_COMPARED = 10_000


def change_words(name: str, a: Json, b: Json, *, limit: int) -> Words:
    """Return `name a → b`; of a collection too long for `limit`, the one item that came or went, else how many there are."""
    before, after = value_pair(a, b)
    kind = _kind(a)
    if not kind or kind != _kind(b):
        return muted(f"{name} "), Span(f"{_short(before, limit)} → {_short(after, limit)}")
    try:
        ours, theirs = _items(a), _items(b)
    except (RecursionError, TypeError, ValueError):  # no value that mvlake writes
        return muted(f"{name} "), Span("changed")
    moved = _moved(ours, theirs)
    if moved:
        sign, item = moved
        return muted(f"{name} "), Span(f"{sign} {_short(item, limit)}")
    if len(before) + len(after) <= limit:
        return muted(f"{name} "), Span(f"{before} → {after}")
    if len(ours) != len(theirs):
        return muted(f"{name}: "), Span(f"{len(ours):,} → {len(theirs):,} items")
    return muted(f"{name}: "), Span(f"{_differing(kind, ours, theirs):,} of {len(ours):,} items differ")


def _kind(value: Json) -> str:
    """Return the kind of a collection, empty for anything else."""
    if isinstance(value, list | tuple):
        return "list"
    if not isinstance(value, Mapping):
        return ""
    if "$" not in value:
        return "dict"
    tag = str(value["$"])
    return tag if tag in _TAGS and isinstance(value.get("v"), list | tuple) else ""


def _items(value: Json) -> _Items:
    content = value.get("v") if isinstance(value, Mapping) and "$" in value else value
    if isinstance(content, Mapping):
        return [(repr(pair), _quoted(pair[0])) for pair in content.items()]
    assert isinstance(content, list | tuple)
    if _kind(value) == "dict":
        return [(repr((key, item)), _quoted(key)) for key, item in content]  # pairs, or a ValueError
    return [(repr(item), _quoted(item)) for item in content]


def _quoted(value: Json) -> str:
    return value_text([value])[1:-1]


def _moved(ours: _Items, theirs: _Items) -> tuple[str, str] | None:
    """Return the sign and the text of the only item that came or went, None where more happened."""
    if abs(len(ours) - len(theirs)) != 1 or len(ours) > _COMPARED:
        return None
    a, b = Counter(ours), Counter(theirs)
    came, went = list((b - a).elements()), list((a - b).elements())
    if len(came) + len(went) != 1:
        return None
    return ("+", came[0][1]) if came else (MINUS, went[0][1])


def _differing(kind: str, ours: _Items, theirs: _Items) -> int:
    if kind in ("set", "frozenset"):
        return (Counter(theirs) - Counter(ours)).total()
    return sum(a != b for a, b in zip(ours, theirs, strict=True))


def _short(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
