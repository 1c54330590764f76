"""The pyarrow handler: Table, RecordBatch, ChunkedArray and Array, as columns of chunks.

A fingerprint is over schema and values. Chunks, offsets and what lies beneath a null are layout, and metadata is no content. Types
are told apart (`string`, `large_string` and `string_view`; a dictionary and its index type), the entries of an unordered dictionary
that no row uses are not. An extension type defined in Python is refused, in objects and in bytes.

Arrow's memory is immutable but for one hole: `pyarrow.array(ndarray)` shows the memory of the ndarray, and writing that changes the
array that is held as well as the one that is not. The digest that is made of it says what was stored.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

import pyarrow as pa

from mvlake.errors import CannotFingerprint
from mvlake.handlers.arrow_memory import places as places_in_memory
from mvlake.handlers.arrow_stored import ArrowStored
from mvlake.handlers.arrow_types import metadata_document, read_metadata
from mvlake.handlers.columns import column_digest, has_foreign_type, have_one_digest, type_form
from mvlake.handlers.distance import Distance
from mvlake.handlers.examined import Examined
from mvlake.handlers.frame import FrameReader, FrameWriter, is_small, unique_names, write_frame
from mvlake.handlers.frame_handler import FrameHandler
from mvlake.handlers.hashing import Parts
from mvlake.handlers.profiling.values import ColumnValues
from mvlake.handlers.screen import Screen, dropped, field_names
from mvlake.handlers.shelf import Shelf
from mvlake.handlers.stored_table import StoredTable
from mvlake.records.canonical import Json, canonical
from mvlake.records.closeness import NEGLIGIBLE, Closeness
from mvlake.records.column_rule import ColumnAction
from mvlake.records.digest import Digest
from mvlake.records.kinds import Kinds
from mvlake.records.node import Node
from mvlake.records.summary import Column, FrameSummary, Summary

_ARRAYS = frozenset(kind for kind in vars(pa.lib).values() if isinstance(kind, type) and issubclass(kind, pa.Array))
_TYPES = Kinds(pa.Table, pa.RecordBatch, pa.ChunkedArray, *_ARRAYS)


class PyarrowHandler(FrameHandler):
    """`pyarrow.Table`, `RecordBatch`, `ChunkedArray` and every `Array` of pyarrow's own."""

    name = "pyarrow"
    protocol = 1

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

    def examined(self, obj: Any) -> Examined:
        """Return fingerprint and summary, and how to write what was looked at for them."""
        digests = _digests(obj)
        found = _fingerprint(obj, digests), _summary(obj, digests)
        columns = zip(found[1].columns, _columns(obj), strict=True)
        values = (ColumnValues(said.name, said.digest, one, said.nulls) for said, one in columns)
        return self._examined(obj, found, lambda shelf: _encode(obj, shelf, digests), values)

    def write(self, obj: Any, shelf: Shelf | None) -> bytes | Node:
        """Return the node or bundle of its columns, metadata included."""
        _check(obj)
        return _encode(obj, shelf)

    def screened(self, obj: Any, screen: Screen) -> Any:
        """Return the table without what is hidden; of an array, which has no name, the fields count."""
        return _screened(obj, screen)

    def rebuild(self, frame: FrameReader) -> Any:
        """Return the table or array."""
        return _rebuild(frame)

    def table_of(self, frame: FrameReader) -> StoredTable:
        """Return the table; that of an array has one column, `values`."""
        return ArrowStored(frame, _rebuild)

    def from_table(self, table: Any) -> Any:
        """Return the table itself."""
        return table

    def hold(self, obj: Any) -> Any:
        """Return the object itself, which is immutable."""
        return obj

    def weight(self, obj: Any) -> int:
        """Return the bytes of all buffers, as far as they belong to the object."""
        return int(obj.nbytes)

    def width(self, obj: Any) -> int:
        """Return the number of columns."""
        return len(_columns(obj))

    def is_same(self, held: Any, obj: Any) -> bool:
        """True when both are one object, or show the same memory with the same schema."""
        if held is obj:
            return True
        if type(held) is not type(obj) or not _schema(held).equals(_schema(obj)):
            return False
        pairs = [(places_in_memory(one), places_in_memory(other)) for one, other in zip(_columns(held), _columns(obj), strict=True)]
        return all(one is not None and one == other for one, other in pairs)

    def closeness(self, a: Any, b: Any, negligible: float = NEGLIGIBLE) -> Closeness:
        """Return the distance over all columns of floats; the others must be equal."""
        if _family(a) != _family(b) or _schema(a).names != _schema(b).names or len(a) != len(b):
            return Closeness(reason="other type, length or names")
        distance = Distance(negligible)
        for field, one, other in zip(_schema(a), _columns(a), _columns(b), strict=True):
            problem = distance.add_column(one, other, field.name, partial(have_one_digest, one, other))
            if problem:
                return Closeness(reason=problem)
        return distance.closeness()


