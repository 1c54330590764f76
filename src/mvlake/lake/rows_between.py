"""Rows between: the rows of a frame that differ between two versions, page by page."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mvlake.compare.row_changes import RowChange, RowOp, RowsAsked, RowsPage
from mvlake.errors import ArtifactNotFound, Invalid
from mvlake.lake.compare import columns_of_key
from mvlake.lake.compared_rows import of_frames
from mvlake.lake.history import find
from mvlake.lake.parts import Parts
from mvlake.lake.progress import tell_nobody
from mvlake.records.artifact import Artifact, Role
from mvlake.records.version import Version

if TYPE_CHECKING:
    from mvlake.handlers.diffing.engine import Matched
    from mvlake.handlers.diffing.report import Frames

MOST = 10_000
ALL = "all"
_ROLES = (Role.OUTPUT, Role.RESULT, Role.INPUT, Role.FILE)


def rows_between(parts: Parts, a: str, b: str, name: str, asked: RowsAsked) -> RowsPage:
    """Return some of the rows that differ, and how many there are."""
    op, column, start, count = asked.op, asked.column, asked.start, asked.count
    words = [ALL, *(one.value for one in RowOp)]
    if op not in words:
        raise Invalid(f'no rows are "{str(op)[:40]}"', hint=f"op= is one of {', '.join(words)}")
    if start < 0 or not 0 <= count <= MOST:
        raise Invalid(f"{count} rows from row {start} on", hint=f"start=0, count=100; at most {MOST:,} at a time")
    first, second = find(parts, a).version, find(parts, b).version
    ours, theirs = _artifacts(first, second, name, asked.role)

    def ask(frames: "Frames", found: "Matched") -> tuple[int, tuple[RowChange, ...]]:
        from mvlake.handlers.diffing.report import page  # loads pyarrow

        return page(frames, found, op=None if op == ALL else RowOp(op), column=column, start=start, count=count)

    answer = of_frames(parts, (first, ours), (second, theirs), columns_of_key(asked.key), tell_nobody, ask)
    if answer is None:
        raise Invalid(f"{name} has no rows to compare", hint=f"compare {a} {b} says how it differs")
    return RowsPage(answer[0], start, answer[1])


def _artifacts(a: Version, b: Version, name: str, role: str | None) -> tuple[Artifact, Artifact]:
    """Return what is called so in both: of one role, the state after the cell first."""
    roles = [one for one in _ROLES if role is None or one.value == role]
    if not roles:
        raise Invalid(
            f'no data is of the role "{str(role)[:40]}"', hint=f"role= is one of {', '.join(one.value for one in _ROLES)}"
        )
    for one in roles:
        found = [[artifact for artifact in version.artifact(name) if artifact.role is one] for version in (a, b)]
        if found[0] and found[1]:
            return found[0][0], found[1][0]
    lacking = next((version for version in (a, b) if not _of(version, name, roles)), b)
    raise ArtifactNotFound(lacking.ref, name, existing=sorted({one.name for one in lacking.artifacts if one.role in roles}))


def _of(version: Version, name: str, roles: Sequence[Role]) -> list[Artifact]:
    return [one for one in version.artifact(name) if one.role in roles]
