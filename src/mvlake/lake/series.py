"""Series: what is told of the values of a metric without reading them."""

import math
from collections.abc import Sequence

from mvlake.records.summary import SeriesSummary

_POINTS = 40


def series_summary(steps: Sequence[float], values: Sequence[float]) -> SeriesSummary:
    """Return the summary of a series: a few of its values, evenly, the last one among them."""
    count = len(values)
    places = sorted({round(number * (count - 1) / max(min(count, _POINTS) - 1, 1)) for number in range(min(count, _POINTS))})
    points = tuple(values[place] if math.isfinite(values[place]) else None for place in places)
    return SeriesSummary("series", count, float(steps[0]), float(steps[-1]), points)
