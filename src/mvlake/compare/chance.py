"""Chance: how far two samples of one distribution lie apart all the same: what each measure exceeds once in a hundred times."""

import math

_NORMAL = 2.3263478740408408  # below which a standard normal lies in 99 of 100 cases
_TWO_SIDED = 2.5758293035489004  # within which it lies in 99 of 100 cases
_KOLMOGOROV = 1.6276236115189504  # the same of Kolmogorov's distribution


def of_bins(bins: int, a: int, b: int) -> float | None:
    """Return what the population stability index of so many bins and values exceeds once in a hundred times.

    It is distributed as chi-squared of bins - 1, times 1 / a + 1 / b (Yurdakul, Statistical properties of the population stability
    index, 2018); the quantile is that of Wilson and Hilferty (1931).

    >>> round(of_bins(10, 200, 200), 3)
    0.217
    """
    if bins < 2 or not a or not b:  # one bin has always the same share
        return None
    free = bins - 1
    spread = 2 / (9 * free)
    return free * (1 - spread + _NORMAL * math.sqrt(spread)) ** 3 * (1 / a + 1 / b)


def of_distance(bins: int, a: int, b: int) -> float | None:
    """Return the same of the Jensen-Shannon distance: of shares that are close, its square is an eighth of that index, in bits."""
    found = of_bins(bins, a, b)
    return None if found is None else min(math.sqrt(found / (8 * math.log(2))), 1.0)


def of_cumulative(a: int, b: int) -> float | None:
    """Return the same of Kolmogorov and Smirnov's statistic: 1.628 * sqrt(1 / a + 1 / b) (Smirnov 1948).

    >>> round(of_cumulative(200, 200), 3)
    0.163
    """
    return _KOLMOGOROV * math.sqrt(1 / a + 1 / b) if a and b else None


def of_rates(a_part: float, a: int, b_part: float, b: int) -> float | None:
    """Return the same of the difference of two shares: the normal bound with the share of both together.

    >>> round(of_rates(5, 100, 8, 100), 3)
    0.09
    """
    if not a or not b:
        return None
    both = min(max((a_part + b_part) / (a + b), 0.0), 1.0)
    return _TWO_SIDED * math.sqrt(both * (1 - both) * (1 / a + 1 / b))
