"""Cumulative: what a profile tells of how many values lie below a point: an estimate, and the bounds that are certain."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from mvlake.compare.counted import Bound

SAMPLING = 0.008
"""What a sample of a profile may be off in the share below any point (`handlers.profiling.numbers`)."""


@dataclass(frozen=True, slots=True)
class Cumulative:
    """Shares of the values that lie below points: `edges` with `below` of a histogram, `cuts` with `at` of quantiles.

    `off` is what any of them may be off, as it was taken of a sample. `low` and `high` are the ends of all values.
    """

    low: float
    high: float
    edges: tuple[float, ...]
    below: tuple[float, ...]
    cuts: tuple[float, ...] = ()
    at: tuple[float, ...] = ()
    off: float = 0.0
    one: float = 0.0
    """The share of a single value: by so much a quantile's share is not the share below it."""

    @classmethod
    def of(
        cls,
        ends: tuple[float, float],
        edges: Sequence[float],
        counts: Sequence[int],
        quantiles: Sequence[tuple[float, float]] = (),
        *,
        is_sample: bool = False,
    ) -> "Cumulative | None":
        """Return what a histogram and quantiles (share and value) tell; None where they tell nothing."""
        total = sum(counts)
        low, high = ends
        if low == high:
            return cls(low, high, (), ())
        if not total or not low < high:
            return None
        below = tuple(count / total for count in accumulate(counts, initial=0))
        told = sorted(quantiles, key=lambda one: one[::-1])
        return cls(
            low,
            high,
            tuple(edges),
            below,
            tuple(value for _, value in told),
            tuple(share for share, _ in told),
            SAMPLING if is_sample else 0.0,
            1 / total,
        )

    def below_point(self, x: float) -> Bound:
        """Return the share of the values below a point."""
        if x <= self.low:
            return Bound.exact(0.0)
        if x > self.high:
            return Bound.exact(1.0)
        place = bisect_right(self.edges, x)
        floor = self.below[min(place - 1, len(self.below) - 2)] if place else 0.0  # the last edge belongs to its bin
        behind = bisect_left(self.edges, x)
        ceiling = self.below[behind] if behind < len(self.below) else 1.0
        cut = bisect_left(self.cuts, x)
        floor = max(floor, self.at[cut - 1] - self.one) if cut else floor
        ceiling = max(min(ceiling, self.at[cut] + self.one), floor) if cut < len(self.cuts) else ceiling
        value = min(max(self._between(x), floor), ceiling)
        return Bound(value, max(floor - self.off, 0.0), min(ceiling + self.off, 1.0))

    def points(self) -> tuple[float, ...]:
        """Return the points of which most is known."""
        return (self.low, *self.edges, *self.cuts, self.high)

    def _between(self, x: float) -> float:
        """Return the share on the straight line between the nearest points on both sides."""
        left, right = (self.low, 0.0), (self.high, 1.0)
        for xs, shares in ((self.edges, self.below), (self.cuts, self.at)):
            place = bisect_right(xs, x)
            if place and xs[place - 1] >= left[0]:
                left = xs[place - 1], max(shares[place - 1], left[1])
            if place < len(xs) and xs[place] <= right[0]:
                right = xs[place], min(shares[place], right[1])
        width = right[0] - left[0]
        return left[1] + (right[1] - left[1]) * (x - left[0]) / width if width > 0 else left[1]


def furthest(a: Cumulative, b: Cumulative) -> Bound:
    """Return Kolmogorov and Smirnov's distance: as estimated at all points of both sides, and what it is at least and at most."""
    points = sorted({*a.points(), *b.points()})
    told = [(a.below_point(x), b.below_point(x)) for x in points] + [(Bound.exact(1.0), Bound.exact(1.0))]
    value = max(abs(p.value - q.value) for p, q in told)
    least = max(max(p.low - q.high, q.low - p.high, 0.0) for p, q in told)
    # Between two points each side lies between its share at the first and at the second.
    most = max(max(after[0].high - before[1].low, after[1].high - before[0].low) for before, after in pairwise(told))
    return Bound(min(max(value, least), most), least, min(most, 1.0))
