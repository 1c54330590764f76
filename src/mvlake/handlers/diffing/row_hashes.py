"""Row hashes: a 64-bit number for every row, of all its cells. Equal rows have equal ones, whatever their layout.

Others nearly never do: rows that are found to be the same by their hash are looked at cell by cell all the same.
"""

from typing import Any

import numpy as np
import pyarrow as pa

from mvlake.handlers.arrays import canonical_cells
from mvlake.handlers.arrow_layout import fixed_cells, is_bytes, is_list, is_text, offsets_of, truth_bits, validity
from mvlake.handlers.diffing.cells import flat, text_bytes

_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIXERS = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
_WORD = 8


def add_hashes(hashes: Any, values: Any, salt: int) -> None:
    """Mix the hashes of a column's values into those of the rows (uint64, changed in place)."""
    found = _hashes(flat(values))
    found += np.uint64((2 * salt + 1) * int(_STEP) & 0xFFFFFFFFFFFFFFFF)
    hashes += mixed(found)


def mixed(words: Any) -> Any:
    """Return words whose bits depend on all bits of each (the finaliser of SplitMix64)."""
    words = (words ^ (words >> np.uint64(30))) * _MIXERS[0]
    words = (words ^ (words >> np.uint64(27))) * _MIXERS[1]
    return words ^ (words >> np.uint64(31))


def _hashes(array: Any) -> Any:
    """Return one word for each value of a flat array."""
    kind, rows = array.type, len(array)
    valid = validity(array)
    words: Any
    if pa.types.is_null(kind) or not rows:
        return np.zeros(rows, np.uint64)
    if pa.types.is_boolean(kind):
        words = np.unpackbits(truth_bits(array, valid), count=rows, bitorder="little").astype(np.uint64)
    elif is_text(kind) or is_bytes(kind):
        words = _of_bytes(*text_bytes(array))
    elif pa.types.is_struct(kind):
        words = np.zeros(rows, np.uint64)
        for place, child in enumerate(array.flatten()):
            add_hashes(words, child, place)
    elif is_list(kind) or pa.types.is_fixed_size_list(kind):
        words = _of_lists(array, valid)
    else:
        words = _of_cells(fixed_cells(array, valid), rows)
    return words if valid is None else np.where(valid, words, _STEP)


def _of_cells(cells: Any, rows: int) -> Any:
    if cells is None:
        return np.zeros(rows, np.uint64)
    found = canonical_cells(cells)
    width = found.dtype.itemsize
    if width <= _WORD and width & (width - 1) == 0:
        return found.view(f"<u{width}").astype(np.uint64)
    data = np.ascontiguousarray(found).view(np.uint8).reshape(rows, width)
    return _of_bytes(np.full(rows, width, np.int64), data.reshape(-1))


def _of_bytes(lengths: Any, data: Any) -> Any:
    """Return a word of each run of bytes: each of its words mixed with its place, and all of them added."""
    words = mixed(lengths.astype(np.uint64))
    room: Any = np.zeros(len(data) + _WORD, np.uint8)
    room[: len(data)] = data
    every = np.ndarray((len(data) + 1,), "<u8", buffer=room.data, strides=(1,))
    starts = np.cumsum(lengths) - lengths
    rows = np.flatnonzero(lengths)
    at = 0
    while len(rows):
        left = lengths[rows] - at
        missing = (np.clip(_WORD - left, 0, _WORD) * 8).astype(np.uint64)
        part = every[starts[rows] + at] << missing
        words[rows] += mixed(part + np.uint64((at + 1) * int(_STEP) & 0xFFFFFFFFFFFFFFFF))
        at += _WORD
        rows = rows[left > _WORD]
    return words


def _of_lists(array: Any, valid: Any) -> Any:
    lengths: Any
    if pa.types.is_fixed_size_list(array.type):
        lengths = np.full(len(array), array.type.list_size, np.int64)
    else:
        lengths = np.asarray(np.diff(offsets_of(array)), np.int64)
    if valid is not None:
        lengths = np.where(valid, lengths, 0)
    words = mixed(lengths.astype(np.uint64))
    items = _hashes(flat(array.flatten()))
    starts = np.cumsum(lengths) - lengths
    places = np.arange(len(items), dtype=np.uint64) - np.repeat(starts, lengths).astype(np.uint64)
    found = mixed(items + (places + np.uint64(1)) * _STEP)
    some = np.flatnonzero(lengths)
    if len(some):
        words[some] += np.add.reduceat(found, starts[some])
    return words
