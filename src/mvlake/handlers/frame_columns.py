"""Frame columns: the columns of one frame put on a shelf together, so that one can be said by another frame's.

Every column is looked for in this order: as one that was kept before, as a column of a relative with a few cells changed, as rows
of one; else it is cut into chunks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from mvlake.errors import Damaged
from mvlake.handlers.arrow_layout import is_text
from mvlake.handlers.column_node import column_content, write_column
from mvlake.handlers.column_reading import column_node
from mvlake.handlers.columns import column_digest
from mvlake.handlers.examined import ChangedMeanwhile
from mvlake.handlers.kinship import DEEPEST, Kinship
from mvlake.handlers.parallel import helpers, in_order
from mvlake.handlers.relatives import KeptColumn, Relative
from mvlake.handlers.shelf import Shelf
from mvlake.records.digest import Digest

_WORTH_THREADS = 1 << 20  # bytes
_MANY = 2  # columns for each thread: with fewer, threads share the chunks of one column, then those of the next


@dataclass(frozen=True, slots=True)
class NamedColumn:
    """A column on its way to a shelf. `name` is None for one that has not the frame's rows, such as categories: no other says it.

    `is_index` is True for one that may number the rows of another frame, as what pandas selects of a frame without labels does.
    `digest` is its `column_digest`, where that is known.
    """

    name: str | None
    values: Any
    is_index: bool = False
    digest: Digest | None = None


def write_columns(shelf: Shelf, columns: Sequence[NamedColumn]) -> tuple[Digest, ...]:
    """Put the columns of a frame on a shelf and return their nodes; ChangedMeanwhile when one changes while it is written."""
    named = {one.name: one.values for one in columns if one.name is not None}
    kin = Kinship(shelf, named, shelf.relatives, labels=_labels(columns))
    known = {column.node: column for relative in shelf.relatives.latest() for column in relative.columns.values()}
    workers = helpers() if any(one.values.nbytes > _WORTH_THREADS for one in columns) else 0
    digests = list(in_order(lambda one: one.digest or column_digest(one.values), columns, workers=workers))
    contents = [column_content(one.values, digest) for one, digest in zip(columns, digests, strict=True)]
    kept: dict[Digest, KeptColumn] = {}  # by content, which several columns may have
    new: dict[Digest, _New] = {}
    for column, content, digest in zip(columns, contents, digests, strict=True):
        if content in kept or content in new:
            continue
        found = _found(shelf, column, content, kin, known)
        if found is None:
            new[content] = _New(column.values, content, digest)
        else:
            kept[content] = found
    kept |= _written(shelf, list(new.values()), workers)
    if named:
        relative = {one.name: kept[content] for one, content in zip(columns, contents, strict=True) if one.name is not None}
        shelf.relatives.add(Relative(len(next(iter(named.values()))), relative))
    return tuple(kept[content].node for content in contents)


@dataclass(frozen=True, slots=True)
class _New:
    """A column that nothing says, with the digests of what it holds."""

    values: Any
    content: Digest
    digest: Digest


def _found(
    shelf: Shelf, column: NamedColumn, content: Digest, kin: Kinship, known: Mapping[Digest, KeptColumn]
) -> KeptColumn | None:
    """Return a column that was kept before, or that others say; None for a new one."""
    node = shelf.recall(content)
    if node is not None:
        return _recalled(shelf, column.values, content, node, known.get(node))
    derived = None if column.name is None else kin.write(column.name, content)
    if derived is not None:
        shelf.remember(content, derived.node, derived.size)
    return derived


def _written(shelf: Shelf, columns: Sequence[_New], workers: int) -> dict[Digest, KeptColumn]:
    """Cut columns into chunks: side by side when they are many, else one after another with their chunks side by side."""
    is_wide = len(columns) >= _MANY * (workers + 1)

    def write(one: _New) -> tuple[Digest, KeptColumn]:
        node = write_column(shelf, one.values, content=one.content, workers=0 if is_wide else None)
        # Its memory may be the user's, who goes on. What was written of a mixture must not be known by what was there before.
        if column_digest(one.values) != one.digest:
            raise ChangedMeanwhile
        return one.content, KeptColumn(one.values, one.content, node, one.values.nbytes)

    # What takes longest comes first, so that nobody waits for it at the end.
    ordered = sorted(columns, key=lambda one: (not is_text(one.values.type), -one.values.nbytes))
    return dict(in_order(write, ordered, workers=workers if is_wide else 0))


def _recalled(shelf: Shelf, values: Any, content: Digest, node: Digest, known: KeptColumn | None) -> KeptColumn:
    """Return a column that was kept before, with what it was said by."""
    if known is not None:
        return replace(known, values=values, content=content)
    return KeptColumn(values, content, node, values.nbytes, depth=_depth(shelf, node))


def _depth(shelf: Shelf, node: Digest) -> int:
    """Return in how many steps a column is said by others, as far as can be seen: what is still being written cannot."""
    try:
        found = column_node(shelf, node)
    except (Damaged, ValueError):
        return DEEPEST
    if found.document["kind"] == "chunks":
        return 0
    return 1 + _depth(shelf, found.node.nodes[0]) if found.document["kind"] in ("take", "patch") else DEEPEST


def _labels(columns: Sequence[NamedColumn]) -> Any:
    """Return the numbers that the one level of an index holds, None when they cannot be rows of anything."""
    levels = [one.values for one in columns if one.is_index]
    if len(levels) != 1:
        return None
    (values,) = levels
    if values.type != pa.int64() or values.null_count or not len(values):
        return None
    return np.array(values.to_numpy())  # a copy: rows are remembered, and their memory would be the user's, who goes on
