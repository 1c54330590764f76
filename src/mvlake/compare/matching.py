"""Matching: which named thing of a is which of b, and the order in which the two are told."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

from mvlake.compare.diff import Change

T = TypeVar("T")


class Match(NamedTuple, Generic[T]):
    """One thing on both sides, or on one; places count from 0."""

    a: T | None
    b: T | None
    a_place: int | None
    b_place: int | None

    @property
    def either(self) -> T:
        """The thing as b has it, else as a has it."""
        found = self.a if self.b is None else self.b
        assert found is not None  # nothing is matched with nothing
        return found


def match(a: Sequence[T], b: Sequence[T], *, name: Callable[[T], Hashable], content: Callable[[T], Hashable]) -> list[Match[T]]:
    """Return everything of a and b, each once: equal names are one thing.

    A name that stands several times is matched by equal content first, then in order.
    """
    theirs: dict[Hashable, list[int]] = defaultdict(list)
    ours: dict[Hashable, list[int]] = defaultdict(list)
    for place, one in enumerate(a):
        ours[name(one)].append(place)
    for place, one in enumerate(b):
        theirs[name(one)].append(place)
    partner: dict[int, int] = {}
    for key, places in ours.items():
        partner |= _partners(places, theirs.get(key, []), lambda i: content(a[i]), lambda j: content(b[j]))
    return in_order(a, b, partner)


def _partners(
    a: list[int], b: list[int], content_a: Callable[[int], Hashable], content_b: Callable[[int], Hashable]
) -> dict[int, int]:
    if len(a) == len(b) == 1:
        return {a[0]: b[0]}
    waiting: dict[Hashable, list[int]] = defaultdict(list)
    for j in reversed(b):
        waiting[content_b(j)].append(j)
    found = {i: waiting[content_a(i)].pop() for i in a if waiting[content_a(i)]}
    taken = set(found.values())
    return found | dict(zip((i for i in a if i not in found), (j for j in b if j not in taken), strict=False))


def in_order(a: Sequence[T], b: Sequence[T], partner: dict[int, int]) -> list[Match[T]]:
    """Return the matches in b's order; what only a has follows what it followed there. `partner` gives b's place of a's."""
    told: list[tuple[int, int, Match[T]]] = []
    last = -1
    for i, one in enumerate(a):
        j = partner.get(i)
        if j is None:
            told.append((last, i + 1, Match(one, None, i, None)))
        else:
            last = j
            told.append((j, 0, Match(one, b[j], i, j)))
    taken = set(partner.values())
    told += [(j, 0, Match(None, one, None, j)) for j, one in enumerate(b) if j not in taken]
    return [entry[2] for entry in sorted(told, key=lambda entry: entry[:2])]


def moved(matches: Iterable[Match[T]]) -> set[int]:
    """Return the places in b of what stands out of order: all that is not part of every longest run which keeps a's order.

    So the one thing that went from last to first has moved, and of two that changed places both have. Read backwards, the same
    things have moved.
    """
    pairs = sorted((one.a_place, one.b_place) for one in matches if one.a_place is not None and one.b_place is not None)
    order = [place for _, place in pairs]
    upto = _lengths(order)
    onward = _lengths([-place for place in reversed(order)])[::-1]
    longest = max(upto, default=0)
    on_a_run = [x for x in range(len(order)) if upto[x] + onward[x] == longest + 1]
    rivals = Counter(upto[x] for x in on_a_run)
    stays = {order[x] for x in on_a_run if rivals[upto[x]] == 1}
    return set(order) - stays


def _lengths(values: list[int]) -> list[int]:
    """Return, for each value, the length of the longest increasing run that ends with it."""
    tails: list[int] = []
    lengths = []
    for value in values:
        place = bisect_left(tails, value)
        tails[place : place + 1] = [value]
        lengths.append(place + 1)
    return lengths


def change_of(a: object, b: object, *, is_same: bool) -> Change:
    """Return what happened to a thing, None where it is absent.

    >>> change_of(None, "x", is_same=False)
    <Change.ADDED: 'added'>
    """
    if a is None:
        return Change.ADDED
    if b is None:
        return Change.REMOVED
    return Change.UNCHANGED if is_same else Change.CHANGED
