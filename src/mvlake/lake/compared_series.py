"""Compared series: the courses of what was measured step by step, of the series that differ."""

import math
from collections.abc import Iterator
from dataclasses import replace

from mvlake.compare.course import Course
from mvlake.compare.diff import Change, Diff, SeriesDiff
from mvlake.compare.evenly import evenly
from mvlake.compare.matching import Match
from mvlake.compare.series import matched_series
from mvlake.errors import MvlakeError
from mvlake.lake.load import restore
from mvlake.lake.look import Look
from mvlake.lake.series import series_values
from mvlake.records.artifact import Artifact
from mvlake.records.dossier import Dossier

POINTS = 200
"""Points of one course."""

_MOST = 100
"""Series of one comparison whose courses are told."""


def compare_courses(look: Look, diff: Diff) -> Diff:
    """Return the comparison with the courses of the series that differ."""
    left = iter(range(_MOST))
    pairs = zip(diff.series, matched_series(look.a, look.b), strict=True)
    return replace(diff, series=tuple(_with_courses(look, one, match, left) for one, match in pairs))


def _with_courses(look: Look, series: SeriesDiff, match: Match[Artifact], left: Iterator[int]) -> SeriesDiff:
    if series.change is Change.UNCHANGED:
        return series
    if next(left, None) is None:
        return replace(series, note=f"courses are told of {_MOST} series")
    try:
        return replace(series, a=_course(look, look.a, match.a), b=_course(look, look.b, match.b))
    except MvlakeError as error:
        return replace(series, note=error.message)


def _course(look: Look, side: Dossier, artifact: Artifact | None) -> Course | None:
    if artifact is None:
        return None
    steps, values = series_values(restore(look.parts, side.version, artifact, trust=False))
    finite = [(step, value) for step, value in zip(steps, values, strict=True) if math.isfinite(step)]
    shown = evenly(finite, POINTS)
    numbers = tuple(value if math.isfinite(value) else None for _, value in shown)
    return Course(len(values), tuple(step for step, _ in shown), numbers)
