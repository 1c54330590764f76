"""Drift: measures of how far the values of a column moved between two samples: formulas alone.

Shares are those of the same bins or categories on both sides, each side's sum being 1. `a` is the reference: what was then. That
of Kolmogorov and Smirnov needs the values themselves, and is taken of arrays: `handlers.distributions.numbers`.
"""

import math
from collections.abc import Sequence

PSI, KS, JS = "population_stability_index", "kolmogorov_smirnov", "jensen_shannon"
NULLS, NANS = "null_rate_change", "nan_rate_change"
NEW, VANISHED = "new_category_rate", "vanished_category_rate"
LEAST = 1e-4
"""The least share in the population stability index: an empty bin would make it infinite."""


def population_stability_index(a: Sequence[float], b: Sequence[float]) -> float:
    """Return the sum over all bins of (b - a) * ln(b / a): 0 for equal shares, without an upper bound.

    It is the divergence of Jeffreys (1946), used in credit scoring under this name (Siddiqi, Credit Risk Scorecards, 2006). Shares
    below `LEAST` count as `LEAST`.

    >>> round(population_stability_index([0.5, 0.5], [0.25, 0.75]), 4)
    0.2747
    >>> population_stability_index([1.0, 0.0], [1.0, 0.0])
    0.0
    """
    told = [(max(p, LEAST), max(q, LEAST)) for p, q in zip(a, b, strict=True)]
    return math.fsum((q - p) * math.log(q / p) for p, q in told)


def jensen_shannon(a: Sequence[float], b: Sequence[float]) -> float:
    """Return the Jensen-Shannon distance with logarithms to base 2: 0 for equal shares, 1 where no bin is used by both.

    It is the square root of the divergence KL(a, m) / 2 + KL(b, m) / 2 with m = (a + b) / 2 (Lin 1991), which makes it a metric
    (Endres and Schindelin 2003).

    >>> jensen_shannon([1.0, 0.0], [0.0, 1.0]), jensen_shannon([0.5, 0.5], [0.5, 0.5])
    (1.0, 0.0)
    >>> round(jensen_shannon([0.5, 0.5], [0.25, 0.75]), 4)
    0.2209
    """
    halves = [(p, q, (p + q) / 2) for p, q in zip(a, b, strict=True)]
    divergence = math.fsum(_information(p, m) + _information(q, m) for p, q, m in halves) / 2
    return math.sqrt(min(max(divergence, 0.0), 1.0))


def rate(part: float, whole: float) -> float:
    """Return a share, 0 of nothing.

    >>> rate(1, 4), rate(0, 0)
    (0.25, 0.0)
    """
    return part / whole if whole else 0.0


def null_rate_change(a_nulls: int, a_rows: int, b_nulls: int, b_rows: int) -> float:
    """Return by how much the share of missing values grew: b's share - a's share, from -1 to 1. That of NaN is told the same way.

    >>> null_rate_change(1, 10, 4, 10)
    0.30000000000000004
    """
    return rate(b_nulls, b_rows) - rate(a_nulls, a_rows)


def new_category_rate(a: Sequence[float], b: Sequence[float]) -> float:
    """Return the share of b's values whose category a has not; with the sides exchanged, it is the rate of vanished ones.

    >>> new_category_rate([10, 0, 5], [5, 5, 0])
    0.5
    """
    return rate(math.fsum(new for old, new in zip(a, b, strict=True) if not old), math.fsum(b))


def effect_of_rates(a: float, b: float) -> float:
    """Return how far apart two shares are, on a scale on which differences are equally easy to see: Cohen's h (1988), from 0 to pi.

    h = |2 * asin(sqrt(b)) - 2 * asin(sqrt(a))|.

    >>> round(effect_of_rates(0.0, 0.01), 3), round(effect_of_rates(0.5, 0.51), 3)
    (0.2, 0.02)
    """
    a, b = (min(max(one, 0.0), 1.0) for one in (a, b))
    return abs(2 * math.asin(math.sqrt(b)) - 2 * math.asin(math.sqrt(a)))


def _information(p: float, m: float) -> float:
    return p * math.log2(p / m) if p > 0 and m > 0 else 0.0
