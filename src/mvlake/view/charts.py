"""Charts: curves, bars, parallel coordinates and sparks as drawings without script.

A drawing stretches with the page, so what is written stands around it in HTML, where it keeps its size; and where drawings are
stripped, names and numbers still stand there in words.
"""

from collections.abc import Iterator, Sequence

from mvlake.compare.evenly import evenly
from mvlake.view.blocks import Axis, Bars, Chart, Curve, Curves, Parallel, Spark
from mvlake.view.elements import Element, Text, element
from mvlake.view.quantities import is_finite, number, plural
from mvlake.view.scale import Scale

POINTS, CURVES, BARS, AXES, LINES = 400, 12, 64, 16, 200
"""How much of a chart is drawn; the rest is counted."""

_WIDTH, _HEIGHT = 600.0, 160.0
_SPARKS = 60
_NAME = 40
_LABELS = 6
_TONES = "abcdef"
_INK = {"fill": "none", "stroke": "currentColor"}


def chart_nodes(chart: Chart) -> Iterator[Element]:
    """Yield what is below the caption of a chart."""
    match chart:
        case Curves():
            yield from _curves(chart)
        case Bars():
            yield from _bars(chart)
        case Parallel():
            yield from _parallel(chart)


def spark(word: Spark) -> Element:
    """Return a series as a drawing as high as the line that it stands in."""
    values = evenly(word.values, _SPARKS)
    scale = Scale.of([*values, word.low])
    shares = [scale.share(one) for one in values]
    bars = [_rect(4 * place, 3, 1 + 15 * share, foot=16) for place, share in enumerate(shares) if share is not None]
    width = max(4 * len(values), 1)
    return _drawing(_course(values), width, 16, "mvl-spark", *bars, is_stretched=False)


def course_text(values: Sequence[float | None]) -> str:
    """Return where a series begins and ends.

    >>> course_text([0.5, None, 0.75]), course_text([2]), course_text([])
    ('0.5 → 0.75', '2', 'no number')
    """
    known = [number(one, digits=4) for one in values if is_finite(one)]
    return " → ".join(known if len(known) < 2 else (known[0], known[-1])) or "no number"


def _course(values: Sequence[float | None]) -> str:
    scale = Scale.of(values)
    return f"{course_text(values)}, between {number(scale.low, digits=4)} and {number(scale.high, digits=4)}"


def _curves(chart: Curves) -> Iterator[Element]:
    curves = [
        Curve(one.name, one.tone, tuple(point for point in one.points if is_finite(point[0]))) for one in chart.curves[:CURVES]
    ]
    across = Scale.of(x for one in curves for x, _ in one.points)
    up = Scale.of(y for one in curves for _, y in one.points)
    keys = [(one.name, _tone(one.tone), course_text([y for _, y in one.points])) for one in curves]
    yield _keys(keys, len(chart.curves) - len(curves))
    drawn = [
        part
        for one in curves
        for part in _path([(across.share(x), up.share(y)) for x, y in evenly(one.points, POINTS)], _tone(one.tone))
    ]
    feet = _feet((number(across.low), chart.x, number(across.high)))
    yield _plot(f"{plural(len(curves), 'curve')} by {chart.x[:_NAME]}", up, drawn, feet)


