"""Wording: the turns of phrase that several outlines share."""

from collections.abc import Sequence
from typing import TypeVar

from mvlake.records.events import Verdict
from mvlake.records.facts import Metric, MetricSource, Param
from mvlake.records.summary import (
    ArraySummary,
    CodeSummary,
    FigureSummary,
    FileSummary,
    FrameSummary,
    MediaSummary,
    ModelSummary,
    OpaqueSummary,
    SeriesSummary,
    Summary,
    ValueSummary,
)
from mvlake.view.blocks import Span, Words, bad, code, good, muted
from mvlake.view.quantities import TIMES, number, plural
from mvlake.view.sparkline import sparkline
from mvlake.view.values import as_number, value_text

ROWS = 50
ABSENT = muted("\N{EN DASH}")
_WEAK = frozenset((MetricSource.COMPUTED, MetricSource.EXPRESSION, MetricSource.PRINTED))
T = TypeVar("T")

_VERDICTS = {
    Verdict.IDENTICAL: good("✓ identical"),
    Verdict.EQUIVALENT: good("= equivalent"),
    Verdict.NUMERIC: good("≈ numeric"),
    Verdict.STATISTICAL: good("~ statistical"),
    Verdict.DRIFTED: bad("≠ drifted"),
    Verdict.NOT_COMPARABLE: muted("? not comparable"),
    Verdict.NOT_RUN: muted("○ not run"),
    Verdict.FAILED: bad("✗ failed"),
}

NO_VERDICT = bad("✗ could not run")
"""What is said of a replay that came to no verdict."""


def head(items: Sequence[T], limit: int = ROWS) -> tuple[Sequence[T], int]:
    """Return the first items, and how many more there are."""
    return items[:limit], max(len(items) - limit, 0)


def said_number(value: float | None) -> Span:
    """Return a number for a table, a dash where there is none."""
    return ABSENT if value is None else Span(number(value, digits=4))


def change_text(a: float, b: float) -> tuple[str, str]:
    """Return two numbers with as many digits as it takes to tell them apart, nine at most.

    >>> change_text(3.07066, 3.07139), change_text(1.0, 1.0)
    (('3.0707', '3.0714'), ('1', '1'))
    """
    for digits in range(4, 10):
        texts = number(a, digits=digits), number(b, digits=digits)
        if texts[0] != texts[1]:
            break
    return (number(a, digits=4), number(b, digits=4)) if texts[0] == texts[1] else texts


def quality_words(name: str, a: float, b: float, *, is_higher_better: bool) -> Words:
    """Return how good two models are by one measure, with a mark and a word where the numbers can be told apart."""
    before, after = change_text(a, b)
    told = Span(f"{name} {before} → {after}")
    if before == after:
        return (told,)
    return (told, good(" ▲ better") if (b > a) is is_higher_better else bad(" ▼ worse"))


def share_text(share: float) -> str:
    """Return a share as percent.

    >>> share_text(0.12), share_text(0.00001), share_text(1.0)
    ('12%', '<0.1%', '100%')
    """
    return "<0.1%" if 0 < share < 0.001 else f"{share * 100:.3g}%"


def verdict_words(verdict: Verdict) -> Span:
    """Return a verdict with its mark."""
    return _VERDICTS[verdict]


def metric_text(metric: Metric) -> str:
    """Return a metric's value."""
    found = as_number(metric.value)
    return number(found) if found is not None else value_text(metric.value)


def best_text(metric: Metric) -> str:
    """Return the best value of a series."""
    found = as_number(metric.best)
    return number(found) if found is not None else value_text(metric.best)


def measured_on(metric: Metric) -> str:
    """Return the data that something was measured on, and the part of it.

    >>> from mvlake.records.facts import MetricSource
    >>> measured_on(Metric("recall", 0.5, MetricSource.FUNCTION, dataset="test", segment="age < 40"))
    'test, age < 40'
    """
    return ", ".join(one for one in (metric.dataset, metric.segment) if one)


def said_as(param: Param) -> str:
    """Return how a parameter was found."""
    return f"{param.source.value}, a guess" if param.source.is_guess else param.source.value


def is_guess(metric: Metric) -> bool:
    """True for a number that nobody called a metric, and that no function is known to have measured."""
    return metric.source.is_guess


def telling_metrics(metrics: Sequence[Metric], limit: int) -> list[Metric]:
    """Return the metrics to show where there is little room: single numbers that are guesses only where there is nothing else."""
    named = [metric for metric in metrics if metric.source not in _WEAK]
    return (named or list(metrics))[:limit]


def names_words(names: Sequence[str], limit: int = 20) -> Words:
    """Return names in one line."""
    shown, more = head(names, limit)
    found: list[Span] = []
    for name in shown:
        found += [muted(", ")] if found else []
        found.append(code(name))
    return (*found, muted(f" and {more:,} more")) if more else tuple(found)


def summary_text(summary: Summary) -> str:
    """Return what a summary says, in one line."""
    match summary:
        case FrameSummary():
            return f"{plural(summary.rows, 'row')} {TIMES} {plural(len(summary.columns), 'column')}, {summary.type}"
        case ArraySummary():
            shape = f" {TIMES} ".join(f"{extent:,}" for extent in summary.shape[:8]) or "scalar"
            span = (
                f", {number(summary.low)} … {number(summary.high)}" if summary.low is not None and summary.high is not None else ""
            )
            return f"{shape} {summary.dtype}{span}"
        case ModelSummary():
            stated = [f"{one.name}={value_text(one.value)}" for one in summary.settings if not one.is_default][:4]
            fitted = "" if summary.is_fitted else ", not fitted"
            return f"{summary.type.rpartition('.')[2]}({', '.join(stated)}), {summary.library} {summary.library_version}{fitted}"
        case ValueSummary():
            return summary.text
        case FigureSummary():
            pixels = f", {summary.width:,} {TIMES} {summary.height:,}" if summary.width else ""
            return f"{summary.media_type}{pixels}"
        case SeriesSummary():
            return f"{plural(summary.steps, 'step')} {sparkline(summary.points)}"
        case MediaSummary():
            return f"{summary.media_type}{f': {summary.text}' if summary.text else ''}"
        case FileSummary():
            changed = f", last changed {summary.modified_at[:16].replace('T', ' ')} UTC" if summary.modified_at else ""
            return f"{summary.type}{changed}"
        case OpaqueSummary():
            return f"{summary.type}, pickled: {summary.reason}"
        case CodeSummary():
            told = [summary.path, plural(summary.lines, "line"), summary.state, summary.note]
            return ", ".join(one for one in told if one)
