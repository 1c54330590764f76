"""Chart lines: charts and sparks in text, a line each."""

from mvlake.compare.evenly import evenly
from mvlake.view.blocks import Bars, Curve, Curves, Facts, Span, Spark, Words, muted
from mvlake.view.charts import BARS, CURVES, course_text
from mvlake.view.clean import visible
from mvlake.view.scale import Scale
from mvlake.view.sparkline import sparkline

_WIDEST, _NARROWEST = 60, 8
_NAME = 24
_BETWEEN = 2


def spark_text(word: Spark) -> str:
    """Return a series in a line of text."""
    return sparkline(evenly(word.values, _WIDEST), low=word.low)


def chart_facts(chart: Curves | Bars, width: int) -> Facts:
    """Return a row a curve, or a side of the bars: its name, its spark on the scale of all, where it begins and ends.

    A spark is as wide as a page of this width has room for.
    """
    if isinstance(chart, Bars):
        told = [(name, "") for name in chart.names]
    else:
        told = [(one.name, course_text([y for _, y in one.points])) for one in chart.curves[:CURVES]]
    names, said = [visible(name, limit=_NAME) for name, _ in told], [course for _, course in told]
    taken = max(map(len, names), default=0) + max(map(len, said), default=0) + 2 * _BETWEEN
    room = min(max(width - taken, _NARROWEST), _WIDEST)
    sparks = _bars(chart, room) if isinstance(chart, Bars) else _curves(chart, room)
    rows = [(name, _words(line, course)) for name, line, course in zip(names, sparks, said, strict=True)]
    more = len(chart.labels) - BARS if isinstance(chart, Bars) else len(chart.curves) - CURVES
    rows += [("…", (muted(f"and {more:,} more"),))] if more > 0 else []
    return Facts(tuple(rows))


def _words(line: str, course: str) -> Words:
    return (Span(line), muted(f"  {course}")) if course else (Span(line),)


def _bars(chart: Bars, room: int) -> list[str]:
    sides = [evenly(side[:BARS], room) for side in (chart.a, chart.b)]
    high = Scale.of([*sides[0], *sides[1]]).high
    return [sparkline(side, low=0.0, high=high) for side in sides]


def _curves(chart: Curves, room: int) -> list[str]:
    curves = chart.curves[:CURVES]
    across = Scale.of(x for one in curves for x, _ in one.points)
    up = Scale.of(y for one in curves for _, y in one.points)
    columns = min(room, len({x for one in curves for x, _ in one.points}))
    return [sparkline(_columns(one, across, columns), low=up.low, high=up.high) for one in curves]


def _columns(curve: Curve, across: Scale, count: int) -> list[float | None]:
    """Return the last value in each of `count` stretches of the axis."""
    found: list[float | None] = [None] * count
    for x, y in curve.points:
        share = across.share(x)
        if share is not None:
            found[round(share * (count - 1))] = y
    return found
