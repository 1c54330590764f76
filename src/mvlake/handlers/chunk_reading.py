"""Reading chunks: canonical bytes back into an Arrow array of the very type. The bytes may be hostile.

Nothing is made that the bytes do not account for: every count is compared with what is left of them before it is used, and what
takes no bytes is limited in number.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mvlake.handlers.arrow_layout import is_bytes, is_text
from mvlake.handlers.chunk import MOST_ROWS, is_weightless

_NARROW_LIMIT = (1 << 31) - 1


def read_chunk(data: bytes, kind: Any, rows: int, dictionaries: Sequence[Any] = ()) -> Any:
    """Return the array of this type with that many rows; ValueError when the bytes are not those of one.

    `dictionaries` are the words of the dictionaries within the type, from the outside in, left to right.
    """
    if not 0 <= rows <= MOST_ROWS:
        raise ValueError(f"a chunk of {rows} rows")
    source = _Source(data)
    try:
        array = _read(kind, rows, source, iter(dictionaries))
        array.validate(full=True)
    except (pa.ArrowException, OverflowError, StopIteration) as error:  # OverflowError: a dictionary's number beyond any integer
        raise ValueError(f"not a chunk of {kind}: {error}") from error
    if source.left:
        raise ValueError(f"{source.left} bytes behind a chunk of {kind}")
    return array


def unbyted(data: Any, dtype: Any) -> Any:
    """Return cells of their own from bytes that lie byte by byte."""
    width = np.dtype(dtype).itemsize
    planes = np.frombuffer(data, np.uint8).reshape(width, -1)
    cells = np.empty((planes.shape[1], width), np.uint8)
    for place, plane in enumerate(planes):  # numpy's own transposition takes up to four times as long
        cells[:, place] = plane
    return cells.reshape(-1).view(dtype)


class _Source:
    """Bytes that are taken from the front, never more than there are."""

    def __init__(self, data: bytes) -> None:
        self._data = memoryview(data)
        self._at = 0

    @property
    def left(self) -> int:
        return len(self._data) - self._at

    def take(self, count: int) -> memoryview:
        if count > self.left:
            raise ValueError(f"wanted {count} bytes of a chunk, found {self.left}")
        self._at += count
        return self._data[self._at - count : self._at]


def _read(kind: Any, rows: int, source: _Source, words: Iterator[Any]) -> Any:
    if isinstance(kind, pa.BaseExtensionType):
        return pa.ExtensionArray.from_storage(kind, _read(kind.storage_type, rows, source, words))
    if pa.types.is_dictionary(kind):
        numbers = _read(kind.index_type, rows, source, words)
        return pa.DictionaryArray.from_arrays(numbers, next(words), ordered=kind.ordered)
    if pa.types.is_run_end_encoded(kind):
        return pc.run_end_encode(_read(kind.value_type, rows, source, words), run_end_type=kind.run_end_type)
    if rows > MOST_ROWS and is_weightless(kind):
        raise ValueError(f"{rows} values of {kind} in one chunk")
    if pa.types.is_null(kind):
        return pa.nulls(rows)
    valid = _read_validity(rows, source)
    if is_text(kind) or is_bytes(kind):
        return _read_bytes(kind, rows, valid, source)
    if pa.types.is_fixed_size_list(kind):
        return _read_sized_lists(kind, rows, valid, source, words)
    if pa.types.is_map(kind) or _is_list(kind):
        return _read_lists(kind, rows, valid, source, words)
    if pa.types.is_struct(kind):
        children = [_read(kind.field(position).type, rows, source, words) for position in range(kind.num_fields)]
        return pa.Array.from_buffers(kind, rows, [valid], children=children)
    return _read_fixed(kind, rows, valid, source)


def _read_validity(rows: int, source: _Source) -> Any:
    (flag,) = source.take(1)
    if flag > 1:
        raise ValueError(f"a chunk that begins with {flag}")
    return pa.py_buffer(source.take(-(-rows // 8))) if flag else None


def _read_fixed(kind: Any, rows: int, valid: Any, source: _Source) -> Any:
    if pa.types.is_boolean(kind):
        return pa.Array.from_buffers(kind, rows, [valid, pa.py_buffer(source.take(-(-rows // 8)))])
    width = kind.bit_width // 8
    cells = source.take(rows * width)
    data = cells if width <= 1 else unbyted(cells, f"V{width}").view(np.uint8)
    return pa.Array.from_buffers(kind, rows, [valid, pa.py_buffer(data)])


def _read_offsets(rows: int, source: _Source) -> Any:
    lengths = unbyted(source.take(4 * rows), "<u4")
    return np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])


def _read_bytes(kind: Any, rows: int, valid: Any, source: _Source) -> Any:
    offsets = _read_offsets(rows, source)
    data = pa.py_buffer(source.take(int(offsets[-1])))
    if kind in (pa.string(), pa.binary()):
        return pa.Array.from_buffers(kind, rows, [valid, _narrow(offsets), data])
    wide = pa.large_string() if is_text(kind) else pa.large_binary()
    array = pa.Array.from_buffers(wide, rows, [valid, pa.py_buffer(offsets), data])
    array.validate(full=True)  # before a cast follows the offsets
    return array if kind == wide else array.cast(kind)


def _narrow(offsets: Any) -> Any:
    if offsets[-1] > _NARROW_LIMIT:
        raise ValueError("more than 2 GiB in a chunk of 32-bit offsets")
    return pa.py_buffer(offsets.astype(np.int32))


def _is_list(kind: Any) -> bool:
    return isinstance(kind, pa.ListType | pa.LargeListType | pa.ListViewType | pa.LargeListViewType)


def _read_lists(kind: Any, rows: int, valid: Any, source: _Source, words: Iterator[Any]) -> Any:
    offsets = _read_offsets(rows, source)
    inner = pa.struct([kind.key_field, kind.item_field]) if pa.types.is_map(kind) else kind.value_type
    child = _read(inner, int(offsets[-1]), source, words)
    if pa.types.is_map(kind) and (child.null_count or child.field(0).null_count):
        raise ValueError("a map with a null for a key")
    if isinstance(kind, pa.LargeListType):
        return pa.Array.from_buffers(kind, rows, [valid, pa.py_buffer(offsets)], children=[child])
    if not isinstance(kind, pa.ListViewType | pa.LargeListViewType):
        return pa.Array.from_buffers(kind, rows, [valid, _narrow(offsets)], children=[child])
    _narrow(offsets)
    width = np.int64 if isinstance(kind, pa.LargeListViewType) else np.int32
    places = [pa.py_buffer(found.astype(width)) for found in (offsets[:-1], np.diff(offsets))]
    return pa.Array.from_buffers(kind, rows, [valid, *places], children=[child])


def _read_sized_lists(kind: Any, rows: int, valid: Any, source: _Source, words: Iterator[Any]) -> Any:
    child = _read(kind.value_type, rows * kind.list_size, source, words)
    return pa.Array.from_buffers(kind, rows, [valid], children=[child])
