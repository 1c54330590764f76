"""Extent: how many rows a frame, an array or a tensor has, told without reading it, of the libraries' exact classes."""

from typing import Any

from mvlake.handlers.ancestry import loaded

_WITH_SHAPE = (
    ("pandas", "DataFrame"),
    ("pandas", "Series"),
    ("polars", "DataFrame"),
    ("polars", "Series"),
    ("numpy", "ndarray"),
    ("torch", "Tensor"),
)
_WITH_ROWS = (("pyarrow", "Table"), ("pyarrow", "RecordBatch"))


def extent_of(obj: Any) -> int | None:
    """Return the number of rows; None for what is no data with rows."""
    kind = type(obj)
    if any(kind is loaded(module, name) for module, name in _WITH_ROWS):
        return int(obj.num_rows)
    if not any(kind is loaded(module, name) for module, name in _WITH_SHAPE):
        return None
    shape = obj.shape
    return int(shape[0]) if len(shape) else None
