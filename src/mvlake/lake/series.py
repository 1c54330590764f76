"""Series: what is told of the values of a metric without reading them."""

import math
from collections.abc import Sequence

from mvlake.compare.evenly import evenly
from mvlake.records.summary import SeriesSummary

_POINTS = 40


def series_summary(steps: Sequence[float], values: Sequence[float]) -> SeriesSummary:
    """Return the summary of a series: a few of its values, evenly, the last one among them."""
    points = tuple(one if math.isfinite(one) else None for one in evenly(values, _POINTS))
    return SeriesSummary("series", len(values), float(steps[0]), float(steps[-1]), points)
