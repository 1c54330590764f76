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

from mvlake.errors import CannotFingerprint
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
from mvlake.handlers.hashing import Parts
from mvlake.records.canonical import Json, canonical
from mvlake.records.digest import Digest

ROWS = 1 << 17


def column_digest(values: Any) -> Digest:
    """Return the digest of the values of an Arrow Array or ChunkedArray; CannotFingerprint for unions."""
    parts = Parts("column").data(canonical(_value_form(values.type))).integer(len(values))
    if pa.types.is_dictionary(values.type) and values.type.ordered and len(values):
        parts.digest(column_digest(_dictionary(values)))
    for block in _blocks(values):
        _add(parts, block)
    return parts.done()


def have_one_digest(a: Any, b: Any) -> bool:
    """True when two columns have the same values in the same order."""
    return column_digest(a) == column_digest(b)


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
    if is_text(kind):
        return "string"
    if is_bytes(kind):
        return "binary"
    if pa.types.is_struct(kind):
        fields = [kind.field(position) for position in range(kind.num_fields)]
        return {"struct": [[field.name, _value_form(field.type)] for field in fields]}
    if pa.types.is_map(kind):
        return {"map": [_value_form(kind.key_type), _value_form(kind.item_type)]}
    if pa.types.is_fixed_size_list(kind):
        return {"list": _value_form(kind.value_type), "size": kind.list_size}
    if is_list(kind):
        return {"list": _value_form(kind.value_type)}
    return str(kind)


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
    return simple(pieces[0]) if len(pieces) == 1 else pa.concat_arrays([simple(piece) for piece in pieces])


def _add(parts: Parts, array: Any) -> None:
    """Add one block: validity, then values."""
    kind = array.type
    valid = validity(array)
    if valid is not None:
        parts.data(np.packbits(valid, bitorder="little").data)
    else:
        parts.integer(0)
    if pa.types.is_null(kind) or not len(array):
        return
    if pa.types.is_boolean(kind):
        parts.data(truth_bits(array, valid).data)
    elif is_text(kind) or is_bytes(kind):
        _add_bytes(parts, array, valid)
    elif pa.types.is_struct(kind):
        for child in array.flatten():  # children as their parent shows them: its nulls and its slice applied
            _add(parts, simple(child))
    elif is_list(kind) or pa.types.is_fixed_size_list(kind):
        if not pa.types.is_fixed_size_list(kind):
            lengths, _ = lengths_of(array, valid)
            parts.data(lengths.data.cast("B"))
        child = simple(array.flatten())  # without what lies beneath nulls
        parts.integer(len(child))
        _add(parts, child)
    elif pa.types.is_union(kind):
        raise CannotFingerprint("pyarrow column", reason=f"its type {kind} is a union")
    else:
        _add_fixed(parts, array, valid)


def _add_bytes(parts: Parts, array: Any, valid: Any) -> None:
    lengths, data = packed_bytes(array, valid)
    parts.data(lengths.data.cast("B"))
    parts.data(data)


def _add_fixed(parts: Parts, array: Any, valid: Any) -> None:
    cells = fixed_cells(array, valid)
    if cells is not None:
        parts.data(canonical_cells(cells).view(np.uint8).data)
