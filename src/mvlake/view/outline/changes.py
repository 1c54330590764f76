"""The sections of a comparison that are tables: parameters, metrics, models, files, hints."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol, TypeVar

from mvlake.compare.diff import Change, MetricDiff, Outcome, SeriesDiff, ValueDiff
from mvlake.records.canonical import Json
from mvlake.records.files import Flow
from mvlake.view.blocks import Block, Column, Fold, Grid, Paragraph, Section, Span, Tone, Words, bad, code, good, joined, muted
from mvlake.view.outline.series import series_blocks
from mvlake.view.outline.wording import ABSENT, head, names_words
from mvlake.view.quantities import is_finite, number, percent, plural, signed
from mvlake.view.values import Bare, as_number, value_pair

_VALUE = 160
_DEFAULT = (muted(" (default)"),)
_TELLING = (Change.CHANGED, Change.ADDED, Change.REMOVED)


class Changed(Protocol):
    """Anything that a diff says a change of."""

    @property
    def change(self) -> Change:
        """What happened to it."""
        ...

    @property
    def name(self) -> str:
        """What it is called."""
        ...


T = TypeVar("T", bound=Changed)


def split(items: Sequence[T]) -> tuple[list[T], list[T]]:
    """Return what differs, then what does not."""
    return [one for one in items if one.change is not Change.UNCHANGED], [one for one in items if one.change is Change.UNCHANGED]


def count_note(changed: int, total: int) -> Words:
    """Return how many differ, for a heading."""
    if changed == total:
        return (muted("differs" if total == 1 else f"all {total:,} differ"),)
    return (muted(f"{changed:,} of {total:,} differ" if changed else "unchanged"),)


def telling_first(items: Sequence[T], order: Sequence[Change] = _TELLING) -> list[T]:
    """Return what differs, by what happened to it: what both sides have and is another one tells the most."""
    return sorted(items, key=lambda one: order.index(one.change))


def unchanged_fold(names: Sequence[str], blocks: tuple[Block, ...] = ()) -> tuple[Block, ...]:
    """Return the fold of what is equal; nothing when nothing is."""
    inside = blocks or (Paragraph(names_words(names, 200)),)
    return (Fold((muted(f"{len(names):,} unchanged"),), inside),) if names else ()


def params_section(params: Sequence[ValueDiff], sides: tuple[str, str]) -> Section | None:
    """Return the parameters, None when there are none."""
    if not params:
        return None
    changed, same = split(params)
    grid = (value_grid(changed, sides),) if changed else ()
    return Section("Parameters", count_note(len(changed), len(params)), (*grid, *same_values(same)))


def files_section(files: Sequence[ValueDiff], sides: tuple[str, str]) -> Section | None:
    """Return the files, URLs and hosts whose content no artifact has; None when there are none."""
    if not files:
        return None
    changed, same = split([as_bare(replace(one, a=_short(one.a), b=_short(one.b))) for one in files])
    changed = sorted(telling_first(changed), key=lambda one: not one.name.startswith(f"{Flow.READ} "))
    grid = (value_grid(changed, sides),) if changed else ()
    return Section("Files", count_note(len(changed), len(files)), (*grid, *same_values(same)))


def described_section(described: Sequence[ValueDiff], sides: tuple[str, str]) -> Section | None:
    """Return what is no data but a way to it, by the statements that made it; None when there is nothing."""
    return _bare_section("Described", described, sides)


def lineage_section(lineage: Sequence[ValueDiff], sides: tuple[str, str]) -> Section | None:
    """Return what data came from, step by step; None when nothing is known of that."""
    return _bare_section("Lineage", lineage, sides)


def _short(value: Json) -> Json:
    """Return a digest as people read it, anything else as it is."""
    return value[3:11] if isinstance(value, str) and value.startswith("b3:") else value


def hints_section(hints: Sequence[ValueDiff], sides: tuple[str, str]) -> Section | None:
    """Return what may keep either side from reproducing; None when nothing is known that may."""
    return _bare_section("Hints", hints, sides, (Change.ADDED, Change.CHANGED, Change.REMOVED))


def _bare_section(
    title: str,
    values: Sequence[ValueDiff],
    sides: tuple[str, str],
    order: Sequence[Change] = _TELLING,
) -> Section | None:
    if not values:
        return None
    changed, same = split([as_bare(one) for one in values])
    changed = telling_first(changed, order)
    grid = (value_grid(changed, sides),) if changed else ()
    return Section(title, count_note(len(changed), len(values)), (*grid, *same_values(same)))


def value_grid(values: Sequence[ValueDiff], sides: tuple[str, str]) -> Grid:
    """Return changed values, side by side."""
    rows, more = head(values)
    has_notes = any(one.note for one in rows)
    columns = (Column("name"), Column(sides[0]), Column(sides[1]), *([Column("note")] if has_notes else []))
    return Grid(columns, tuple(_value_row(one, has_note=has_notes) for one in rows), more)


def metrics_section(metrics: Sequence[MetricDiff], series: Sequence[SeriesDiff], sides: tuple[str, str]) -> Section | None:
    """Return the metrics, judged where their direction is known, and the curves among them; None when there are none."""
    if not metrics and not series:
        return None
    changed, same = split(metrics)
    changed.sort(key=lambda one: (one.outcome not in {Outcome.BETTER, Outcome.WORSE}, one.change is not Change.CHANGED))
    shown, more = head(changed)
    columns = (
        Column("name"),
        Column(sides[0], is_number=True),
        Column(sides[1], is_number=True),
        Column("change", is_number=True),
        Column(""),
    )
    grid = (Grid(columns, tuple(_metric_row(one) for one in shown), more),) if changed else ()
    equal, more_equal = head(same)
    rows = tuple(((code(one.name),), (Span(_metric_texts(one)[1]),)) for one in equal)
    inside = (Grid((Column("name"), Column("value", is_number=True)), rows, more_equal),)
    blocks = (*grid, *series_blocks(series, sides), *unchanged_fold([one.name for one in same], inside))
    # A metric's curve may differ before its end alone.
    differing = {one.name for one in changed} | {one.name for one in split(series)[0]}
    every = {one.name for one in metrics} | {one.name for one in series}
    return Section("Metrics", count_note(len(differing), len(every)), blocks)


def outcome_words(metric: MetricDiff) -> Words:
    """Return what a metric's change means, with a mark and a word."""
    match metric.outcome:
        case Outcome.BETTER:
            return (good("▲ better"),)
        case Outcome.WORSE:
            return (bad("▼ worse"),)
        case Outcome.WITHIN_NOISE:
            return (muted(f"≈ within noise ({_band_text(metric)})"),)
        case _:
            return (muted(metric.change.value),) if metric.change in {Change.ADDED, Change.REMOVED} else ()


