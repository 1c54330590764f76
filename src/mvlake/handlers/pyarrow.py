"""The pyarrow handler: Table, RecordBatch, ChunkedArray and Array, as Arrow IPC.

A fingerprint is over schema and values. Chunks, offsets and what lies beneath a null are layout, and metadata is no content. Types
are told apart (`string`, `large_string` and `string_view`; a dictionary and its index type), the entries of an unordered dictionary
that no row uses are not. An extension type defined in Python is refused, in objects and in bytes.

Arrow's memory is immutable but for one hole: `pyarrow.array(ndarray)` shows the memory of the ndarray, and writing that changes the
array that is held as well as the one that is not. The digest that is made of it says what was stored.
"""

from typing import Any

import pyarrow as pa

from mvlake.errors import CannotFingerprint, ProtocolTooNew
from mvlake.handlers.arrow_memory import places
from mvlake.handlers.arrow_stream import read_arrow, write_arrow
from mvlake.handlers.columns import column_digest, has_foreign_type, type_form
from mvlake.handlers.contract import Handler
from mvlake.handlers.distance import Distance
from mvlake.handlers.hashing import Parts
from mvlake.records.canonical import Json, canonical
from mvlake.records.closeness import Closeness
from mvlake.records.digest import Digest
from mvlake.records.summary import Column, FrameSummary, Summary

_ARRAYS = frozenset(kind for kind in vars(pa.lib).values() if isinstance(kind, type) and issubclass(kind, pa.Array))
_TYPES = frozenset({pa.Table, pa.RecordBatch, pa.ChunkedArray}) | _ARRAYS


class PyarrowHandler(Handler):
    """`pyarrow.Table`, `RecordBatch`, `ChunkedArray` and every `Array` of pyarrow's own."""

    name = "pyarrow"
    protocol = 1
    suffix = ".arrow"
    is_inert = True

    def matches(self, obj: Any) -> bool:
        """True for exact tables, batches and arrays."""
        return type(obj) in _TYPES

    def refusal(self, obj: Any) -> str:
        """Return why something else of pyarrow is not taken."""
        return f"{type(obj).__name__} is no table or array; what reads or computes is not run"

    def fingerprint(self, obj: Any) -> Digest:
        """Return the digest of schema and values; CannotFingerprint for unions and foreign extension types."""
        return _fingerprint(obj, _digests(obj))

    def summarize(self, obj: Any) -> Summary:
        """Return rows and columns, each with type, digest and number of nulls."""
        return _summary(obj, _digests(obj))

    def examine(self, obj: Any) -> tuple[Digest, Summary]:
        """Return fingerprint and summary; every column is hashed once."""
        digests = _digests(obj)
        return _fingerprint(obj, digests), _summary(obj, digests)

    def encode(self, obj: Any) -> bytes:
        """Return Arrow IPC bytes, metadata included."""
        _check(obj)
        schema = _schema(obj)
        return write_arrow(pa.Table.from_arrays(_columns(obj), schema=schema), {"type": _family(obj)})

    def decode(self, data: bytes, *, protocol: int) -> Any:
        """Return the table or array; an Exception for bytes that are none."""
        if protocol > self.protocol:
            raise ProtocolTooNew(self.name, found=protocol, known=self.protocol)
        head, table = read_arrow(data)
        if head["type"] == "Table":
            return table
        if head["type"] == "RecordBatch":
            batches = table.combine_chunks().to_batches()
            return (
                batches[0]
                if batches
                else pa.RecordBatch.from_arrays([pa.array([], one.type) for one in table.schema], schema=table.schema)
            )
        (column,) = table.columns
        if head["type"] == "ChunkedArray":
            return column
        return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()

    def hold(self, obj: Any) -> Any:
        """Return the object itself, which is immutable."""
        return obj

    def is_same(self, held: Any, obj: Any) -> bool:
        """True when both are one object, or show the same memory with the same schema."""
        if held is obj:
            return True
        if type(held) is not type(obj) or not _schema(held).equals(_schema(obj)):
            return False
        pairs = [(places(one), places(other)) for one, other in zip(_columns(held), _columns(obj), strict=True)]
        return all(one is not None and one == other for one, other in pairs)

    def closeness(self, a: Any, b: Any) -> Closeness:
        """Return the distance over all columns of floats; the others must be equal."""
        if type(a) is not type(b) or _forms(a) != _forms(b) or len(a) != len(b):
            return Closeness(reason="other type, length, names or types")
        distance = Distance()
        for field, one, other in zip(_schema(a), _columns(a), _columns(b), strict=True):
            if not distance.add_column(one, other) and column_digest(one) != column_digest(other):
                return Closeness(reason=f"column {field.name} differs, and is not of floats")
        return distance.closeness()


def _family(obj: Any) -> str:
    return "Array" if type(obj) in _ARRAYS else type(obj).__name__


def _schema(obj: Any) -> Any:
    return obj.schema if type(obj) in (pa.Table, pa.RecordBatch) else pa.schema([pa.field("values", obj.type)])


def _columns(obj: Any) -> list[Any]:
    return list(obj.columns) if type(obj) in (pa.Table, pa.RecordBatch) else [obj]


def _forms(obj: Any) -> Json:
    return [[field.name, type_form(field.type), field.nullable] for field in _schema(obj)]


def _check(obj: Any) -> None:
    for field in _schema(obj):
        if has_foreign_type(field.type):
            raise CannotFingerprint(f"pyarrow.{_family(obj)}", reason=f"{field.name} is of an extension type: {field.type}")


def _digests(obj: Any) -> list[Digest]:
    _check(obj)
    return [column_digest(column) for column in _columns(obj)]


def _fingerprint(obj: Any, digests: list[Digest]) -> Digest:
    parts = Parts(f"pyarrow.{_family(obj)}").integer(len(obj)).data(canonical(_forms(obj)))
    for digest in digests:
        parts.digest(digest)
    return parts.done()


def _summary(obj: Any, digests: list[Digest]) -> FrameSummary:
    found = zip(_schema(obj), _columns(obj), digests, strict=True)
    columns = tuple(Column(field.name, str(field.type), digest, column.null_count) for field, column, digest in found)
    return FrameSummary(f"pyarrow.{type(obj).__name__}", len(obj), columns)


handler = PyarrowHandler()
