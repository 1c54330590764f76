"""Arrow files: a table as the bytes of an Arrow IPC file, and back, with a sidecar in the schema's metadata."""

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from mvlake.errors import NoHandler
from mvlake.handlers.columns import has_foreign_type
from mvlake.records.canonical import Json, canonical, parse

_KEY = b"mvlake"


def write_arrow(table: Any, head: Mapping[str, Json]) -> bytes:
    """Return the table as an Arrow IPC file; NoHandler when Arrow cannot write it."""
    sidecar = canonical({**head, "rows": table.num_rows})
    table = table.replace_schema_metadata({**(table.schema.metadata or {}), _KEY: sidecar})
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd", unify_dictionaries=True)
    try:
        with pa.ipc.new_file(sink, table.schema, options=options) as writer:
            writer.write_table(table)
    except pa.ArrowException as error:
        raise NoHandler("Arrow table", reason=f"Arrow cannot write it: {error}") from error
    return bytes(sink.getvalue().to_pybytes())


def read_arrow(data: bytes) -> tuple[dict[str, Any], Any]:
    """Return the sidecar and the table; an Exception when the bytes are damaged, or bring a foreign type."""
    table = pa.ipc.open_file(pa.BufferReader(data)).read_all()
    metadata = dict(table.schema.metadata or {})
    head = parse(metadata.pop(_KEY))
    if any(has_foreign_type(field.type) for field in table.schema):
        raise ValueError("a column of an extension type")
    table.validate(full=True)  # offsets and indices that point outside would be followed
    if table.num_columns and table.num_rows != head["rows"]:
        raise ValueError(f"wanted {head['rows']} rows, found {table.num_rows}")
    return head, table.replace_schema_metadata(metadata or None)
