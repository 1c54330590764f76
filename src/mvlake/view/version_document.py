"""The JSON document of one version, with its dossier or without."""

from mvlake.records.answers import CorrectionRow, Entry, Remark, Replay
from mvlake.records.artifact import Artifact
from mvlake.records.departure import Departure
from mvlake.records.dossier import Dossier
from mvlake.records.facts import Metric
from mvlake.records.fields import to_fields
from mvlake.records.version import Version
from mvlake.view.values import ordinary


def version_document(entry: Entry, dossier: Dossier | None = None) -> dict[str, object]:
    """Return the document; code, environment, streams, problems and summaries are there when the dossier is."""
    version = entry.version
    document: dict[str, object] = {
        "ref": entry.ref,
        "name": version.name,
        "number": version.number,
        "parent": f"{version.name}:v{version.parent}" if version.parent is not None else None,
        "created_at": entry.created_at,
        "author": entry.author,
        "origin": version.origin.value,
        "message": version.message,
        "peak_memory": version.peak_memory,
        "usage": to_fields(version.usage) if version.usage is not None else None,
        "warnings": [to_fields(one) for one in version.warnings],
        "duration": version.duration,
        "started_at": version.started_at,
        "notebook": version.notebook,
        "params": {one.name: ordinary(one.value) for one in version.params},
        "metrics": {one.name: ordinary(one.value) for one in version.metrics},
        "param_sources": {one.name: one.source.value for one in version.params},
        "metric_sources": {one.name: one.source.value for one in version.metrics},
        "metric_details": {one.name: _measured(one) for one in version.metrics},
        "guesses": guesses_of(version),
        "artifacts": [_artifact(one, dossier) for one in version.artifacts],
        "git": to_fields(version.git) if version.git is not None else None,
        "names": to_fields(version.names),
        "omitted": [{"name": one.name, "type": one.type, "reason": one.reason} for one in version.omitted],
        "lineage": [to_fields(one) for one in version.lineage],
        "redacted": [to_fields(one) for one in version.redacted],
        "described": [to_fields(one) for one in version.described],
        "hints": [
            {"code": one.code.value, "text": one.text, "names": list(one.names), "cells": list(one.cells)} for one in version.hints
        ],
        "draws": [to_fields(one) for one in version.draws],
        "imports": [to_fields(one) for one in version.imports],
        "lock": version.lock,
        "seeds": [
            {"cell": one.cell, "call": one.call, "value": ordinary(one.value), "source": one.source and one.source.value}
            for one in version.seeds
        ],
        "files": [to_fields(one) for one in version.files],
        "notes": [{"text": one.text, "at": one.at, "author": one.author} for one in entry.notes],
        "corrections": [correction_document(one) for one in entry.corrections],
        "tags": list(entry.tags),
        "labels": list(entry.labels),
        "verdict": entry.judged.replayed.verdict.value if entry.judged is not None else None,
        "replays": [_replay(one, version) for one in entry.replays],
        "confirmations": entry.confirmations,
        "forgotten": _forgotten(entry.forgotten) if entry.forgotten is not None else None,
        "digest": entry.digest,
        "identity": version.identity,
    }
    return document if dossier is None else document | _resolved(dossier)


def correction_document(row: CorrectionRow) -> dict[str, object]:
    """Return the document of what somebody said of a fact."""
    one = row.correction
    return {
        "name": one.name,
        "fact": one.fact,
        "meaning": one.meaning.value,
        "better": one.better.value if one.better is not None else None,
        "number": one.number,
        "at": row.at,
        "author": row.author,
    }


def departure_document(departure: Departure) -> dict[str, object]:
    """Return the document of where a replay left its version, and why."""
    return {
        "cell": departure.cell,
        "is_exact": departure.is_exact,
        "inputs": [{"kind": one.kind.value, "name": one.name, "cell": one.cell, "reason": one.reason} for one in departure.inputs],
        "causes": [
            {"cause": one.kind.value, "name": one.name, "known_by": one.basis.value, "reason": one.reason, "advice": one.advice}
            for one in departure.causes
        ],
        "untested": departure.untested,
    }


def guesses_of(version: Version) -> list[str]:
    """Return the names of parameters and metrics that nobody called so."""
    params = [one.name for one in version.params if one.source.is_guess]
    return params + [one.name for one in version.metrics if one.source.is_guess]


def _resolved(dossier: Dossier) -> dict[str, object]:
    cells = zip(dossier.version.cells, dossier.sources, strict=True)
    return {
        "code": [
            {"source": source, "execution_count": cell.execution_count, "is_tracked": cell.is_tracked, "failed": cell.failed}
            for cell, source in cells
        ],
        "environment": to_fields(dossier.environment) if dossier.environment is not None else None,
        "modules": dict(dossier.modules),
        "streams": dict(dossier.streams),
        "displays": dict(dossier.displays),
        "problems": list(dossier.problems),
        "standing": {str(digest): said for digest, said in dossier.standing.items()},
    }


def _artifact(artifact: Artifact, dossier: Dossier | None) -> dict[str, object]:
    document: dict[str, object] = {
        "role": artifact.role.value,
        "name": artifact.name,
        "handler": artifact.handler,
        "digest": artifact.digest,
        "size": artifact.size,
        "object": artifact.object,
    }
    if dossier is not None and artifact.summary in dossier.summaries:
        document["summary"] = to_fields(dossier.summaries[artifact.summary])
    if dossier is not None and artifact.profile is not None and artifact.profile in dossier.profiles:
        document["profile"] = to_fields(dossier.profiles[artifact.profile])
    return document


def _measured(metric: Metric) -> dict[str, object]:
    said: dict[str, object] = {
        "dataset": metric.dataset,
        "segment": metric.segment,
        "steps": metric.steps,
        "best": None if metric.best is None else ordinary(metric.best),
        "function": metric.function,
    }
    return {key: value for key, value in said.items() if value not in ("", None)}


def _forgotten(remark: Remark) -> dict[str, object]:
    return {"reason": remark.text, "at": remark.at, "author": remark.author}


def _replay(replay: Replay, version: Version) -> dict[str, object]:
    replayed = replay.replayed
    said: dict[str, object] = {
        "verdict": replayed.verdict.value,
        "at": replay.at,
        "author": replay.author,
        "speaks_of_version": replayed.speaks_of_version,
        "tool": replayed.tool,
        "duration": replayed.duration,
        "environment": replayed.environment,
        "is_same_environment": replayed.environment == version.environment,
        "items": [to_fields(item) for item in replayed.items],
        "differences": [to_fields(one) for one in replayed.differences],
        "departure": departure_document(replayed.departure) if replayed.departure is not None else None,
    }
    if replayed.asked is not None:
        said["asked"] = to_fields(replayed.asked)
    return {**said, "repeats": [to_fields(one) for one in replayed.repeats]} if replayed.repeats else said