def _family(obj: Any) -> str:
    return "Array" if type(obj) in _ARRAYS else type(obj).__name__


def _schema(obj: Any) -> Any:
    return obj.schema if type(obj) in (pa.Table, pa.RecordBatch) else pa.schema([pa.field("values", obj.type)])


def _columns(obj: Any) -> list[Any]:
    return list(obj.columns) if type(obj) in (pa.Table, pa.RecordBatch) else [obj]


def _forms(obj: Any) -> Json:
    return [[field.name, type_form(field.type), field.nullable] for field in _schema(obj)]


def _encode(obj: Any, shelf: Shelf | None, digests: Sequence[Digest] | None = None) -> bytes | Node:
    columns = _columns(obj)
    known = [None] * len(columns) if digests is None else digests
    return write_frame(lambda writer: _write(obj, columns, known, writer), shelf, is_small=is_small(columns))


def _write(obj: Any, columns: list[Any], digests: Sequence[Digest | None], writer: FrameWriter) -> Node:
    schema = _schema(obj)
    described: list[Json] = []
    for name, field, column, digest in zip(unique_names(schema.names), schema, columns, digests, strict=True):
        place = writer.add(column, name, digest=digest)
        form: dict[str, Json] = {"name": name, "label": field.name, "column": place, "nullable": field.nullable}
        described.append(form | {"metadata": metadata_document(field.metadata)})
    head: dict[str, Json] = {
        "type": _family(obj),
        "rows": len(obj),
        "columns": described,
        "metadata": metadata_document(schema.metadata),
    }
    return writer.node(head)


def _rebuild(frame: FrameReader, places: Sequence[int] | None = None) -> Any:
    head = frame.head
    documents = head["columns"] if places is None else [head["columns"][place] for place in places]
    columns = [frame.column(one["column"]) for one in documents]
    if any(len(column) != frame.rows for column in columns):
        raise ValueError("columns that do not fit the frame")
    if head["type"] in ("Array", "ChunkedArray"):
        (column,) = columns
        return column if head["type"] == "ChunkedArray" else _whole(column)
    fields = [
        pa.field(one["label"], column.type, nullable=one["nullable"], metadata=read_metadata(one["metadata"]))
        for one, column in zip(documents, columns, strict=True)
    ]
    schema = pa.schema(fields, metadata=read_metadata(head["metadata"]))
    if head["type"] == "RecordBatch":
        return pa.RecordBatch.from_arrays([_whole(column) for column in columns], schema=schema)
    if head["type"] != "Table":
        raise ValueError(f"an unknown type: {str(head['type'])[:40]!r}")
    return pa.Table.from_arrays(columns, schema=schema)


def _whole(column: Any) -> Any:
    if column.num_chunks == 1:
        return column.chunk(0)
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.nulls(0, column.type)


def _screened(obj: Any, screen: Screen) -> Any:
    fields = list(_schema(obj))
    is_table = type(obj) in (pa.Table, pa.RecordBatch)
    actions = [screen.action(*([field.name] if is_table else []), *field_names(field.type)) for field in fields]
    if not any(actions):
        return obj
    kept, columns = [], []
    for field, column, action in zip(fields, _columns(obj), actions, strict=True):
        if action is ColumnAction.DROP:
            screen.drop(field.name, len(column) - column.null_count)
            continue
        if action is not None:
            column = pa.array(screen.column(field.name, column, action), pa.large_string())
            field = pa.field(field.name, column.type, nullable=True)
        kept.append(field)
        columns.append(column)
    if is_table:
        metadata = {key: value for key, value in (obj.schema.metadata or {}).items() if key != b"pandas"}
        return type(obj).from_arrays(columns, schema=pa.schema(kept, metadata=metadata))
    if not columns:
        raise dropped(f"pyarrow.{type(obj).__name__}", "a field of it")
    return columns[0]


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
