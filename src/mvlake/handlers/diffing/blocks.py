"""Blocks: which rows of a are which of b, as runs in which both go on by one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

_MANY = 1 << 16


@dataclass(frozen=True, slots=True)
class Blocks:
    """Runs of rows that belong together: `length` rows from `a` on in a are those from `b` on in b. No row is in two runs.

    They stand in the order of b.
    """

    a: Any
    b: Any
    length: Any

    def __len__(self) -> int:
        return len(self.length)

    @property
    def rows(self) -> int:
        """How many rows both sides have."""
        return int(self.length.sum())

    def places(self) -> tuple[Any, Any]:
        """Return the rows of a and of b, one for each pair."""
        return expanded(self.a, self.length), expanded(self.b, self.length)

    def swapped(self) -> "Blocks":
        """Return the same with a for b."""
        if len(self) > _MANY:
            return of_pairs(*reversed(self.places()))
        return ordered(self.b, self.a, self.length)

    def runs(self) -> Iterator[tuple[int, int, int]]:
        """Yield the runs one by one."""
        yield from zip(self.a.tolist(), self.b.tolist(), self.length.tolist(), strict=True)


def expanded(starts: Any, lengths: Any) -> Any:
    """Return the numbers from each start on, as many as its length says, one run after another."""
    starts, lengths = np.asarray(starts, np.int64), np.asarray(lengths, np.int64)
    total = int(lengths.sum())
    if len(starts) == 1:
        return np.arange(starts[0], starts[0] + total, dtype=np.int64)
    if total == len(starts) and bool((lengths == 1).all()):
        return starts
    before = np.cumsum(lengths) - lengths
    return np.arange(total, dtype=np.int64) + np.repeat(starts - before, lengths)


def whole(rows: int) -> Blocks:
    """Return the blocks of two sides whose rows stand at the same places."""
    count = 1 if rows else 0
    return Blocks(np.zeros(count, np.int64), np.zeros(count, np.int64), np.full(count, rows, np.int64))


def ordered(a: Any, b: Any, length: Any) -> Blocks:
    """Return runs as blocks: in the order of b, joined where one goes on as the other ended, without empty ones."""
    a, b, length = (np.asarray(one, np.int64) for one in (a, b, length))
    keep = length > 0
    a, b, length = a[keep], b[keep], length[keep]
    if len(b) > 1 and not (b[1:] > b[:-1]).all():
        order = np.argsort(b)
        a, b, length = a[order], b[order], length[order]
    if len(b) < 2:
        return Blocks(a, b, length)
    begins = np.concatenate([[True], (a[1:] != a[:-1] + length[:-1]) | (b[1:] != b[:-1] + length[:-1])])
    first = np.flatnonzero(begins)
    return Blocks(a[first], b[first], np.add.reduceat(length, first))


def of_pairs(a: Any, b: Any) -> Blocks:
    """Return pairs of rows as blocks."""
    if len(b) > _MANY and not (b[1:] > b[:-1]).all():
        partner: Any = np.full(int(b.max()) + 1, -1, np.int64)  # faster than sorting
        partner[b] = a
        b = np.flatnonzero(partner >= 0)
        a = partner[b]
    return ordered(a, b, np.ones(len(a), np.int64))


def missing(starts: Any, lengths: Any, rows: int) -> tuple[Any, Any]:
    """Return the runs (starts and lengths) of the rows that are in none of these."""
    if len(starts) > _MANY:
        return runs_of(np.flatnonzero(~marked(expanded(starts, lengths), rows)))
    order = np.argsort(starts)
    begins, ends = starts[order], starts[order] + lengths[order]
    lows = np.concatenate([[0], ends]).astype(np.int64)
    highs = np.concatenate([begins, [rows]]).astype(np.int64)
    some = highs > lows
    return lows[some], (highs - lows)[some]


def marked(places: Any, rows: int) -> Any:
    """Return for each row whether it is among these."""
    found: Any = np.zeros(rows, bool)
    found[places] = True
    return found


def runs_of(rows: Any) -> tuple[Any, Any]:
    """Return ascending rows as runs: where they start, and how long they are."""
    if not len(rows):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    first = np.flatnonzero(np.concatenate([[True], np.diff(rows) != 1]))
    return rows[first], np.diff(np.concatenate([first, [len(rows)]]))


def joined(parts: list[Blocks]) -> Blocks:
    """Return blocks of several regions as one."""
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return whole(0)
    return ordered(*(np.concatenate([getattr(part, name) for part in parts]) for name in ("a", "b", "length")))


def without(blocks: Blocks, known: Blocks) -> Blocks:
    """Return what is left of blocks when those pairs are taken out that `known`, which is in order on both sides, has too."""
    if not len(known) or not len(blocks):
        return blocks
    if all(np.array_equal(one, other) for one, other in zip(_arrays(blocks), _arrays(known), strict=True)):
        return whole(0)
    if len(blocks) * len(known) <= _EVERY:
        return _cut(blocks, known)
    return _cut_rows(blocks, known) if known.rows < len(known) * _LONG else _cut_long(blocks, known)


_EVERY = 1 << 16
_LONG = 256


def _arrays(blocks: Blocks) -> tuple[Any, Any, Any]:
    return blocks.a, blocks.b, blocks.length


def _cut_rows(blocks: Blocks, known: Blocks) -> Blocks:
    """Take them out row by row."""
    (ours, theirs), (known_a, known_b) = blocks.places(), known.places()
    partner: Any = np.full(1 + max(int(theirs.max()), int(known_b.max())), -1, np.int64)
    partner[known_b] = known_a
    left = partner[theirs] != ours
    return of_pairs(ours[left], theirs[left])


def _cut_long(blocks: Blocks, known: Blocks) -> Blocks:
    """Take them out of long blocks alone: where rows stand in no order, looking at them costs less than finding out."""
    is_long = blocks.length >= _LONG
    long = Blocks(blocks.a[is_long], blocks.b[is_long], blocks.length[is_long])
    rest = Blocks(blocks.a[~is_long], blocks.b[~is_long], blocks.length[~is_long])
    return joined([rest, _cut(long, known)])


def _cut(blocks: Blocks, known: Blocks) -> Blocks:
    """Walk along both in the order of b."""
    a: list[int] = []
    b: list[int] = []
    length: list[int] = []
    others = list(known.runs())
    first = 0
    for start_a, start_b, count in blocks.runs():
        at, end = start_b, start_b + count
        while first < len(others) and others[first][1] + others[first][2] <= start_b:
            first += 1
        place = first
        while place < len(others) and others[place][1] < end:
            known_a, known_b, known_count = others[place]
            place += 1
            if known_a - known_b != start_a - start_b:
                continue
            low, high = max(at, known_b), min(end, known_b + known_count)
            if low > at:
                a.append(at - start_b + start_a)
                b.append(at)
                length.append(low - at)
            at = max(at, high)
        if at < end:
            a.append(at - start_b + start_a)
            b.append(at)
            length.append(end - at)
    return ordered(a, b, length)


def within(blocks: Blocks, rows_a: Any, rows_b: Any) -> Blocks:
    """Return the pairs of which one is among these ascending rows of a, or of b."""
    picked = []
    for starts, others, rows in ((blocks.a, blocks.b, rows_a), (blocks.b, blocks.a, rows_b)):
        if rows is None or not len(rows) or not len(blocks):
            continue
        order = np.argsort(starts)
        which = order[np.maximum(np.searchsorted(starts[order], rows, side="right") - 1, 0)]
        gone = rows - starts[which]
        inside = (gone >= 0) & (gone < blocks.length[which])
        pair = rows[inside], (others[which] + gone)[inside]
        picked.append(pair if starts is blocks.a else pair[::-1])
    if not picked:
        return whole(0)
    a, b = (np.concatenate([one[side] for one in picked]) for side in (0, 1))
    b, first = np.unique(b, return_index=True)
    return of_pairs(a[first], b)


def union(one: Blocks, other: Blocks) -> Blocks:
    """Return the pairs of both, each once."""
    if not len(other):
        return one
    if not len(one):
        return other
    a, b = (np.concatenate([mine, theirs]) for mine, theirs in zip(one.places(), other.places(), strict=True))
    b, first = np.unique(b, return_index=True)
    return of_pairs(a[first], b)
