"""Matching: which rows of one run of hashes are which of another, in order, and which moved.

Rows that stand once on both sides come first, as many as keep their order; then what touches them; then, in what is left between
two of them, the same again. Where few rows are left, the longest common subsequence decides.
"""

from typing import Any

import numpy as np

from mvlake.handlers.diffing.blocks import expanded
from mvlake.handlers.diffing.order import in_order
from mvlake.handlers.diffing.row_hashes import mixed

NONE = -1
_TABLE = 1 << 16  # pairs of rows of which each is looked at
_MOST_GAPS = 20_000
_DEEPEST = 8
_SHINGLE = 16


def align(ours: Any, theirs: Any) -> Any:
    """Return for each of their rows which of ours it is, NONE where it is none: ascending, and equal hashes alone."""
    found: Any = np.full(len(theirs), NONE, np.int64)
    _align(ours, theirs, (0, len(ours)), (0, len(theirs)), found, 0)
    return found


def add_moved(ours: Any, theirs: Any, found: Any) -> None:
    """Find rows that are left on both sides, and stand there once: those moved."""
    left, right = left_over(len(ours), found)
    one, other = _once_in_both(ours[left], theirs[right])
    found[right[other]] = left[one]


def left_over(rows: int, found: Any) -> tuple[Any, Any]:
    """Return the rows of ours and of theirs that belong to none."""
    free: Any = np.ones(rows, bool)
    free[found[found >= 0]] = False
    return np.flatnonzero(free), np.flatnonzero(found < 0)


def pair_between(rows: int, found: Any, bounds: tuple[Any, Any]) -> None:
    """Let rows that are left between the same neighbours be each other, in order, where both sides have as many.

    Neighbours are rows that are each other, and `bounds`: rows of ours and of theirs before which something else stands.
    """
    here = np.flatnonzero(found >= 0)
    stays = here[in_order(found[here], np.ones(len(here), np.int64))] if len(here) else here
    left, right = left_over(rows, found)
    if not len(left) or not len(right):
        return
    # A gap is known by how many rows that stay stand before it, and how many bounds.
    many = len(bounds[0]) + 1
    ours = np.searchsorted(found[stays], left) * many + np.searchsorted(bounds[0], left, side="right")
    theirs = np.searchsorted(stays, right) * many + np.searchsorted(bounds[1], right, side="right")
    gaps, first, count = np.unique(ours, return_index=True, return_counts=True)
    others, second, counts = np.unique(theirs, return_index=True, return_counts=True)
    _, one, other = np.intersect1d(gaps, others, assume_unique=True, return_indices=True)
    even = count[one] == counts[other]
    first, second, length = first[one][even], second[other][even], count[one][even]
    found[right[expanded(second, length)]] = left[expanded(first, length)]


def _align(ours: Any, theirs: Any, a: tuple[int, int], b: tuple[int, int], found: Any, depth: int) -> None:
    a, b = _trimmed(ours, theirs, a, b, found)
    if a[0] == a[1] or b[0] == b[1]:
        return
    if (a[1] - a[0]) * (b[1] - b[0]) <= _TABLE:
        _longest(ours, theirs, a, b, found)
        return
    one, other = _anchors(ours[slice(*a)], theirs[slice(*b)])
    if not len(one) or depth > _DEEPEST:
        return
    found[other + b[0]] = one + a[0]
    one, other = one + a[0], other + b[0]
    before_a, before_b = np.concatenate([[a[0]], one + 1]), np.concatenate([[b[0]], other + 1])
    after_a, after_b = np.concatenate([one, [a[1]]]), np.concatenate([other, [b[1]]])
    gaps = np.flatnonzero((after_a > before_a) & (after_b > before_b))
    single = gaps[(after_a[gaps] - before_a[gaps] == 1) & (after_b[gaps] - before_b[gaps] == 1)]
    same = single[ours[before_a[single]] == theirs[before_b[single]]]
    found[before_b[same]] = before_a[same]
    rest = np.setdiff1d(gaps, single, assume_unique=True)
    if len(rest) > _MOST_GAPS:
        _straight(ours, theirs, (before_a[rest], after_a[rest]), (before_b[rest], after_b[rest]), found)
        return
    for gap in rest.tolist():
        span_a, span_b = (int(before_a[gap]), int(after_a[gap])), (int(before_b[gap]), int(after_b[gap]))
        _align(ours, theirs, span_a, span_b, found, depth + 1)


