"""Row keys: a 64-bit number for every value of an Arrow column, equal for equal values whatever their layout.

They find which rows of one frame another frame was made of. Long strings with the same ends share a key: what is found by keys is a
guess, and is proved by digests.
"""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_NULL = np.uint64(0x9E3779B97F4A7C15)
_MIXERS = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
_WORD = 8
_STRINGS = (pa.string(), pa.large_string(), pa.binary(), pa.large_binary())


def add_keys(keys: Any, values: Any, salt: int) -> bool:
    """Mix the keys of a column into those of the rows (uint64, changed in place); False for a type that has none."""
    chunks = values.chunks if isinstance(values, pa.ChunkedArray) else [values]
    found = [_keys(chunk) for chunk in chunks if len(chunk)]
    if any(one is None for one in found):
        return False
    start = 0
    for one in found:
        part = keys[start : start + len(one)]
        part += _mixed(one + np.uint64(salt * 2 + 1))
        start += len(one)
    return True


def _keys(array: Any) -> Any:
    """Return one word for each value of an array, None for nested and strange types."""
    kind = array.type
    if isinstance(kind, pa.BaseExtensionType):
        return _keys(array.storage)
    if pa.types.is_dictionary(kind):
        words = _keys(array.dictionary)
        return None if words is None else _with_nulls(array, _taken(words, array.indices))
    if pa.types.is_string_view(kind) or pa.types.is_binary_view(kind):
        return _keys(array.cast(pa.large_binary()))
    if pa.types.is_boolean(kind):
        return _with_nulls(array, pc.fill_null(array, fill_value=False).to_numpy(zero_copy_only=False).astype(np.uint64))
    if kind in _STRINGS:
        return _with_nulls(array, _string_words(array))
    if kind.num_fields or pa.types.is_null(kind):
        return None
    return _with_nulls(array, _fixed_words(array))


def _taken(words: Any, indices: Any) -> Any:
    places = indices.fill_null(0).to_numpy(zero_copy_only=False)
    return words[places] if len(words) else np.zeros(len(places), np.uint64)


def _fixed_words(array: Any) -> Any:
    """Return fixed-width values as words, the halves of wide ones folded into one; every NaN is one NaN."""
    width = array.type.bit_width // 8
    if width not in (1, 2, 4, 8, 16, 32):
        return np.zeros(len(array), np.uint64)
    buffer, dtype = array.buffers()[1], f"<u{min(width, _WORD)}"
    if buffer is None:
        return np.zeros(len(array), np.uint64)
    lanes = max(1, width // _WORD)
    cells = np.frombuffer(buffer, dtype)[array.offset * lanes : (array.offset + len(array)) * lanes]
    if pa.types.is_floating(array.type):
        numbers = cells.view(f"<f{width}")
        if np.isnan(numbers).any():
            cells = np.where(np.isnan(numbers), np.array(np.nan, numbers.dtype), numbers).view(cells.dtype)
    words = cells.astype(np.uint64)
    if lanes == 1:
        return words
    return np.bitwise_xor.reduce(words.reshape(-1, lanes) * np.arange(1, 2 * lanes, 2, dtype=np.uint64), axis=1)


def _string_words(array: Any) -> Any:
    """Return length, first and last word of every string as one word."""
    wide = pa.types.is_large_string(array.type) or pa.types.is_large_binary(array.type)
    every = np.frombuffer(array.buffers()[1], "<i8" if wide else "<i4")
    offsets = every[array.offset : array.offset + len(array) + 1].astype(np.int64)
    lengths = np.diff(offsets)
    # Eight bytes on both sides, so that a word can be read wherever a string begins or ends.
    data = np.zeros(offsets[-1] - offsets[0] + 2 * _WORD, np.uint8)
    if offsets[-1] > offsets[0]:
        data[_WORD:-_WORD] = np.frombuffer(array.buffers()[2], np.uint8)[offsets[0] : offsets[-1]]
    words = np.ndarray((len(data) - _WORD + 1,), "<u8", buffer=data.data, strides=(1,))
    starts = offsets[:-1] - offsets[0] + _WORD
    missing = (np.clip(_WORD - lengths, 0, _WORD) * 8).astype(np.uint64)
    # A shift by all 64 bits is undefined: empty strings are masked by their length.
    first = np.where(lengths > 0, words[starts] << np.minimum(missing, np.uint64(63)), np.uint64(0))
    last = np.where(lengths > 0, words[starts + lengths - _WORD] >> np.minimum(missing, np.uint64(63)), np.uint64(0))
    return _mixed(first) + _mixed(last + np.uint64(1)) + lengths.astype(np.uint64)


def _with_nulls(array: Any, words: Any) -> Any:
    if array.null_count:
        words = np.where(array.is_null().to_numpy(zero_copy_only=False), _NULL, words)
    return words


def _mixed(words: Any) -> Any:
    """Return words whose bits depend on all bits of each (the finaliser of SplitMix64)."""
    words = (words ^ (words >> np.uint64(30))) * _MIXERS[0]
    words = (words ^ (words >> np.uint64(27))) * _MIXERS[1]
    return words ^ (words >> np.uint64(31))
