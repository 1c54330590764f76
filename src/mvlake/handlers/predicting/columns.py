"""Columns: those of evaluation data of any library, one after another as Arrow arrays; what Arrow cannot hold is left out."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa


def columns_of(data: Any, *, most: int) -> Iterator[tuple[str, Any]]:
    """Yield the name and the values of the first columns; those of an array are called x0, x1 and so on, as scikit-learn does."""
    for name, column in _columns(data, most):
        try:
            if isinstance(column, pa.Array | pa.ChunkedArray):
                found = column
            elif hasattr(column, "to_arrow"):
                found = column.to_arrow()
            else:
                found = pa.array(column, from_pandas=True)
        except (pa.ArrowException, TypeError, ValueError, OverflowError):
            continue
        yield name, found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found


def _columns(data: Any, most: int) -> Iterator[tuple[str, Any]]:
    if isinstance(data, np.ndarray) and data.ndim == 2:
        yield from ((f"x{place}", data[:, place]) for place in range(min(data.shape[1], most)))
    elif isinstance(data, np.ndarray) and data.ndim == 1:
        yield "x0", data
    elif isinstance(data, pa.Table | pa.RecordBatch):
        yield from ((name, data.column(place)) for place, name in enumerate(data.schema.names[:most]))
    elif hasattr(data, "iloc") and data.ndim == 2:  # pandas
        yield from ((str(data.columns[place]), data.iloc[:, place]) for place in range(min(data.shape[1], most)))
    elif hasattr(data, "get_columns"):  # polars
        yield from ((one.name, one) for one in data.get_columns()[:most])
    elif hasattr(data, "to_arrow") or hasattr(data, "iloc"):
        yield str(getattr(data, "name", "") or "x0"), data
