"""Load: an artifact becomes a live object again. What could run code needs an explicit word, each time."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from mvlake.errors import (
    AmbiguousArtifact,
    ArtifactNotFound,
    Damaged,
    DamagedObject,
    Invalid,
    MissingObject,
    MvlakeError,
    UntrustedArtifact,
)
from mvlake.handlers.lookup import handler_named
from mvlake.lake.forget import explained
from mvlake.lake.hidden import tell_hidden
from mvlake.lake.history import find
from mvlake.lake.parts import Parts
from mvlake.lake.rows import read_columns, read_rows, rows_within
from mvlake.lake.said import said
from mvlake.lake.shelf import LakeShelf
from mvlake.records.artifact import Artifact, Role
from mvlake.records.node import read_node
from mvlake.records.version import Version

if TYPE_CHECKING:
    from mvlake.handlers.stored_table import StoredTable

T = TypeVar("T")
LIBRARIES = {"arrow": "pyarrow", "pandas": "pandas", "polars": "polars"}
"""What a frame can be had as, and whose handler makes it."""

# What a name means first, when an input and an output share it: the state after the cell.
_PRECEDENCE = (
    *(Role.MODEL, Role.OUTPUT, Role.FIGURE, Role.FILE, Role.INPUT),
    *(Role.SERIES, Role.STREAM, Role.RESULT, Role.DISPLAY),
    *(Role.CODE, Role.PATCH),
)


def load(parts: Parts, ref: str, name: str | None, *, trust: bool) -> Any:
    """Return a variable's object; without a name, the version's one model, or its one output.

    Raises ArtifactNotFound or AmbiguousArtifact with the names there are, UntrustedArtifact, MissingLibrary, Damaged.
    """
    version = find(parts, ref).version
    if name is not None and not version.artifact(name) and name in (told := said(version)):
        return told[name][1]
    artifact = choose(version, name)
    tell_hidden(version, artifact)
    return restore(parts, version, artifact, trust=trust)


def load_part(
    parts: Parts,
    ref: str,
    name: str | None,
    *,
    columns: Sequence[str] | str | None,
    rows: range | slice | str | None,
    as_: str | None,
    trust: bool,
) -> Any:
    """Return some columns and rows of a frame, having read no others: as what it was, or as a frame of another library.

    Raises Invalid for what is no frame, ArtifactNotFound with the columns there are for one that it has not.
    """
    library = library_of(as_)
    version = find(parts, ref).version
    if name is not None and not version.artifact(name) and name in said(version):
        told = f"{name} of {version.ref} is a value that the record tells, no frame"
        raise Invalid(told, hint="load it without columns=, rows= and as_=")
    artifact = choose(version, name)
    wanted, asked = read_columns(columns), read_rows(rows)
    tell_hidden(version, artifact, wanted)

    def read() -> Any:
        table = open_table(parts, artifact)
        window = rows_within(asked, table.rows)
        if library in (None, artifact.handler):
            return table.part(wanted, window)
        return handler_named(str(library)).from_table(table.table(wanted, window))

    return guarded(parts, version, artifact, read, trust=trust)


def open_table(parts: Parts, artifact: Artifact) -> "StoredTable":
    """Return the frame that an artifact keeps; Invalid when it keeps none."""
    data = parts.objects.read(artifact.object)
    made = read_node(data) if artifact.is_node else data
    return handler_named(artifact.handler).open_table(made, LakeShelf(parts), protocol=artifact.protocol)


def library_of(as_: str | None) -> str | None:
    """Return the name of the handler that makes frames of the library that is named; Invalid, with those there are, for another."""
    if as_ is None or as_ in LIBRARIES:
        return None if as_ is None else LIBRARIES[as_]
    raise Invalid(f'a frame cannot be had as "{str(as_)[:40]}"', hint=f"{', '.join(LIBRARIES)}; without it a frame is what it was")


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


def choose_kept(version: Version, name: str | None) -> Artifact:
    """Return the artifact whose bytes are meant; Invalid for a value that the record tells, which has none."""
    if name is not None and not version.artifact(name) and name in said(version):
        told = f"{name} of {version.ref} is a value that the record tells, and no file"
        raise Invalid(told, hint=f"`load {version.ref} {name}` gives it back")
    return choose(version, name)


def restore(parts: Parts, version: Version, artifact: Artifact, *, trust: bool) -> Any:
    """Return the object of an artifact of this version. The handler decides whether its content needs trust, never the artifact."""
    return guarded(parts, version, artifact, lambda: revive(parts, artifact), trust=trust)


def guarded(parts: Parts, version: Version, artifact: Artifact, read: Callable[[], T], *, trust: bool) -> T:
    """Return what is read of an artifact. What its library raises of bytes that it did not write is damage."""
    handler = handler_named(artifact.handler)
    if not handler.is_inert and not trust:
        raise UntrustedArtifact(version.ref, artifact.name, why=f"it is kept by the {handler.name} handler")
    try:
        with parts.objects.kept_open():
            return read()
    except ArtifactNotFound as error:  # a column: only here is known of what
        raise ArtifactNotFound(f"{artifact.name} of {version.ref}", error.name, existing=error.existing) from None
    except MissingObject as error:
        raise explained(parts, version, error) from error
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


def load_bytes(parts: Parts, ref: str, name: str | None) -> bytes:
    """Return the stored bytes of an artifact; Invalid where they would be a list of pieces, of no use to anybody."""
    version = find(parts, ref).version
    artifact = choose_kept(version, name)
    if artifact.is_node:
        wanted = f"{artifact.name} of {version.ref} is kept in pieces that versions share, and has no bytes of its own"
        raise Invalid(wanted, hint=f"`export {version.ref} {artifact.name}` writes it to one file: a frame as Parquet")
    return parts.objects.read(artifact.object)


def content(parts: Parts, artifact: Artifact) -> bytes | None:
    """Return an artifact's bytes, None when they are missing or damaged."""
    try:
        return parts.objects.read(artifact.object)
    except Damaged:
        return None


def _names(version: Version) -> list[str]:
    return sorted({*said(version), *(one.name for one in version.artifacts)})
