"""Preserve a file: its digest and, if that is wanted, its content, read once, piece by piece, never all of it in memory."""

import os
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from mvlake.handlers.file import PIECE, handler, node_of
from mvlake.lake import clock
from mvlake.lake.backlog import Job
from mvlake.lake.manner import AT_ONCE, Manner
from mvlake.lake.parts import Encoded, Parts
from mvlake.lake.shelf import LakeShelf
from mvlake.lake.stamp import Stamp, stamp_from
from mvlake.records.artifact import DraftArtifact, Role
from mvlake.records.digest import Digest
from mvlake.records.moment import to_text
from mvlake.records.summary import FileSummary
from mvlake.store.hashing import Hasher, digest_of

_SETTLED = 2.0  # seconds: a file that is younger may change again within what its clock can tell
_MOST_KNOWN = 10_000


@dataclass(frozen=True, slots=True)
class PreservedFile:
    """What is known of a file's content: its digest, and the artifact with its content; `problem` says why one is missing."""

    digest: Digest | None = None
    artifact: DraftArtifact | None = None
    problem: str = ""


def preserve_file(parts: Parts, name: str, path: str, stamp: Stamp, *, keep: bool, manner: Manner = AT_ONCE) -> PreservedFile:
    """Return the digest of a file that still is what its stamp says, and with `keep` the artifact of its content.

    A file that was changed or removed since is not read: what is there now is not what was used. Of one that is known by its stamp
    nothing is read either. Where column rules count for the version, no content is kept: it may hold the column.
    """
    if keep and parts.guard.screen(manner.version, manner.columns) is not None:
        found = preserve_file(parts, name, path, stamp, keep=False, manner=manner)
        return found if found.problem else replace(found, problem="its content is not kept: a column policy hides columns")
    known = parts.files.get(stamp)
    if known is not None and (not keep or _holds(parts, known)):
        return PreservedFile(known, _artifact(parts, name, path, stamp, known, None) if keep else None)
    try:
        return _read(parts, name, path, stamp, keep=keep, job=manner.job)
    except FileNotFoundError:
        return PreservedFile(problem="it was deleted before it could be kept")
    except OSError as error:
        return PreservedFile(problem=f"it could not be read: {error.strerror or type(error).__name__}")


def _read(parts: Parts, name: str, path: str, stamp: Stamp, *, keep: bool, job: Job | None) -> PreservedFile:
    # Not to wait for ever for a writer, where a pipe took the place of a file.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    with open(os.open(path, flags), "rb", buffering=0) as file:  # noqa: PTH123 - of a handle
        if stamp_from(os.fstat(file.fileno())) != stamp:
            return PreservedFile(problem="it was changed before it could be kept")
        hasher, shelf, pieces, read = Hasher(), LakeShelf(parts, job), list[Digest](), 0
        is_small, only = stamp.size <= PIECE, b""
        while piece := _piece(file.fileno()):
            read += len(piece)
            hasher.update(piece)
            if keep and is_small:
                only = piece
            elif keep:
                pieces.append(shelf.put(piece))
            elif job is not None:
                job.advance(0)  # Cancelled, when it is to end
        if stamp_from(os.fstat(file.fileno())) != stamp or read != stamp.size:
            return PreservedFile(problem="it was changed while it was being kept")
    digest = hasher.digest()
    _remember(parts, stamp, digest)
    if not keep:
        return PreservedFile(digest)
    node = None if is_small else node_of(read, tuple(pieces)).to_bytes()
    packs = shelf.finish()
    content = only if node is None else node
    parts.encoded[_key(digest)] = Encoded(digest_of(content), len(content) + shelf.size, node, packs)
    return PreservedFile(digest, _artifact(parts, name, path, stamp, digest, content))


def _piece(handle: int) -> bytes:
    """Return the next piece: a whole one, but at the end."""
    parts, length = list[bytes](), 0
    while length < PIECE and (data := os.read(handle, PIECE - length)):
        parts.append(data)
        length += len(data)
    return b"".join(parts)


def _remember(parts: Parts, stamp: Stamp, digest: Digest) -> None:
    if clock.wall() - stamp.modified / 1e9 > _SETTLED:
        parts.files[stamp] = digest
        if len(parts.files) > _MOST_KNOWN:
            parts.files.pop(next(iter(parts.files)))


def _holds(parts: Parts, digest: Digest) -> bool:
    known = parts.encoded.get(_key(digest))
    return known is not None and not parts.objects.is_hurt and parts.objects.has(known.object)


def _key(digest: Digest) -> tuple[str, int, Digest]:
    return handler.name, handler.protocol, digest


def _artifact(parts: Parts, name: str, path: str, stamp: Stamp, digest: Digest, content: bytes | None) -> DraftArtifact:
    known = parts.encoded[_key(digest)]
    modified = to_text(datetime.fromtimestamp(stamp.modified / 1e9, UTC))
    return DraftArtifact(
        role=Role.FILE,
        name=name,
        handler=handler.name,
        protocol=handler.protocol,
        digest=digest,
        object=known.object,
        size=known.size,
        summary=FileSummary(Path(path).suffix[1:].lower() or "file", modified),
        content=content,
        is_node=known.node is not None,
        packs=() if content is None else known.packs,
    )
