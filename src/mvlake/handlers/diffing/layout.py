"""Layouts: of which chunks a kept column consists, and what of it is changed or chosen; and what rows of two are equal for it.

Nothing but nodes is read for it, and the row numbers of what one column takes of another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, TypeAlias

import numpy as np

from mvlake.handlers.column_reading import DEEPEST, column_node, read_column
from mvlake.handlers.diffing.blocks import Blocks, of_pairs, ordered, whole
from mvlake.handlers.diffing.order import in_order
from mvlake.handlers.shelf import Shelf
from mvlake.records.canonical import canonical
from mvlake.records.digest import Digest


@dataclass(frozen=True, slots=True)
class Layout:
    """A column by what it is made of: the rows `taken` (None: all) of the column `bottom`, with other cells in the rows `changed`.

    `rows` is the node of the rows that were taken, by which two columns are known to have taken the same ones.
    `leaves` are the chunks of the bottom, `ends` the rows behind each, `words` what else decides on the values in a chunk.
    `every` are all chunks that can be read for the column.
    """

    length: int
    bottom: Digest
    rows: Digest | None
    taken: Any
    changed: Any
    leaves: tuple[Digest, ...]
    ends: tuple[int, ...]
    words: bytes
    every: frozenset[Digest]

    @property
    def is_telling(self) -> bool:
        """True when equal chunks mean equal places: not so where one chunk stands again and again."""
        return len(set(self.leaves)) * 2 > len(self.leaves)


def layout_of(shelf: Shelf, digest: Digest, numbers: dict[Digest, Any]) -> Layout:
    """Return the layout of a column; ValueError for what is none. `numbers` are the row numbers that have been read."""
    taken: Any = None
    of: Digest | None = None
    changed: Any = None
    every: set[Digest] = set()
    found = column_node(shelf, digest)
    length = found.length
    for _ in range(DEEPEST + 1):
        kind = found.document["kind"]
        if kind not in ("take", "patch") or (kind == "patch" and taken is not None) or (kind == "take" and taken is not None):
            break
        nodes = found.node.nodes
        if len(nodes) != (2 if kind == "take" else 3):
            raise ValueError("a column that is made of another number of columns")
        if nodes[1] not in numbers:
            numbers[nodes[1]] = read_column(shelf, nodes[1]).to_numpy()
        rows = numbers[nodes[1]]
        for other in nodes[1:]:
            every |= set(column_node(shelf, other).node.leaves)
        if kind == "take":
            taken, of = rows, nodes[1]
        else:
            changed = rows if changed is None else np.union1d(changed, rows)
        digest = nodes[0]
        found = column_node(shelf, digest)
    counts = found.document.get("rows") if found.document["kind"] == "chunks" else None
    leaves = found.node.leaves if isinstance(counts, list) and len(counts) == len(found.node.leaves) else ()
    words = canonical([found.document.get("type"), *(str(node) for node in found.node.nodes)])
    every |= set(found.node.leaves)
    ends = tuple(accumulate(counts)) if leaves and counts else ()
    return Layout(length, digest, of, taken, changed, leaves, ends, words, frozenset(every))


@dataclass(frozen=True, slots=True)
class Known:
    """What two layouts say: pairs of rows that are equal, unless the row of a or b is among those excepted."""

    equal: Blocks
    except_a: Any = None
    except_b: Any = None
    is_telling: bool = True
    is_selection: bool = False


Selections: TypeAlias = dict[tuple[Digest | None, Digest | None], Blocks]
"""What two numberings of rows of one column have in common, by their nodes: the columns of a frame share them."""


def known_rows(a: Layout, b: Layout, selections: Selections) -> Known:
    """Return which rows of two columns of one form are equal."""
    if a.taken is not None or b.taken is not None:
        alike = _taken_alike(a, b, selections) if a.bottom == b.bottom else whole(0)
        return Known(alike, a.changed, b.changed, is_telling=False, is_selection=True)
    if a.bottom == b.bottom:
        return Known(whole(a.length), a.changed, b.changed)
    if not a.leaves or not b.leaves or a.words != b.words:
        return Known(whole(0), is_telling=False)
    return Known(_common(a, b), a.changed, b.changed, is_telling=a.is_telling and b.is_telling)


def _taken_alike(a: Layout, b: Layout, selections: Selections) -> Blocks:
    """Return the rows that both take of one column: where each takes it first, for it may be taken several times."""
    if (a.rows, b.rows) not in selections:
        size = 1 + max(int(one.length if one.taken is None else one.taken.max(initial=-1)) for one in (a, b))
        ours, theirs = _first_places(a, size), _first_places(b, size)
        both = np.flatnonzero((ours >= 0) & (theirs >= 0))
        selections[a.rows, b.rows] = of_pairs(ours[both], theirs[both])
    return selections[a.rows, b.rows]


def _first_places(layout: Layout, size: int) -> Any:
    """Return where each row of the bottom stands first, -1 where it does not."""
    found: Any = np.full(size, -1, np.int64)
    if layout.taken is None:
        found[: layout.length] = np.arange(layout.length)
    else:
        found[layout.taken[::-1]] = np.arange(len(layout.taken) - 1, -1, -1)  # of rows taken again, the first is written last
    return found


def _common(a: Layout, b: Layout) -> Blocks:
    """Return the chunks of both that stand in the same order, as rows."""
    pairs = common_places(a.leaves, b.leaves)
    starts_a, starts_b = (0, *a.ends), (0, *b.ends)
    runs = [
        (starts_a[one], starts_b[other], starts_a[one + 1] - starts_a[one])
        for one, other in pairs
        if starts_a[one + 1] - starts_a[one] == starts_b[other + 1] - starts_b[other]
    ]
    return ordered([one for one, _, _ in runs], [one for _, one, _ in runs], [one for _, _, one in runs])


def common_places(a: Sequence[Digest], b: Sequence[Digest]) -> list[tuple[int, int]]:
    """Return where the same items stand in two sequences, in order: from both ends, and then by those that stand there once."""
    low = 0
    while low < min(len(a), len(b)) and a[low] == b[low]:
        low += 1
    tail = 0
    while tail < min(len(a), len(b)) - low and a[-1 - tail] == b[-1 - tail]:
        tail += 1
    pairs = [(place, place) for place in range(low)]
    pairs += _middle(a, b, (low, len(a) - tail), (low, len(b) - tail))
    return pairs + [(len(a) - place, len(b) - place) for place in range(tail, 0, -1)]


def _middle(a: Sequence[Digest], b: Sequence[Digest], ours: tuple[int, int], theirs: tuple[int, int]) -> list[tuple[int, int]]:
    once_a, once_b = _once(a, *ours), _once(b, *theirs)
    both = [(place, once_b[item]) for item, place in once_a.items() if item in once_b]
    if not both:
        return []
    stays = in_order(np.array([place for _, place in both]), np.ones(len(both), np.int64))
    found: list[tuple[int, int]] = []
    at = ours[0], theirs[0]
    for one, other in [pair for pair, is_kept in zip(both, stays, strict=True) if is_kept]:
        if one < at[0] or other < at[1]:
            continue
        back = 0
        while one - back > at[0] and other - back > at[1] and a[one - back - 1] == b[other - back - 1]:
            back += 1
        on = 1
        while one + on < ours[1] and other + on < theirs[1] and a[one + on] == b[other + on]:
            on += 1
        found += [(one + step, other + step) for step in range(-back, on)]
        at = one + on, other + on
    return found


def _once(items: Sequence[Digest], start: int, stop: int) -> dict[Digest, int]:
    seen: dict[Digest, int] = {}
    again: set[Digest] = set()
    for place in range(start, stop):
        if items[place] in seen:
            again.add(items[place])
        seen[items[place]] = place
    return {item: place for item, place in seen.items() if item not in again}
