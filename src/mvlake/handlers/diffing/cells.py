"""Cells: where two Arrow arrays of one length differ. Null equals null, every NaN every NaN; 0.0 and -0.0 are two contents."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mvlake.handlers.arrays import canonical_cells
from mvlake.handlers.arrow_layout import (
    fixed_cells,
    is_bytes,
    is_list,
    is_text,
    offsets_of,
    packed_bytes,
    simple,
    truth_bits,
    validity,
)

_EXACT = 1 << 53


def flat(values: Any) -> Any:
    """Return an Array or ChunkedArray as one array without dictionary, runs, views or extension type at its top."""
    if isinstance(values, pa.ChunkedArray):
        pieces = [simple(piece) for piece in values.chunks]
        if not pieces:
            return simple(pa.nulls(0, values.type))
        return pieces[0] if len(pieces) == 1 else pa.concat_arrays(pieces)
    return simple(values)


def differences(a: Any, b: Any) -> Any:
    """Return where two arrays of one type differ, as truth values; of strings, lists and structs their whole content counts."""
    a, b = flat(a), flat(b)
    if a.type != b.type:
        a, b = _alike(a, b)
    left, right = validity(a), validity(b)
    apart = _unlike(a, b, left, right)
    if left is None and right is None:
        return apart
    here = np.ones(len(a), bool) if left is None else left
    there = np.ones(len(b), bool) if right is None else right
    return (here != there) | (apart & here & there)


def differences_by_value(a: Any, b: Any) -> Any:
    """Return where two arrays of different types differ in value: 1 is 1.0, and what is missing is missing, NaN or null.

    None where the types have no values in common.
    """
    a, b = _missing_as_null(flat(a)), _missing_as_null(flat(b))
    if a.type == b.type:
        return differences(a, b)
    if _is_number(a.type) and _is_number(b.type):
        return _unlike_numbers(a, b)
    for kind in (a.type, b.type):
        try:
            return differences(a.cast(kind), b.cast(kind))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            continue
    return None


def _alike(a: Any, b: Any) -> tuple[Any, Any]:
    """Return arrays that differ in layout alone (how wide offsets are) in one layout."""
    if is_text(a.type) and is_text(b.type):
        return a.cast(pa.large_string()), b.cast(pa.large_string())
    if is_bytes(a.type) and is_bytes(b.type):
        return a.cast(pa.large_binary()), b.cast(pa.large_binary())
    return a, b.cast(a.type)


def _unlike(a: Any, b: Any, left: Any, right: Any) -> Any:
    """Return where values differ that are there on both sides."""
    kind = a.type
    if pa.types.is_null(kind) or not len(a):
        return np.zeros(len(a), bool)
    if pa.types.is_boolean(kind):
        bits = np.unpackbits(truth_bits(a, left) ^ truth_bits(b, right), count=len(a), bitorder="little")
        return bits.view(bool)
    if is_text(kind) or is_bytes(kind):
        return pc.fill_null(pc.not_equal(a, b), fill_value=False).to_numpy(zero_copy_only=False)
    if pa.types.is_struct(kind):
        apart: Any = np.zeros(len(a), bool)
        for ours, theirs in zip(a.flatten(), b.flatten(), strict=True):
            apart |= differences(ours, theirs)
        return apart
    if pa.types.is_fixed_size_list(kind):
        return _unlike_items(a, b, np.full(len(a), kind.list_size), np.full(len(b), kind.list_size))
    if is_list(kind):
        return _unlike_items(a, b, np.diff(offsets_of(a)), np.diff(offsets_of(b)))
    ours, theirs = fixed_cells(a, left), fixed_cells(b, right)
    if ours is None:
        return np.zeros(len(a), bool)
    found = canonical_cells(ours), canonical_cells(theirs)
    words = f"V{ours.dtype.itemsize}" if ours.dtype.itemsize > 8 else f"<u{ours.dtype.itemsize}"
    return np.asarray(found[0].view(words) != found[1].view(words))


def _unlike_items(a: Any, b: Any, ours: Any, theirs: Any) -> Any:
    """Return where lists differ: in length, or in an item."""
    ours, theirs = _where_valid(a, ours), _where_valid(b, theirs)
    apart = np.asarray(ours != theirs)
    same = np.flatnonzero(~apart & (ours > 0))
    if not len(same):
        return apart
    rows = pa.array(same)
    items = differences(_items(a, rows), _items(b, rows))
    ends = np.cumsum(ours[same])
    apart[same] = np.add.reduceat(items.astype(np.int64), ends - ours[same]) > 0
    return apart


def _where_valid(array: Any, lengths: Any) -> Any:
    valid = validity(array)
    return np.asarray(lengths, np.int64) if valid is None else np.where(valid, lengths, 0)


def _items(array: Any, rows: Any) -> Any:
    return array.take(rows).flatten()


def _is_number(kind: Any) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind))


def _missing_as_null(array: Any) -> Any:
    if not pa.types.is_floating(array.type):
        return array
    return pc.if_else(pc.is_nan(array), pa.scalar(None, array.type), array)


def _unlike_numbers(a: Any, b: Any) -> Any:
    odd = a.is_null().to_numpy(zero_copy_only=False) != b.is_null().to_numpy(zero_copy_only=False)
    left, right = _cells(a), _cells(b)
    with np.errstate(all="ignore"):
        if left.dtype.kind == right.dtype.kind == "f":
            return odd | (left.astype(np.float64) != right.astype(np.float64))
        if "f" in (left.dtype.kind, right.dtype.kind):
            floats, whole = (left, right) if left.dtype.kind == "f" else (right, left)
            wide = floats.astype(np.float64)
            apart = wide != whole.astype(np.float64)
            large = np.flatnonzero(np.abs(wide) >= _EXACT)  # where a float stands for several integers
            apart[large] = [float(one) != int(other) for one, other in zip(wide[large], whole[large].tolist(), strict=True)]
            return odd | apart
    return odd | (left != right) | ((left < 0) != (right < 0))  # of signed against unsigned ones


def _cells(array: Any) -> Any:
    zero = pa.scalar(0).cast(array.type) if not pa.types.is_boolean(array.type) else pa.scalar(value=False)
    found = pc.fill_null(array, zero).to_numpy(zero_copy_only=False)
    return found.astype(np.uint8) if found.dtype.kind == "b" else found


def text_bytes(array: Any) -> tuple[Any, Any]:
    """Return lengths and bytes of strings, one after another; those of nulls are empty."""
    lengths, data = packed_bytes(array, validity(array))
    return np.asarray(lengths, np.int64), np.frombuffer(data, np.uint8)
