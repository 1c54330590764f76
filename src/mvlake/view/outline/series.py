"""The outline of series in a comparison: both courses on one another."""

from collections.abc import Sequence

from mvlake.compare.course import Course
from mvlake.compare.diff import Change, SeriesDiff
from mvlake.view.blocks import Block, Curve, Curves, Paragraph, Span, Tone, Words, code, joined, muted
from mvlake.view.outline.wording import head
from mvlake.view.quantities import plural

_CHARTS = 12


def series_blocks(series: Sequence[SeriesDiff], sides: tuple[str, str]) -> tuple[Block, ...]:
    """Return a chart for each of the series that differ; those whose courses are not told are named."""
    changed = [one for one in series if one.change is not Change.UNCHANGED]
    drawn, more = head([one for one in changed if one.a is not None or one.b is not None], _CHARTS)
    charts: list[Block] = [Curves(_caption(one), tuple(_curves(one, sides)), x="step") for one in drawn]
    told = [Paragraph((muted(f"… and {plural(more, 'more curve')}"),))] if more else []
    noted = [
        Paragraph((*_caption(one), Span(f": {one.note}", Tone.MUTED, 300)))
        for one in head([one for one in changed if one.note], _CHARTS)[0]
    ]
    return (*charts, *told, *noted)


def _caption(series: SeriesDiff) -> Words:
    lengths = [f"{one.count:,}" for one in (series.a, series.b) if one is not None]
    steps = f"{' → '.join(dict.fromkeys(lengths))} step{'' if lengths == ['1'] else 's'}" if lengths else ""
    said = series.change.value if series.change is not Change.CHANGED else ""
    return joined([(code(series.name),), *[(muted(one),) for one in (said, steps) if one]])


def _curves(series: SeriesDiff, sides: tuple[str, str]) -> list[Curve]:
    both = zip(sides, "ab", (series.a, series.b), strict=True)
    return [Curve(name, tone, _points(course)) for name, tone, course in both if course is not None]


def _points(course: Course) -> tuple[tuple[float, float], ...]:
    nan = float("nan")
    return tuple((step, nan if value is None else value) for step, value in zip(course.steps, course.values, strict=True))
