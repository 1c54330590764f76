"""Alike: which items of two sequences are the most alike, in order."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeVar

from mvlake.compare.alignment import Pair

T = TypeVar("T")


def dice(a: Counter[str], b: Counter[str]) -> float:
    """Return the share of words in common: twice those of both over those of each (Dice 1945); 0.0 where there is no word.

    >>> dice(Counter("ab"), Counter("bc"))
    0.5
    """
    total = a.total() + b.total()
    return 2 * sum(min(count, b[word]) for word, count in a.items()) / total if total else 0.0


def most_alike(a: Sequence[T], b: Sequence[T], likeness: Callable[[T, T], float], *, key: Callable[[T], str]) -> list[Pair]:
    """Return the pairs of places, increasing in both, whose likeness adds up to the most. It is asked of every pair once.

    A likeness is the same either way round, and 0.0 where two are not to be paired. Of several best answers the `key` decides, for
    both readings alike.
    """
    if [key(one) for one in a] > [key(one) for one in b]:
        return [(i, j) for j, i in most_alike(b, a, likeness, key=key)]
    alike = [[likeness(one, other) for other in b] for one in a]
    best = [[0.0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i in reversed(range(len(a))):
        for j in reversed(range(len(b))):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + alike[i][j])
    pairs: list[Pair] = []
    i = j = 0
    while i < len(a) and j < len(b):
        if alike[i][j] and best[i][j] == best[i + 1][j + 1] + alike[i][j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs
