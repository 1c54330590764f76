"""The polars handler: DataFrame and Series, as columns of chunks. A LazyFrame is described by others, and never collected.

A fingerprint is over names, dtypes and values; chunks, the numbers behind categories and what lies beneath a null are layout.
Buffers are immutable but for one hole: `polars.Series(ndarray)` shows the memory of the ndarray, and writing that changes the
series that is held as well as the one that is not. The digest that is made of it says what was stored.
"""

from collections.abc import Sequence
from functools import partial
from typing import Any

import polars as pl
import pyarrow as pa

from mvlake.errors import CannotFingerprint
from mvlake.handlers.arrow_memory import places as places_in_memory
from mvlake.handlers.arrow_stored import ArrowStored
from mvlake.handlers.arrow_types import metadata_document, read_metadata
from mvlake.handlers.columns import column_digest, have_one_digest
from mvlake.handlers.distance import Distance
from mvlake.handlers.examined import Examined
from mvlake.handlers.frame import FrameReader, FrameWriter, is_small, unique_names, write_frame
from mvlake.handlers.frame_handler import FrameHandler
from mvlake.handlers.hashing import Parts
from mvlake.handlers.profiling.values import ColumnValues
from mvlake.handlers.screen import MASK, Screen, dropped
from mvlake.handlers.shelf import Shelf
from mvlake.handlers.stored_table import StoredTable
from mvlake.records.canonical import Json, canonical
from mvlake.records.closeness import NEGLIGIBLE, Closeness
from mvlake.records.column_rule import ColumnAction
from mvlake.records.digest import Digest
from mvlake.records.kinds import Kinds
from mvlake.records.node import Node
from mvlake.records.summary import Column, FrameSummary, Summary

_TYPES = Kinds(pl.DataFrame, pl.Series)
_NAMES = "Int8 Int16 Int32 Int64 UInt8 UInt16 UInt32 UInt64 Float16 Float32 Float64 Boolean String Binary Date Time Null"
_SIMPLE = frozenset(getattr(pl, name) for name in _NAMES.split() if hasattr(pl, name))


class PolarsHandler(FrameHandler):
    """`polars.DataFrame` and `polars.Series`."""

    name = "polars"
    protocol = 1

    def matches(self, obj: Any) -> bool:
        """True for exact frames and series."""
        return type(obj) in _TYPES

    def refusal(self, obj: Any) -> str:
        """Return why something else of polars is not taken."""
        if type(obj) is pl.LazyFrame:
            return "lazy: described, never collected"
        return f"{type(obj).__name__} is neither a DataFrame nor a Series"

    def fingerprint(self, obj: Any) -> Digest:
        """Return the digest of names, dtypes and values; CannotFingerprint for dtypes that are not known to be data."""
        return _fingerprint(obj, _digests(obj))

    def summarize(self, obj: Any) -> Summary:
        """Return rows and columns, each with dtype, digest and number of nulls."""
        return _summary(obj, _digests(obj))

    def examine(self, obj: Any) -> tuple[Digest, Summary]:
        """Return fingerprint and summary; every column is hashed once."""
        digests = _digests(obj)
        return _fingerprint(obj, digests), _summary(obj, digests)

    def examined(self, obj: Any) -> Examined:
        """Return fingerprint and summary, and how to write what was looked at for them."""
        _forms(obj)  # refuses what is not data
        values = _values(obj)
        digests = _digests(obj, values)
        found = _fingerprint(obj, digests), _summary(obj, digests)
        columns = zip(_columns(obj), found[1].columns, strict=True)
        profiled = (ColumnValues(said.name, said.digest, pa.chunked_array(one), said.nulls) for one, said in columns)
        return self._examined(obj, found, lambda shelf: _encode(obj, shelf, values), profiled)

    def write(self, obj: Any, shelf: Shelf | None) -> bytes | Node:
        """Return the node or bundle of its columns, metadata included."""
        return _encode(obj, shelf)

    def screened(self, obj: Any, screen: Screen) -> Any:
        """Return the frame or series without what is hidden."""
        return _screened(obj, screen)

    def rebuild(self, frame: FrameReader) -> Any:
        """Return the frame or series."""
        return _rebuild(frame)

    def table_of(self, frame: FrameReader) -> StoredTable:
        """Return the frame; that of a series has one column."""
        return ArrowStored(frame, _rebuild)

    def from_table(self, table: Any) -> Any:
        """Return a DataFrame."""
        return pl.from_arrow(table)

    def hold(self, obj: Any) -> Any:
        """Return a clone, which shares the buffers: assignments and in-place methods give the original others."""
        return obj.clone()

    def weight(self, obj: Any) -> int:
        """Return the bytes of all buffers."""
        return int(obj.estimated_size())

    def width(self, obj: Any) -> int:
        """Return the number of columns."""
        return int(obj.width) if type(obj) is pl.DataFrame else 1

    def is_same(self, held: Any, obj: Any) -> bool:
        """True when both have the same names and dtypes, and show the same memory."""
        if type(held) is not type(obj) or held.shape != obj.shape or _labels(held) != _labels(obj):
            return False
        for one, other in zip(_columns(held), _columns(obj), strict=True):
            if one.dtype != other.dtype or one.dtype == pl.Object:
                return False
            known = _places(one)
            if known is None or known != _places(other):
                return False
        return True

    def closeness(self, a: Any, b: Any, negligible: float = NEGLIGIBLE) -> Closeness:
        """Return the distance over all columns of floats; the others must be equal."""
        if type(a) is not type(b) or a.shape != b.shape or _labels(a) != _labels(b):
            return Closeness(reason="other type, shape or names")
        distance = Distance(negligible)
        for left, right in zip(_columns(a), _columns(b), strict=True):
            one, other = pa.chunked_array(left), pa.chunked_array(right)
            told = f"column {left.name} of {left.dtype} became one of {right.dtype}"
            if _form(left.dtype) == _form(right.dtype):
                problem = distance.add_column(one, other, left.name, partial(have_one_digest, one, other))
            else:
                are_numbers = left.dtype.is_numeric() and right.dtype.is_numeric()
                problem = distance.add_widths(one, other, told) if are_numbers else told
            if problem:
                return Closeness(reason=problem)
        return distance.closeness()


