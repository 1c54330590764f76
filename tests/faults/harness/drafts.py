"""Drafts: what scenarios commit. The same words give the same bytes in every process: a lake's head then says all of its history."""

import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mvlake.lake.lake import Lake
from mvlake.lake.open import open_parts
from mvlake.lake.shelf import LakeShelf
from mvlake.records.artifact import DraftArtifact, Omission, Role
from mvlake.records.digest import Digest
from mvlake.records.draft import Draft, DraftCell, FailedDraft
from mvlake.records.environment import Environment
from mvlake.records.facts import Param, ParamSource
from mvlake.records.node import Node
from mvlake.records.plain import to_plain
from mvlake.records.summary import OpaqueSummary
from mvlake.records.version import Names, Origin
from mvlake.store.hashing import digest_of

AT = "2026-03-03T14:00:00.000000Z"
NOW = datetime(2026, 3, 3, 14, tzinfo=UTC)


def open_lake(folder: Path, *, now: datetime = NOW) -> Lake:
    """Open the lake in a folder, or make one, by a clock that stands still."""
    return Lake(open_parts(folder, create=True, clock=lambda: now))


def make_draft(lake: Lake, name: str, depth: int, *extra: DraftArtifact, parent: int | None = None, **objects: Any) -> Draft:
    """Return the draft of an execution with a parameter, and these outputs."""
    kept = [lake.preserve(Role.OUTPUT, one, obj) for one, obj in objects.items()]
    return Draft(
        name=name,
        parent=parent,
        origin=Origin.CELL,
        cells=(DraftCell("df = read()", 1), DraftCell(f"%%track {name}\nmodel = fit(df, {depth})", 2, is_tracked=True)),
        names=Names(read=("df",), bound=("model",)),
        params=(Param("depth", to_plain(depth), ParamSource.LITERAL),),
        metrics=(),
        artifacts=(*extra, *(one for one in kept if not isinstance(one, Omission))),
        omitted=(),
        environment=Environment("3.11.9", "CPython", "Linux", "x86_64", "cpu", 2, {"numpy": "2.4.0"}),
        git=None,
        notebook="fraud.ipynb",
        started_at=AT,
        duration=0.25,
        message="",
    )


def failed_draft(name: str) -> FailedDraft:
    """Return the draft of an execution that raised."""
    return FailedDraft(name, (DraftCell("1 / 0", 3, is_tracked=True, failed=True),), "ValueError", "no", AT, 0.1)


def noise(seed: int, size: int) -> bytes:
    """Return bytes that do not compress."""
    return random.Random(seed).randbytes(size)


def tree(lake: Lake, seed: int, *, leaves: int = 6, size: int = 1_500) -> DraftArtifact:
    """Return the artifact of content that is a node over nodes over leaves, staged as a handler stages it."""
    shelf = LakeShelf(lake._now)
    columns = []
    for column in range(2):
        chunks: list[Digest] = [shelf.put(noise(100 * seed + 10 * column + one, size)) for one in range(leaves // 2)]
        columns.append(shelf.put(Node(b"column", leaves=tuple(chunks)).to_bytes()))
    root = Node(b"frame %d" % seed, nodes=tuple(columns)).to_bytes()
    summary = OpaqueSummary(type="frame", reason="made by hand")
    digest = digest_of(root)
    packs = shelf.finish()
    return DraftArtifact(Role.OUTPUT, "frame", "opaque", 1, digest, digest, leaves * size, summary, root, is_node=True, packs=packs)
