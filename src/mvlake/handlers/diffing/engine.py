"""Engine: which rows of two frames are each other, and which of these differ.

Equal columns are not read. Of others, chunks that stand on both sides are not read either, as long as their rows are each other.
Rows are matched by a key where one is given; else by place, as far as chunks tell it; what these leave open, and runs in which
nearly every row seems changed, is matched by the hashes of rows. Where much is left then, a key is looked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from mvlake.compare.row_changes import Matching
from mvlake.handlers.diffing.blocks import Blocks, missing, without
from mvlake.handlers.diffing.gaps import Gaps, dense
from mvlake.handlers.diffing.keyed import by_key, found_key
from mvlake.handlers.diffing.order import in_order
from mvlake.handlers.diffing.places import placed
from mvlake.handlers.diffing.scan import Tell, changed_cells, pieces
from mvlake.handlers.diffing.schema import Pair, Schema
from mvlake.handlers.diffing.side import Side

_SAMPLE = 512
_MUCH = 0.1  # of the rows, that are left when a key is looked for


@dataclass(frozen=True, slots=True)
class Matched:
    """Which rows are each other (`blocks`, of which some stay in order), which of b's changed, and how many cells of each pair.

    `again` says how many rows have a key that one before them has, in a and in b.
    """

    rows_a: int
    rows_b: int
    blocks: Blocks
    stays: Any
    changed: Any
    cells: tuple[int, ...]
    how: Matching
    key: tuple[str, ...] = ()
    again: tuple[int, int] = (0, 0)

    @property
    def added(self) -> tuple[Any, Any]:
        """The runs of rows that b alone has."""
        return missing(self.blocks.b, self.blocks.length, self.rows_b)

    @property
    def removed(self) -> tuple[Any, Any]:
        """The runs of rows that a alone has."""
        return missing(self.blocks.a, self.blocks.length, self.rows_a)

    @property
    def moved(self) -> int:
        """How many rows stand in another order."""
        return int(self.blocks.length[~self.stays].sum())

    @property
    def left(self) -> int:
        """How many rows are not the same on both sides: added, removed and changed ones."""
        return int(self.changed.sum()) + self.rows_a + self.rows_b - 2 * self.blocks.rows

    def swapped(self) -> "Matched":
        """Return the same with a for b."""
        ours, theirs = self.blocks.places()
        changed: Any = np.zeros(self.rows_a, bool)
        changed[ours] = self.changed[theirs]
        blocks = self.blocks.swapped()
        stays: Any = np.ones(len(blocks), bool)
        if not self.stays.all():
            moved = np.sort(self.blocks.a[~self.stays])
            stays = ~np.isin(blocks.b, moved)
        how = replace(self, rows_a=self.rows_b, rows_b=self.rows_a, blocks=blocks, stays=stays, changed=changed)
        return replace(how, again=(self.again[1], self.again[0]))


def match(a: Side, b: Side, schema: Schema, *, key: Sequence[Pair] = (), tell: Tell) -> Matched:
    """Return which rows are each other. With a and b in the place of each other it is the same the other way round."""
    if _rank(a) > _rank(b):
        memo: dict[int, Blocks] = {}
        turned = Schema(tuple(pair.swapped(memo) for pair in schema.pairs), schema.added, schema.removed)
        found = _match(b, a, turned, tuple(pair.swapped(memo) for pair in key), tell).swapped()
        names = {pair.a.name: pair.b.name for pair in schema.pairs}
        return replace(found, key=tuple(names[name] for name in found.key))
    return _match(a, b, schema, tuple(key), tell)


def _rank(side: Side) -> tuple[int, list[str]]:
    return side.rows, [str(column.node) for column in side.columns]


def _match(a: Side, b: Side, schema: Schema, key: tuple[Pair, ...], tell: Tell) -> Matched:
    pairs = schema.pairs
    if key:
        return _keyed(a, b, pairs, key, tell)
    found = _placed(a, b, pairs, tell)
    has_both = a.rows > found.blocks.rows and b.rows > found.blocks.rows
    is_explained = not has_both and not found.changed.any()  # no key says it better
    if is_explained or not (found.left > _MUCH * max(a.rows, b.rows) or found.moved):
        return found
    other = found_key(a, b, pairs)
    by = _keyed(a, b, pairs, other, tell) if other else found
    return by if by.left < found.left else found


def _keyed(a: Side, b: Side, pairs: Sequence[Pair], key: tuple[Pair, ...], tell: Tell) -> Matched:
    found = by_key(a, b, key)
    done = _compared(a, b, pairs, found.blocks, tell)
    names = tuple(pair.b.name for pair in key)
    return replace(done, how=Matching.KEY, key=names, again=(found.again_a, found.again_b))


def _placed(a: Side, b: Side, pairs: Sequence[Pair], tell: Tell) -> Matched:
    told = [pair for pair in pairs if not pair.is_equal and not pair.is_retyped]
    found = _compared(a, b, pairs, Gaps(a, b, placed(pairs, a.rows, b.rows)).filled(told), tell)
    odd = dense(found.blocks, found.changed)
    if not odd.rows:
        return found
    again = Gaps(a, b, without(found.blocks, odd)).filled(told)
    others = without(again, found.blocks)
    if not _seem_alike(a, b, pairs, others):
        return found
    other = _compared(a, b, pairs, again, tell)
    return other if other.left < found.left else found


def _seem_alike(a: Side, b: Side, pairs: Sequence[Pair], blocks: Blocks) -> bool:
    """True when no more than half of the first of these rows differ: hashes of columns that changed say little of the others."""
    some = next(pieces(blocks, _SAMPLE), blocks)
    changed: Any = np.zeros(b.rows, bool)
    changed_cells(a, b, pairs, some, changed, lambda *_: None)
    return 0 < some.rows >= 2 * int(changed.sum())


def _compared(a: Side, b: Side, pairs: Sequence[Pair], blocks: Blocks, tell: Tell) -> Matched:
    changed: Any = np.zeros(b.rows, bool)
    cells = changed_cells(a, b, pairs, blocks, changed, tell)
    stays = in_order(blocks.a, blocks.length)
    return Matched(a.rows, b.rows, blocks, stays, changed, tuple(cells), Matching.POSITION)
