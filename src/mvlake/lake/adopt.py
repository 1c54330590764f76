"""Adopt: what a scratch lake took becomes a version of this lake: its objects first, then the record that names them.

The kernel that made it has written nothing here, and knows of nothing here: where files lie and what git says is told as of the
parent.
"""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from mvlake.errors import CannotReplay
from mvlake.lake.commit import identity_of
from mvlake.lake.dossier import read_dossier
from mvlake.lake.own import is_own, remember_own
from mvlake.lake.parts import Parts
from mvlake.lake.reach import named, node_of
from mvlake.lake.whole import append_whole
from mvlake.records.answers import Committed, Entry
from mvlake.records.artifact import Artifact, Role
from mvlake.records.digest import Digest
from mvlake.records.events import Confirmation
from mvlake.records.files import FileUse, PlaceKind, below
from mvlake.records.record import Body, Record
from mvlake.records.version import Version


def adopt(parts: Parts, scratch: Parts, made: Entry, origin: Entry, *, folder: Path, message: str) -> Committed:
    """Commit what a replay of a version made as a child of that one, or as the confirmation of one that is the same.

    `folder` is the one that its cells worked in. Where the record cannot be written there is no version; `gc` collects the objects.
    """
    parent, sources = origin.version, read_dossier(scratch, made).sources
    if None in sources:
        raise CannotReplay(parent.ref, reason="the code that ran cannot be read back", hint=f"`replay {parent.ref}` once more")
    version = replace(_placed(made.version, parent, folder), message=message)
    version = replace(version, identity=identity_of((source or "" for source in sources), version))
    packs = _moved(parts, scratch, version)

    def body() -> Body:
        same = parts.ledger.same_as(version.name, version.identity)
        if same is not None:
            return Confirmation(version.name, same.number, version.started_at, version.duration)
        return replace(version, number=parts.ledger.count(version.name) + 1, parent=parent.number)

    def make(seq: int, prev: Digest) -> Record:
        written = body()
        return parts.record(seq, prev, written, packs=packs if isinstance(written, Version) else ())

    written = append_whole(parts, make, {}).body
    if isinstance(written, Version):
        if is_own(origin.digest, os.environ):  # the code of a stranger stays that, whatever values it is given
            remember_own(parts.ledger.digest(written.name, written.number), os.environ)
        return Committed(written, is_confirmation=False)
    assert isinstance(written, Confirmation)
    return Committed(parts.ledger.entry(written.name, written.number).version, is_confirmation=True)


def _placed(made: Version, parent: Version, folder: Path) -> Version:
    """Return a version whose files, modules, notebook and git are told as of the parent's project, and not of a scratch folder."""
    inside = os.path.normpath(parent.folder) if parent.folder else ""
    project = str(folder).removesuffix(f"{os.sep}{inside}")
    uses = {use.name: _told_from(use, project, str(folder)) for use in made.files}
    known = {(one.name, one.digest): one for one in parent.artifacts if one.role is Role.CODE}
    artifacts = [one for one in (_artifact(one, uses, known) for one in made.artifacts) if one.role is not Role.PATCH]
    patches = [one for one in parent.artifacts if one.role is Role.PATCH]
    return replace(
        made,
        artifacts=(*artifacts, *patches),
        files=tuple(_told_from(use, project, str(folder)) for use in made.files),
        lineage=tuple(replace(one, parent=uses[one.parent].name) if one.parent in uses else one for one in made.lineage),
        folder=parent.folder,
        notebook=parent.notebook,
        git=parent.git,
    )


def _artifact(one: Artifact, uses: dict[str, FileUse], known: dict[tuple[str, Digest], Artifact]) -> Artifact:
    if one.role is Role.FILE and one.name in uses:
        return replace(one, name=uses[one.name].name)
    return known.get((one.name, one.digest), one) if one.role is Role.CODE else one


def _told_from(use: FileUse, project: str, folder: str) -> FileUse:
    """Return the use of a file with its place below the project; one that lies elsewhere as it is."""
    if use.kind is not PlaceKind.FILE or use.path.startswith("~"):
        return use
    place = os.path.normpath(os.path.join(folder, use.relative or use.path))  # noqa: PTH118 - texts are joined here
    relative = below(place, project)
    path = relative if relative and os.path.isabs(use.path) else use.path  # noqa: PTH117
    return replace(use, path=path, relative=relative) if relative else use


def _moved(parts: Parts, scratch: Parts, version: Version) -> tuple[Digest, ...]:
    """Write all objects of a version that this lake lacks; return their packs. What is held in memory stays bounded."""
    staging = parts.objects.staging()
    seen: set[Digest] = set()
    for digest in _reached(scratch, parts, version):
        if digest not in seen:
            seen.add(digest)
            if not parts.objects.has(digest):
                staging.add(digest, scratch.objects.read(digest))
    return staging.finish()


def _reached(scratch: Parts, parts: Parts, version: Version) -> Iterator[Digest]:
    """Yield every object of a version, some more than once. The parent's, which it may name too, are here already."""
    waiting: list[Digest] = []
    looked_into: set[Digest] = set()
    for one in named(version):
        if one.is_node:
            waiting.append(one.digest)
        yield one.digest
    while waiting:
        digest = waiting.pop()
        if digest in looked_into:
            continue
        looked_into.add(digest)
        node = node_of(digest, lambda wanted: _read(scratch, parts, wanted))
        yield from node.leaves
        yield from node.nodes
        waiting += node.nodes


def _read(scratch: Parts, parts: Parts, digest: Digest) -> bytes:
    return scratch.objects.read(digest) if scratch.objects.has(digest) else parts.objects.read(digest)
