"""Copies: objects that hold the same things, being shallow copies of one another."""

from collections.abc import Callable, Sequence


def sharing(thing: int, copies: Sequence[tuple[int, int]], group: Callable[[int], int]) -> list[int]:
    """Return the objects that hold what this one holds. `copies` are pairs of a copy and its original, `group` tells what is one.

    >>> sharing(1, [(1, 2), (3, 2), (4, 5)], lambda thing: thing)
    [1, 2, 3]
    """
    ties: dict[int, set[int]] = {}
    for one, other in copies:
        ties.setdefault(group(one), set()).add(other)
        ties.setdefault(group(other), set()).add(one)
    found: set[int] = set()
    waiting, seen = [group(thing)], {group(thing)}
    while waiting:
        for other in ties.get(waiting.pop(), ()):
            found.add(other)
            if group(other) not in seen:
                seen.add(group(other))
                waiting.append(group(other))
    return sorted(found)
