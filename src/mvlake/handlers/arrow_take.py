"""Arrow take: rows of a column by their numbers, for the types too that Arrow cannot take from."""

from typing import Any

import pyarrow as pa


def taken(values: Any, rows: Any) -> Any:
    """Return these rows (an array of int64) of an Array or ChunkedArray; ArrowNotImplementedError where views are nested."""
    if pa.types.is_string_view(values.type):
        return values.cast(pa.large_string()).take(pa.array(rows)).cast(values.type)
    if pa.types.is_binary_view(values.type):
        return values.cast(pa.large_binary()).take(pa.array(rows)).cast(values.type)
    return values.take(pa.array(rows))