def _straight(ours: Any, theirs: Any, a: tuple[Any, Any], b: tuple[Any, Any], found: Any) -> None:
    """Let equal rows at the same distance from the beginning of their gap be each other: of very many gaps, no more is asked."""
    lengths = np.minimum(a[1] - a[0], b[1] - b[0])
    left, right = expanded(a[0], lengths), expanded(b[0], lengths)
    same = ours[left] == theirs[right]
    found[right[same]] = left[same]


def _trimmed(ours: Any, theirs: Any, a: tuple[int, int], b: tuple[int, int], found: Any) -> tuple[tuple[int, int], tuple[int, int]]:
    """Match the rows that both begin and end with; return what is left."""
    count = min(a[1] - a[0], b[1] - b[0])
    unlike = ours[a[0] : a[0] + count] != theirs[b[0] : b[0] + count]
    low = int(np.argmax(unlike)) if unlike.any() else count
    found[b[0] : b[0] + low] = np.arange(a[0], a[0] + low)
    count -= low
    unlike = (ours[a[1] - count : a[1]] != theirs[b[1] - count : b[1]])[::-1]
    high = int(np.argmax(unlike)) if unlike.any() else count
    found[b[1] - high : b[1]] = np.arange(a[1] - high, a[1])
    return (a[0] + low, a[1] - high), (b[0] + low, b[1] - high)


def _anchors(ours: Any, theirs: Any) -> tuple[Any, Any]:
    """Return rows that are sure to be each other, ascending on both sides: those that stand once, or run after run."""
    one, other = _kept(*_once_in_both(ours, theirs))
    if len(one) or min(len(ours), len(theirs)) < 2 * _SHINGLE:
        return one, other
    return _kept(*_once_in_both(_shingles(ours), _shingles(theirs)))


def _kept(one: Any, other: Any) -> tuple[Any, Any]:
    stays = in_order(one, np.ones(len(one), np.int64))
    return one[stays], other[stays]


def _once_in_both(ours: Any, theirs: Any) -> tuple[Any, Any]:
    """Return where the hashes stand that each side has once, in the order of theirs."""
    mine, first, count = np.unique(ours, return_index=True, return_counts=True)
    their, second, counts = np.unique(theirs, return_index=True, return_counts=True)
    mine, first, their, second = mine[count == 1], first[count == 1], their[counts == 1], second[counts == 1]
    _, left, right = np.intersect1d(mine, their, assume_unique=True, return_indices=True)
    one, other = first[left], second[right]
    order = np.argsort(other)
    return one[order], other[order]


def _shingles(hashes: Any) -> Any:
    """Return a hash of each row with those behind it."""
    count = len(hashes) - _SHINGLE + 1
    found: Any = np.zeros(count, np.uint64)
    for place in range(_SHINGLE):
        found += mixed(hashes[place : place + count] + np.uint64(place + 1))
    return found


def _longest(ours: Any, theirs: Any, a: tuple[int, int], b: tuple[int, int], found: Any) -> None:
    """Match a longest common subsequence."""
    left, right = ours[slice(*a)], theirs[slice(*b)]
    equal = left[:, None] == right[None, :]
    if not equal.any():
        return
    rows, columns = equal.shape
    best: Any = np.zeros((rows + 1, columns + 1), np.int32)
    for row in range(rows - 1, -1, -1):
        taken = np.where(equal[row], best[row + 1, 1:] + 1, best[row + 1, :-1])
        best[row, :-1] = np.maximum.accumulate(taken[::-1])[::-1]
    row = column = 0
    while row < rows and column < columns:
        if equal[row, column] and best[row, column] == best[row + 1, column + 1] + 1:
            found[b[0] + column] = a[0] + row
            row, column = row + 1, column + 1
        elif best[row + 1, column] >= best[row, column + 1]:
            row += 1
        else:
            column += 1
