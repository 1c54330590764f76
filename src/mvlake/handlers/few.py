"""Few: rows that hold few different values, each by its number among them. The values stand before the numbers, in order.

The rows of several chunks are looked at together, because every call takes its time; yet what is found of a chunk depends on
nothing but its own rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mvlake.handlers.arrow_layout import packed_bytes

LEAST_ROWS = 1 << 10
"""Chunks of fewer rows are not looked at."""

MOST_VALUES = 1 << 16
NARROW = 1 << 8
"""Up to so many values a number takes one byte, else two."""

FIRST_ROWS = 1 << 9
"""The rows that tell whether the others are worth a look: those of random numbers all differ, and more than"""

MOST_FIRST = FIRST_ROWS - FIRST_ROWS // 32
"""of them are too many."""

_SPAN = (1 << 16) - 2  # of whole numbers, beside minus zero and NaN
_WORD = 8  # bytes


@dataclass(frozen=True, slots=True)
class Numbered:
    """Rows by number. `values` are what the numbers stand for: signed cells, or strings as `large_binary`; `order` sorts them."""

    numbers: Any
    values: Any
    order: Any


@dataclass(frozen=True, slots=True)
class Few:
    """Chunks by number. Of each chunk the places of its values in ascending order, and of all rows the numbers among these."""

    places: Sequence[Any]
    numbers: Any


def is_shorter(distinct: int, words: int, rows: int, otherwise: int) -> bool:
    """True when so many values, which take `words` bytes, and a number for each row are clearly less than `otherwise`."""
    if distinct > MOST_VALUES:
        return False
    return 3 * (words + rows * (1 if distinct <= NARROW else 2)) <= 2 * otherwise


def split(numbered: Numbered, ends: Sequence[int]) -> Few:
    """Return the chunks that lie between these rows, each by the numbers of its own values."""
    count, chunks = len(numbered.values), len(ends) - 1
    keys: Any = np.repeat(np.arange(chunks, dtype=np.int64) * count, np.diff(ends))
    keys += numbered.numbers
    seen = (np.bincount(keys, minlength=chunks * count) > 0).reshape(chunks, count)[:, numbered.order]
    ranks: Any = np.empty((chunks, count), np.uint16)  # wraps where there are too many values, and is not used then
    ranks[:, numbered.order] = np.cumsum(seen, axis=1, dtype=np.uint16) - np.uint16(1)
    return Few([numbered.order[one] for one in seen], ranks.reshape(-1).take(keys))


def number_cells(cells: Any, *, is_float: bool) -> Numbered:
    """Return signed cells of 2, 4 or 8 bytes by number; those of floats are their bits."""
    whole, odd = _as_whole(cells) if is_float else (cells, None)
    if whole is not None:
        least, most = int(whole.min()), int(whole.max())
        if most - least < min(_SPAN, len(cells) // 4):
            return _numbered_in_span(cells, whole, least, most, odd)
    found = pa.array(cells).dictionary_encode()
    return _in_order(found.indices.to_numpy(), found.dictionary.to_numpy())


def number_strings(strings: Any) -> Numbered:
    """Return strings or bytes without nulls by number."""
    lengths, data = packed_bytes(strings, None)
    length = int(lengths[0])
    if length <= _WORD and (lengths == length).all():
        found = pa.array(_keys(len(lengths), length, data)).dictionary_encode()
        keys = found.dictionary.to_numpy()
        return Numbered(found.indices.to_numpy(), _strings_of(keys, length), np.argsort(keys))
    found = strings.dictionary_encode()
    values = found.dictionary.cast(pa.large_binary())
    return Numbered(found.indices.to_numpy(), values, pc.sort_indices(values).to_numpy())


def _in_order(numbers: Any, cells: Any) -> Numbered:
    return Numbered(numbers, cells, np.argsort(cells))


def _as_whole(bits: Any) -> tuple[Any, Any]:
    """Return floats as whole numbers, and where they are odd: NaN or minus zero; None when others are not whole, or large."""
    floats = bits.view(f"<f{bits.dtype.itemsize}")
    with np.errstate(invalid="ignore"):
        whole = floats.astype(np.int32)
    is_odd = whole.astype(floats.dtype).view(bits.dtype) != bits
    odd = np.flatnonzero(is_odd)
    if not len(odd):
        return whole, None
    rest = floats[odd]
    if len(rest) == len(bits) or not (np.isnan(rest) | (rest == 0)).all():
        return None, None
    whole[odd] = whole[int(np.argmin(is_odd))]
    return whole, odd


def _numbered_in_span(cells: Any, whole: Any, least: int, most: int, odd: Any) -> Numbered:
    numbers = (whole - whole.dtype.type(least)).astype(np.uint16)
    values = np.arange(least, most + 1)
    if cells is whole:
        return Numbered(numbers, values.astype(cells.dtype), np.arange(len(values)))
    kind = f"<f{cells.dtype.itemsize}"
    if odd is not None:
        numbers[odd] = np.isnan(cells[odd].view(kind)) + np.uint16(len(values))
    return _in_order(numbers, np.concatenate([values.astype(kind), np.array([-0.0, np.nan], kind)]).view(cells.dtype))


def _keys(count: int, length: int, data: Any) -> Any:
    """Return strings of one length as numbers: their bytes from the greatest one down, so that they are in order."""
    room: Any = np.empty(len(data) + _WORD, np.uint8)  # a word may be read behind the last byte
    room[: len(data)] = np.frombuffer(data, np.uint8)
    room[len(data) :] = 0
    words: Any = np.ndarray((count,), "<u8", room.data, 0, (length,))
    return (words & np.uint64((1 << 8 * length) - 1)).byteswap(inplace=True)


def _strings_of(keys: Any, length: int) -> Any:
    data = np.ascontiguousarray(keys.byteswap().view(np.uint8).reshape(-1, _WORD)[:, :length])
    offsets: Any = np.arange(len(keys) + 1) * length
    return pa.Array.from_buffers(pa.large_binary(), len(keys), [None, pa.py_buffer(offsets), pa.py_buffer(data)])
