"""Column node: a column as an object that names its chunks. Equal columns are equal nodes.

The payload is canonical JSON: `kind` says how the values are found, `type` and `length` what is found. A column of kind `chunks`
has `rows`, the rows of each chunk; its leaves are the chunks, and its nodes the columns of the words of its dictionaries.
"""

from collections.abc import Iterator
from itertools import chain, pairwise
from typing import Any

import pyarrow as pa

from mvlake.errors import NoHandler
from mvlake.handlers.arrow_types import type_document
from mvlake.handlers.chunk import MOST_ROWS, chunks_bytes
from mvlake.handlers.columns import column_digest
from mvlake.handlers.cuts import cuts
from mvlake.handlers.dictionaries import with_one_dictionary, word_types, words_of
from mvlake.handlers.hashing import Parts
from mvlake.handlers.parallel import helpers, in_order
from mvlake.handlers.shelf import Shelf
from mvlake.records.canonical import canonical
from mvlake.records.digest import Digest
from mvlake.records.node import Node

_WORTH_THREADS = 1 << 20  # bytes
_AT_ONCE = 1 << 18  # rows whose chunks are made together; for fewer, a call of numpy costs too much


def write_column(
    shelf: Shelf, column: Any, *, is_shared: bool = True, content: Digest | None = None, workers: int | None = None
) -> Digest:
    """Put an Arrow Array or ChunkedArray on the shelf and return its node; NoHandler for what cannot be kept.

    `is_shared` is False for a shelf of one object's own: there is nothing to recall, and its order is to be the same every time.
    `content` is the column's `column_content` where that is known. `workers` help with the chunks; None: as many as are worth it.
    """
    document = type_document(column.type)
    try:
        if not is_shared:
            return _write_chunks(shelf, column, workers=0)[0]
        content = content or column_content(column)
        node = shelf.recall(content)
        if node is None:
            workers = (helpers() if column.nbytes > _WORTH_THREADS else 0) if workers is None else workers
            node, size = _write_chunks(shelf, column, workers=workers)
            shelf.remember(content, node, size)
    except pa.ArrowException as error:
        raise NoHandler("Arrow column", reason=f"its type {canonical(document).decode()} cannot be kept: {error}") from error
    return node


def column_content(column: Any, digest: Digest | None = None) -> Digest:
    """Return the digest of all that decides on a column's node: type, values and words. `digest` is `column_digest`, if known."""
    parts = Parts("frame.column").data(canonical(type_document(column.type))).digest(digest or column_digest(column))
    for words in words_of(with_one_dictionary(column)) if word_types(column.type) else ():
        parts.digest(column_content(words))
    return parts.done()


def _write_chunks(shelf: Shelf, column: Any, *, workers: int) -> tuple[Digest, int]:
    """Return the node of a column whose chunks are now on the shelf, and how many bytes have been put for it."""
    column = with_one_dictionary(column)
    words = [_write_chunks(shelf, one, workers=workers) for one in words_of(column)] if word_types(column.type) else []
    width = column.nbytes // max(1, len(column))

    def put(ends: list[int]) -> list[tuple[Digest, int, int]]:
        rows = column.slice(ends[0], ends[-1] - ends[0])
        made = chunks_bytes(rows, [end - ends[0] for end in ends])
        counts = (end - start for start, end in pairwise(ends))
        return [(shelf.put(data, weight=count * width), len(data), count) for data, count in zip(made, counts, strict=True)]

    # Making, hashing and compressing chunks goes on beside what decides on cuts, several of them at a time: handing over costs too.
    found = list(chain.from_iterable(in_order(put, _runs(column), workers=workers)))
    payload = {"kind": "chunks", "type": type_document(column.type), "length": len(column), "rows": [rows for _, _, rows in found]}
    node = Node(canonical(payload), nodes=tuple(one for one, _ in words), leaves=tuple(leaf for leaf, _, _ in found)).to_bytes()
    return shelf.put(node, weight=0), len(node) + sum(size for _, size, _ in found) + sum(size for _, size in words)


def _runs(column: Any) -> Iterator[list[int]]:
    """Yield where chunks that follow one another begin, and where the last of them ends."""
    run = [0]
    for end in cuts(column, _most_rows(column.type)):
        run.append(end)
        if end - run[0] >= _AT_ONCE:
            yield run
            run = [end]
    if len(run) > 1:
        yield run


def _most_rows(kind: Any) -> int:
    """Return how many rows a chunk may have; the ends of runs may be numbers of 16 bits."""
    return (1 << 15) - 1 if pa.types.is_run_end_encoded(kind) and kind.run_end_type == pa.int16() else MOST_ROWS
