"""Present: what a kernel holds now as the other side of a comparison with a version. It is looked at; nothing is written."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from mvlake.compare.diff import NOW, CellDiff, Change, Diff, Line
from mvlake.compare.lines import ADDED, diff_lines
from mvlake.compare.versions import compare
from mvlake.errors import Unsupported
from mvlake.handlers.lookup import handler_for
from mvlake.lake.commit import put_artifact, put_cell, put_environment
from mvlake.lake.parts import Parts
from mvlake.lake.preserve import role_of, type_name
from mvlake.lake.screening import screened
from mvlake.lake.secret_objects import refused
from mvlake.records.artifact import Artifact, DraftArtifact, Omission, Role
from mvlake.records.canonical import canonical
from mvlake.records.digest import Digest
from mvlake.records.dossier import Dossier
from mvlake.records.draft import Draft
from mvlake.records.fields import to_fields
from mvlake.records.moment import to_text
from mvlake.records.summary import Summary
from mvlake.records.version import Version
from mvlake.store.hashing import digest_of


@dataclass(frozen=True, slots=True)
class UnrunCell:
    """A cell of a notebook's file whose text has not run: its place there, and what ran in its place, if anything did."""

    place: int
    source: str
    ran_at: int | None = None
    ran: str = ""


@dataclass(frozen=True, slots=True)
class Present:
    """What a kernel holds now, told as a `draft`, of as much as a comparison with one version can speak of.

    `variables`, `params`, `metrics` and `modules` are the names of these things of the version that are still told, or are known to
    be gone; of the others nobody can say anything. `unknown` are sentences on what could not be told.
    """

    draft: Draft
    variables: frozenset[str]
    params: frozenset[str]
    metrics: frozenset[str]
    unrun: Sequence[UnrunCell] = ()
    unknown: Sequence[str] = ()


def look(parts: Parts, role: Role, name: str, obj: Any, version: str) -> DraftArtifact | Omission:
    """Return what an object would be as an artifact, without its content; or why that cannot be told. No code of its own runs.

    Secrets are replaced, and columns hidden, as where a version is made, so that equal content has equal digests.
    """
    why_not = refused(name, obj, os.environ)
    if why_not:
        return Omission(name, type_name(obj), why_not)
    obj, _ = parts.guard.live(f"{role} {name}", obj)
    screen = parts.guard.screen(version)
    try:
        if screen is not None:
            obj = screened(obj, screen)
        handler = handler_for(obj)
        if not handler.is_inert:
            return Omission(name, type_name(obj), "only its code could tell whether it has changed")
        found = handler.examined(obj)
    except Unsupported as refusal:
        return Omission(name, type_name(obj), refusal.message)
    kept = role if role is Role.INPUT else role_of(role, found.summary)
    told = DraftArtifact(kept, name, handler.name, handler.protocol, found.digest, found.digest, 0, found.summary, None)
    return told if screen is None else replace(told, screened=frozenset(screen.rules))


def compare_present(parts: Parts, then: Dossier, present: Present) -> Diff:
    """Return how what a kernel holds now differs from a version, as far as both can be told."""
    draft = parts.guard.draft(present.draft)
    a, b = _then(then, present, {one.name for one in draft.artifacts if one.role is Role.CODE}), _now(parts, then.version, draft)
    diff = compare(a, b)
    unrun = tuple(_unrun(parts, one) for one in present.unrun)
    return replace(diff, unrun=unrun, problems=(*diff.problems, *present.unknown), is_empty=diff.is_empty and not unrun)


def _then(then: Dossier, present: Present, modules: set[str]) -> Dossier:
    """Return a version without all of which nobody can say what it is now."""
    version = then.version
    artifacts = [one for one in recorded(version).values() if one.name in present.variables]
    artifacts += [one for one in version.artifacts if one.role is Role.CODE and one.name in modules]
    kept = replace(
        version,
        params=tuple(one for one in version.params if one.name in present.params),
        metrics=tuple(one for one in version.metrics if one.name in present.metrics),
        artifacts=tuple(artifacts),
        files=(),
        hints=(),
        draws=(),
        seeds=(),
        warnings=(),
        described=(),
        lineage=(),
        redacted=(),
    )
    told = {name: text for name, text in then.modules.items() if name in modules}
    return replace(then, version=kept, streams={}, displays={}, modules=told, profiles={}, past=None)


def recorded(version: Version) -> dict[str, Artifact]:
    """Return what a version recorded of variables, by name: as its cell left them, else as it read them."""
    variables = {*version.names.read, *version.names.bound, *version.names.mutated}
    found: dict[str, Artifact] = {}
    for role in (Role.INPUT, Role.OUTPUT, Role.MODEL):
        found |= {one.name: one for one in version.artifacts if one.role is role and one.name in variables}
    return found


def _now(parts: Parts, version: Version, draft: Draft) -> Dossier:
    objects: dict[Digest, bytes] = {}
    summaries: dict[Digest, Summary] = {}
    artifacts = []
    for one in draft.artifacts:
        artifacts.append(put_artifact(one, objects))
        summaries[artifacts[-1].summary] = one.summary
    now = Version(
        name=version.name,
        number=version.number,
        parent=version.number,
        identity=digest_of(canonical([to_fields(one) for one in artifacts])),
        origin=draft.origin,
        cells=tuple(put_cell(cell, objects) for cell in draft.cells),
        names=draft.names,
        params=draft.params,
        metrics=draft.metrics,
        artifacts=tuple(artifacts),
        omitted=draft.omitted,
        environment=put_environment(draft.environment)[0],
        git=draft.git,
        notebook=draft.notebook,
        started_at=draft.started_at,
        duration=0.0,
        imports=draft.imports,
    )
    modules = {one.name: (one.content or b"").decode("utf-8", "replace") for one in draft.artifacts if one.role is Role.CODE}
    return Dossier(
        version=now,
        created_at=to_text(parts.clock()),
        author=parts.author.user,
        sources=tuple(cell.source for cell in draft.cells),
        summaries=summaries,
        environment=draft.environment,
        streams={},
        modules=modules,
        called=NOW,
        directions=parts.ledger.directions(now.name),
    )


def _unrun(parts: Parts, cell: UnrunCell) -> CellDiff:
    source = parts.guard.text(cell.source)
    if cell.ran_at is None:
        lines = tuple(Line(ADDED, line) for line in source.split("\n"))
        return CellDiff(Change.ADDED, None, cell.place, is_tracked=False, lines=lines)
    return CellDiff(Change.CHANGED, cell.ran_at, cell.place, is_tracked=False, lines=diff_lines(parts.guard.text(cell.ran), source))
