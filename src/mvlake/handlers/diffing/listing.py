"""Listing: rows that are not what they were, as people read them: page by page, and only the cells of the page are read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mvlake.compare.row_changes import MOST_CELLS, CellChange, RowChange, RowOp
from mvlake.handlers.diffing.blocks import Blocks, expanded, of_pairs
from mvlake.handlers.diffing.engine import Matched
from mvlake.handlers.diffing.scan import rows_unlike, unlike
from mvlake.handlers.diffing.schema import Pair, Schema
from mvlake.handlers.diffing.side import Side, SideColumn
from mvlake.handlers.diffing.texts import shown, told_apart

NONE = -1


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows by what happened to them: `a` and `b` are their places, NONE where there is none. They stand in b's order."""

    a: Any
    b: Any
    ops: Any

    def __len__(self) -> int:
        return len(self.a)

    def page(self, start: int, count: int) -> "Rows":
        """Return some of them."""
        part = slice(max(0, start), max(0, start) + max(0, count))
        return Rows(self.a[part], self.b[part], self.ops[part])

    def only(self, op: RowOp) -> "Rows":
        """Return those to which this happened."""
        some = self.ops == OPS.index(op)
        return Rows(self.a[some], self.b[some], self.ops[some])


OPS = (RowOp.ADDED, RowOp.REMOVED, RowOp.CHANGED, RowOp.MOVED)


def rows_of(found: Matched) -> Rows:
    """Return all rows that are not what they were. Removed ones stand behind the row that they stood behind."""
    added, removed = expanded(*found.added), expanded(*found.removed)
    changed = np.flatnonzero(found.changed)
    moved = expanded(found.blocks.b[~found.stays], found.blocks.length[~found.stays])
    moved = moved[~found.changed[moved]]
    of_b = np.concatenate([added, changed, moved])
    ops: Any = np.repeat(np.array([0, 2, 3], np.int8), [len(added), len(changed), len(moved)])
    of_a = np.concatenate([np.full(len(added), NONE, np.int64), _partners(found.blocks, changed), _partners(found.blocks, moved)])
    behind = _behind(found, removed)
    keys = np.concatenate([of_b * 2, behind * 2 - 1])
    order = np.argsort(keys, kind="stable")
    return Rows(
        np.concatenate([of_a, removed])[order],
        np.concatenate([of_b, np.full(len(removed), NONE, np.int64)])[order],
        np.concatenate([ops, np.full(len(removed), 1, np.int8)])[order],
    )


def rows_with(found: Matched, a: Side, b: Side, pair: Pair) -> Rows:
    """Return the changed rows in which the cell of one column changed."""
    of_b = np.sort(rows_unlike(a, b, pair, found.blocks))
    return Rows(_partners(found.blocks, of_b), of_b, np.full(len(of_b), 2, np.int8))


def _partners(blocks: Blocks, of_b: Any) -> Any:
    """Return which rows of a these rows of b, which have one, are."""
    if not len(of_b):
        return np.zeros(0, np.int64)
    which = np.searchsorted(blocks.b, of_b, side="right") - 1
    return blocks.a[which] + of_b - blocks.b[which]


def _behind(found: Matched, removed: Any) -> Any:
    """Return before which row of b each removed row stood."""
    if not len(removed) or not len(found.blocks):
        return np.zeros(len(removed), np.int64)
    block: Any = np.full(found.rows_a, NONE, np.int64)
    block[found.blocks.a] = np.arange(len(found.blocks))
    last = np.maximum.accumulate(np.where(block >= 0, np.arange(found.rows_a), NONE))[removed]
    which = block[np.maximum(last, 0)]
    return np.where(last < 0, 0, found.blocks.b[which] + found.blocks.length[which])


def described(rows: Rows, found: Matched, a: Side, b: Side, schema: Schema) -> tuple[RowChange, ...]:
    """Return some rows with their cells as text."""
    moved = _moved(found, rows)
    cells: list[list[CellChange]] = [[] for _ in range(len(rows))]
    _add_changed(cells, rows, found, a, b, schema)
    for op, side, place in ((0, b, rows.b), (1, a, rows.a)):
        which = np.flatnonzero(rows.ops == op)
        for column in side.columns[:MOST_CELLS] if len(which) else ():
            for row, text in zip(which.tolist(), _texts(side, column, place[which]), strict=True):
                cells[row].append(CellChange(column.name, None if op == 0 else shown(text), shown(text) if op == 0 else None))
    keys = _keys(rows, found, a, b, schema)
    return tuple(
        RowChange(
            op=OPS[int(rows.ops[row])],
            a_row=None if rows.a[row] == NONE else int(rows.a[row]),
            b_row=None if rows.b[row] == NONE else int(rows.b[row]),
            key=keys[row],
            cells=tuple(cells[row]),
            is_moved=bool(moved[row]),
        )
        for row in range(len(rows))
    )


def _add_changed(cells: list[list[CellChange]], rows: Rows, found: Matched, a: Side, b: Side, schema: Schema) -> None:
    which = np.flatnonzero(rows.ops == 2)
    if not len(which):
        return
    blocks, order = of_pairs(rows.a[which], rows.b[which]), which[np.argsort(rows.b[which])]
    for pair, count in zip(schema.pairs, found.cells, strict=True):
        if not count:
            continue
        apart = np.flatnonzero(unlike(a, b, pair, blocks))
        if not len(apart):
            continue
        places = blocks.places()
        before, after = _texts(a, pair.a, places[0][apart]), _texts(b, pair.b, places[1][apart])
        for row, one, other in zip(order[apart].tolist(), before, after, strict=True):
            if len(cells[row]) < MOST_CELLS:
                cells[row].append(CellChange(pair.b.name, *told_apart(one, other)))


def _texts(side: Side, column: SideColumn, rows: Any) -> Sequence[str]:
    return column.texts(side.gather(column, rows, np.ones(len(rows), np.int64))) if len(rows) else ()


def _keys(rows: Rows, found: Matched, a: Side, b: Side, schema: Schema) -> list[tuple[str, ...]]:
    """Return the texts of the key of each row: b's, or a's where b has it not."""
    by_name = {pair.b.name: pair for pair in schema.pairs}
    texts: list[list[str]] = [[] for _ in range(len(rows))]
    here, gone = np.flatnonzero(rows.b != NONE), np.flatnonzero(rows.b == NONE)
    for name in found.key:
        pair = by_name[name]
        for which, side, column, places in ((here, b, pair.b, rows.b), (gone, a, pair.a, rows.a)):
            for row, text in zip(which.tolist(), _texts(side, column, places[which]), strict=True):
                texts[row].append(shown(text))
    return [tuple(one) for one in texts]


def _moved(found: Matched, rows: Rows) -> Any:
    """Return which of the rows stand in another order."""
    if found.stays.all():
        return np.zeros(len(rows), bool)
    which = np.maximum(np.searchsorted(found.blocks.b, rows.b, side="right") - 1, 0)
    return (rows.ops >= 2) & ~found.stays[which]


def first_rows(found: Matched, count: int) -> Rows:
    """Return the first rows of each kind."""
    rows = rows_of(found)
    parts = [rows.only(op).page(0, count) for op in OPS]
    return Rows(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("a", "b", "ops")))
