"""Commit: a draft becomes a version, the confirmation of one, or an attempt. Objects first, then the record that names them."""

import os
from collections.abc import Iterable
from dataclasses import replace

from mvlake.lake.own import remember_own
from mvlake.lake.parts import Parts
from mvlake.lake.past import put_past
from mvlake.lake.surroundings import surroundings
from mvlake.lake.whole import append_whole
from mvlake.records.answers import Committed
from mvlake.records.artifact import Artifact, DraftArtifact, Role
from mvlake.records.canonical import Json, canonical
from mvlake.records.digest import Digest
from mvlake.records.draft import Draft, DraftCell, FailedDraft
from mvlake.records.environment import Environment
from mvlake.records.events import Attempt, Confirmation
from mvlake.records.fields import to_fields
from mvlake.records.lineage import Descent
from mvlake.records.names import check_name
from mvlake.records.randomness import DraftDraw, Draw, Seed
from mvlake.records.record import Body, Record
from mvlake.records.source import without_directive
from mvlake.records.version import Cell, Version
from mvlake.store.hashing import digest_of

_OUTPUTS = (Role.OUTPUT, Role.MODEL, Role.FIGURE, Role.FILE, Role.SERIES)


def commit(parts: Parts, draft: Draft) -> Committed:
    """Make a draft a version; or record that it confirms the version whose code, inputs and outputs it repeats."""
    check_name(draft.name)
    draft = parts.guard.draft(draft)
    objects: dict[Digest, bytes] = {}
    cells = tuple(put_cell(cell, objects) for cell in draft.cells)
    draws = tuple(_draw(place, draw, objects) for place, cell in enumerate(draft.cells, 1) for draw in cell.draws)
    artifacts = tuple(put_artifact(artifact, objects) for artifact in draft.artifacts)
    environment, lock = (_put(data, objects) for data in surroundings(draft.environment))
    past = put_past(draft.past, objects)
    identity = identity_of((cell.source for cell in draft.cells), draft)
    packs: tuple[Digest, ...] | None = None
    lineage: tuple[Descent, ...] = ()

    def body() -> Body:
        """Return what the log so far makes of the draft: asked again when somebody else commits first."""
        nonlocal packs, lineage
        same = parts.ledger.same_as(draft.name, identity)
        if same is not None:
            return Confirmation(draft.name, same.number, draft.started_at, draft.duration)
        if packs is None:
            packs = _unique(draft, parts.objects.write(objects))
            lineage = _lineage(parts, draft)
        traced = replace(draft, lineage=lineage)
        return _version(traced, parts.ledger.count(draft.name) + 1, identity, cells, draws, artifacts, environment, lock, past)

    def make(seq: int, prev: Digest) -> Record:
        written = body()
        return parts.record(seq, prev, written, packs=(packs or ()) if isinstance(written, Version) else ())

    written = append_whole(parts, make, objects).body
    parts.relatives.turn()
    if isinstance(written, Version):
        remember_own(parts.ledger.digest(written.name, written.number), os.environ)
        return Committed(written, is_confirmation=False)
    assert isinstance(written, Confirmation)
    return Committed(parts.ledger.entry(written.name, written.number).version, is_confirmation=True)


def _lineage(parts: Parts, draft: Draft) -> tuple[Descent, ...]:
    """Return what data came from, as far as content proves it."""
    if not draft.lineage:
        return ()
    from mvlake.lake.kin import proved  # with the libraries of frames, which are loaded where there is data

    return proved(parts, draft)


def record_attempt(parts: Parts, draft: FailedDraft) -> None:
    """Record an execution that raised."""
    check_name(draft.name)
    draft = parts.guard.failed(draft)
    objects: dict[Digest, bytes] = {}
    cells = tuple(put_cell(cell, objects) for cell in draft.cells)
    packs = parts.objects.write(objects)
    attempt = Attempt(draft.name, cells, draft.error_type, draft.error_message, draft.started_at, draft.duration, draft.redacted)
    append_whole(parts, lambda seq, prev: parts.record(seq, prev, attempt, packs=packs), objects)


