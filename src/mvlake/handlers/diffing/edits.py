"""Edits: all that makes the rows of one frame those of another: which rows stay, where, and every cell that is not what it was."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from mvlake.handlers.arrow_take import taken
from mvlake.handlers.diffing.blocks import Blocks, expanded
from mvlake.handlers.diffing.cells import flat
from mvlake.handlers.diffing.engine import Matched
from mvlake.handlers.diffing.report import Frames
from mvlake.handlers.diffing.scan import rows_unlike


@dataclass(frozen=True, slots=True)
class ColumnEdits:
    """A column of b: what it was called in a, None where a has not got it; and these cells at these rows."""

    name: str
    a_name: str | None
    rows: Any
    cells: Any


@dataclass(frozen=True, slots=True)
class Edits:
    """All columns of b in their order, and which rows of a its rows are."""

    rows: int
    blocks: Blocks
    columns: tuple[ColumnEdits, ...]


def edits_of(frames: Frames, found: Matched) -> Edits:
    """Return the complete difference of two frames, in memory."""
    by_column = {id(pair.b): pair for pair in frames.schema.pairs}
    columns = []
    for column in frames.b.columns:
        pair = by_column.get(id(column))
        if pair is None or pair.is_retyped:
            every: Any = np.arange(frames.b.rows, dtype=np.int64)
            columns.append(ColumnEdits(column.name, None, every, flat(column.read(0, frames.b.rows))))
        else:
            rows = np.concatenate([expanded(*found.added), rows_unlike(frames.a, frames.b, pair, found.blocks)])
            cells = flat(frames.b.gather(column, rows, np.ones(len(rows), np.int64)))
            columns.append(ColumnEdits(column.name, pair.a.name, rows, cells))
    return Edits(frames.b.rows, found.blocks, tuple(columns))


def applied(a: Mapping[str, Any], edits: Edits) -> dict[str, Any]:
    """Return the columns of b, made of those of a."""
    return {column.name: _applied(None if column.a_name is None else a[column.a_name], column, edits) for column in edits.columns}


def _applied(before: Any, column: ColumnEdits, edits: Edits) -> Any:
    values = column.cells.slice(0, 0) if before is None else flat(before)
    places: Any = np.zeros(edits.rows, np.int64)
    if before is not None:
        ours, theirs = edits.blocks.places()
        places[theirs] = ours
    places[column.rows] = len(values) + np.arange(len(column.rows))
    cells = column.cells if column.cells.type == values.type else column.cells.cast(values.type)
    return taken(pa.chunked_array([values, cells]), places)
