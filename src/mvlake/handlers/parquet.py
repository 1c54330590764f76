"""Parquet: a kept frame written as the file that every other tool reads, a block of rows at a time."""

from collections.abc import Callable
from typing import IO

import pyarrow as pa
import pyarrow.parquet as pq

from mvlake.errors import Invalid
from mvlake.handlers.stored_table import StoredTable

SUFFIX = ".parquet"


def write_parquet(table: StoredTable, file: IO[bytes], tell: Callable[[int, int], None]) -> None:
    """Write a frame to an open file; `tell` hears rows written and rows in all. Invalid for what Parquet cannot hold."""
    schema = table.schema()
    try:
        with pq.ParquetWriter(file, schema, compression="zstd") as writer:
            for block in table.blocks(schema):
                writer.write_table(block)
                tell(min(block.num_rows, table.rows), table.rows)
    except (pa.ArrowNotImplementedError, pa.ArrowInvalid) as error:
        raise Invalid(f"Parquet cannot hold this frame: {error}", hint='load it with as_="arrow", and cast that column') from error
