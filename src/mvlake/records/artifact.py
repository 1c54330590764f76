"""Artifact: one piece of content inside a version."""

from dataclasses import dataclass
from enum import StrEnum

from mvlake.records.column_rule import ColumnRule
from mvlake.records.digest import Digest
from mvlake.records.redaction import Redaction
from mvlake.records.sparse import sparse
from mvlake.records.summary import Summary


class Role(StrEnum):
    """What an artifact is to its version. Append-only."""

    INPUT = "input"
    OUTPUT = "output"
    MODEL = "model"
    FIGURE = "figure"
    FILE = "file"
    STREAM = "stream"  # what the cell printed
    SERIES = "series"  # the values of a metric, step by step
    RESULT = "result"  # the value of its last expression
    DISPLAY = "display"  # one media type of something that it showed
    CODE = "code"  # the source of an imported module of the user's own
    PATCH = "patch"  # what git's last commit has not


@dataclass(frozen=True, slots=True)
class Artifact:
    """What a record says of one artifact.

    `digest` is the identity of the content: the fingerprint where the handler has one, else the digest of the bytes.
    `object` names the stored bytes, `summary` a stored JSON document. `size` is how many bytes the content takes, uncompressed:
    that of the object and, where it is a node (`is_node`), of all objects below it. `profile` names a stored profile of data.
    """

    role: Role
    name: str
    handler: str
    protocol: int
    digest: Digest
    object: Digest
    size: int
    summary: Digest
    is_node: bool = False
    profile: Digest | None = sparse(None)


@dataclass(frozen=True, slots=True)
class DraftArtifact:
    """An artifact on its way into a version: `content` is None when the lake holds these bytes already.

    `packs` are those already written that hold objects which its node names; `redacted` is what was replaced in the object,
    `screened` are the column rules that it passed, and `profile` is canonical JSON of the profile of data.
    """

    role: Role
    name: str
    handler: str
    protocol: int
    digest: Digest
    object: Digest
    size: int
    summary: Summary
    content: bytes | None
    is_node: bool = False
    packs: tuple[Digest, ...] = ()
    redacted: tuple[Redaction, ...] = ()
    screened: frozenset[ColumnRule] = frozenset()
    profile: bytes | None = None


@dataclass(frozen=True, slots=True)
class Omission:
    """Something that was not captured, because."""

    name: str
    type: str
    reason: str
