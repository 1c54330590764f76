"""Opened: what a kept frame, or an array, is to a comparison."""

from typing import Any

import numpy as np
import pyarrow as pa

from mvlake.handlers.contract import Handler
from mvlake.handlers.diffing.side import Side, SideColumn
from mvlake.handlers.diffing.texts import texts_of
from mvlake.handlers.frame_handler import FrameHandler
from mvlake.handlers.remembering import Memory, RememberingShelf
from mvlake.handlers.shelf import Shelf
from mvlake.records.node import Node

_MOST_COLUMNS = 4096  # of an array: more are an image, or the like


def opened(handler: Handler, made: bytes | Node, shelf: Shelf, memory: Memory, *, protocol: int) -> Side | None:
    """Return what a handler made of a frame, or of an array of one or two dimensions; None for what has no rows."""
    if isinstance(handler, FrameHandler):
        frame = handler.open_frame(made, shelf, protocol)
        counting = RememberingShelf(frame.shelf, memory)  # the objects of a bundle lie in the bundle
        table = handler.table_of(frame.on(counting))
        return Side(table.rows, table.compared(), counting)
    if handler.name != "numpy":
        return None
    array = handler.decode_parts(made, shelf, protocol=protocol)
    return array_side(array) if isinstance(array, np.ndarray) else None


def array_side(array: Any) -> Side | None:
    """Return an array as columns: its fields, or what stands in one place of each row; None for one that has none such."""
    if array.ndim not in (1, 2) or array.dtype.hasobject or (array.ndim == 2 and array.shape[1] > _MOST_COLUMNS):
        return None
    columns = _columns(array)
    if columns is None:
        return None
    return Side(len(array), [_column(name, values) for name, values in columns.items()])


def _columns(array: Any) -> dict[str, Any] | None:
    if array.dtype.names is not None:
        found = {str(name): array[name] for name in array.dtype.names} if array.ndim == 1 else {}
    elif array.ndim == 1:
        found = {"values": array}
    else:
        found = {str(place): array[:, place] for place in range(array.shape[1])}
    made = {name: _values(cells) for name, cells in found.items()}
    return None if not made or any(one is None for one in made.values()) else made


def _values(cells: Any) -> Any:
    if cells.ndim != 1 or cells.dtype.kind not in "biufmMUS" or cells.dtype.char in "gG":
        return None
    try:
        return pa.array(np.ascontiguousarray(cells, cells.dtype.newbyteorder("=")), from_pandas=False)
    except (pa.ArrowException, UnicodeError):
        return None


def _column(name: str, values: Any) -> SideColumn:
    return SideColumn(name, b"numpy", "numpy", lambda start, stop: values.slice(start, stop - start), texts_of)
