"""Report: what is said of the rows of two frames, and of some of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from mvlake.compare.row_changes import ChangedColumn, RowChange, RowOp, RowsDiff
from mvlake.errors import ArtifactNotFound
from mvlake.handlers.diffing.engine import Matched, match
from mvlake.handlers.diffing.listing import described, first_rows, rows_of, rows_with
from mvlake.handlers.diffing.scan import Tell
from mvlake.handlers.diffing.schema import Pair, Schema, schema_of
from mvlake.handlers.diffing.side import Side
from mvlake.records.digest import Digest

EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Frames:
    """Two frames that are compared, and by which key: names that both have."""

    a: Side
    b: Side
    schema: Schema
    key: tuple[Pair, ...]
    lacking: tuple[str, ...] = ()

    def matched(self, tell: Tell) -> Matched:
        """Return which rows are each other."""
        return match(self.a, self.b, self.schema, key=self.key, tell=tell)

    @property
    def looked_at(self) -> frozenset[Digest]:
        """The objects of both that were asked for until now."""
        return frozenset(digest for shelf in (self.a.shelf, self.b.shelf) if shelf is not None for digest in shelf.read)

    def have_looked_at(self, digests: frozenset[Digest]) -> None:
        """Count these objects as asked for: whoever knows what `match` found has been told what that took."""
        for shelf in (self.a.shelf, self.b.shelf):
            if shelf is not None:
                shelf.read |= digests


def frames_of(a: Side, b: Side, key: Sequence[str] = ()) -> Frames:
    """Return two frames; a key of which one side has not every column is none, and those are `lacking`."""
    schema = schema_of(a, b)
    by_name = {pair.b.name: pair for pair in reversed(schema.pairs)}
    lacking = tuple(name for name in key if name not in by_name)
    return Frames(a, b, schema, () if lacking else tuple(by_name[name] for name in key), lacking)


def rows_diff(frames: Frames, found: Matched) -> RowsDiff:
    """Return how rows differ, with the first of each kind."""
    a, b, schema = frames.a, frames.b, frames.schema
    changed = int(found.changed.sum())
    examples = described(first_rows(found, EXAMPLES), found, a, b, schema)
    every = a.chunks | b.chunks
    return RowsDiff(
        matched_by=found.how,
        added=found.rows_b - found.blocks.rows,
        removed=found.rows_a - found.blocks.rows,
        changed=changed,
        moved=found.moved,
        unchanged=found.blocks.rows - changed,
        columns=tuple(_columns(schema, found)),
        examples=examples,
        chunks=len(every),
        chunks_read=len(every & frames.looked_at),
        key=found.key,
        is_key_given=bool(frames.key),
        note=_note(frames, found),
    )


def page(
    frames: Frames, found: Matched, *, op: RowOp | None, column: str | None, start: int, count: int
) -> tuple[int, tuple[RowChange, ...]]:
    """Return how many rows there are of a kind, and some of them. ArtifactNotFound for a column that not both have."""
    if column is None:
        rows = rows_of(found)
        rows = rows if op is None else rows.only(op)
    else:
        pairs = {pair.b.name: pair for pair in reversed(frames.schema.pairs)}
        if column not in pairs:
            raise ArtifactNotFound("both frames", column, existing=sorted(pairs))
        rows = rows_with(found, frames.a, frames.b, pairs[column])
        rows = rows if op in (None, RowOp.CHANGED) else rows.page(0, 0)
    return len(rows), described(rows.page(start, count), found, frames.a, frames.b, frames.schema)


def _columns(schema: Schema, found: Matched) -> list[ChangedColumn]:
    rows = []
    for pair, cells in zip(schema.pairs, found.cells, strict=True):
        before = pair.a.name if pair.a.name != pair.b.name else ""
        if cells or before or pair.is_retyped:
            rows.append(ChangedColumn(pair.b.name, cells, before, pair.is_retyped))
    return rows


def _note(frames: Frames, found: Matched) -> str:
    notes = []
    if frames.lacking:
        notes.append(f"the key {', '.join(frames.lacking)} is no column of both")
    again = max(found.again)
    if again:
        notes.append(f"{again:,} row{' has' if again == 1 else 's have'} a key that another row has too: matched in their order")
    if found.key and not frames.key:
        notes.append(f"nobody named a key: {', '.join(found.key)} has no null and no value twice")
    return "; ".join(notes)
