"""Parquet: stored pandas values as one Parquet file that any reader opens, with a sidecar that says what only pandas means.

The sidecar is JSON in the schema's metadata under `mvlake`: forms, labels, and the values that are not as long as the table.
What pandas writes about itself is neither written nor read. Columns are read by position; their names in the file are for people.
"""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from mvlake.errors import NoHandler
from mvlake.handlers.columns import column_digest, has_foreign_type
from mvlake.handlers.pandas_axes import Axis
from mvlake.handlers.pandas_values import Stored
from mvlake.records.canonical import Json, canonical, parse

_KEY = b"mvlake"


def write_parquet(head: Mapping[str, Json], rows: int, values: Sequence[Stored], names: Sequence[str]) -> bytes:
    """Return a Parquet file of these values, each `rows` long; NoHandler when Parquet cannot hold one of them exactly."""
    unique = list(names) if len(set(names)) == len(names) else [f"{position}: {name}" for position, name in enumerate(names)]
    arrays = [_physical(one) for one in values]
    schema = pa.schema([pa.field(name, array.type) for name, array in zip(unique, arrays, strict=True)])
    sidecar = {
        **head,
        "rows": rows,
        "values": [_document(one) for one in values],
        "schema": base64.b64encode(schema.serialize().to_pybytes()).decode(),
    }
    table = pa.Table.from_arrays(arrays, schema=schema.with_metadata({_KEY: canonical(sidecar)}))
    sink = pa.BufferOutputStream()
    try:
        pq.write_table(
            table,
            sink,
            compression="zstd",
            write_page_checksum=True,
            use_compliant_nested_type=False,
            use_dictionary=[field.name for field in schema if not _is_number(field.type)],
            use_byte_stream_split=[field.name for field in schema if _is_number(field.type)],
        )
    except pa.ArrowException as error:
        raise NoHandler("pandas object", reason=f"Parquet cannot hold it: {error}") from error
    data = sink.getvalue().to_pybytes()
    _check_exactness(data, table)
    return bytes(data)


def read_parquet(data: bytes) -> tuple[dict[str, Any], list[Stored]]:
    """Return the sidecar's head and the values; an Exception when the bytes are damaged or do not fit together."""
    file = pq.ParquetFile(pa.BufferReader(data), page_checksum_verification=True)
    head = parse((file.schema_arrow.metadata or {})[_KEY])
    wanted = pa.ipc.read_schema(pa.BufferReader(base64.b64decode(head["schema"])))
    table = _as_written(file.read(), wanted)
    if table.num_columns != len(head["values"]) or (table.num_columns and table.num_rows != head["rows"]):
        raise ValueError("the sidecar does not fit the table")
    return head, [_stored(document, table.column(position)) for position, document in enumerate(head["values"])]


def axis_document(axis: Axis, *, is_inline: bool) -> Json:
    """Return an axis as JSON: whole (`is_inline`), or without the values, which are then columns of the table."""
    levels: list[Json] = [_inline(level) for level in axis.levels] if is_inline else [len(axis.levels)]
    return {"form": dict(axis.form), "length": axis.length, "levels": levels}


def read_axis(document: Any, levels: Sequence[Stored] | None = None) -> Axis:
    """Return the axis of this JSON; its levels are given where they are columns of the table."""
    found = [_read_inline(level) for level in document["levels"]] if levels is None else levels
    if any(len(level.values) != document["length"] for level in found):
        raise ValueError("an index that does not fit the table")
    return Axis(document["form"], tuple(found), document["length"])


def _document(stored: Stored) -> Json:
    return {"form": dict(stored.form), "sides": [_inline(side) for side in stored.sides]}


def _stored(document: Any, values: Any) -> Stored:
    sides = tuple(_read_inline(side) for side in document["sides"])
    return Stored(document["form"], _logical(document["form"], values, sides), sides)


def _inline(stored: Stored) -> Json:
    """Return values that have no place in the table as an Arrow stream inside the JSON."""
    table = pa.table({"values": stored.values})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    data = base64.b64encode(sink.getvalue().to_pybytes()).decode()
    return {"form": dict(stored.form), "sides": [_inline(side) for side in stored.sides], "data": data}


def _read_inline(document: Any) -> Stored:
    table = pa.ipc.open_stream(base64.b64decode(document["data"])).read_all()
    table.validate(full=True)  # offsets that point outside would be read as they are
    return Stored(document["form"], table.column(0), tuple(_read_inline(side) for side in document["sides"]))


def _physical(stored: Stored) -> Any:
    """Return the column as the file has it: categories of text are written as text, so that others read what we read."""
    if stored.form["kind"] == "category" and stored.sides[0].values.type == pa.large_string():
        labels = stored.sides[0].values
        return pa.DictionaryArray.from_arrays(
            stored.values, labels.combine_chunks() if isinstance(labels, pa.ChunkedArray) else labels
        )
    return stored.values


def _is_number(kind: Any) -> bool:
    """True for what is smaller and quicker byte by byte (all first bytes, then all second ones) than as a dictionary."""
    return pa.types.is_integer(kind) or pa.types.is_timestamp(kind) or kind in (pa.float32(), pa.float64())


def _logical(form: Any, values: Any, sides: Sequence[Stored]) -> Any:
    """Return the values that `_physical` took."""
    if form["kind"] == "category" and pa.types.is_dictionary(values.type):
        labels = sides[0].values
        codes = pc.index_in(values.cast(pa.large_string()), value_set=labels, skip_nulls=True)
        return codes.cast(values.type.index_type)
    return values


def _as_written(table: Any, wanted: Any) -> Any:
    """Return the table with the types that were written: Parquet knows no seconds, and forgets what a dictionary holds."""
    if any(has_foreign_type(field.type) for field in wanted):
        raise ValueError("a column of an extension type")
    arrays = [_cast(column, field.type) for column, field in zip(table.columns, wanted, strict=True)]
    return pa.Table.from_arrays(arrays, schema=wanted)


def _cast(column: Any, kind: Any) -> Any:
    if column.type == kind:
        return column
    if not pa.types.is_dictionary(kind):
        return column.cast(kind)
    plain = column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
    encoded = plain.cast(kind.value_type).combine_chunks().dictionary_encode()
    return pa.DictionaryArray.from_arrays(encoded.indices.cast(kind.index_type), encoded.dictionary, ordered=kind.ordered)


def _check_exactness(data: bytes, table: Any) -> None:
    """Raise NoHandler unless columns that come back as another type hold the same values once they are cast."""
    found = pq.read_schema(pa.BufferReader(data))
    odd = [position for position, field in enumerate(found) if field.type != table.schema.field(position).type]
    for position in odd:
        column = table.column(position)
        try:
            reader = pq.ParquetFile(pa.BufferReader(data))
            back = _cast(reader.read(columns=[table.schema.names[position]]).column(0), column.type)
            is_exact = column_digest(back) == column_digest(column)
        except pa.ArrowException:
            is_exact = False
        if not is_exact:
            raise NoHandler("pandas object", reason=f"Parquet cannot hold a column of type {column.type} exactly")
