"""Cut profiles: what deciding on cuts looks at in place of the values: 32 bits of each row, and how large it is in a chunk.

Both depend on the row's value alone, never on its place or its memory. The 32 bits need not tell all values apart: they have to
differ often enough for places to be recognised.
"""

from typing import Any

import numpy as np
import pyarrow as pa

from mvlake.errors import CannotFingerprint
from mvlake.handlers.arrays import canonical_cells
from mvlake.handlers.arrow_layout import fixed_cells, is_bytes, is_list, is_text, lengths_of, packed_bytes, truth_bits, validity
from mvlake.handlers.chunk import peeled

_FIRST, _LAST = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
_START = np.uint64(0xD1B54A32D192ED03)  # so that zeros are no small hash
_LENGTH, _FIELD = np.uint32(0x9E3779B1), np.uint32(0x85EBCA6B)
_NULL = np.uint32(0x6A09E667)
_WORD = 8


def profile(array: Any) -> tuple[Any, Any]:
    """Return 32 bits of each row as `uint32`, and the rows' sizes in bits: one number when all have the same."""
    words, sizes = _profile(peeled(array))
    return words, np.maximum(sizes, 1) if np.ndim(sizes) else max(int(sizes), 1)


def _profile(array: Any) -> tuple[Any, Any]:
    kind, rows = array.type, len(array)
    if pa.types.is_null(kind) or not rows:
        return np.zeros(rows, np.uint32), 1
    valid = validity(array)
    if pa.types.is_boolean(kind):
        bits = np.unpackbits(truth_bits(array, valid), count=rows, bitorder="little")
        words, sizes = _folded(np.arange(2, dtype=np.uint64) * _FIRST).take(bits), 1
    elif is_text(kind) or is_bytes(kind):
        words, sizes = _text_profile(*packed_bytes(array, valid))
    elif pa.types.is_struct(kind):
        words, sizes = _struct_profile(array)
    elif is_list(kind) or pa.types.is_fixed_size_list(kind):
        words, sizes = _list_profile(array, valid)
    elif pa.types.is_union(kind):
        raise CannotFingerprint("pyarrow column", reason=f"its type {kind} is a union")
    else:
        cells = fixed_cells(array, None)  # what is beneath nulls does not show in their words
        words = np.zeros(rows, np.uint32) if cells is None else _fixed_words(canonical_cells(cells))
        sizes = kind.bit_width
    if valid is not None:
        np.copyto(words, _NULL, where=~valid)
    return words, sizes


def _folded(words: Any) -> Any:
    """Return both halves of 64-bit words in 32 bits; the words given are used up."""
    words += _START
    halves = words.view("<u4")
    return halves[0::2] ^ halves[1::2]


def _fixed_words(cells: Any) -> Any:
    """Return a word of each cell: of its first and its last eight bytes."""
    width = cells.dtype.itemsize
    if width in (1, 2, 4, 8):
        return _folded(np.multiply(cells.view(f"<u{width}"), _FIRST, dtype=np.uint64))
    raw: Any = np.zeros(len(cells) * width + _WORD, np.uint8)  # a word may be read behind the last byte
    raw[:-_WORD] = cells.view(np.uint8)
    found = (_strided_words(raw, len(cells), width, 0) & _MASKS[min(width, _WORD)]) * _FIRST
    return _folded(found if width < _WORD else found + _strided_words(raw, len(cells), width, width - _WORD) * _LAST)


def _text_profile(lengths: Any, data: Any) -> tuple[Any, Any]:
    """Return a word of each string: of its length, its first and its last eight bytes."""
    sizes = lengths.astype(np.int64)
    room: Any = np.empty(len(data) + _WORD, np.uint8)
    room[: len(data)] = np.frombuffer(data, np.uint8)
    room[len(data) :] = 0
    least, most = int(lengths.min()), int(lengths.max())
    if least == most:  # no need to look for where each begins
        found = (_strided_words(room, len(sizes), most, 0) & _MASKS[min(most, _WORD)]) * _FIRST
        if most > _WORD:
            found += _strided_words(room, len(sizes), most, most - _WORD) * _LAST
    else:
        words: Any = np.ndarray((len(data) + 1,), "<u8", room.data, 0, (1,))
        ends = np.cumsum(sizes)
        found = words.take(ends - sizes)
        found &= _MASKS.take(sizes, mode="clip")
        found *= _FIRST
        if most > _WORD:
            long = np.flatnonzero(sizes > _WORD)
            found[long] += words[ends[long] - _WORD] * _LAST
    found += sizes.view(np.uint64)
    sizes += 4
    sizes *= 8
    return _folded(found), sizes


def _strided_words(room: Any, count: int, step: int, start: int) -> Any:
    found: Any = np.ndarray((count,), "<u8", room.data, start, (step,))
    return found


def _struct_profile(array: Any) -> tuple[Any, Any]:
    words: Any = np.zeros(len(array), np.uint32)
    sizes: Any = 0
    for child in array.flatten():
        found, bits = _profile(peeled(child))
        words = words * _FIELD + found
        sizes = sizes + bits
    return _mixed(words), sizes


def _list_profile(array: Any, valid: Any) -> tuple[Any, Any]:
    """Return a word of each list: of its length, and of all its items whatever their order."""
    kind = array.type
    if pa.types.is_fixed_size_list(kind):
        lengths: Any = np.full(len(array), kind.list_size, np.int64)
        if valid is not None:
            lengths[~valid] = 0
    else:
        lengths = lengths_of(array, valid)[0].astype(np.int64)
    found, bits = _profile(peeled(array.flatten()))
    ends = np.cumsum(lengths)
    sums = np.concatenate([np.zeros(1, np.uint32), np.cumsum(found, dtype=np.uint32)])
    words = _mixed(sums[ends] - sums[ends - lengths] + lengths.astype(np.uint32) * _LENGTH)
    if pa.types.is_fixed_size_list(kind) and not np.ndim(bits):
        return words, kind.list_size * bits  # a null has its place too
    if np.ndim(bits):
        totals = np.concatenate([[0], np.cumsum(bits)])
        return words, totals[ends] - totals[ends - lengths] + 32
    return words, lengths * bits + 32


def _mixed(words: Any) -> Any:
    """Return 32-bit words, each spread over all its bits; the words given are used up."""
    np.bitwise_xor(words, words >> np.uint32(15), out=words)
    np.multiply(words, np.uint32(0x2C1B3C6D), out=words)
    np.bitwise_xor(words, words >> np.uint32(13), out=words)
    return words


_MASKS = np.array([(1 << 8 * count) - 1 for count in range(_WORD + 1)], np.uint64)
