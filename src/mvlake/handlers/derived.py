"""Derived columns: a column said by another one.

A `take` is some rows of another column in some order; it names that column, and a column of row numbers. A `patch` is another
column with a few cells changed; it names that column, a column of ascending row numbers, and a column of the cells that stand there
instead. Row numbers are a column of a kind of their own (`numbers`).
"""

from typing import Any

import numpy as np
import pyarrow as pa

from mvlake.handlers.arrow_take import taken
from mvlake.handlers.arrow_types import type_document
from mvlake.handlers.column_form import ColumnNode, Inner
from mvlake.handlers.patches import patched
from mvlake.handlers.row_numbers import ROWS, number_chunks, read_numbers
from mvlake.handlers.shelf import Shelf
from mvlake.records.canonical import Json, canonical
from mvlake.records.digest import Digest
from mvlake.records.node import Node


def write_numbers(shelf: Shelf, numbers: Any) -> tuple[Digest, int]:
    """Put row numbers on the shelf; return their node and how many bytes have been put."""
    found = [(shelf.put(data), len(data), count) for data, count in number_chunks(numbers)]
    leaves = tuple(leaf for leaf, _, _ in found)
    node = _node("numbers", pa.int64(), len(numbers), leaves=leaves, rows=[count for _, _, count in found])
    return shelf.put(node), len(node) + sum(size for _, size, _ in found)


def write_take(shelf: Shelf, kind: Any, length: int, base: Digest, rows: Digest) -> tuple[Digest, int]:
    """Put a column on the shelf that is these rows of another; return its node and the node's size."""
    node = _node("take", kind, length, nodes=(base, rows))
    return shelf.put(node), len(node)


def write_patch(shelf: Shelf, kind: Any, length: int, base: Digest, rows: Digest, cells: Digest) -> tuple[Digest, int]:
    """Put a column on the shelf that is another with these cells at these rows; return its node and the node's size."""
    node = _node("patch", kind, length, nodes=(base, rows, cells))
    return shelf.put(node), len(node)


def _node(
    kind: str, values: Any, length: int, *, nodes: tuple[Digest, ...] = (), leaves: tuple[Digest, ...] = (), **more: Json
) -> bytes:
    payload: dict[str, Json] = {"kind": kind, "type": type_document(values), "length": length, **more}
    return Node(canonical(payload), nodes=nodes, leaves=leaves).to_bytes()


def read_number_chunks(shelf: Shelf, found: ColumnNode, start: int, stop: int, inner: Inner) -> Any:  # noqa: ARG001
    """Return some of the numbers of a column of row numbers."""
    counts = found.document.get("rows")
    if found.type != pa.int64() or not isinstance(counts, list) or any(type(count) is not int for count in counts):
        raise ValueError("row numbers of no possible form")
    if len(counts) != len(found.node.leaves) or any(count != ROWS for count in counts[:-1]) or sum(counts) != found.length:
        raise ValueError("chunks of row numbers that do not fit their column")
    first = start // ROWS
    wanted = zip(found.node.leaves[first:], counts[first:], range(first * ROWS, max(stop, 1), ROWS), strict=False)
    runs = [read_numbers(shelf.get(leaf), count) for leaf, count, at in wanted if at < stop]
    numbers = np.concatenate(runs) if runs else np.empty(0, np.int64)
    return pa.chunked_array([pa.array(numbers[start - first * ROWS : stop - first * ROWS])])


def read_take(shelf: Shelf, found: ColumnNode, start: int, stop: int, inner: Inner) -> Any:  # noqa: ARG001
    """Return some of the rows that were taken of another column, having read no more of it than they span."""
    base, rows = _named(found, 2)
    places = _rows(rows, found.length, start, stop, inner)
    if not len(places):
        return pa.chunked_array([], found.type)
    low, high = int(places.min()), int(places.max()) + 1
    values = inner(base, start=low, stop=high)
    if low < 0 or len(values) != high - low or values.type != found.type:
        raise ValueError("rows of a column that has no such rows, or another type")
    return taken(values, places - low)


def read_patch(shelf: Shelf, found: ColumnNode, start: int, stop: int, inner: Inner) -> Any:  # noqa: ARG001
    """Return rows of another column, with the cells among them that were changed."""
    base, rows, cells = _named(found, 3)
    changed = inner(cells)
    places = _rows(rows, len(changed), 0, None, inner)
    values = inner(base, start=start, stop=stop)
    if len(values) != stop - start or values.type != found.type or changed.type != found.type:
        raise ValueError("cells that do not fit the column that they change")
    if len(places) and (places[0] < 0 or places[-1] >= found.length or (np.diff(places) <= 0).any()):
        raise ValueError("changed rows that are not in order, or not there")
    first, last = int(np.searchsorted(places, start)), int(np.searchsorted(places, stop))
    return patched(values, places[first:last] - start, changed.slice(first, last - first)) if last > first else values


def _named(found: ColumnNode, count: int) -> tuple[Digest, ...]:
    if len(found.node.nodes) != count:
        raise ValueError(f"wanted {count} columns, found {len(found.node.nodes)}")
    return found.node.nodes


def _rows(rows: Digest, length: int, start: int, stop: int | None, inner: Inner) -> Any:
    numbers = inner(rows, start=start, stop=stop)
    if numbers.type != pa.int64() or numbers.null_count or len(numbers) != (length if stop is None else stop) - start:
        raise ValueError("row numbers that do not fit the column")
    return numbers.to_numpy()
