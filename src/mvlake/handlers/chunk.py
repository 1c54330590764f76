"""Chunk: a run of a column's values as canonical bytes. Equal values are equal bytes, whatever their memory looks like.

What the bytes hold is decided by the type alone, from the outside in. An array is, in this order: whether something is null (one
byte), which values are there (bits, only if something is null), and the values: bits for truth values; cells byte by byte (all
first bytes, then all second ones, …) for a fixed width; lengths as 32 bits, byte by byte, and then the bytes or the items for
what varies; the fields of a struct one after another. What is beneath a null is zero or absent, and every NaN is the same.
"""

from collections.abc import Callable
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

MOST_ROWS = 1 << 21
"""No chunk has more rows, so that a chunk without bytes cannot ask for all memory."""

_Emit = Callable[[Any], None]


def chunk_bytes(column: Any) -> bytes:
    """Return the canonical bytes of an Array or ChunkedArray; of dictionaries the numbers alone: the words belong to the column."""
    parts: list[Any] = []
    _emit(joined(column), parts.append)
    return b"".join(parts)


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


def by_bytes(cells: Any) -> Any:
    """Return the bytes of flat cells transposed: all first bytes, then all second ones, …; similar bytes come together."""
    width = cells.dtype.itemsize
    raw = cells.view(np.uint8)
    return raw if width == 1 else np.ascontiguousarray(raw.reshape(-1, width).T).reshape(-1)


def _emit(array: Any, emit: _Emit) -> None:
    kind = array.type
    if pa.types.is_null(kind):
        return
    valid = validity(array)
    emit(b"\0" if valid is None else b"\1")
    if valid is not None:
        emit(np.packbits(valid, bitorder="little"))
    if pa.types.is_boolean(kind):
        emit(truth_bits(array, valid) if len(array) else b"")
    elif is_text(kind) or is_bytes(kind):
        if len(array):
            lengths, data = packed_bytes(array, valid)
            emit(by_bytes(lengths))
            emit(data)
    elif pa.types.is_struct(kind):
        for child in array.flatten():  # children as their parent shows them: its nulls and its slice applied
            _emit_inner(child, emit)
    elif is_list(kind) or pa.types.is_fixed_size_list(kind):
        if len(array) and not pa.types.is_fixed_size_list(kind):
            emit(by_bytes(lengths_of(array, valid)[0]))
        child = array.flatten()  # without what lies beneath nulls
        _emit_inner(
            _spread(child, valid, kind.list_size) if pa.types.is_fixed_size_list(kind) and valid is not None else child, emit
        )
    elif pa.types.is_union(kind):
        raise CannotFingerprint("pyarrow column", reason=f"its type {kind} is a union")
    else:
        cells = fixed_cells(array, valid) if len(array) else None
        if cells is not None:
            emit(by_bytes(canonical_cells(cells)))


def _emit_inner(child: Any, emit: _Emit) -> None:
    kind = child.type
    if pa.types.is_run_end_encoded(kind) and len(child) > np.iinfo(str(kind.run_end_type)).max:
        raise NoHandler("Arrow column", reason=f"{len(child)} values in one {kind}")
    found = peeled(child)
    if len(found) > MOST_ROWS and is_weightless(found.type):
        raise NoHandler("Arrow column", reason=f"{len(found)} values of type {kind} in one run of rows")
    _emit(found, emit)


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
