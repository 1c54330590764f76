"""Scan: what is read of two frames: hashes of rows, and which cells of rows that are each other differ. Window by window."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from mvlake.handlers.diffing.blocks import Blocks, ordered, union, whole, within, without
from mvlake.handlers.diffing.cells import differences, differences_by_value
from mvlake.handlers.diffing.row_hashes import add_hashes
from mvlake.handlers.diffing.schema import Pair
from mvlake.handlers.diffing.side import WINDOW, Side, SideColumn
from mvlake.handlers.parallel import helpers, in_order

Tell = Callable[[int, int], None]
"""Hears how many rows of how many have been looked at."""

_WORTH_THREADS = 1 << 16  # rows
_LEAST = 1 << 12  # rows of a column: to hand over many smaller pieces costs more than it saves


def row_hashes(side: Side, columns: Sequence[SideColumn], starts: Any, lengths: Any) -> Any:
    """Return a hash for each row of these runs, one run after another."""
    total = int(lengths.sum())
    hashes: Any = np.zeros(total, np.uint64)
    window = min((side.window(column) for column in columns), default=WINDOW)
    runs = ordered(starts, np.cumsum(lengths) - lengths, lengths)

    def work(piece: Blocks) -> None:
        part: Any = np.zeros(piece.rows, np.uint64)
        for salt, column in enumerate(columns):
            add_hashes(part, side.gather(column, piece.a, piece.length), salt)
        first = int(piece.b[0])
        hashes[first : first + len(part)] = part

    _each(work, pieces(runs, window), total)
    return hashes


def changed_cells(a: Side, b: Side, pairs: Sequence[Pair], blocks: Blocks, changed: Any, tell: Tell) -> list[int]:
    """Return how many cells of each pair of columns differ in these rows; what changed of b's rows becomes true in `changed`."""
    nothing, is_whole = whole(0), blocks.rows == a.rows == b.rows and len(blocks) == 1
    works = [nothing if is_whole and pair.is_equal else unknown(pair, blocks) for pair in pairs]
    total, done = sum(work.rows for work in works), 0
    counts = [0] * len(pairs)

    def look(task: tuple[int, Blocks]) -> tuple[int, int, int]:
        place, piece = task
        found = np.flatnonzero(unlike(a, b, pairs[place], piece))
        if len(found):
            changed[piece.places()[1][found]] = True
        return place, len(found), piece.rows

    tasks = (
        (place, piece)
        for place, work in enumerate(works)
        if len(work)
        for piece in pieces(work, min(a.window(pairs[place].a), b.window(pairs[place].b)))
    )
    is_worth_it = total > _WORTH_THREADS and max(work.rows for work in works) > _LEAST
    for place, count, rows in in_order(look, tasks, workers=helpers() if is_worth_it else 0):
        counts[place] += count
        done += rows
        tell(done, total)
    return counts


def unknown(pair: Pair, blocks: Blocks) -> Blocks:
    """Return the rows of these of which nodes do not tell that the columns are equal there."""
    left = without(blocks, pair.known.equal)
    return union(left, within(blocks, pair.known.except_a, pair.known.except_b))


def unlike(a: Side, b: Side, pair: Pair, piece: Blocks) -> Any:
    """Return where the cells of two columns differ in these rows, as truth values, in b's order."""
    before, after = a.gather(pair.a, piece.a, piece.length), b.gather(pair.b, piece.b, piece.length)
    if not pair.is_retyped:
        return differences(before, after)
    found = differences_by_value(before, after)
    if found is not None:
        return found
    texts = zip(pair.a.texts(before), pair.b.texts(after), strict=True)
    return np.fromiter((one != other for one, other in texts), bool, piece.rows)


def rows_unlike(a: Side, b: Side, pair: Pair, blocks: Blocks) -> Any:
    """Return the rows of b, of those in these blocks, whose cell in a column is another one than a's."""
    window = min(a.window(pair.a), b.window(pair.b))
    found = [piece.places()[1][unlike(a, b, pair, piece)] for piece in pieces(unknown(pair, blocks), window)]
    return np.concatenate(found) if found else np.zeros(0, np.int64)


def pieces(blocks: Blocks, window: int) -> Iterator[Blocks]:
    """Yield blocks in pieces of no more rows than a window has."""
    if not len(blocks):
        return
    if int(blocks.length.max()) > window:
        blocks = _split(blocks, window)
    ends = np.cumsum(blocks.length)
    first = 0
    while first < len(blocks):
        before = int(ends[first - 1]) if first else 0
        last = max(first + 1, int(np.searchsorted(ends, before + window, side="right")))
        yield Blocks(blocks.a[first:last], blocks.b[first:last], blocks.length[first:last])
        first = last


def _split(blocks: Blocks, window: int) -> Blocks:
    """Return blocks none of which is longer than a window."""
    counts = -(-blocks.length // window)
    which: Any = np.repeat(np.arange(len(blocks)), counts)
    step = (np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)) * window
    return Blocks(blocks.a[which] + step, blocks.b[which] + step, np.minimum(blocks.length[which] - step, window))


def _each(work: Callable[[Blocks], None], items: Iterator[Blocks], total: int) -> None:
    for _ in in_order(work, items, workers=helpers() if total > _WORTH_THREADS else 0):
        pass
