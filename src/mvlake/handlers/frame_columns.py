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
from mvlake.handlers.column_node import column_content, write_column
from mvlake.handlers.column_reading import column_node
from mvlake.handlers.kinship import DEEPEST, Kinship
from mvlake.handlers.parallel import helpers, in_order
from mvlake.handlers.relatives import KeptColumn, Relative
from mvlake.handlers.shelf import Shelf
from mvlake.records.digest import Digest

_WORTH_THREADS = 1 << 20  # bytes


@dataclass(frozen=True, slots=True)
class NamedColumn:
    """A column on its way to a shelf. `name` is None for one that has not the frame's rows, such as categories: no other says it.

    `is_index` is True for one that may number the rows of another frame, as what pandas selects of a frame without labels does.
    """

    name: str | None
    values: Any
    is_index: bool = False


def write_columns(shelf: Shelf, columns: Sequence[NamedColumn]) -> tuple[Digest, ...]:
    """Put the columns of a frame on a shelf and return their nodes."""
    named = {one.name: one.values for one in columns if one.name is not None}
    kin = Kinship(shelf, named, shelf.relatives, labels=_labels(columns))
    known = {column.node: column for relative in shelf.relatives.latest() for column in relative.columns.values()}
    is_large = any(one.values.nbytes > _WORTH_THREADS for one in columns)
    contents = in_order(column_content, [one.values for one in columns], workers=helpers() if is_large else 0)
    kept = [_write(shelf, one, content, kin, known) for one, content in zip(columns, list(contents), strict=True)]
    if named:
        found = {one.name: column for one, column in zip(columns, kept, strict=True) if one.name is not None}
        shelf.relatives.add(Relative(len(next(iter(named.values()))), found))
    return tuple(column.node for column in kept)


def _write(shelf: Shelf, column: NamedColumn, content: Digest, kin: Kinship, known: Mapping[Digest, KeptColumn]) -> KeptColumn:
    values = column.values
    node = shelf.recall(content)
    if node is not None:
        return _recalled(shelf, values, content, node, known.get(node))
    derived = None if column.name is None else kin.write(column.name, content)
    if derived is not None:
        shelf.remember(content, derived.node, derived.size)
        return derived
    return KeptColumn(values, content, write_column(shelf, values, content=content), values.nbytes)


def _recalled(shelf: Shelf, values: Any, content: Digest, node: Digest, known: KeptColumn | None) -> KeptColumn:
    """Return a column that was kept before, with what it was said by."""
    if known is not None:
        return replace(known, values=values, content=content)
    return KeptColumn(values, content, node, values.nbytes, depth=0 if _is_plain(shelf, node) else DEEPEST)


def _is_plain(shelf: Shelf, node: Digest) -> bool:
    """True when a column is said by no other one, as far as can be seen: what is still being written cannot."""
    try:
        return bool(column_node(shelf, node).document["kind"] == "chunks")
    except (Damaged, ValueError):
        return False


def _labels(columns: Sequence[NamedColumn]) -> Any:
    """Return the numbers that the one level of an index holds, None when they cannot be rows of anything."""
    levels = [one.values for one in columns if one.is_index]
    if len(levels) != 1:
        return None
    (values,) = levels
    if values.type != pa.int64() or values.null_count or not len(values):
        return None
    return np.array(values.to_numpy())  # a copy: rows are remembered, and their memory would be the user's, who goes on
