"""Order: which of some rows keep their order, so that as few as possible are told as moved."""

from bisect import bisect_left, bisect_right
from typing import Any

import numpy as np

MOST = 1 << 18
"""So many runs out of order are looked at one by one; of more, those that stand behind a later one are told as moved."""


def in_order(places: Any, weights: Any) -> Any:
    """Return which runs stay where they are: those of an ascending subsequence of their places, as heavy as can be."""
    stays: Any = np.ones(len(places), bool)
    if len(places) < 2 or bool((places[1:] > places[:-1]).all()):
        return stays
    highest = np.maximum.accumulate(places)
    lowest = np.minimum.accumulate(places[::-1])[::-1]
    odd = np.flatnonzero((highest != places) | (lowest != places))
    if len(odd) > MOST:
        behind, before = highest == places, lowest == places
        return behind if weights[behind].sum() >= weights[before].sum() else before
    stays[odd] = False
    stays[odd[_heaviest(places[odd].tolist(), weights[odd].tolist())]] = True
    return stays


def _heaviest(places: list[int], weights: list[int]) -> Any:
    """Return the positions of an ascending subsequence of the greatest weight."""
    # The frontier: ends of subsequences and their weights, both ascending; whoever is dominated is gone.
    ends: list[int] = []
    totals: list[int] = []
    at: list[int] = []
    before: list[int] = []
    for position, (place, weight) in enumerate(zip(places, weights, strict=True)):
        slot = bisect_left(ends, place)
        before.append(at[slot - 1] if slot else -1)
        total = weight + (totals[slot - 1] if slot else 0)
        stop = max(slot, bisect_right(totals, total, lo=slot))
        ends[slot:stop], totals[slot:stop], at[slot:stop] = [place], [total], [position]
    found = []
    position = at[-1] if at else -1
    while position >= 0:
        found.append(position)
        position = before[position]
    return np.array(found[::-1], np.int64)
