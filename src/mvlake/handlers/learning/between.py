"""Between: how the numbers that two models learned differ, kind by kind and part by part."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from mvlake.compare.learned import WeightDiff, WeightKind, WeightsDiff
from mvlake.handlers.learning.rows import absent_row, array_row, number_row
from mvlake.handlers.learning.trees import tree_rows
from mvlake.handlers.learning.weights import Place, Weights

MOST_ROWS = 50
MOST_GROUPS = 40
_ARRAYS = (WeightKind.LAYERS, WeightKind.CENTRES)


def weights_between(a: Iterable[Weights], b: Iterable[Weights]) -> tuple[WeightsDiff, ...]:
    """Return what both learned, side by side, in b's order; then what only a has."""
    ours, theirs = ({one.place: one for one in side} for side in (a, b))
    places = [*theirs, *(place for place in ours if place not in theirs)]
    return tuple(_group(place, ours.get(place), theirs.get(place)) for place in places[:MOST_GROUPS])


def _group(place: Place, a: Weights | None, b: Weights | None) -> WeightsDiff:
    kind, part = place
    there = b if b is not None else a
    assert there is not None  # a place is of one side at least
    if a is None or b is None:
        count = len(there.values) if kind is WeightKind.TREES else len(there.names)
        return WeightsDiff(kind, part, count, count, (), f"only in {'a' if b is None else 'b'}")
    if kind is WeightKind.TREES:
        rows, told = tree_rows(a.values, b.values)
        return _told(place, rows, _joined(there.note, told))
    if kind is WeightKind.CENTRES:
        return _told(place, _centres(a, b), there.note)
    if kind in _ARRAYS:
        return _told(place, _arrays(a, b), there.note)
    return _numbers(place, a, b)


def _told(place: Place, rows: Sequence[WeightDiff], note: str) -> WeightsDiff:
    """Return the rows that differ, the largest change first: of arrays the relative one, for layers differ in size."""
    differing = [one for one in rows if one.apart != 0.0]
    if place[0] is not WeightKind.TREES:
        differing.sort(key=lambda one: (one.apart is not None, -_size(one, is_relative=place[0] is WeightKind.LAYERS)))
    return WeightsDiff(*place, len(rows), len(differing), tuple(differing[:MOST_ROWS]), note)


def _size(row: WeightDiff, *, is_relative: bool) -> float:
    found = row.relative if is_relative and row.relative is not None else row.apart
    return found if found is not None else max(abs(row.a or 0.0), abs(row.b or 0.0))


def _numbers(place: Place, a: Weights, b: Weights) -> WeightsDiff:
    """Return numbers by their names; of many only those that changed most become rows."""
    names, ours, theirs = _aligned(a, b)
    with np.errstate(all="ignore"):
        is_same = (ours == theirs) | (np.isnan(ours) & np.isnan(theirs))
        far = np.where(is_same, 0.0, np.abs(theirs - ours))
    far = np.where(np.isnan(far), np.inf, far)
    has_a, has_b = set(a.names), set(b.names)
    far = np.where([name in has_a and name in has_b for name in names], far, np.inf)  # what one side has alone comes first
    order = np.argsort(-far, kind="stable")[:MOST_ROWS]
    rows = []
    for at in order.tolist():
        if far[at]:
            pair = float(ours[at]) if names[at] in has_a else None, float(theirs[at]) if names[at] in has_b else None
            rows.append(absent_row(names[at], *pair) if None in pair else number_row(names[at], *pair))
    return WeightsDiff(*place, len(names), int((far > 0).sum()), tuple(rows), b.note)


def _aligned(a: Weights, b: Weights) -> tuple[list[str], Any, Any]:
    """Return all names, b's first, and the numbers of both for them, NaN where one has none."""
    ours, theirs = ({name: place for place, name in enumerate(one.names)} for one in (a, b))
    names = [*theirs, *(name for name in ours if name not in theirs)]
    found = []
    for places, weights in ((ours, a), (theirs, b)):
        numbers = np.asarray(weights.values, dtype=np.float64)
        at = np.asarray([places.get(name, -1) for name in names], dtype=np.int64)
        padded: Any = np.append(numbers, np.nan)  # place -1
        found.append(padded[at])
    return names, found[0], found[1]


def _arrays(a: Weights, b: Weights) -> list[WeightDiff]:
    ours, theirs = (dict(zip(one.names, one.values, strict=True)) for one in (a, b))
    names = [*theirs, *(name for name in ours if name not in theirs)]
    return [array_row(name, ours.get(name), theirs.get(name)) for name in names]


def _centres(a: Weights, b: Weights) -> list[WeightDiff]:
    """Return the centres of a, each with that one of b which is nearest, so that the sum of all distances is least."""
    if not len(a.values) or not len(b.values) or a.values[0].shape != b.values[0].shape:
        return [array_row(name, one, None) for name, one in zip(a.names, a.values, strict=True)] + [
            array_row(name, None, one) for name, one in zip(b.names, b.values, strict=True)
        ]
    from scipy.optimize import linear_sum_assignment

    left, right = (np.nan_to_num(np.stack(one.values)) for one in (a, b))
    far = np.sqrt(np.maximum(0.0, ((left[:, None, :] - right[None, :, :]) ** 2).sum(axis=2)))
    pairs = [one.tolist() for one in linear_sum_assignment(far)]
    rows = [
        array_row(a.names[i], a.values[i], b.values[j], "" if a.names[i] == b.names[j] else f"{b.names[j]} of b")
        for i, j in zip(*pairs, strict=True)
    ]
    rows += [array_row(a.names[i], a.values[i], None) for i in range(len(a.values)) if i not in pairs[0]]
    return rows + [array_row(b.names[j], None, b.values[j]) for j in range(len(b.values)) if j not in pairs[1]]


def _joined(note: str, more: str) -> str:
    return f"{note}; {more}" if note else more