def _bars(chart: Bars) -> Iterator[Element]:
    pairs = tuple(zip(chart.labels, chart.a, chart.b, strict=False))
    shown = pairs[:BARS]
    up = Scale.of([0.0, *(one for _, *both in shown for one in both)])
    yield _keys([(name, _tone(tone), "") for name, tone in zip(chart.names, _TONES, strict=False)], len(pairs) - len(shown), "bars")
    step = _WIDTH / max(len(shown), 1)
    drawn = [
        _rect(step * (place + 0.1 + 0.4 * side), step * 0.4, share * _HEIGHT, foot=_HEIGHT, kind=f"mvl-{_TONES[side]}")
        for place, (_, *both) in enumerate(shown)
        for side, one in enumerate(both)
        if (share := up.share(one))
    ]
    said = "; ".join(f"{label[:_NAME]}: {number(a)}, {number(b)}" for label, a, b in shown)
    labels = [one[0] for one in shown]
    is_few = len(labels) <= _LABELS
    yield _plot(said, up, drawn, _feet(labels if is_few else (labels[0], labels[len(labels) // 2], labels[-1]), is_even=is_few))


def _parallel(chart: Parallel) -> Iterator[Element]:
    axes, lines = chart.axes[:AXES], chart.lines[:LINES]
    places = [(number + 0.5) / len(axes) for number in range(len(axes))]
    drawn = [element("path", d=_steps([(place, 0.0), (place, 1.0)]), kind="mvl-rule", **_INK) for place in places]
    for rank, line in reversed(tuple(enumerate(lines))):
        heights = [_place(axis, value) for axis, value in zip(axes, line.values, strict=False)]
        drawn += _path(list(zip(places, heights, strict=False)), "mvl-rest" if rank else "mvl-b")
    yield _keys([(lines[0].ref, "mvl-b", "")] if lines else [], len(chart.lines) - len(lines), "lines")
    said = f"{plural(len(lines), 'line')} over {', '.join(one.name[:_NAME] for one in axes)}"
    yield _plot(said, None, drawn, _feet([f"{one.name} {_ends(one)}" for one in axes], is_even=True))


def _ends(axis: Axis) -> str:
    ends = axis.categories[:1] + axis.categories[1:][-1:] if axis.categories else (number(axis.low), number(axis.high))
    return " … ".join(ends)


def _place(axis: Axis, value: float | str | None) -> float | None:
    if isinstance(value, str):
        known = axis.categories.index(value) if value in axis.categories else None
        return Scale(0, len(axis.categories) - 1).share(known)
    return Scale(axis.low, axis.high).share(value)


def _tone(tone: str) -> str:
    return f"mvl-{tone}" if tone in _TONES and len(tone) == 1 else "mvl-rest"


def _path(points: Sequence[tuple[float | None, float | None]], kind: str) -> Iterator[Element]:
    """Yield the unbroken stretches of a line, and a dot for a point that has no neighbour."""
    stretch: list[tuple[float, float]] = []
    for x, y in (*points, (None, None)):
        if x is not None and y is not None:
            stretch.append((x, y))
            continue
        if stretch:
            # A line of no length, with round ends, is a dot that keeps its form however the drawing is stretched.
            yield element("path", d=_steps(stretch if len(stretch) > 1 else stretch * 2), kind=f"mvl-curve {kind}", **_INK)
        stretch = []


def _steps(points: Sequence[tuple[float, float]]) -> str:
    return "".join(
        f"{'L' if place else 'M'}{x * _WIDTH:.1f} {4 + (1 - y) * (_HEIGHT - 8):.1f}" for place, (x, y) in enumerate(points)
    )


def _rect(x: float, width: float, height: float, *, foot: float, kind: str = "mvl-bar") -> Element:
    given = {"x": x, "y": foot - height, "width": width, "height": height}
    return element("rect", kind=kind, fill="currentColor", **{name: f"{value:.1f}" for name, value in given.items()})


def _plot(said: str, scale: Scale | None, drawn: Sequence[Element], feet: Element) -> Element:
    drawing = _drawing(said, _WIDTH, _HEIGHT, "mvl-drawing", *drawn, is_stretched=True)
    ends = (scale.high, scale.low) if scale else ()
    beside = [element("div", *[element("span", f"{number(one, digits=4)} ") for one in ends], kind="mvl-scale")] if ends else []
    return element("div", *beside, drawing, feet, kind="mvl-plot")


def _drawing(said: str, width: float, height: float, kind: str, *drawn: Element, is_stretched: bool) -> Element:
    sizes = {"width": f"{width:.0f}", "height": f"{height:.0f}", "viewbox": f"0 0 {width:.0f} {height:.0f}"}
    stretched = {"preserveaspectratio": "none"} if is_stretched else {}
    title = element("title", Text(said, 2000))
    return element("svg", title, *drawn, kind=kind, role="img", **sizes, **stretched)


def _keys(keys: Sequence[tuple[str, str, str]], more: int, what: str = "curves") -> Element:
    shown = [
        element("span", Text(name, _NAME), " ", element("small", f"{said} "), kind=f"mvl-key {tone}") for name, tone, said in keys
    ]
    rest = [element("span", f"… and {more:,} more {what}", kind="mvl-muted")] if more else []
    return element("p", *shown, *rest, kind="mvl-keys")


def _feet(labels: Sequence[str], *, is_even: bool = False) -> Element:
    kind = "mvl-feet mvl-even" if is_even else "mvl-feet"
    return element("p", *[element("span", Text(f"{one} ", _NAME)) for one in labels], kind=kind)
