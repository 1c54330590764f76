"""Measured: a metric on its way into a version, with all values of a series."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mvlake.compare.diff import Direction
from mvlake.compare.direction import direction_of
from mvlake.records.facts import Metric, MetricSource
from mvlake.records.plain import to_plain


@dataclass(frozen=True, slots=True)
class Measured:
    """`values` are those of a series, empty for a single number; `at` are its steps, None when they are counted from 0."""

    metric: Metric
    values: Sequence[float] = ()
    at: Sequence[float] | None = None

    @property
    def name(self) -> str:
        """The metric's name."""
        return self.metric.name

    def stated(self) -> "Measured":
        """Return the same, as somebody has said that it is a metric."""
        return replace(self, metric=replace(self.metric, source=MetricSource.STATED))

    def of(self, dataset: str, segment: str = "") -> "Measured":
        """Return the same, measured on this data, where that is not known yet."""
        metric = replace(self.metric, dataset=self.metric.dataset or dataset, segment=self.metric.segment or segment)
        return replace(self, metric=metric)


def number(name: str, value: float, source: MetricSource, function: str = "") -> Measured:
    """Return one number."""
    return Measured(Metric(name, to_plain(value), source, function))


def series(
    name: str, values: Sequence[float], source: MetricSource, function: str = "", *, at: Sequence[float] | None = None
) -> Measured:
    """Return a series: its last value is the metric's, the best one is told where it is known which way is better."""
    best = best_of(name, values, function)
    told = None if best is None else to_plain(best)
    return Measured(Metric(name, to_plain(values[-1]), source, function, len(values), best=told), values, at)


def best_of(name: str, values: Sequence[float], function: str = "") -> float | None:
    """Return the best value that is a number, None when nobody knows which way is better."""
    direction = direction_of(name, function)
    known = [one for one in values if not math.isnan(one)]
    if direction is None or not known:
        return None
    return max(known) if direction is Direction.HIGHER else min(known)
