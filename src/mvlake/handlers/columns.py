"""Canonical columns: the digest of the values in an Arrow column, the same for every layout of equal values.

Chunks, offsets, the padding of bitmaps, what lies beneath a null, NaN payloads, the order of an unordered dictionary and the
kind of a string (`string`, `large_string`, `string_view`) are layout. So is whether values are dictionary-encoded. Whoever
means these as part of a type hashes `type_form` beside the digest. -0.0 stays apart from 0.0, and NaN from null.

A column is hashed in blocks of `ROWS` rows: validity where something is null, then values; lengths and then bytes for strings
and lists. A copy is therefore never larger than a block.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mvlake.errors import CannotFingerprint
from mvlake.handlers.arrays import canonical_cells
from mvlake.handlers.hashing import Parts
from mvlake.records.canonical import Json, canonical
from mvlake.records.digest import Digest

ROWS = 1 << 17
_LONGEST = 1 << 32  # lengths are written as 32 bits


def column_digest(values: Any) -> Digest:
    """Return the digest of the values of an Arrow Array or ChunkedArray; CannotFingerprint for unions."""
    parts = Parts("column").data(canonical(_value_form(values.type))).integer(len(values))
    if pa.types.is_dictionary(values.type) and values.type.ordered and len(values):
        parts.digest(column_digest(_dictionary(values)))
    for block in _blocks(values):
        _add(parts, block)
    return parts.done()


def type_form(kind: Any) -> Json:
    """Return all that an Arrow type says, as JSON that cannot be mistaken for another type's."""
    if isinstance(kind, pa.BaseExtensionType):
        return {"extension": kind.extension_name, "text": str(kind), "storage": type_form(kind.storage_type)}
    if pa.types.is_dictionary(kind):
        return {"dictionary": type_form(kind.value_type), "index": str(kind.index_type), "ordered": kind.ordered}
    if kind.num_fields:
        fields = [kind.field(position) for position in range(kind.num_fields)]
        size = kind.list_size if pa.types.is_fixed_size_list(kind) else None
        is_named = pa.types.is_struct(kind) or pa.types.is_union(kind)  # that of a list's items ("item", "element") says nothing
        children: list[Json] = [[field.name if is_named else "", type_form(field.type), field.nullable] for field in fields]
        return {"nested": type(kind).__name__, "size": size, "fields": children}
    return str(kind)


def has_foreign_type(kind: Any) -> bool:
    """True when an extension type defined in Python is in this type: such a class means what only its author knows."""
    if isinstance(kind, pa.ExtensionType | pa.UnknownExtensionType):
        return True
    if isinstance(kind, pa.BaseExtensionType):
        return has_foreign_type(kind.storage_type)
    if pa.types.is_dictionary(kind):
        return has_foreign_type(kind.value_type)
    return any(has_foreign_type(kind.field(position).type) for position in range(kind.num_fields))


def _value_form(kind: Any) -> Json:
    """Return the part of a type that its values show: layouts of one kind of value share it."""
    if isinstance(kind, pa.BaseExtensionType):
        return _value_form(kind.storage_type)
    if pa.types.is_dictionary(kind) or pa.types.is_run_end_encoded(kind):
        return _value_form(kind.value_type)
    if _is_text(kind):
        return "string"
    if _is_bytes(kind):
        return "binary"
    if pa.types.is_struct(kind):
        fields = [kind.field(position) for position in range(kind.num_fields)]
        return {"struct": [[field.name, _value_form(field.type)] for field in fields]}
    if pa.types.is_map(kind):
        return {"map": [_value_form(kind.key_type), _value_form(kind.item_type)]}
    if pa.types.is_fixed_size_list(kind):
        return {"list": _value_form(kind.value_type), "size": kind.list_size}
    if _is_list(kind):
        return {"list": _value_form(kind.value_type)}
    return str(kind)


def _is_text(kind: Any) -> bool:
    return kind in (pa.string(), pa.large_string(), pa.string_view())


def _is_bytes(kind: Any) -> bool:
    return kind in (pa.binary(), pa.large_binary(), pa.binary_view())


def _is_list(kind: Any) -> bool:
    return isinstance(kind, pa.ListType | pa.LargeListType | pa.ListViewType | pa.LargeListViewType)


def _dictionary(values: Any) -> Any:
    """Return the one dictionary of all chunks."""
    if isinstance(values, pa.ChunkedArray):
        chunks = values.unify_dictionaries().chunks
        return chunks[0].dictionary if chunks else pa.array([], values.type.value_type)
    return values.dictionary


def _blocks(values: Any) -> Iterator[Any]:
    """Yield the column in arrays of `ROWS` rows, the last one shorter, wherever its chunks begin and end."""
    chunks = values.chunks if isinstance(values, pa.ChunkedArray) else [values]
    pieces: list[Any] = []
    room = ROWS
    for chunk in chunks:
        start = 0
        while start < len(chunk):
            piece = chunk.slice(start, room)
            start, room = start + len(piece), room - len(piece)
            pieces.append(piece)
            if not room:
                yield _joined(pieces)
                pieces, room = [], ROWS
    if pieces:
        yield _joined(pieces)


