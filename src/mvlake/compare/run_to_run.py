"""Run to run: the band in which a metric lies when a version runs several times, and whether a recorded value lies in it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from mvlake.compare.band import FEWEST, band
from mvlake.compare.run_band import RunBand
from mvlake.compare.values import number
from mvlake.records.asked import Repeated
from mvlake.records.events import Verdict, VerdictItem
from mvlake.records.version import Version


def finite_metrics(version: Version) -> dict[str, float]:
    """Return the metrics of a version that are finite numbers, by name."""
    found = {one.name: number(one.value) for one in version.metrics}
    return {name: float(value) for name, value in found.items() if value is not None and _is_finite(value)}


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # an integer beyond all floats
        return False


def judge_runs(recorded: Mapping[str, float], repeats: Sequence[Repeated]) -> tuple[VerdictItem, ...]:
    """Return whether each recorded metric is what runs with other random states give."""
    found = {one.metric: one for one in repeats}
    return tuple(VerdictItem("metric", name, *_judged(value, found.get(name))) for name, value in recorded.items())


def within_bands(
    items: Sequence[VerdictItem], replayed: Mapping[str, float], repeats: Sequence[Repeated]
) -> tuple[VerdictItem, ...]:
    """Return the items; a metric that drifted is `statistical` where its value lies in the band of runs that were recorded before.

    Of several repeats of one metric the last one counts.
    """
    known = {one.metric: one for one in repeats if not one.missing}
    return tuple(_within(one, replayed.get(one.name), known.get(one.name)) for one in items)


def run_bands(repeats: Sequence[Repeated]) -> dict[str, RunBand]:
    """Return the bands of the metrics: each from the last repeats that were enough, and in which it was always a finite number."""
    found = ((one, band(one.values)) for one in repeats if not one.missing)
    return {one.metric: RunBand(*edges, len(one.values)) for one, edges in found if edges and all(map(math.isfinite, edges))}


def _within(item: VerdictItem, value: float | None, repeated: Repeated | None) -> VerdictItem:
    if item.kind != "metric" or item.verdict is not Verdict.DRIFTED or value is None or repeated is None:
        return item
    edges = band(repeated.values)
    if edges is None or not edges[0] <= value <= edges[1]:
        return item
    reason = f"{item.reason}; within the band of {_runs(len(repeated.values))}, {edges[0]:.6g} to {edges[1]:.6g}"
    return replace(item, verdict=Verdict.STATISTICAL, reason=reason)


def _judged(value: float, repeated: Repeated | None) -> tuple[Verdict, str]:
    values = repeated.values if repeated is not None else ()
    if repeated is None or not values or repeated.missing:
        return Verdict.DRIFTED, f"it was no number in {_runs(repeated.missing if repeated is not None else 0) or 'any run'}"
    if set(values) == {value}:
        return Verdict.IDENTICAL, f"the same in {_runs(len(values))}"
    edges = band(values)
    if edges is None:
        return Verdict.NOT_COMPARABLE, f"the band takes {FEWEST} runs to know, and there are {len(values)}"
    ran = f"{_runs(len(values))} gave {min(values):.6g} to {max(values):.6g}"
    told = f"{value:.6g}, and {ran}: the band is {edges[0]:.6g} to {edges[1]:.6g}"
    return (Verdict.STATISTICAL if edges[0] <= value <= edges[1] else Verdict.DRIFTED), told


def _runs(count: int) -> str:
    return "" if not count else "1 run" if count == 1 else f"{count} runs"
