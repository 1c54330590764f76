"""Gaps: the rows that chunks tell nothing of, matched by their hashes."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from mvlake.handlers.diffing.blocks import Blocks, expanded, joined, missing, of_pairs, whole
from mvlake.handlers.diffing.matching import NONE, add_moved, align, pair_between
from mvlake.handlers.diffing.order import in_order
from mvlake.handlers.diffing.scan import row_hashes
from mvlake.handlers.diffing.schema import Pair
from mvlake.handlers.diffing.side import Side

DENSE = 16
"""So many rows behind one another, of which at least half seem changed, may be other rows."""

_APART = 8


class Gaps:
    """What lies between blocks: rows of both sides by number, and where those between two blocks begin."""

    def __init__(self, a: Side, b: Side, blocks: Blocks) -> None:
        self._sides = a, b
        self.blocks = blocks
        self._a, self._b = missing(blocks.a, blocks.length, a.rows), missing(blocks.b, blocks.length, b.rows)
        self.ours, self.theirs = expanded(*self._a), expanded(*self._b)
        stays = in_order(blocks.a, blocks.length)
        self._bounds = np.searchsorted(self.ours, blocks.a[stays]), np.searchsorted(self.theirs, blocks.b[stays])

    def filled(self, pairs: Sequence[Pair]) -> Blocks:
        """Return the blocks with the rows between them that are each other, by the hashes of these columns."""
        if not len(self.ours) or not len(self.theirs):
            return self.blocks
        if not pairs:  # nothing tells rows apart
            count = min(len(self.ours), len(self.theirs))
            return joined([self.blocks, of_pairs(self.ours[:count], self.theirs[:count])])
        found = self._best(pairs)
        pair_between(len(self.ours), found, self._bounds)
        here = np.flatnonzero(found >= 0)
        return joined([self.blocks, of_pairs(self.ours[found[here]], self.theirs[here])])

    def _best(self, pairs: Sequence[Pair]) -> Any:
        """Return which rows have one hash: of all columns, or where that says little of those that have values in common."""
        found = self._by_hash(pairs)
        if int((found >= 0).sum()) * 2 >= min(len(self.ours), len(self.theirs)) or len(pairs) < 2:
            return found
        alike = [pair for pair in pairs if self._overlaps(pair)]
        if not alike or len(alike) == len(pairs):
            return found
        other = self._by_hash(alike)
        return other if (other >= 0).sum() > (found >= 0).sum() else found

    def _by_hash(self, pairs: Sequence[Pair]) -> Any:
        found: Any = np.full(len(self.theirs), NONE, np.int64)
        a, b = self._sides
        ours, theirs = row_hashes(a, [pair.a for pair in pairs], *self._a), row_hashes(b, [pair.b for pair in pairs], *self._b)
        for low_a, high_a, low_b, high_b in self._spans().tolist():
            part = align(ours[low_a:high_a], theirs[low_b:high_b])
            found[low_b:high_b] = np.where(part >= 0, part + low_a, NONE)
        add_moved(ours, theirs, found)
        return found

    def _spans(self) -> Any:
        """Return where rows of both lie between two blocks: from and to in ours, from and to in theirs."""
        rows = (len(self.ours), len(self.theirs))
        bounds = [np.concatenate([[0], bounds, [count]]) for bounds, count in zip(self._bounds, rows, strict=True)]
        spans = np.stack([bounds[0][:-1], bounds[0][1:], bounds[1][:-1], bounds[1][1:]], axis=1)
        return spans[(spans[:, 1] > spans[:, 0]) & (spans[:, 3] > spans[:, 2])]

    def _overlaps(self, pair: Pair) -> bool:
        """True when at least half of the different values of the side that has fewer stand on the other."""
        a, b = self._sides
        ours, theirs = np.unique(row_hashes(a, [pair.a], *self._a)), np.unique(row_hashes(b, [pair.b], *self._b))
        return len(np.intersect1d(ours, theirs, assume_unique=True)) * 2 >= min(len(ours), len(theirs))


def dense(blocks: Blocks, changed: Any) -> Blocks:
    """Return the runs of rows, behind one another, of which at least half seem changed."""
    rows = np.flatnonzero(changed)
    if len(rows) < DENSE:
        return whole(0)
    bounds: Any = np.flatnonzero(np.diff(rows) > _APART) + 1
    first, last = rows[np.concatenate([[0], bounds])], rows[np.concatenate([bounds - 1, [len(rows) - 1]])]
    counts = np.diff(np.concatenate([[0], bounds, [len(rows)]]))
    is_dense = (last - first + 1 >= DENSE) & (counts * 2 >= last - first + 1)
    return _between(blocks, first[is_dense].tolist(), (last[is_dense] + 1).tolist())


def _between(blocks: Blocks, lows: list[int], highs: list[int]) -> Blocks:
    """Return the pairs of which the row of b lies between two of these."""
    parts = []
    for low, high in zip(lows, highs, strict=True):
        place = max(0, int(np.searchsorted(blocks.b, low, side="right")) - 1)
        while place < len(blocks) and blocks.b[place] < high:
            start, end = max(low, int(blocks.b[place])), min(high, int(blocks.b[place] + blocks.length[place]))
            if end > start:
                parts.append((int(blocks.a[place]) + start - int(blocks.b[place]), start, end - start))
            place += 1
    a, b, length = (np.array([part[which] for part in parts], np.int64) for which in range(3))
    return Blocks(a, b, length)
