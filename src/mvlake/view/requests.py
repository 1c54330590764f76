"""Requests: what a view of a comparison may ask its kernel, read strictly. `docs/spec/comparison-widget.md` is the protocol."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from mvlake.errors import Invalid, InvalidRef

MOST_REFS = 12
MOST_ROWS = 500
_LONGEST = 1000  # characters of a name or a ref
_FARTHEST = 1 << 53  # beyond that, a number of JavaScript is no longer exact
_OPS = ("added", "removed", "changed", "moved", "all")


@dataclass(frozen=True, slots=True)
class CompareRequest:
    """Which versions are to be compared."""

    id: str
    refs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RowsRequest:
    """Which rows of a frame that differs are to be shown: `count` from the `start`th on, counted from 0, of one `op` or of all.

    `column` leaves those rows alone in which it changed.
    """

    id: str
    role: str
    name: str
    op: str
    column: str | None
    start: int
    count: int


Request: TypeAlias = CompareRequest | RowsRequest


def request_id(content: Any) -> str:
    """Return the mark of a request, "" where it has none that can be given back."""
    said = content.get("id") if isinstance(content, Mapping) else None
    return said if isinstance(said, str) and len(said) <= _LONGEST else ""


def read_request(content: Any) -> Request:
    """Return what a message asks; Invalid where it asks nothing that is known, or with other fields than it has."""
    if not isinstance(content, Mapping) or not request_id(content):
        raise Invalid("no request", hint="an object with a kind, and a text as its id")
    match content.get("kind"):
        case "compare":
            return CompareRequest(request_id(content), _refs(content))
        case "rows":
            return _rows(content)
        case _:
            raise Invalid("a request of no known kind", hint="compare or rows")


def _refs(content: Mapping[str, Any]) -> tuple[str, ...]:
    refs = content.get("refs")
    if not isinstance(refs, list | tuple) or not 2 <= len(refs) <= MOST_REFS:
        raise Invalid("no list of refs", hint=f"2 to {MOST_REFS} of them")
    for ref in refs:
        if not isinstance(ref, str) or not 0 < len(ref) <= _LONGEST:
            raise InvalidRef(ref if isinstance(ref, str) else "")
    return tuple(refs)


def _rows(content: Mapping[str, Any]) -> RowsRequest:
    column, op = content.get("column"), content.get("op")
    if op not in _OPS:
        raise Invalid("rows of no known kind", hint=", ".join(_OPS))
    return RowsRequest(
        request_id(content),
        role=_text(content, "role"),
        name=_text(content, "name"),
        op=op,
        column=None if column is None else _text(content, "column"),
        start=_number(content, "start", 0, _FARTHEST),
        count=_number(content, "count", 1, MOST_ROWS),
    )


def _text(content: Mapping[str, Any], field: str) -> str:
    value = content.get(field)
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise Invalid(f"no {field}", hint=f"a text of at most {_LONGEST} characters")
    return value


def _number(content: Mapping[str, Any], field: str, low: int, high: int) -> int:
    value = content.get(field)
    if type(value) is not int or not low <= value <= high:
        raise Invalid(f"no {field}", hint=f"a whole number from {low} to {high}")
    return value
