"""Spread: how an array of numbers is spread, and two of them between the same edges; what is not finite is counted apart."""

import math
from typing import Any

import numpy as np

from mvlake.compare.predicted import Histogram, Spread

BINS = 20


def spread_of(numbers: Any) -> Spread:
    """Return how the numbers of an array are spread; quartiles are interpolated linearly, as `numpy.quantile` does."""
    there = finite(numbers)
    unsaid = int(np.size(numbers)) - there.size
    if not there.size:
        return Spread(0, unsaid, *[None] * 7)
    told = (there.mean(), there.std(), *np.quantile(there, [0, 0.25, 0.5, 0.75, 1]))
    return Spread(int(there.size), unsaid, *[said(one) for one in told])


def histogram_of(a: Any, b: Any, *, low: float | None = None, high: float | None = None) -> Histogram:
    """Return both arrays between edges that stand equally far apart, from the lowest number of either to the highest."""
    before, after = finite(a), finite(b)
    both = np.concatenate([before, after])
    if not both.size:
        return Histogram((), (), ())
    start = float(both.min()) if low is None else low
    stop = float(both.max()) if high is None else high
    if not math.isfinite(stop - start):
        return Histogram((), (), ())
    edges = np.linspace(start, stop, BINS + 1) if stop > start else np.array([start, start])
    if not (np.diff(edges) > 0).all():  # neighbours among the floats have nothing between them
        edges = np.array([start, stop])
    counts = (np.histogram(one, edges)[0] if edges[0] < edges[-1] else np.array([one.size]) for one in (before, after))
    return Histogram(tuple(edges.tolist()), *[tuple(one.tolist()) for one in counts])


def finite(numbers: Any) -> Any:
    """Return the finite numbers of an array as float64, in one row."""
    wide = np.asarray(numbers, dtype=np.float64).reshape(-1)
    return wide[np.isfinite(wide)]


def said(number: Any) -> float | None:
    """Return a number that a document can say, None for one that is not finite."""
    value = float(number)
    return value if math.isfinite(value) else None
