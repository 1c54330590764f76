"""Side: one of the two frames that are compared, as columns that can be read in part."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from mvlake.handlers.arrow_take import taken
from mvlake.handlers.diffing.blocks import expanded
from mvlake.handlers.diffing.layout import Layout, layout_of
from mvlake.handlers.remembering import RememberingShelf
from mvlake.records.digest import Digest

WINDOW = 1 << 18
"""So many rows of a column are looked at together; fewer where they are wide:"""

_BYTES = 32 << 20
_NEAR = 1 << 14  # rows between two that are wanted, which are rather read than left out
_LEAST = 1 << 10
_WIDE = 1 << 10  # columns
_CLOSE = 4  # times as many rows as are wanted are read rather than sorted out


@dataclass(frozen=True, slots=True)
class SideColumn:
    """One column: `read` returns rows of it as an Arrow array, `texts` how people read such values.

    `form` is all that is said of the column beside its values: columns of one form and node are equal. `dtype` is what counts as
    its dtype, as far as the Arrow type of its values does not tell. `node` is None for a column that is not kept as one.
    """

    name: str
    form: bytes
    dtype: str
    read: Callable[[int, int], Any]
    texts: Callable[[Any], Sequence[str]]
    node: Digest | None = None
    is_index: bool = False


class Side:
    """A frame: how many rows it has, and its columns. What its columns are made of is looked up once."""

    def __init__(self, rows: int, columns: Sequence[SideColumn], shelf: RememberingShelf | None = None) -> None:
        self.rows = rows
        self.columns = tuple(columns)
        self.shelf = shelf
        self._layouts: dict[Digest, Layout] = {}
        self._numbers: dict[Digest, Any] = {}
        self._lock = threading.Lock()

    def layout(self, column: SideColumn) -> Layout | None:
        """Return what a column is made of; None where that is not known."""
        if column.node is None or self.shelf is None:
            return None
        with self._lock:
            if column.node not in self._layouts:
                self._layouts[column.node] = layout_of(self.shelf, column.node, self._numbers)
            return self._layouts[column.node]

    def window(self, column: SideColumn) -> int:
        """Return how many rows of a column may be looked at together."""
        layout = self.layout(column)
        if layout is None or not layout.ends:
            return WINDOW
        rows = layout.ends[-1] // len(layout.ends)
        return max(_LEAST, min(WINDOW, rows * (_BYTES >> 17)))  # a chunk is about 128 KiB

    def gather(self, column: SideColumn, starts: Any, lengths: Any) -> Any:
        """Return the rows of these runs, one run after another, as an Arrow array, having read no others but near ones."""
        if len(starts) == 1:
            return column.read(int(starts[0]), int(starts[0] + lengths[0]))
        wanted = expanded(starts, lengths)
        if not len(wanted):
            return column.read(0, 0)
        is_sorted = bool((wanted[1:] > wanted[:-1]).all())
        low, high = int(wanted.min()), int(wanted.max()) + 1
        if not is_sorted and high - low <= min(_CLOSE * len(wanted), _CLOSE * self.window(column)):
            return taken(joined(column.read(low, high)), wanted - low)
        order = None if is_sorted else np.argsort(wanted)
        rows = wanted if order is None else wanted[order]
        parts = [self._some(column, rows[first:last]) for first, last in _clusters(rows, self.window(column))]
        found = pa.chunked_array(
            [chunk for part in parts for chunk in (part.chunks if isinstance(part, pa.ChunkedArray) else [part])]
        )
        if order is None:
            return found
        back: Any = np.empty(len(order), np.int64)
        back[order] = np.arange(len(order))
        return taken(joined(found), back)

    def _some(self, column: SideColumn, rows: Any) -> Any:
        low, high = int(rows[0]), int(rows[-1]) + 1
        values = column.read(low, high)
        return values if high - low == len(rows) else taken(joined(values), rows - low)

    @cached_property
    def chunks(self) -> frozenset[Digest]:
        """The chunks of all columns; of a frame of very many those of the columns that have been looked at."""
        is_wide = len(self.columns) > _WIDE
        layouts = list(self._layouts.values()) if is_wide else [self.layout(column) for column in self.columns]
        return frozenset[Digest]().union(*(layout.every for layout in layouts if layout is not None))


def joined(values: Any) -> Any:
    """Return a ChunkedArray as one array, for rows are taken faster from one."""
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values


def _clusters(rows: Any, window: int) -> list[tuple[int, int]]:
    """Return where ascending rows are to be read apart: where many lie between two, and where a window would be too large."""
    bounds: Any = np.flatnonzero(np.diff(rows) > _NEAR) + 1
    found = []
    for first, last in zip([0, *bounds.tolist()], [*bounds.tolist(), len(rows)], strict=True):
        at = first
        while at < last:
            end = max(at + 1, int(np.searchsorted(rows[at:last], rows[at] + 2 * window)) + at)
            found.append((at, end))
            at = end
    return found
