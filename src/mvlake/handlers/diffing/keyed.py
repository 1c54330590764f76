"""Keyed: rows that are each other because they have the same key.

A key is a hash of 64 bits of the columns that make it up. Of rows with one key the first is the first, the second the second, and
so on. Keys are taken in as many parts as it takes for no part to have many more than `PART` rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mvlake.handlers.diffing.blocks import Blocks, joined, of_pairs, whole
from mvlake.handlers.diffing.scan import row_hashes
from mvlake.handlers.diffing.schema import Pair
from mvlake.handlers.diffing.side import WINDOW, Side, SideColumn

PART = 1 << 24


@dataclass(frozen=True, slots=True)
class Keyed:
    """Which rows have one key, and how many rows of a and of b have a key that another row before them has too."""

    blocks: Blocks
    again_a: int
    again_b: int


def by_key(a: Side, b: Side, key: Sequence[Pair], part: int = PART) -> Keyed:
    """Return which rows have the same key."""
    ours, theirs = [one.a for one in key], [one.b for one in key]
    count = 1
    while max(a.rows, b.rows) > part * count:
        count *= 2
    found = [_part(a, b, ours, theirs, number, count) for number in range(count)]
    blocks = joined([one.blocks for one in found if len(one.blocks)]) if any(len(one.blocks) for one in found) else whole(0)
    return Keyed(blocks, sum(one.again_a for one in found), sum(one.again_b for one in found))


def _part(a: Side, b: Side, ours: Sequence[SideColumn], theirs: Sequence[SideColumn], number: int, count: int) -> Keyed:
    (left, rows_a), (right, rows_b) = _hashes(a, ours, number, count), _hashes(b, theirs, number, count)
    one, again_a = _ranked(left)
    other, again_b = (one, again_a) if left is right else _ranked(right)
    if len(left) == len(right) and bool((left == right).all()):
        return Keyed(of_pairs(rows_a, rows_b) if rows_a is not None else whole(len(left)), again_a, again_b)
    places = pc.index_in(pa.array(other), value_set=pa.array(one)).fill_null(-1).to_numpy()
    second = np.flatnonzero(places >= 0)
    first = places[second].astype(np.int64)
    if rows_a is not None:
        first, second = rows_a[first], rows_b[second]
    return Keyed(of_pairs(first, second), again_a, again_b)


def _hashes(side: Side, columns: Sequence[SideColumn], number: int, count: int) -> tuple[Any, Any]:
    """Return the hashes of one part of the keys and the rows they belong to; None for all rows."""
    if count == 1:
        return row_hashes(side, columns, np.zeros(1, np.int64), np.array([side.rows], np.int64)), None
    hashes: list[Any] = []
    rows: list[Any] = []
    step = 8 * WINDOW
    for start in range(0, side.rows, step):
        found = row_hashes(side, columns, np.array([start], np.int64), np.array([min(step, side.rows - start)], np.int64))
        some = np.flatnonzero(found & np.uint64(count - 1) == np.uint64(number))
        hashes.append(found[some])
        rows.append(some + start)
    return np.concatenate(hashes), np.concatenate(rows)


def _ranked(hashes: Any) -> tuple[Any, int]:
    """Return hashes of which each stands once, those that stand again being others, and how many these are."""
    sorted_ = np.sort(hashes)
    again = np.concatenate([[False], sorted_[1:] == sorted_[:-1]]) if len(hashes) else np.zeros(0, bool)
    count = int(again.sum())
    if not count:
        return hashes, 0
    order = np.argsort(hashes, kind="stable")
    begins = np.flatnonzero(~again)
    ranks = np.arange(len(hashes)) - np.repeat(begins, np.diff(np.concatenate([begins, [len(hashes)]])))
    found = hashes.copy()
    found[order] += ranks.astype(np.uint64) * np.uint64(0xD6E8FEB86659FD93)
    return found, count


def found_key(a: Side, b: Side, pairs: Sequence[Pair]) -> tuple[Pair, ...]:
    """Return the columns by which rows can be known, none where there are none.

    That is the index, where it is no mere numbering, or else one column of whole numbers, texts or the like, whose name ends as
    those of keys do, or which is the first: without a null, without a value that stands twice on either side, and with at least
    half of the values of the shorter side on the other.
    """
    levels = tuple(pair for pair in pairs if pair.a.is_index)
    columns = [pair for pair in pairs if not pair.a.is_index]
    singles = [pair for pair in columns if _is_called_key(pair.b.name)] + columns[:1]
    candidates = [levels] if levels else []
    candidates += [(pair,) for pair in singles[:_LOOKED_AT]]
    tried = 0
    for candidate in candidates:
        if tried < _TRIED and all(_may_be_key(a, b, pair) for pair in candidate):
            tried += 1
            if _is_key(a, b, candidate):
                return candidate
    return ()


_LOOKED_AT = 32
_TRIED = 3
_SAMPLE = 4096


def _is_called_key(name: str) -> bool:
    word = name.lower()
    return word.endswith(("id", "key", "uuid", "guid", "code", "number", "nr", "no")) or word in ("index", "name")


def _may_be_key(a: Side, b: Side, pair: Pair) -> bool:
    """True when the first rows are of a type that keys have, without a null, and all different."""
    if pair.is_retyped:
        return False
    for side, column in ((a, pair.a), (b, pair.b)):
        rows = min(side.rows, _SAMPLE)
        values = column.read(0, rows)
        kind = str(values.type)
        if kind.startswith(("float", "double", "half", "bool", "list", "struct", "map", "fixed", "large_list", "null")):
            return False
        if values.null_count or len(np.unique(row_hashes(side, [column], np.zeros(1, np.int64), np.array([rows])))) < rows:
            return False
    return True


def _is_key(a: Side, b: Side, key: tuple[Pair, ...]) -> bool:
    for side, columns in ((a, [pair.a for pair in key]), (b, [pair.b for pair in key])):
        for column in columns:
            if any(column.read(at, min(at + WINDOW, side.rows)).null_count for at in range(0, side.rows, WINDOW)):
                return False
    found = by_key(a, b, key)
    return not found.again_a and not found.again_b and found.blocks.rows * 2 >= min(a.rows, b.rows) > 0
