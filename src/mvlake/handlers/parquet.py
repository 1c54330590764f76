"""Parquet: a kept frame written as the file that every other tool reads, a block of rows at a time."""

from collections.abc import Callable
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from mvlake.errors import Invalid
from mvlake.handlers.stored_table import StoredTable

SUFFIX = ".parquet"
_OLDER = {pa.string_view(): pa.large_string(), pa.binary_view(): pa.large_binary()}


def write_parquet(table: StoredTable, file: IO[bytes], tell: Callable[[int, int], None]) -> None:
    """Write a frame to an open file; `tell` hears rows written and rows in all. Invalid for what Parquet cannot hold."""
    kept = table.schema()
    written = 0
    try:
        schema = pa.schema([field.with_type(_known(field.type)) for field in kept], metadata=kept.metadata)
        with pq.ParquetWriter(file, schema, compression="zstd") as writer:
            for block in table.blocks(kept):
                columns = [_as_known(column) for column in block.columns]
                writer.write_table(pa.Table.from_arrays(columns, schema=schema))
                written += block.num_rows
                tell(written, table.rows)
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid) as error:
        raise Invalid(f"Parquet cannot hold this frame: {error}", hint='load it with as_="arrow", and cast that column') from error


def _known(kind: Any) -> Any:
    """Return the type as readers of some years ago know it: text without views."""
    if pa.types.is_dictionary(kind):
        return pa.dictionary(kind.index_type, _OLDER.get(kind.value_type, kind.value_type), ordered=kind.ordered)
    return _OLDER.get(kind, kind)


def _as_known(column: Any) -> Any:
    """Return a column with its text in the older form."""
    known = _known(column.type)
    if known == column.type or not pa.types.is_dictionary(known):
        return column.cast(known) if known != column.type else column
    chunks = [
        pa.DictionaryArray.from_arrays(chunk.indices, chunk.dictionary.cast(known.value_type), ordered=known.ordered)
        for chunk in column.chunks
    ]
    return pa.chunked_array(chunks, known)
