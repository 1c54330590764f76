"""Series: what is told of the values of a metric without reading them, and how they are read."""

import math
from collections.abc import Sequence
from typing import Any

from mvlake.compare.evenly import evenly
from mvlake.records.summary import SeriesSummary

_POINTS = 40


def series_summary(steps: Sequence[float], values: Sequence[float]) -> SeriesSummary:
    """Return the summary of a series: a few of its values, evenly, the last one among them."""
    points = tuple(one if math.isfinite(one) else None for one in evenly(values, _POINTS))
    return SeriesSummary("series", len(values), float(steps[0]), float(steps[-1]), points)


def series_values(read: Any) -> tuple[list[float], list[float]]:
    """Return the steps and the values of what a series was read as; none where nobody's writer made that."""
    steps, values = _numbers(read, "step"), _numbers(read, "value")
    return (steps, values) if len(steps) == len(values) else ([], [])


def _numbers(read: Any, key: str) -> list[float]:
    found = read.get(key) if type(read) is dict else None
    return [float(one) for one in found] if type(found) is list and all(type(one) in (int, float) for one in found) else []
