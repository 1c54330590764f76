"""Load: an artifact becomes a live object again. What could run code needs an explicit word, each time."""

from typing import Any

from mvlake.errors import AmbiguousArtifact, ArtifactNotFound, Damaged, DamagedObject, MvlakeError, UntrustedArtifact
from mvlake.handlers.lookup import handler_named
from mvlake.lake.history import find
from mvlake.lake.parts import Parts
from mvlake.lake.said import said
from mvlake.lake.shelf import LakeShelf
from mvlake.records.artifact import Artifact, Role
from mvlake.records.node import read_node
from mvlake.records.version import Version

# What a name means first, when an input and an output share it: the state after the cell.
_PRECEDENCE = (Role.MODEL, Role.OUTPUT, Role.FIGURE, Role.FILE, Role.INPUT, Role.STREAM)


def load(parts: Parts, ref: str, name: str | None, *, trust: bool) -> Any:
    """Return a variable's object; without a name, the version's one model, or its one output.

    Raises ArtifactNotFound or AmbiguousArtifact with the names there are, UntrustedArtifact, MissingLibrary, Damaged.
    """
    version = find(parts, ref).version
    if name is not None and not version.artifact(name) and name in (told := said(version)):
        return told[name][1]
    return restore(parts, version, choose(version, name), trust=trust)


def choose(version: Version, name: str | None) -> Artifact:
    """Return the artifact that is meant."""
    if name is not None:
        found = sorted(version.artifact(name), key=lambda one: _PRECEDENCE.index(one.role))
        if not found:
            raise ArtifactNotFound(version.ref, name, existing=_names(version))
        return found[0]
    for role in (Role.MODEL, Role.OUTPUT):
        found = [one for one in version.artifacts if one.role is role]
        if len(found) == 1:
            return found[0]
        if found:
            raise AmbiguousArtifact(version.ref, candidates=[one.name for one in found])
    raise ArtifactNotFound(version.ref, "a model or an output", existing=_names(version))


def restore(parts: Parts, version: Version, artifact: Artifact, *, trust: bool) -> Any:
    """Return the object of an artifact of this version. The handler decides whether its content needs trust, never the artifact."""
    handler = handler_named(artifact.handler)
    if not handler.is_inert and not trust:
        raise UntrustedArtifact(version.ref, artifact.name, why=f"it is kept by the {handler.name} handler")
    try:
        return revive(parts, artifact)
    except (MvlakeError, KeyboardInterrupt):
        raise
    except Exception as error:  # each library raises its own on whole bytes that it did not write
        found = f"bytes that the {handler.name} handler cannot read ({type(error).__name__}: {error})"
        raise DamagedObject(artifact.object, where=f"{artifact.name} of {version.ref}", found=found) from error


def revive(parts: Parts, artifact: Artifact) -> Any:
    """Return the object of an artifact whose handler is inert, or trusted; raises whatever the library says of others' bytes."""
    data = parts.objects.read(artifact.object)
    made = read_node(data) if artifact.is_node else data
    return handler_named(artifact.handler).decode_parts(made, LakeShelf(parts), protocol=artifact.protocol)


def content(parts: Parts, artifact: Artifact) -> bytes | None:
    """Return an artifact's bytes, None when they are missing or damaged."""
    try:
        return parts.objects.read(artifact.object)
    except Damaged:
        return None


def _names(version: Version) -> list[str]:
    return sorted({*said(version), *(one.name for one in version.artifacts)})
