"""Column node: a column as an object that names its chunks. Equal columns are equal nodes.

The payload is canonical JSON: `kind` says how the values are found, `type` and `length` what is found. A column of kind `chunks`
has `rows`, the rows of each chunk; its leaves are the chunks, and its nodes the columns of the words of its dictionaries.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from mvlake.errors import NoHandler
from mvlake.handlers.arrow_types import read_type, type_document
from mvlake.handlers.chunk import MOST_ROWS, chunk_bytes
from mvlake.handlers.chunk_reading import read_chunk
from mvlake.handlers.columns import column_digest
from mvlake.handlers.cuts import cuts
from mvlake.handlers.dictionaries import with_one_dictionary, word_types, words_of
from mvlake.handlers.hashing import Parts
from mvlake.handlers.parallel import helpers, in_order
from mvlake.handlers.shelf import Shelf
from mvlake.records.canonical import canonical, parse
from mvlake.records.digest import Digest
from mvlake.records.node import Node, read_node

DEEPEST = 16
"""A column made of others, which are made of others, has no more steps than this."""

_FEW = 4  # chunks that are not worth a thread
_WORTH_THREADS = 1 << 20  # bytes


def write_column(shelf: Shelf, column: Any, *, is_shared: bool = True) -> Digest:
    """Put an Arrow Array or ChunkedArray on the shelf and return its node; NoHandler for what cannot be kept.

    `is_shared` is False for a shelf of one object's own: there is nothing to recall, and its order is to be the same every time.
    """
    document = type_document(column.type)
    try:
        if not is_shared:
            return _write_chunks(shelf, column, workers=0)[0]
        content = column_content(column)
        node = shelf.recall(content)
        if node is None:
            node, size = _write_chunks(shelf, column, workers=helpers() if column.nbytes > _WORTH_THREADS else 0)
            shelf.remember(content, node, size)
    except pa.ArrowException as error:
        raise NoHandler("Arrow column", reason=f"its type {canonical(document).decode()} cannot be kept: {error}") from error
    return node


def column_content(column: Any) -> Digest:
    """Return the digest of all that decides on a column's node: type, values and words."""
    parts = Parts("frame.column").data(canonical(type_document(column.type))).digest(column_digest(column))
    for words in words_of(with_one_dictionary(column)) if word_types(column.type) else ():
        parts.digest(column_content(words))
    return parts.done()


def _write_chunks(shelf: Shelf, column: Any, *, workers: int) -> tuple[Digest, int]:
    """Return the node of a column whose chunks are now on the shelf, and how many bytes have been put for it."""
    column = with_one_dictionary(column)
    words = [_write_chunks(shelf, one, workers=workers) for one in words_of(column)] if word_types(column.type) else []

    def put(chunk: tuple[bytes, int]) -> tuple[Digest, int, int]:
        data, rows = chunk
        return shelf.put(data), len(data), rows

    # Hashing and compressing go on beside Python; what decides on cuts would only wait for it.
    found = list(in_order(put, _chunks(column), workers=workers))
    payload = {"kind": "chunks", "type": type_document(column.type), "length": len(column), "rows": [rows for _, _, rows in found]}
    node = Node(canonical(payload), nodes=tuple(one for one, _ in words), leaves=tuple(leaf for leaf, _, _ in found)).to_bytes()
    return shelf.put(node), len(node) + sum(size for _, size, _ in found) + sum(size for _, size in words)


def _chunks(column: Any) -> Iterator[tuple[bytes, int]]:
    """Yield each chunk and its number of rows."""
    start = 0
    for end in cuts(column, _most_rows(column.type)):
        yield chunk_bytes(column.slice(start, end - start)), end - start
        start = end


def _most_rows(kind: Any) -> int:
    """Return how many rows a chunk may have; the ends of runs may be numbers of 16 bits."""
    return (1 << 15) - 1 if pa.types.is_run_end_encoded(kind) and kind.run_end_type == pa.int16() else MOST_ROWS


@dataclass(frozen=True, slots=True)
class ColumnNode:
    """A column node that has been read, but for its values."""

    node: Node
    document: Mapping[str, Any]
    type: Any
    length: int


def column_node(shelf: Shelf, digest: Digest) -> ColumnNode:
    """Return the column node of this name; ValueError when the object is none."""
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
    found = column_node(shelf, digest)
    stop = found.length if stop is None else min(stop, found.length)
    return READERS[found.document["kind"]](shelf, found, max(0, start), max(start, stop), depth)


def _read_chunks(shelf: Shelf, found: ColumnNode, start: int, stop: int, depth: int) -> Any:
    rows = found.document.get("rows")
    if not isinstance(rows, list) or any(type(count) is not int or not 0 < count <= MOST_ROWS for count in rows):
        raise ValueError("chunks of no possible number of rows")
    if len(rows) != len(found.node.leaves) or sum(rows) != found.length:
        raise ValueError("chunks that do not fit the column's length")
    words = _read_words(shelf, found, depth)
    wanted, at = [], 0
    for leaf, count in zip(found.node.leaves, rows, strict=True):
        if at < stop and at + count > start:
            wanted.append((leaf, count, max(0, start - at), min(count, stop - at)))
        at += count

    def read(one: tuple[Digest, int, int, int]) -> Any:
        leaf, count, first, end = one
        return read_chunk(shelf.get(leaf), found.type, count, words).slice(first, end - first)

    workers = helpers() if len(wanted) > _FEW else 0
    return pa.chunked_array(list(in_order(read, wanted, workers=workers)), found.type)


def _read_words(shelf: Shelf, found: ColumnNode, depth: int) -> list[Any]:
    kinds = word_types(found.type)
    if len(kinds) != len(found.node.nodes):
        raise ValueError(f"wanted {len(kinds)} dictionaries, found {len(found.node.nodes)}")
    words = [read_column(shelf, one, depth=depth + 1) for one in found.node.nodes]
    if any(one.type != kind for one, kind in zip(words, kinds, strict=True)):
        raise ValueError("a dictionary of another type")
    return [one.combine_chunks() for one in words]


READERS: dict[str, Callable[[Shelf, ColumnNode, int, int, int], Any]] = {"chunks": _read_chunks}
"""How the values of each kind of column are read."""
