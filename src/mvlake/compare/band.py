"""Band: between which values one more run of a metric lies, from the values of runs that were recorded."""

import math
import statistics
from collections.abc import Sequence
from functools import lru_cache

FEWEST = 5
"""How many runs it takes to know a band."""

_INSIDE = 0.99
_MOST = 10_000  # degrees of freedom; more change no digit that anybody reads


def band(values: Sequence[float]) -> tuple[float, float] | None:
    """Return between which values one more run would lie, 99 times in 100 if runs spread normally; None of too few runs.

    It is the prediction interval: mean ± t · s · √(1 + 1/n), with t of Student's distribution for n - 1.

    >>> [round(edge, 3) for edge in band([0.8, 0.82, 0.81, 0.79, 0.8])]
    [0.746, 0.862]
    """
    if len(values) < FEWEST or not all(map(math.isfinite, values)):
        return None
    try:
        mean, deviation = statistics.fmean(values), statistics.stdev(values)
    except OverflowError:  # their extremes are all that can be said of them
        return min(values), max(values)
    reach = student(len(values) - 1) * deviation * math.sqrt(1 + 1 / len(values))
    return mean - reach, mean + reach


@lru_cache(maxsize=256)
def student(freedom: int) -> float:
    """Return the t within which 99 % of Student's distribution lie on both sides of zero.

    >>> round(student(4), 3), round(student(10_000), 3)
    (4.604, 2.576)
    """
    freedom = min(freedom, _MOST)
    low, high = 0.0, 100.0  # of one degree of freedom it is 63.7
    while (middle := (low + high) / 2) not in (low, high):
        low, high = (middle, high) if _within(middle, freedom) < _INSIDE else (low, middle)
    return high


def _within(t: float, freedom: int) -> float:
    """Return how much of the distribution lies between -t and t: the finite sums of Abramowitz and Stegun, 26.7.3 and 26.7.4."""
    angle = math.atan(t / math.sqrt(freedom))
    sine, cosine = math.sin(angle), math.cos(angle)
    is_odd = freedom % 2 == 1
    term = cosine if is_odd else 1.0
    total = term if freedom > 1 else 0.0
    for step in range(3 if is_odd else 2, freedom - 1, 2):
        term *= cosine * cosine * (step - 1) / step
        total += term
    return 2 / math.pi * (angle + sine * total) if is_odd else sine * total
