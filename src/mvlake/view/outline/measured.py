"""The outline of a version's parameters and metrics."""

from mvlake.records.artifact import Role
from mvlake.records.dossier import Dossier
from mvlake.records.facts import Metric
from mvlake.records.summary import SeriesSummary, Summary
from mvlake.records.version import Version
from mvlake.view.blocks import Block, Column, Grid, Section, Span, Spark, Words, code, muted, strong
from mvlake.view.outline.wording import best_text, head, is_guess, measured_on, metric_text, said_as
from mvlake.view.quantities import plural
from mvlake.view.values import value_text


def metrics(version: Version, dossier: Dossier) -> tuple[Block, ...]:
    """Return the metrics: what was measured, on which data, and what course it took."""
    if not version.metrics:
        return ()
    found, more = head(sorted(version.metrics, key=is_guess))
    series = {one.name: dossier.summaries.get(one.summary) for one in version.artifacts if one.role is Role.SERIES}
    rows = tuple(
        (
            (code(one.name),),
            (Span(metric_text(one)) if is_guess(one) else strong(metric_text(one)),),
            (Span(measured_on(one)),),
            _course(one, series.get(one.name)),
            _found_by(one),
        )
        for one in found
    )
    columns = [Column("name"), Column("value", is_number=True), Column("measured on"), Column("course"), Column("found by")]
    empty = {place for place in (2, 3) if all(_is_blank(row[place]) for row in rows)}
    kept = [place for place in range(len(columns)) if place not in empty]
    grid = Grid(tuple(columns[place] for place in kept), tuple(tuple(row[place] for place in kept) for row in rows), more)
    return (Section("Metrics", (), (grid,)),)


def _is_blank(words: Words) -> bool:
    return all(isinstance(one, Span) and not one.text for one in words)


def _course(metric: Metric, summary: Summary | None) -> Words:
    if not metric.steps:
        return ()
    best = f", best {best_text(metric)}" if metric.best is not None else ""
    line = (Spark(summary.points),) if isinstance(summary, SeriesSummary) else ()
    return (*line, muted(f" {plural(metric.steps, 'step')}{best}"))


def _found_by(metric: Metric) -> Words:
    return (muted(f"{metric.function or metric.source.value}{', a guess' if is_guess(metric) else ''}"),)


def params(version: Version) -> tuple[Block, ...]:
    """Return the parameters, with how each was found."""
    if not version.params:
        return ()
    found, more = head(version.params)
    rows = tuple(((code(one.name),), (Span(value_text(one.value), limit=200),), (muted(said_as(one)),)) for one in found)
    return (Section("Parameters", (), (Grid((Column("name"), Column("value"), Column("found as")), rows, more),)),)
