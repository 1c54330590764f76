"""Arrow layouts: the same values without views, runs, dictionaries and extension types, as arrays whose buffers can be read."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mvlake.errors import CannotFingerprint

_LONGEST = 1 << 32  # lengths are written as 32 bits


def simple(array: Any) -> Any:
    """Return the array without extension type, dictionary, runs or views at its top."""
    kind = array.type
    if isinstance(kind, pa.BaseExtensionType):
        return simple(array.storage)
    if pa.types.is_dictionary(kind):
        words = simple(array.dictionary)  # first, for Arrow cannot take from views
        return words.take(array.indices)
    if pa.types.is_run_end_encoded(kind):
        return simple(pc.run_end_decode(array))
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
        # Not a cast: it breaks pieces whose items are lists of nulls (pyarrow 26).
        pairs = pa.StructArray.from_arrays([array.keys, array.items], fields=[kind.key_field, kind.item_field])
        return pa.Array.from_buffers(pa.list_(pairs.type), len(array), array.buffers()[:2], offset=array.offset, children=[pairs])
    return array


def is_text(kind: Any) -> bool:
    """True for strings, however they are laid out."""
    return kind in (pa.string(), pa.large_string(), pa.string_view())


def is_bytes(kind: Any) -> bool:
    """True for bytes of any length, however they are laid out."""
    return kind in (pa.binary(), pa.large_binary(), pa.binary_view())


def is_list(kind: Any) -> bool:
    """True for lists of any length, however they are laid out."""
    return isinstance(kind, pa.ListType | pa.LargeListType | pa.ListViewType | pa.LargeListViewType)


def cell_dtype(kind: Any) -> Any:
    """Return the numpy dtype in which the cells of a type of fixed width are looked at; None when a cell has no byte of its own."""
    width = kind.bit_width // 8
    if not width:
        return None
    if pa.types.is_floating(kind):
        return np.dtype(f"<f{width}")
    return np.dtype(f"<i{width}" if width <= 8 and width & (width - 1) == 0 else f"V{width}")


def validity(array: Any) -> Any:
    """Return which values are there as an array of truth values; None when all are, or the type has none."""
    if not array.null_count or pa.types.is_null(array.type):
        return None
    bitmap = array.buffers()[0]
    if bitmap is None:
        return array.is_valid().to_numpy(zero_copy_only=False)
    start, odd = divmod(array.offset, 8)
    bits = np.frombuffer(bitmap, np.uint8)[start:]
    return np.unpackbits(bits[: -(-(odd + len(array)) // 8)], bitorder="little")[odd : odd + len(array)].view(bool)


def truth_bits(array: Any, valid: Any) -> Any:
    """Return truth values as bits, zeros for nulls and beyond the last."""
    start, odd = divmod(array.offset, 8)
    whole, rest = divmod(len(array), 8)
    if valid is None and not odd and not rest:
        return np.frombuffer(array.buffers()[1], np.uint8)[start : start + whole]
    known = array if valid is None else pc.fill_null(array, fill_value=False)
    return np.packbits(known.to_numpy(zero_copy_only=False), bitorder="little")


def offsets_of(array: Any) -> Any:
    """Return where the items of a string or list array begin, and where the last one ends."""
    wide = pa.types.is_large_string(array.type) or pa.types.is_large_binary(array.type) or pa.types.is_large_list(array.type)
    offsets = np.frombuffer(array.buffers()[1], "<i8" if wide else "<i4")
    return offsets[array.offset : array.offset + len(array) + 1]


def lengths_of(array: Any, valid: Any) -> tuple[Any, bool]:
    """Return the lengths of the items as 32 bits, zero for nulls, and whether something lies beneath a null."""
    lengths = np.diff(offsets_of(array))
    has_garbage = valid is not None and bool(lengths[~valid].any())
    if has_garbage:
        lengths[~valid] = 0
    if lengths.dtype.itemsize > 4:
        if len(lengths) and lengths.max() >= _LONGEST:
            raise CannotFingerprint("pyarrow column", reason="an item is longer than 4 GiB")
        lengths = lengths.astype("<u4")
    return lengths, has_garbage


def packed_bytes(array: Any, valid: Any) -> tuple[Any, Any]:
    """Return the lengths of strings, and their bytes one after another without what lies beneath nulls."""
    lengths, has_garbage = lengths_of(array, valid)
    if has_garbage:
        array = array.fill_null("" if is_text(array.type) else b"")
    start, end = offsets_of(array)[[0, -1]]
    data = array.buffers()[2]
    return lengths, memoryview(data)[start:end] if data is not None else memoryview(b"")


def fixed_cells(array: Any, valid: Any) -> Any:
    """Return the cells of an array of fixed width, zero beneath nulls; None when a cell has no byte of its own."""
    dtype = cell_dtype(array.type)
    if dtype is None:
        return None
    cells = np.frombuffer(array.buffers()[1], dtype)[array.offset : array.offset + len(array)]
    if valid is not None:
        cells = np.where(valid, cells, np.zeros((), dtype))
    return cells