def _band_text(metric: MetricDiff) -> str:
    """Return the bands of the runs that are known: "0.71 to 0.79 in 8 runs"."""
    found = dict.fromkeys(one for one in (metric.a_band, metric.b_band) if one is not None)
    return "; ".join(f"{number(one.low, digits=4)} to {number(one.high, digits=4)} in {plural(one.runs, 'run')}" for one in found)


def same_values(values: Sequence[ValueDiff]) -> tuple[Block, ...]:
    """Return the fold of equal values."""
    if not values:
        return ()
    shown, more = head(values, 200)
    rows = tuple(((code(one.name),), _with_default(Span(_text(one.b), limit=_VALUE), is_default=one.b_is_default)) for one in shown)
    stated = sum(one.b_is_default is False for one in values)
    told = f", {stated:,} of them other than default" if stated else ""
    grid = Grid((Column("name"), Column("value")), rows, more)
    return (Fold((muted(f"{len(values):,} unchanged{told}"),), (grid,)),)


def _value_row(value: ValueDiff, *, has_note: bool) -> tuple[Words, ...]:
    a, b = value_pair(value.a, value.b)
    left = ABSENT if value.change is Change.ADDED else Span(a, limit=_VALUE)
    right = ABSENT if value.change is Change.REMOVED else Span(b, limit=_VALUE)
    note: tuple[Words, ...] = ((muted(value.note),),) if has_note else ()
    return (
        (code(value.name),),
        _with_default(left, is_default=value.a_is_default),
        _with_default(right, is_default=value.b_is_default),
        *note,
    )


def _with_default(value: Span, *, is_default: bool | None) -> Words:
    """Return a setting that says whether it is its class's default; one that is not stands out."""
    if is_default is None:
        return (value,)
    return (value, *_DEFAULT) if is_default else (replace(value, tone=Tone.STRONG),)


def as_bare(fact: ValueDiff) -> ValueDiff:
    """Return a fact whose texts are shown without quotes, though they look like numbers: a library's version 1.6."""
    a, b = (Bare(one) if isinstance(one, str) else one for one in (fact.a, fact.b))
    return ValueDiff(fact.name, fact.change, a, b, fact.note)


def _metric_row(metric: MetricDiff) -> tuple[Words, ...]:
    a, b = _metric_texts(metric)
    left = ABSENT if metric.change is Change.ADDED else Span(a)
    right = ABSENT if metric.change is Change.REMOVED else Span(b)
    delta = Span(signed(metric.delta)) if is_finite(metric.delta) else Span("")
    relative = muted(f" ({percent(metric.relative)})") if is_finite(metric.relative) and metric.delta else Span("")
    note = (muted(metric.note),) if metric.note else ()
    return (code(metric.name),), (left,), (right,), (delta, relative), joined([outcome_words(metric), note])


def _metric_texts(metric: MetricDiff) -> tuple[str, str]:
    a, b = as_number(metric.a), as_number(metric.b)
    if a is None or b is None:
        return tuple(number(one) if one is not None else _text(raw) for one, raw in ((a, metric.a), (b, metric.b)))  # type: ignore[return-value]
    for digits in (6, 9, 17):
        texts = number(a, digits=digits), number(b, digits=digits)
        if texts[0] != texts[1]:
            break
    return texts


def _text(value: Json) -> str:
    return value_pair(value, value)[0]
