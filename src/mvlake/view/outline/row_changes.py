"""Which rows of a frame differ: how many of each kind, how they are known, and some of them."""

from collections.abc import Sequence

from mvlake.compare.row_changes import CellChange, Matching, RowChange, RowOp, RowsDiff
from mvlake.view.blocks import Block, Column, Grid, Span, Words, code, good, joined, muted
from mvlake.view.outline.wording import head
from mvlake.view.quantities import MINUS, plural

_EACH, _CELLS, _LONGEST = 3, 4, 40
_MARKS = {RowOp.ADDED: "+ added", RowOp.REMOVED: f"{MINUS} removed", RowOp.CHANGED: "~ changed", RowOp.MOVED: "moved"}


def rows_words(rows: RowsDiff) -> Words:
    """Return how many rows were added, removed, changed and moved, and how it is known which row is which."""
    counts = ((rows.added, "added"), (rows.removed, "removed"), (rows.changed, "changed"), (rows.moved, "moved"))
    told: list[Words] = [(Span(f"{plural(count, 'row')} {what}"),) for count, what in counts if count]
    if not told:
        told = [(good("the rows are the same"),)]
    told.append((muted(f"{rows.unchanged:,} unchanged"),) if rows.unchanged else ())
    told.append(_known_by(rows))
    return joined([*told, (muted(rows.note),) if rows.note else ()])


def _known_by(rows: RowsDiff) -> Words:
    if rows.matched_by is Matching.POSITION:
        return (muted("rows known by their position"),)
    names, more = head(rows.key, _CELLS)
    return (muted("rows known by "), *joined([(code(name),) for name in names], ", "), muted(f" and {more} more" if more else ""))


def examples(rows: RowsDiff, sides: tuple[str, str]) -> tuple[Block, ...]:
    """Return the first rows of each kind as a small table; nothing where there are none."""
    chosen: list[RowChange] = []
    for op in RowOp:
        chosen += [one for one in rows.examples if one.op is op][:_EACH]
    if not chosen:
        return ()
    what = f"cells, {sides[0]} → {sides[1]}"
    columns = (Column(", ".join(rows.key)[:_LONGEST] if rows.key else "row"), Column(""), Column(what))
    listed = tuple(((Span(_name(one)),), (muted(_MARKS[one.op]),), _cells(one.cells)) for one in chosen)
    return (Grid(columns, listed, max(rows.added + rows.removed + rows.changed + rows.moved - len(chosen), 0)),)


def _name(row: RowChange) -> str:
    if row.key:
        return ", ".join(one[:_LONGEST] for one in row.key)
    places = list(dict.fromkeys(f"{place:,}" for place in (row.a_row, row.b_row) if place is not None))
    return " → ".join(places)


def _cells(cells: Sequence[CellChange]) -> Words:
    shown, more = head(cells, _CELLS)
    told = joined([(code(one.column), Span(f" {_change(one)}")) for one in shown], ", ")
    return (*told, muted(f" … and {more:,} more")) if more else told


def _change(cell: CellChange) -> str:
    a, b = (None if text is None else text[:_LONGEST] for text in (cell.a, cell.b))
    if a is None or b is None:
        return (b if a is None else a) or "''"
    return f"{a or repr('')} → {b or repr('')}"