def _joined(pieces: list[Any]) -> Any:
    return _simple(pieces[0]) if len(pieces) == 1 else pa.concat_arrays([_simple(piece) for piece in pieces])


def _simple(array: Any) -> Any:
    """Return the array without extension type, dictionary, runs or views at its top."""
    kind = array.type
    if isinstance(kind, pa.BaseExtensionType):
        return _simple(array.storage)
    if pa.types.is_dictionary(kind):
        words = _simple(array.dictionary)  # first, for Arrow cannot take from views
        return words.take(array.indices)
    if pa.types.is_run_end_encoded(kind):
        return _simple(pc.run_end_decode(array))
    if pa.types.is_string_view(kind):
        return array.cast(pa.large_string())
    if pa.types.is_binary_view(kind):
        return array.cast(pa.large_binary())
    if isinstance(kind, pa.ListViewType | pa.LargeListViewType):
        # Not a cast: that of a sliced view gives offsets that run backwards (pyarrow 26).
        lengths = pc.fill_null(pc.list_value_length(array), 0).to_numpy(zero_copy_only=False)
        offsets = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])
        return pa.LargeListArray.from_arrays(pa.array(offsets), array.flatten(), mask=array.is_null())
    if pa.types.is_map(kind):
        return array.cast(pa.list_(pa.struct([kind.key_field, kind.item_field])))
    return array


def _add(parts: Parts, array: Any) -> None:
    """Add one block: validity, then values."""
    kind = array.type
    valid = None
    if array.null_count and not pa.types.is_null(kind):
        valid = array.is_valid().to_numpy(zero_copy_only=False)
        parts.data(np.packbits(valid, bitorder="little").data)
    else:
        parts.integer(0)
    if pa.types.is_null(kind) or not len(array):
        return
    if pa.types.is_boolean(kind):
        parts.data(_bits(array, valid).data)
    elif _is_text(kind) or _is_bytes(kind):
        _add_bytes(parts, array, valid)
    elif pa.types.is_struct(kind):
        for child in array.flatten():  # children as their parent shows them: its nulls and its slice applied
            _add(parts, _simple(child))
    elif _is_list(kind) or pa.types.is_fixed_size_list(kind):
        if not pa.types.is_fixed_size_list(kind):
            lengths, _ = _lengths(array, valid)
            parts.data(lengths.data.cast("B"))
        child = _simple(array.flatten())  # without what lies beneath nulls
        parts.integer(len(child))
        _add(parts, child)
    elif pa.types.is_union(kind):
        raise CannotFingerprint("pyarrow column", reason=f"its type {kind} is a union")
    else:
        _add_fixed(parts, array, valid)


def _bits(array: Any, valid: Any) -> Any:
    """Return truth values as bits, zeros beyond the last."""
    start, odd = divmod(array.offset, 8)
    whole, rest = divmod(len(array), 8)
    if valid is None and not odd and not rest:
        return np.frombuffer(array.buffers()[1], np.uint8)[start : start + whole]
    known = array if valid is None else pc.fill_null(array, fill_value=False)
    return np.packbits(known.to_numpy(zero_copy_only=False), bitorder="little")


def _add_bytes(parts: Parts, array: Any, valid: Any) -> None:
    lengths, has_garbage = _lengths(array, valid)
    if has_garbage:
        array = array.fill_null("" if _is_text(array.type) else b"")
    parts.data(lengths.data.cast("B"))
    start, end = _offsets(array)[[0, -1]]
    data = array.buffers()[2]
    parts.data(memoryview(data)[start:end] if data is not None else b"")


def _offsets(array: Any) -> Any:
    wide = pa.types.is_large_string(array.type) or pa.types.is_large_binary(array.type) or pa.types.is_large_list(array.type)
    offsets = np.frombuffer(array.buffers()[1], "<i8" if wide else "<i4")
    return offsets[array.offset : array.offset + len(array) + 1]


def _lengths(array: Any, valid: Any) -> tuple[Any, bool]:
    """Return the lengths of the items as 32 bits, zero for nulls, and whether something lies beneath a null."""
    lengths = np.diff(_offsets(array))
    has_garbage = valid is not None and bool(lengths[~valid].any())
    if has_garbage:
        lengths[~valid] = 0
    if lengths.dtype.itemsize > 4:
        if lengths.max() >= _LONGEST:
            raise CannotFingerprint("pyarrow column", reason="an item is longer than 4 GiB")
        lengths = lengths.astype("<u4")
    return lengths, has_garbage


def _add_fixed(parts: Parts, array: Any, valid: Any) -> None:
    kind = array.type
    width = kind.bit_width // 8
    if not width:
        return
    if pa.types.is_floating(kind):
        dtype = np.dtype(f"<f{width}")
    else:
        dtype = np.dtype(f"<i{width}" if width <= 8 and width & (width - 1) == 0 else f"V{width}")
    cells = np.frombuffer(array.buffers()[1], dtype)[array.offset : array.offset + len(array)]
    if valid is not None:
        cells = cells.copy()
        cells[~valid] = np.zeros((), dtype)
    parts.data(canonical_cells(cells).view(np.uint8).data)
