"""Kinship: how the columns of a new frame are said by those of one that was kept, as some of its rows, or with a few cells changed.

What is found is proved before it is written: the rows taken, or the cells put in their places, must give the digest of the column.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from mvlake.handlers.arrow_take import taken
from mvlake.handlers.column_node import column_content, write_column
from mvlake.handlers.derived import write_numbers, write_patch, write_take
from mvlake.handlers.patches import MOST, changed_rows, patched
from mvlake.handlers.relatives import KeptColumn, Relative, Relatives
from mvlake.handlers.selection import selected_rows
from mvlake.handlers.shelf import Shelf
from mvlake.records.digest import Digest

DEEPEST = 4
"""A column that is said by another one, which is said by another one, has no more steps than these."""

_FEWER_BYTES = 4  # a row number of no order takes about three bytes: less to keep in a row is kept as it is
_TRIED = 3  # frames that are searched for the rows of another; those whose rows the index names are tried first


class Kinship:
    """Writes columns of a new frame, all of one length, by those of its relatives. `labels` are the rows that its index names."""

    def __init__(self, shelf: Shelf, columns: Mapping[str, Any], relatives: Relatives, *, labels: Any = None) -> None:
        self._shelf, self._columns, self._labels = shelf, columns, labels
        self._is_labelled = labels is not None
        self._relatives = relatives.latest()
        self._length = len(next(iter(columns.values()))) if columns else 0
        self._found: dict[int, Any] = {}  # by the relative's place: its rows that we are, None where we are not
        self._rows: dict[tuple[int, int], tuple[Digest, int]] = {}

    def write(self, name: str, content: Digest) -> KeptColumn | None:
        """Return the column of this name, put on the shelf in the words of another one; None when nothing says it."""
        values = self._columns[name]
        try:
            return self._patch(name, values, content) or self._take(name, values, content)
        except pa.ArrowNotImplementedError:  # what Arrow cannot take from, others cannot be taken of
            return None

    def _patch(self, name: str, values: Any, content: Digest) -> KeptColumn | None:
        for relative in self._relatives:
            base = relative.columns.get(name)
            if base is None or relative.rows != self._length:
                continue
            rows = changed_rows(values, base.values)
            if rows is None or not len(rows):
                continue
            if _is(patched(base.values, rows, taken(values, rows)), content) and self._may_say(base):
                return self._write_patch(values, content, base, rows)
        return None

    def _write_patch(self, values: Any, content: Digest, base: KeptColumn, rows: Any) -> KeptColumn | None:
        node, depth = base.node, base.depth + 1
        if base.is_patch and base.base is not None:
            # A patch of a patch is one patch of what the first one changed.
            node, depth, rows = base.base, base.depth, np.union1d(base.rows, rows)
        if depth > DEEPEST or len(rows) > MOST * len(values):
            return None
        numbers, written = write_numbers(self._shelf, rows)
        cells = taken(values, rows)
        digest, size = write_patch(self._shelf, values.type, len(values), node, numbers, write_column(self._shelf, cells))
        return KeptColumn(
            values, content, digest, size + written + cells.nbytes + base.size, node, rows, is_patch=True, depth=depth
        )

    def _take(self, name: str, values: Any, content: Digest) -> KeptColumn | None:
        for place, relative in enumerate(self._relatives):
            base = relative.columns.get(name)
            if base is None and not self._is_labelled:
                continue  # nothing to take it of
            rows = self._rows_of(place, relative)
            if rows is None:
                continue
            if base is None:
                return self._numbers(values, content, rows, place)
            if base.values.type != values.type or base.depth >= DEEPEST:
                continue
            if _is(taken(base.values, rows), content) and self._may_say(base):
                return self._write_take(values, content, base, rows, place)
        return None

    def _write_take(self, values: Any, content: Digest, base: KeptColumn, rows: Any, place: int) -> KeptColumn:
        node, depth, which = base.node, base.depth + 1, (place, 0)
        if base.base is not None and not base.is_patch:
            # Rows of rows are rows of the first one.
            node, depth, rows, which = base.base, base.depth, base.rows[rows], (place, id(base.rows))
        numbers, written = self._written(which, rows)
        digest, size = write_take(self._shelf, values.type, len(values), node, numbers)
        return KeptColumn(values, content, digest, size + written + base.size, node, rows, depth=depth)

    def _numbers(self, values: Any, content: Digest, rows: Any, place: int) -> KeptColumn | None:
        """Return a column that is the row numbers themselves: the index that a selection keeps of a frame without one."""
        if values.type != pa.int64() or values.null_count or not np.array_equal(values.to_numpy(), rows):
            return None
        return KeptColumn(values, content, *self._written((place, 0), rows), depth=DEEPEST)

    def _may_say(self, base: KeptColumn) -> bool:
        """True when a column that was kept still holds what was kept of it, and comes with us where no version has brought it yet.

        Asked last: its memory may be the user's, who goes on.
        """
        return _is(base.values, base.content) and self._shelf.brings(base.node)

    def _written(self, which: tuple[int, int], rows: Any) -> tuple[Digest, int]:
        if which not in self._rows:
            self._rows[which] = write_numbers(self._shelf, rows)
        return self._rows[which]

    def _rows_of(self, place: int, relative: Relative) -> Any:
        """Return which rows of a relative we are. Those whose rows our index names are tried first, of the others only a few."""
        if not self._found and self._labels is not None:
            named = {at: self._search(one, only_labels=True) for at, one in enumerate(self._relatives)}
            self._found = named if any(rows is not None for rows in named.values()) else {}
            self._labels = None
        if place not in self._found:
            is_tried = place < _TRIED and all(rows is None for rows in self._found.values())
            self._found[place] = self._search(relative, only_labels=False) if is_tried else None
        return self._found[place]

    def _search(self, relative: Relative, *, only_labels: bool) -> Any:
        if not only_labels and self._length > relative.rows:
            return None  # more likely it with rows appended, which chunks keep well
        kept = {name: column.values for name, column in relative.columns.items()}
        rows = selected_rows(self._columns, kept, labels=self._labels, only_labels=only_labels)
        return rows if rows is not None and self._pays(rows) else None

    def _pays(self, rows: Any) -> bool:
        is_ascending = bool((rows[1:] > rows[:-1]).all())
        return is_ascending or sum(column.nbytes for column in self._columns.values()) > _FEWER_BYTES * len(rows)


def _is(values: Any, content: Digest) -> bool:
    return column_content(values) == content