def put_environment(environment: Environment) -> tuple[Digest, dict[Digest, bytes]]:
    """Return an environment's digest, and the object to write for it."""
    objects: dict[Digest, bytes] = {}
    return _put(surroundings(environment)[0], objects), objects


def _put(data: bytes, objects: dict[Digest, bytes]) -> Digest:
    digest = digest_of(data)
    objects[digest] = data
    return digest


def put_cell(cell: DraftCell, objects: dict[Digest, bytes]) -> Cell:
    """Put a cell's text among the objects to write, and return what its record says."""
    source = _put(cell.source.encode("utf-8", "surrogatepass"), objects)
    return Cell(source, cell.execution_count, cell.cell_id, cell.is_tracked, cell.failed)


def _draw(place: int, draw: DraftDraw, objects: dict[Digest, bytes]) -> Draw:
    state = None if draw.state is None else _put(canonical(to_fields(draw.state)), objects)
    return Draw(place, draw.generator, draw.kind, state, draw.is_seeded, draw.problem)


def put_artifact(artifact: DraftArtifact, objects: dict[Digest, bytes]) -> Artifact:
    """Put what there is of an artifact among the objects to write, and return what its record says."""
    if artifact.content is not None:
        objects[artifact.object] = artifact.content
    return Artifact(
        role=artifact.role,
        name=artifact.name,
        handler=artifact.handler,
        protocol=artifact.protocol,
        digest=artifact.digest,
        object=artifact.object,
        size=artifact.size,
        summary=_put(canonical(to_fields(artifact.summary)), objects),
        is_node=artifact.is_node,
        profile=None if artifact.profile is None else _put(artifact.profile, objects),
    )


def _unique(draft: Draft, packs: tuple[Digest, ...]) -> tuple[Digest, ...]:
    """Return the packs that came with a draft, each once: those of its artifacts, then those of the commit itself."""
    staged = (pack for artifact in draft.artifacts for pack in artifact.packs)
    return tuple(dict.fromkeys([*staged, *packs]))


def identity_of(sources: Iterable[str], made: Draft | Version) -> Digest:
    """Return what makes two executions the same: code, inputs and outputs; not the time, the machine, or what was printed.

    Another `%%track` line does not make other code.
    """
    inputs = [[one.name, str(one.digest)] for one in made.artifacts if one.role is Role.INPUT]
    outputs = [[str(one.role), one.name, str(one.digest)] for one in made.artifacts if one.role in _OUTPUTS]
    modules = [[one.name, str(one.digest)] for one in made.artifacts if one.role is Role.CODE]
    told: dict[str, Json] = {
        "cells": [str(digest_of(without_directive(source).encode("utf-8", "surrogatepass"))) for source in sources],
        "inputs": sorted(inputs),
        "outputs": sorted(outputs),
        "params": sorted(([one.name, one.value] for one in made.params), key=canonical),
        "metrics": sorted(([one.name, one.value] for one in made.metrics), key=canonical),
    }
    return digest_of(canonical({**told, "modules": sorted(modules)} if modules else told))


def _version(
    draft: Draft,
    number: int,
    identity: Digest,
    cells: tuple[Cell, ...],
    draws: tuple[Draw, ...],
    artifacts: tuple[Artifact, ...],
    environment: Digest,
    lock: Digest,
    past: Digest | None,
) -> Version:
    return Version(
        name=draft.name,
        number=number,
        parent=draft.parent,
        identity=identity,
        origin=draft.origin,
        cells=cells,
        names=draft.names,
        params=draft.params,
        metrics=draft.metrics,
        artifacts=artifacts,
        omitted=draft.omitted,
        environment=environment,
        git=draft.git,
        notebook=draft.notebook,
        started_at=draft.started_at,
        duration=draft.duration,
        message=draft.message,
        hints=draft.hints,
        past=past,
        imports=draft.imports,
        lock=lock,
        draws=draws,
        seeds=tuple(
            Seed(place, seed.call, seed.value, seed.source) for place, cell in enumerate(draft.cells, 1) for seed in cell.seeds
        ),
        warnings=draft.warnings,
        peak_memory=draft.peak_memory,
        usage=draft.usage,
        redacted=draft.redacted,
        files=draft.files,
        folder=draft.folder,
        described=draft.described,
        lineage=draft.lineage,
    )
