"""Rows: what one record says, as rows of each table."""

import dataclasses
from typing import TypeAlias

from mvlake.index.tables import (
    ARTIFACTS,
    DESCRIBED,
    DRAWS,
    EVENTS,
    FILES,
    HINTS,
    IMPORTS,
    LABELS,
    LINEAGE,
    METRICS,
    PARAMS,
    REDACTIONS,
    REPLAYS,
    SEEDS,
    USAGE,
    VERDICTS,
    VERSIONS,
    WARNINGS,
)
from mvlake.index.values import moment_of, number_of, text_of
from mvlake.records.asked import Asked, Extent
from mvlake.records.canonical import canonical
from mvlake.records.described import Described
from mvlake.records.digest import Digest
from mvlake.records.events import LabelMove, Measured, Replayed, VerdictItem
from mvlake.records.facts import Metric
from mvlake.records.fields import to_fields
from mvlake.records.files import FileUse
from mvlake.records.lineage import Descent
from mvlake.records.record import Record, Unknown
from mvlake.records.version import Version

Row: TypeAlias = tuple[object, ...]
Rows: TypeAlias = dict[str, list[Row]]


def rows_of(record: Record, digest: Digest) -> Rows:
    """Return the rows by table name, values in the order of the table's columns; `digest` names the record."""
    if isinstance(record.body, Version):
        return _version_rows(record, record.body, digest)
    rows: Rows = {EVENTS.name: [_event_row(record, digest)]}
    if isinstance(record.body, LabelMove):
        rows[LABELS.name] = [_label_row(record, record.body)]
    if isinstance(record.body, Replayed):
        head = (record.seq, record.body.name, record.body.number, f"{record.body.name}:v{record.body.number}")
        rows[REPLAYS.name] = [(*head, *_replay_row(record, record.body))]
        rows[VERDICTS.name] = [(*head, *_verdict_row(one)) for one in record.body.items]
    return rows


def _verdict_row(item: VerdictItem) -> Row:
    told = (item.kind, item.name, item.verdict.value, item.verdict.severity, item.reason)
    if item.measured is None:
        return (*told, *[None] * len(dataclasses.fields(Measured)))
    return (*told, *(getattr(item.measured, one.name) for one in dataclasses.fields(Measured)))


def _version_rows(record: Record, version: Version, digest: Digest) -> Rows:
    head = (record.seq, version.name, version.number, version.ref)
    return {
        VERSIONS.name: [_version_row(record, version, digest)],
        PARAMS.name: [
            (*head, param.name, text_of(param.value), number_of(param.value), param.source.value, param.source.is_guess)
            for param in version.params
        ],
        METRICS.name: [(*head, *_metric_row(metric)) for metric in version.metrics],
        ARTIFACTS.name: [
            (*head, one.role.value, one.name, one.handler, one.protocol, one.digest, one.object, one.size, one.profile)
            for one in version.artifacts
        ],
        DESCRIBED.name: [(*head, *_described_row(one)) for one in version.described],
        LINEAGE.name: [(*head, *_lineage_row(one)) for one in version.lineage],
        DRAWS.name: [
            (*head, one.cell, one.generator, one.kind.value, one.is_seeded, one.state, one.problem or None) for one in version.draws
        ],
        IMPORTS.name: [(*head, one.package, one.version) for one in version.imports],
        SEEDS.name: [
            (*head, one.cell, one.call, text_of(one.value), number_of(one.value), one.source and one.source.value)
            for one in version.seeds
        ],
        REDACTIONS.name: [(*head, one.rule, one.place, one.count, one.column, " ".join(one.hashes)) for one in version.redacted],
        FILES.name: [(*head, *_file_row(one)) for one in version.files],
        HINTS.name: [(*head, one.code.value, one.text, ", ".join(one.names)) for one in version.hints],
        USAGE.name: [
            (*head, one.elapsed, one.cpu, one.memory, one.children)
            for one in (version.usage.samples if version.usage is not None else ())
        ],
        WARNINGS.name: [(*head, one.category, one.message, one.place, one.line, one.times) for one in version.warnings],
    }


def _described_row(one: Described) -> Row:
    traits = ", ".join(f"{trait.name}={trait.value}" for trait in one.traits)
    return one.role.value, one.name, one.type, one.kind.value, one.cell, one.source, one.sql, traits


def _lineage_row(one: Descent) -> Row:
    told = one.kind.value, one.known_by.value, one.known_by.is_guess, one.portion.value
    return one.child, one.parent, *told, one.function, one.cell, one.rows, one.parent_rows, one.digest


def _metric_row(metric: Metric) -> Row:
    return (
        metric.name,
        number_of(metric.value),
        metric.function,
        metric.source.value,
        metric.source.is_guess,
        metric.dataset,
        metric.segment,
        metric.steps,
        None if metric.best is None else number_of(metric.best),
    )


def _file_row(use: FileUse) -> Row:
    ways = ", ".join(way.value for way in use.found_by)
    return (use.name, use.direction.value, use.kind.value, use.size, use.digest, ways, use.path, use.problem, use.is_made)


def _version_row(record: Record, version: Version, digest: Digest) -> Row:
    # A repository that git would not speak of says nothing about being clean.
    git = version.git if version.git and not version.git.problem else None
    return (
        record.seq,
        version.name,
        version.number,
        version.ref,
        digest,
        version.identity,
        version.parent,
        version.origin.value,
        moment_of(record.at),
        moment_of(version.started_at),
        version.duration,
        record.by.user,
        record.by.host,
        version.message,
        version.notebook,
        version.environment,
        version.git.commit if version.git else None,
        version.git.branch if version.git else None,
        git.is_dirty if git else None,
        len(version.cells),
        len(version.params),
        len(version.metrics),
        len(version.artifacts),
        len(version.omitted),
        sum(artifact.size for artifact in version.artifacts),
        len(version.warnings),
        version.peak_memory,
        version.usage.cpu_time if version.usage is not None else None,
        version.git.remote if version.git else None,
    )


def _label_row(record: Record, move: LabelMove) -> Row:
    return (
        record.seq,
        moment_of(record.at),
        move.name,
        move.label,
        move.from_number,
        move.to_number,
        move.move.value,
        move.reason,
        record.by.user,
        record.by.host,
    )


def _replay_row(record: Record, replayed: Replayed) -> Row:
    asked, departure = replayed.asked or Asked(Extent.SLICE), replayed.departure
    cause = departure.causes[0] if departure is not None and departure.causes else None
    return (
        moment_of(record.at),
        replayed.verdict.value,
        replayed.verdict.severity,
        replayed.verdict.is_reproduced,
        replayed.speaks_of_version,
        asked.cells.value,
        asked.notebook or None,
        asked.from_frames,
        asked.repeat,
        len(replayed.items),
        len(replayed.differences),
        departure.cell if departure is not None else None,
        cause.kind.value if cause is not None else None,
        cause.name or None if cause is not None else None,
        replayed.duration,
        replayed.environment,
        replayed.tool,
        record.by.user,
        record.by.host,
    )


def _event_row(record: Record, digest: Digest) -> Row:
    body = record.body
    number = body.to_number if isinstance(body, LabelMove) else getattr(body, "number", None)
    return (
        record.seq,
        moment_of(record.at),
        record.kind,
        getattr(body, "name", None),
        number,
        record.by.user,
        record.by.host,
        None if isinstance(body, Unknown) else _detail(body),
        digest,
    )


def _detail(body: object) -> str | None:
    try:
        return canonical(to_fields(body)).decode("utf-8")
    except (ValueError, TypeError):  # a hand-made record may hold what canonical JSON cannot say again
        return None
