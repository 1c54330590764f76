"""Chunk: a run of a column's values as canonical bytes. Equal values are equal bytes, whatever their memory looks like.

What the bytes hold is decided by type and values alone, from the outside in. An array is, in this order: how it is written and
whether something is null (one byte), which values are there (bits, only if something is null), and the values: bits for truth
values; cells by planes (`planes`) for a fixed width; lengths as 32 bits by planes, and then the bytes or the items for what
varies; the fields of a struct one after another. What is beneath a null is zero or absent, and every NaN is the same. Where a
chunk's rows hold few different values, these are written once, and then numbers (`few`).
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa

from mvlake.errors import CannotFingerprint, NoHandler
from mvlake.handlers.arrays import canonical_cells
from mvlake.handlers.arrow_layout import (
    fixed_cells,
    is_bytes,
    is_list,
    is_text,
    lengths_of,
    packed_bytes,
    simple,
    truth_bits,
    validity,
)
from mvlake.handlers.flat_chunks import flat_chunks
from mvlake.handlers.planes import Planes

MOST_ROWS = 1 << 21
"""No chunk has more rows, so that a chunk without bytes cannot ask for all memory."""

_Emit = Callable[[list[Any]], None]


def chunk_bytes(column: Any) -> bytes:
    """Return the canonical bytes of an Array or ChunkedArray; of dictionaries the numbers alone: the words belong to the column."""
    return chunks_bytes(column, [0, len(column)])[0]


def chunks_bytes(column: Any, ends: Sequence[int]) -> list[bytes]:
    """Return the chunks of a column that lie between these rows, each the bytes that it would have alone."""
    whole = joined(column)
    found = flat_chunks(whole, ends)
    return [_chunk(whole.slice(start, end - start)) for start, end in pairwise(ends)] if found is None else found


def peeled(array: Any) -> Any:
    """Return the array that is written in the place of one: dictionaries by their numbers, everything else in its simple layout."""
    while isinstance(array.type, pa.BaseExtensionType):
        array = array.storage
    return array.indices if pa.types.is_dictionary(array.type) else simple(array)


def joined(column: Any) -> Any:
    """Return an Array or ChunkedArray as one peeled array."""
    pieces = [peeled(piece) for piece in column.chunks] if isinstance(column, pa.ChunkedArray) else [peeled(column)]
    if not pieces:
        return peeled(pa.nulls(0, column.type))
    return pieces[0] if len(pieces) == 1 else pa.concat_arrays(pieces)


def _chunk(array: Any) -> bytes:
    parts: list[Any] = []
    _Writer(parts.extend).add(array)
    return b"".join(parts)


class _Writer:
    """Writes an array, and arrays within it, for one chunk."""

    def __init__(self, emit: _Emit) -> None:
        self._emit = emit
        self._planes = Planes()

    def add(self, array: Any) -> None:
        """Write one peeled array."""
        kind = array.type
        if pa.types.is_null(kind):
            return
        valid = validity(array)
        self._emit([b"\0"] if valid is None else [b"\1", np.packbits(valid, bitorder="little")])
        if pa.types.is_boolean(kind):
            self._emit([truth_bits(array, valid)] if len(array) else [])
        elif is_text(kind) or is_bytes(kind):
            lengths, data = packed_bytes(array, valid) if len(array) else (np.zeros(0, "<u4"), b"")
            self._emit([*self._planes.write(lengths), data])
        elif pa.types.is_struct(kind):
            for child in array.flatten():  # children as their parent shows them: its nulls and its slice applied
                self._add_inner(child)
        elif is_list(kind) or pa.types.is_fixed_size_list(kind):
            self._add_items(array, valid)
        elif pa.types.is_union(kind):
            raise CannotFingerprint("pyarrow column", reason=f"its type {kind} is a union")
        else:
            cells = fixed_cells(array, valid) if len(array) else None
            if cells is not None:
                self._emit(self._planes.write(canonical_cells(cells)))

    def _add_items(self, array: Any, valid: Any) -> None:
        child = array.flatten()  # without what lies beneath nulls
        if pa.types.is_fixed_size_list(array.type):
            child = child if valid is None else _spread(child, valid, array.type.list_size)
        elif len(array):
            self._emit(self._planes.write(lengths_of(array, valid)[0]))
        self._add_inner(child)

    def _add_inner(self, child: Any) -> None:
        kind = child.type
        if pa.types.is_run_end_encoded(kind) and len(child) > np.iinfo(str(kind.run_end_type)).max:
            raise NoHandler("Arrow column", reason=f"{len(child)} values in one {kind}")
        found = peeled(child)
        if len(found) > MOST_ROWS and is_weightless(found.type):
            raise NoHandler("Arrow column", reason=f"{len(found)} values of type {kind} in one run of rows")
        self.add(found)


def _spread(child: Any, valid: Any, size: int) -> Any:
    """Return the items of lists of a fixed size with nulls where a list is null: they have their places, as in Arrow."""
    child = peeled(child)
    places = np.repeat(np.cumsum(valid, dtype=np.int64) - 1, size) * size + np.tile(np.arange(size), len(valid))
    try:
        return child.take(pa.array(places, mask=~np.repeat(valid, size)))
    except pa.ArrowNotImplementedError:  # views within
        hole = pa.nulls(size, child.type)
        starts = np.cumsum(valid) * size - size
        return pa.concat_arrays([child.slice(start, size) if there else hole for start, there in zip(starts, valid, strict=True)])


def is_weightless(kind: Any) -> bool:
    """True when values of this type take no bytes of their own, so that no number of bytes says how many they may be."""
    if isinstance(kind, pa.BaseExtensionType):
        return is_weightless(kind.storage_type)
    if pa.types.is_fixed_size_list(kind):
        return kind.list_size == 0 or is_weightless(kind.value_type)
    if pa.types.is_struct(kind):
        return all(is_weightless(kind.field(position).type) for position in range(kind.num_fields))
    if pa.types.is_run_end_encoded(kind):
        return is_weightless(kind.value_type)
    return bool(pa.types.is_null(kind) or (pa.types.is_fixed_size_binary(kind) and kind.byte_width == 0))
