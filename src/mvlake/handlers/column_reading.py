"""Column reading: the values of a column node, or of some of its rows, with no more objects read than these need."""

from collections.abc import Callable
from itertools import chain
from typing import Any

import pyarrow as pa

from mvlake.handlers.arrow_types import read_type
from mvlake.handlers.chunk import MOST_ROWS
from mvlake.handlers.chunk_reading import read_chunk
from mvlake.handlers.column_form import ColumnNode, Inner
from mvlake.handlers.derived import read_number_chunks, read_patch, read_take
from mvlake.handlers.dictionaries import word_types
from mvlake.handlers.parallel import helpers, in_order
from mvlake.handlers.remembering import RememberingShelf
from mvlake.handlers.shelf import Shelf
from mvlake.records.canonical import parse
from mvlake.records.digest import Digest
from mvlake.records.node import read_node

DEEPEST = 16
"""A column made of others, which are made of others, has no more steps than this."""

_AT_ONCE = 16  # chunks that a thread reads: for fewer, handing over costs more than it saves


def column_node(shelf: Shelf, digest: Digest) -> ColumnNode:
    """Return the column node of this name; ValueError when the object is none."""
    if isinstance(shelf, RememberingShelf):
        return shelf.memory.node(digest, lambda: _column_node(shelf, digest))
    return _column_node(shelf, digest)


def _column_node(shelf: Shelf, digest: Digest) -> ColumnNode:
    node = read_node(shelf.get(digest))
    document = parse(node.payload)
    if not isinstance(document, dict) or document.get("kind") not in READERS:
        raise ValueError("a column of an unknown kind")
    length = document.get("length")
    if type(length) is not int or length < 0:
        raise ValueError("a column of no length")
    return ColumnNode(node, document, read_type(document.get("type")), length)


def read_column(shelf: Shelf, digest: Digest, *, start: int = 0, stop: int | None = None, depth: int = 0) -> Any:
    """Return rows of a column as a ChunkedArray, having read no more than these need; ValueError for what is no column."""
    if depth > DEEPEST:
        raise ValueError(f"a column that is made of others more than {DEEPEST} times")
    if depth == 0 and isinstance(shelf, RememberingShelf):
        return _remembered(shelf, digest, start, stop)
    return _read(shelf, column_node(shelf, digest), start, stop, depth)


def _remembered(shelf: RememberingShelf, digest: Digest, start: int, stop: int | None) -> Any:
    """Return rows of a column; of one that is a single chunk, which is read as a whole in any case, out of what is remembered."""
    kept = shelf.memory.column(digest)
    if kept is None:
        found = column_node(shelf, digest)
        if found.document["kind"] != "chunks" or len(found.node.leaves) != 1:
            return _read(shelf, found, start, stop, 0)
        kept = _read(shelf, found, 0, None, 0)
        shelf.memory.keep_column(digest, kept)
    start = min(max(0, start), len(kept))
    return kept.slice(start, None if stop is None else max(0, min(stop, len(kept)) - start))


def _read(shelf: Shelf, found: ColumnNode, start: int, stop: int | None, depth: int) -> Any:
    start = min(max(0, start), found.length)
    stop = found.length if stop is None else min(stop, found.length)

    def inner(digest: Digest, *, start: int = 0, stop: int | None = None) -> Any:
        return read_column(shelf, digest, start=start, stop=stop, depth=depth + 1)

    return READERS[found.document["kind"]](shelf, found, start, max(start, stop), inner)


def _read_chunks(shelf: Shelf, found: ColumnNode, start: int, stop: int, inner: Inner) -> Any:
    rows = found.document.get("rows")
    if not isinstance(rows, list) or any(type(count) is not int or not 0 < count <= MOST_ROWS for count in rows):
        raise ValueError("chunks of no possible number of rows")
    if len(rows) != len(found.node.leaves) or sum(rows) != found.length:
        raise ValueError("chunks that do not fit the column's length")
    words = _read_words(found, inner)
    wanted, at = [], 0
    for leaf, count in zip(found.node.leaves, rows, strict=True):
        if max(at, start) < min(at + count, stop):
            wanted.append((leaf, count, max(0, start - at), min(count, stop - at)))
        at += count

    def chunk(leaf: Digest, count: int) -> Any:
        if words or not isinstance(shelf, RememberingShelf):
            return read_chunk(shelf.get(leaf), found.type, count, words)
        return shelf.memory.chunk((leaf, count, found.type), lambda: read_chunk(shelf.get(leaf), found.type, count))

    def read(some: list[tuple[Digest, int, int, int]]) -> list[Any]:
        return [chunk(leaf, count).slice(first, end - first) for leaf, count, first, end in some]

    workers = helpers() if len(wanted) > _AT_ONCE else 0
    runs = (wanted[place : place + _AT_ONCE] for place in range(0, len(wanted), _AT_ONCE))
    return pa.chunked_array(list(chain.from_iterable(in_order(read, runs, workers=workers))), found.type)


def _read_words(found: ColumnNode, inner: Inner) -> list[Any]:
    kinds = word_types(found.type)
    if len(kinds) != len(found.node.nodes):
        raise ValueError(f"wanted {len(kinds)} dictionaries, found {len(found.node.nodes)}")
    words = [inner(one) for one in found.node.nodes]
    if any(one.type != kind for one, kind in zip(words, kinds, strict=True)):
        raise ValueError("a dictionary of another type")
    return [one.combine_chunks() for one in words]


READERS: dict[str, Callable[[Shelf, ColumnNode, int, int, Inner], Any]] = {
    "chunks": _read_chunks,
    "take": read_take,
    "patch": read_patch,
    "numbers": read_number_chunks,
}
"""How the values of each kind of column are read."""