def _encode(obj: Any, shelf: Shelf | None, values: Sequence[Digest] | None = None) -> bytes | Node:
    """Return the node or bundle of an object; `values` are what `_values` said of it."""
    forms = _forms(obj)
    table = pa.table(obj if type(obj) is pl.DataFrame else obj.to_frame())  # shows the memory of the frame
    known = [None] * table.num_columns if values is None else values
    head = {"type": type(obj).__name__, "forms": forms, "rows": len(obj)}
    return write_frame(lambda writer: _write(table, known, head, writer), shelf, is_small=is_small(table.columns))


def _write(table: Any, digests: Sequence[Digest | None], head: dict[str, Json], writer: FrameWriter) -> Node:
    described: list[Json] = []
    for name, field, column, digest in zip(unique_names(table.schema.names), table.schema, table.columns, digests, strict=True):
        form: dict[str, Json] = {"name": name, "label": field.name, "column": writer.add(column, name, digest=digest)}
        described.append(form | {"metadata": metadata_document(field.metadata)})
    return writer.node(head | {"columns": described})


def _rebuild(frame: FrameReader, places: Sequence[int] | None = None) -> Any:
    head = frame.head
    documents = head["columns"] if places is None else [head["columns"][place] for place in places]
    columns = [frame.column(one["column"]) for one in documents]
    if any(len(column) != frame.rows for column in columns):
        raise ValueError("columns that do not fit the frame")
    fields = [
        pa.field(str(place), column.type, metadata=read_metadata(one["metadata"]))  # polars renames a column without a name
        for place, (one, column) in enumerate(zip(documents, columns, strict=True))
    ]
    if any(key.startswith(b"ARROW:extension") for field in fields for key in field.metadata or ()):
        raise ValueError("a column of an extension type")  # polars would look for its class
    table = pa.Table.from_arrays(columns, schema=pa.schema(fields))
    try:
        found = pl.from_arrow(table) if columns else pl.DataFrame(height=frame.rows)
        found.columns = [one["label"] for one in documents]
    except pl.exceptions.PanicException as error:  # not an Exception, so nobody would catch it
        raise ValueError(f"polars gave up on these bytes: {error}") from error
    if _forms(found) != (head["forms"] if places is None else [head["forms"][place] for place in places]):
        raise ValueError("the head does not fit the columns")
    return found if head["type"] == "DataFrame" else found.to_series()


def _places(column: Any) -> list[Any] | None:
    """Return where the values of a column lie; those of a categorical are numbers, which Arrow would be given new words for."""
    if type(column.dtype) is pl.Categorical and not hasattr(column.dtype, "categories"):
        return None  # before polars 1.32 the words belong to the column, and equal dtypes say nothing of them
    return places_in_memory(pa.chunked_array(column.to_physical() if type(column.dtype) in (pl.Categorical, pl.Enum) else column))


