"""Alignment: which items of two sequences stay, in order, found within a bounded amount of work.

Lines that stand once on both sides are the fixed points (patience diff, Bram Cohen); between two of them Myers' greedy
algorithm finds the shortest script ("An O(ND) Difference Algorithm and Its Variations", Algorithmica 1986). Where that
would take too long nothing is matched: a coarse answer, and still a correct one.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Sequence
from typing import TypeAlias

Pair: TypeAlias = tuple[int, int]
_Span: TypeAlias = tuple[int, int, int, int]

_STEPS = 1_000_000  # of Myers' inner loop, for one alignment: about half a second
_EDITS = 600  # in one gap: the script's memory grows with their square


def aligned(a: Sequence[Hashable], b: Sequence[Hashable]) -> list[Pair]:
    """Return pairs of positions of equal items, increasing in both; a long one, and in most cases the longest.

    >>> aligned("abcd", "xbcy")
    [(1, 1), (2, 2)]
    """
    names: dict[Hashable, int] = {}
    left = [names.setdefault(item, len(names)) for item in a]
    right = [names.setdefault(item, len(names)) for item in b]
    # Either order must give the same pairs, so that a comparison read backwards is its mirror image.
    if _is_swapped(a, b):
        return sorted((i, j) for j, i in _search(right, left))
    return sorted(_search(left, right))


def _is_swapped(a: Sequence[Hashable], b: Sequence[Hashable]) -> bool:
    if len(a) != len(b):
        return len(a) > len(b)
    return next((str(one) > str(other) for one, other in zip(a, b, strict=True) if one != other), False)


def _search(a: list[int], b: list[int]) -> list[Pair]:
    pairs: list[Pair] = []
    steps = _STEPS
    gaps: list[_Span] = [(0, len(a), 0, len(b))]
    while gaps:
        i, end_i, j, end_j = gaps.pop()
        while i < end_i and j < end_j and a[i] == b[j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        while i < end_i and j < end_j and a[end_i - 1] == b[end_j - 1]:
            end_i, end_j = end_i - 1, end_j - 1
            pairs.append((end_i, end_j))
        if i == end_i or j == end_j:
            continue
        anchors = _anchors(a, b, (i, end_i, j, end_j))
        if anchors:
            pairs += anchors
            gaps += _between(anchors, (i, end_i, j, end_j))
        else:
            found, spent = _shortest(a[i:end_i], b[j:end_j], steps)
            pairs += [(i + x, j + y) for x, y in found]
            steps -= spent
    return pairs


def _anchors(a: list[int], b: list[int], span: _Span) -> list[Pair]:
    """Return what stands exactly once on both sides of the span, less what is out of order."""
    i, end_i, j, end_j = span
    in_a, in_b = Counter(a[i:end_i]), Counter(b[j:end_j])
    place = {b[at]: at for at in range(j, end_j) if in_b[b[at]] == 1}
    once = [(at, place[a[at]]) for at in range(i, end_i) if in_a[a[at]] == 1 and a[at] in place]
    return [once[position] for position in _increasing([other for _, other in once])]


def _increasing(values: Sequence[int]) -> list[int]:
    """Return the positions of a longest increasing run of distinct values, skipping what is out of order."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for position, value in enumerate(values):
        place = bisect_left(tails, value)
        before.append(ends[place - 1] if place else -1)
        if place == len(tails):
            tails.append(value)
            ends.append(position)
        else:
            tails[place], ends[place] = value, position
    run: list[int] = []
    position = ends[-1] if ends else -1
    while position >= 0:
        run.append(position)
        position = before[position]
    return run[::-1]


def _between(anchors: list[Pair], span: _Span) -> list[_Span]:
    starts = [(span[0], span[2]), *((i + 1, j + 1) for i, j in anchors)]
    ends = [*anchors, (span[1], span[3])]
    spans = [(i, end_i, j, end_j) for (i, j), (end_i, end_j) in zip(starts, ends, strict=True)]
    return [one for one in spans if one[0] < one[1] and one[2] < one[3]]


def _shortest(a: list[int], b: list[int], budget: int) -> tuple[list[Pair], int]:
    """Return the pairs that the shortest script keeps, none when it is not found within the budget; and the steps it took."""
    spent = 0
    reach = {1: 0}  # the furthest place in a on each diagonal, which is place in a minus place in b
    trail: list[dict[int, int]] = []
    for edits in range(min(len(a) + len(b), _EDITS) + 1):
        trail.append({})
        for diagonal in range(-edits, edits + 1, 2):
            is_down = diagonal == -edits or (diagonal != edits and reach[diagonal - 1] < reach[diagonal + 1])
            i = reach[diagonal + 1] if is_down else reach[diagonal - 1] + 1
            start = i
            while i < len(a) and 0 <= i - diagonal < len(b) and a[i] == b[i - diagonal]:
                i += 1
            spent += 1 + i - start
            reach[diagonal] = trail[-1][diagonal] = i
            if i >= len(a) and i - diagonal >= len(b):
                return _retraced(trail, diagonal), spent
        if spent > budget:
            break
    return [], spent


def _retraced(trail: list[dict[int, int]], diagonal: int) -> list[Pair]:
    pairs: list[Pair] = []
    for edits in range(len(trail) - 1, -1, -1):
        i = trail[edits][diagonal]
        if edits == 0:
            start = 0
        else:
            earlier = trail[edits - 1]
            is_down = diagonal == -edits or (diagonal != edits and earlier.get(diagonal - 1, -1) < earlier.get(diagonal + 1, -1))
            start = earlier[diagonal + 1] if is_down else earlier[diagonal - 1] + 1
        pairs += [(x, x - diagonal) for x in range(start, i)]
        if edits:
            diagonal += 1 if is_down else -1
    return pairs
