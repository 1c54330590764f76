"""Metrics: what came out, by name, with the difference and what it means."""

import math
from typing import TypeAlias

from mvlake.compare.diff import Direction, MetricDiff, Outcome
from mvlake.compare.direction import agreed_direction
from mvlake.compare.matching import Match, change_of, match
from mvlake.compare.run_band import RunBand
from mvlake.compare.run_to_run import run_bands
from mvlake.compare.values import exact, is_same_number, note_of, number
from mvlake.records.dossier import Dossier
from mvlake.records.events import Better
from mvlake.records.facts import Metric

_Bands: TypeAlias = tuple[RunBand | None, RunBand | None]


def compare_metrics(a: Dossier, b: Dossier) -> tuple[MetricDiff, ...]:
    """Return the metrics side by side, in b's order, with the bands of both versions' recorded repeats."""
    ours, theirs = run_bands(a.repeats), run_bands(b.repeats)
    matches = match(a.version.metrics, b.version.metrics, name=lambda one: one.name, content=lambda one: exact(one.value))
    return tuple(
        _row(
            one,
            (ours.get(one.either.name), theirs.get(one.either.name)),
            (a.directions.get(one.either.name), b.directions.get(one.either.name)),
        )
        for one in matches
    )


def _row(one: Match[Metric], bands: _Bands, said: tuple[Better | None, ...]) -> MetricDiff:
    a, b = one.a, one.b
    before, after = number(a.value) if a else None, number(b.value) if b else None
    change = change_of(a, b, is_same=a is not None and b is not None and _said(a) == _said(b))
    delta = _delta(before, after)
    direction = agreed_direction(one.either.name, [each.function for each in (a, b) if each is not None], said)
    return MetricDiff(
        name=one.either.name,
        change=change,
        a=a.value if a else None,
        b=b.value if b else None,
        delta=delta,
        relative=_relative(delta, before),
        direction=direction,
        outcome=_outcome(before, after, direction, bands),
        note=_note(a, b) if a and b else "",
        a_steps=a.steps if a else None,
        b_steps=b.steps if b else None,
        a_band=bands[0] if a else None,
        b_band=bands[1] if b else None,
    )


def _said(metric: Metric) -> tuple[str, int | None]:
    return exact(metric.value), metric.steps


def _delta(a: float | None, b: float | None) -> float | None:
    if a is None or b is None:
        return None
    try:
        delta = float(b - a)
    except OverflowError:  # integers beyond the floats
        return None
    return delta + 0.0 if math.isfinite(delta) else None  # a zero without sign


def _relative(delta: float | None, a: float | None) -> float | None:
    if delta is None or not a:
        return None
    try:
        relative = delta / abs(a)
    except OverflowError:
        return None
    return relative if math.isfinite(relative) else None


def _outcome(a: float | None, b: float | None, direction: Direction | None, bands: _Bands) -> Outcome | None:
    if a is None or b is None:
        return None
    if is_same_number(a, b):
        return Outcome.SAME
    if any(band is not None and band.low <= value <= band.high for band, value in zip(bands, (b, a), strict=True)):
        return Outcome.WITHIN_NOISE
    if direction is None:
        return None
    if a != a or b != b:  # a metric that is no number any more is worse than any number
        return Outcome.BETTER if a != a else Outcome.WORSE
    return Outcome.BETTER if (b > a) is (direction is Direction.HIGHER) else Outcome.WORSE


def _note(a: Metric, b: Metric) -> str:
    notes = [note_of(a.value, b.value) if exact(a.value) != exact(b.value) else ""]
    if a.function != b.function:
        notes.append(f"measured by {a.function or 'an expression'}, then by {b.function or 'an expression'}")
    if (a.dataset, a.segment) != (b.dataset, b.segment):
        notes.append(f"measured on {_data(a)}, then on {_data(b)}")
    if a.steps != b.steps:
        are_curves = a.steps is not None and b.steps is not None
        notes.append(f"{a.steps:,} → {b.steps:,} steps" if are_curves else f"{_length(a)}, then {_length(b)}")
    return "; ".join(note for note in notes if note)


def _data(metric: Metric) -> str:
    return ", ".join(one for one in (metric.dataset, metric.segment) if one) or "unknown data"


def _length(metric: Metric) -> str:
    if metric.steps is None:
        return "one value"
    return f"a curve of {metric.steps} steps" if metric.steps != 1 else "a curve of 1 step"