def _columns(obj: Any) -> list[Any]:
    return list(obj.get_columns()) if type(obj) is pl.DataFrame else [obj]


def _labels(obj: Any) -> list[str]:
    return [column.name for column in _columns(obj)]


def _forms(obj: Any) -> Json:
    return [[column.name, _form(column.dtype)] for column in _columns(obj)]


def _form(dtype: Any) -> Json:
    """Return all that a dtype says; CannotFingerprint for one that is not known to be data, such as Object."""
    kind = type(dtype)
    if kind in _SIMPLE:
        return kind.__name__
    if kind is pl.Datetime:
        return {"Datetime": [dtype.time_unit, dtype.time_zone]}
    if kind is pl.Duration:
        return {"Duration": dtype.time_unit}
    if kind is pl.Decimal:
        return {"Decimal": [dtype.precision, dtype.scale]}
    if kind is pl.List:
        return {"List": _form(dtype.inner)}
    if kind is pl.Array:
        return {"Array": [_form(dtype.inner), dtype.size]}
    if kind is pl.Struct:
        return {"Struct": [[field.name, _form(field.dtype)] for field in dtype.fields]}
    if kind is pl.Enum:
        return {"Enum": dtype.categories.to_list()}
    if kind is pl.Categorical:
        return {"Categorical": _pool(dtype)}
    raise CannotFingerprint("polars column", reason=f"its dtype {kind.__name__} has no exact Arrow form")


def _pool(dtype: Any) -> Json:
    """Return the name of the pool that a categorical draws from; None for the one that all share."""
    pool = getattr(dtype, "categories", None)
    if pool is None or pool.is_global():
        return None
    return [pool.name(), pool.namespace(), str(pool.physical())]


def _values(obj: Any) -> list[Digest]:
    """Return the digests of the values of all columns, whatever their dtype."""
    return [column_digest(pa.chunked_array(column)) for column in _columns(obj)]


def _digests(obj: Any, values: Sequence[Digest] | None = None) -> list[Digest]:
    """Return the digests of all columns; `values` are what `_values` said of them."""
    forms = [canonical(_form(column.dtype)) for column in _columns(obj)]
    known = _values(obj) if values is None else values
    return [Parts("polars.values").data(form).digest(digest).done() for form, digest in zip(forms, known, strict=True)]


def _fingerprint(obj: Any, digests: list[Digest]) -> Digest:
    parts = Parts(f"polars.{type(obj).__name__}").integer(len(obj)).integer(len(digests))
    for name, digest in zip(_labels(obj), digests, strict=True):
        parts.text(name).digest(digest)
    return parts.done()


def _summary(obj: Any, digests: list[Digest]) -> FrameSummary:
    found = zip(_columns(obj), digests, strict=True)
    columns = tuple(Column(column.name, str(column.dtype), digest, column.null_count()) for column, digest in found)
    return FrameSummary(f"polars.{type(obj).__name__}", len(obj), columns)


def _screened(obj: Any, screen: Screen) -> Any:
    actions = [screen.action(one.name, *_field_names(one.dtype)) for one in _columns(obj)]
    if not any(actions):
        return obj
    columns = []
    for one, action in zip(_columns(obj), actions, strict=True):
        if action is ColumnAction.DROP:
            screen.drop(one.name, len(one) - one.null_count())
        else:
            columns.append(one if action is None else _hidden(one, screen, action))
    if type(obj) is pl.DataFrame:
        return pl.DataFrame(columns)
    if not columns:
        raise dropped("polars.Series", obj.name)
    return columns[0]


def _hidden(column: Any, screen: Screen, action: ColumnAction) -> Any:
    if column.dtype == pl.Object:
        texts = screen.texts(column.name, [MASK] * len(column), action)
    else:
        worded = column.cast(pl.String) if column.dtype in (pl.Categorical, pl.Enum) else column
        texts = screen.column(column.name, worded.to_arrow(), action)
    return pl.Series(column.name, texts, dtype=pl.String)


def _field_names(kind: Any) -> list[str]:
    """Return the names of the fields within a dtype, at any depth."""
    if isinstance(kind, pl.Struct):
        return [name for field in kind.fields for name in (field.name, *_field_names(field.dtype))]
    return _field_names(kind.inner) if isinstance(kind, pl.List | pl.Array) else []


handler = PolarsHandler()
