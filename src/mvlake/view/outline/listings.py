"""Listings: cells, outputs and their differences, long equal stretches left out."""

from collections.abc import Sequence

from mvlake.compare.diff import CellDiff, Change, Line
from mvlake.view.blocks import Listing, Row, Span, Words, muted, strong
from mvlake.view.clean import lines_of
from mvlake.view.quantities import plural

_CONTEXT = 3
LINES = 300


def source_listing(caption: Words, source: str) -> Listing:
    """Return a cell's text or an output."""
    shown, more = lines_of(source, limit=LINES)
    rows = [Row(" ", line) for line in shown]
    return Listing(caption, (*rows, *_gap(more, "more line")))


def diff_listing(caption: Words, lines: Sequence[Line]) -> Listing:
    """Return the changed lines with three lines around them."""
    kept = _near_a_change(lines)
    rows: list[Row] = []
    hidden = 0
    for line, is_kept in zip(lines, kept, strict=True):
        if not is_kept:
            hidden += 1
            continue
        rows += _gap(hidden, "unchanged line")
        hidden = 0
        rows.append(Row(line.op if line.op in "+-" else " ", line.text, line.segments))
        if len(rows) >= LINES:
            break
    else:
        return Listing(caption, (*rows, *_gap(hidden, "unchanged line")), is_diff=True)
    return Listing(caption, (*rows, *_gap(len(lines) - LINES, "more line")), is_diff=True)


def cell_caption(cell: CellDiff) -> Words:
    """Return which cell it is on both sides, and what happened to it."""
    a, b = cell.a_position, cell.b_position
    place = f"cell {b if b is not None else a}" if a is None or b is None or a == b else f"cell {a} → {b}"
    tracked = (muted(", tracked"),) if cell.is_tracked else ()
    moved = (muted(", moved"),) if cell.is_moved else ()
    said = (muted(f", {cell.change.value}"),) if cell.change in {Change.ADDED, Change.REMOVED} else ()
    return (Span(place) if not cell.is_tracked else strong(place), *tracked, *said, *moved)


def _near_a_change(lines: Sequence[Line]) -> list[bool]:
    kept = [False] * len(lines)
    for position, line in enumerate(lines):
        if line.op in {"+", "-"}:
            first, last = max(position - _CONTEXT, 0), min(position + _CONTEXT + 1, len(lines))
            kept[first:last] = [True] * (last - first)
    # A gap of one line says no less than the line itself.
    for position in range(1, len(lines) - 1):
        if kept[position - 1] and kept[position + 1]:
            kept[position] = True
    return kept


def _gap(count: int, thing: str) -> list[Row]:
    return [Row("⋯", plural(count, thing))] if count > 0 else []
