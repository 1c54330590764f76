"""Evenly: a few of many things, at even distances, the first and the last among them."""

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def evenly(items: Sequence[T], limit: int) -> tuple[T, ...]:
    """Return `limit` of the items, all of them when they are no more; of two or more, the first and the last are there.

    >>> evenly(range(10), 4), evenly("abc", 5), evenly("abc", 1)
    ((0, 3, 6, 9), ('a', 'b', 'c'), ('a',))
    """
    count = min(len(items), limit)
    if count < 2:
        return tuple(items[:count])
    return tuple(items[round(number * (len(items) - 1) / (count - 1))] for number in range(count))
