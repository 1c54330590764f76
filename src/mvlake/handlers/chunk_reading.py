"""Reading chunks: canonical bytes back into an Arrow array of the very type. The bytes may be hostile.

Nothing is made that the bytes do not account for: every count is compared with what is left of them before it is used, and what
takes no bytes is limited in number.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mvlake.handlers.arrow_layout import is_bytes, is_text, offsets_of
from mvlake.handlers.chunk import MOST_ROWS, is_weightless
from mvlake.handlers.few import MOST_VALUES, NARROW
from mvlake.handlers.flat_chunks import HAS_FEW, HAS_NULLS
from mvlake.handlers.source import Source

_NARROW_LIMIT = (1 << 31) - 1


def read_chunk(data: bytes, kind: Any, rows: int, dictionaries: Sequence[Any] = ()) -> Any:
    """Return the array of this type with that many rows; ValueError when the bytes are not those of one.

    `dictionaries` are the words of the dictionaries within the type, from the outside in, left to right.
    """
    if not 0 <= rows <= MOST_ROWS:
        raise ValueError(f"a chunk of {rows} rows")
    source = Source(data)
    try:
        array = _read(kind, rows, source, iter(dictionaries), is_outermost=True)
        array.validate(full=not source.is_valid)
    except (pa.ArrowException, OverflowError, StopIteration) as error:  # OverflowError: a dictionary's number beyond any integer
        raise ValueError(f"not a chunk of {kind}: {error}") from error
    if source.left:
        raise ValueError(f"{source.left} bytes behind a chunk of {kind}")
    return array


def _read(kind: Any, rows: int, source: Source, words: Iterator[Any], *, is_outermost: bool = False) -> Any:
    if isinstance(kind, pa.BaseExtensionType):
        return pa.ExtensionArray.from_storage(kind, _read(kind.storage_type, rows, source, words, is_outermost=is_outermost))
    if pa.types.is_dictionary(kind):
        numbers = _read(kind.index_type, rows, source, words, is_outermost=is_outermost)
        return pa.DictionaryArray.from_arrays(numbers, next(words), ordered=kind.ordered)
    if pa.types.is_run_end_encoded(kind):
        found = _read(kind.value_type, rows, source, words, is_outermost=is_outermost)
        return pc.run_end_encode(found, run_end_type=kind.run_end_type)
    if rows > MOST_ROWS and is_weightless(kind):
        raise ValueError(f"{rows} values of {kind} in one chunk")
    if pa.types.is_null(kind):
        return pa.nulls(rows)
    (flags,) = source.take(1)
    if flags > (HAS_NULLS | HAS_FEW if is_outermost else HAS_NULLS):
        raise ValueError(f"an array that begins with {flags}")
    valid = pa.py_buffer(source.take(-(-rows // 8))) if flags & HAS_NULLS else None
    if flags & HAS_FEW:
        return _read_few(kind, rows, valid, source)
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


def _read_fixed(kind: Any, rows: int, valid: Any, source: Source) -> Any:
    if pa.types.is_boolean(kind):
        return pa.Array.from_buffers(kind, rows, [valid, pa.py_buffer(source.take(-(-rows // 8)))])
    return pa.Array.from_buffers(kind, rows, [valid, pa.py_buffer(source.cells(rows, kind.bit_width // 8))])


def _read_few(kind: Any, rows: int, valid: Any, source: Source) -> Any:
    """Return the array whose values are written once, and then for each row the number of one."""
    count = int.from_bytes(source.take(4), "little")
    if not 0 < count <= MOST_VALUES:
        raise ValueError(f"numbers of {count} values")
    if is_text(kind) or is_bytes(kind):
        return _read_few_strings(kind, rows, valid, count, source)
    width = 0 if pa.types.is_nested(kind) or pa.types.is_boolean(kind) else kind.bit_width // 8
    if width not in _CELLS:
        raise ValueError(f"numbers of values of {kind}")
    values = source.cells(count, width).view(_CELLS[width])
    return pa.Array.from_buffers(kind, rows, [valid, pa.py_buffer(values[_read_which(rows, count, source)])])


def _read_few_strings(kind: Any, rows: int, valid: Any, count: int, source: Source) -> Any:
    words = _read_bytes(pa.large_string() if is_text(kind) else pa.large_binary(), count, None, source)
    words.validate(full=True)  # these few in place of all rows
    source.is_valid = True
    numbers = _read_which(rows, count, source)
    source.grant(int(np.bincount(numbers, minlength=count) @ np.diff(offsets_of(words))))
    found = words.take(pa.array(numbers))
    return _from_bytes(kind, rows, valid, *found.buffers()[1:])


def _read_which(rows: int, count: int, source: Source) -> Any:
    width = 1 if count <= NARROW else 2
    planes = np.frombuffer(source.take(rows * width), np.uint8).reshape(width, rows)
    numbers = planes[0] if width == 1 else planes[0] | planes[1].astype(np.uint16) << np.uint16(8)
    if rows and int(numbers.max()) >= count:
        raise ValueError(f"value {numbers.max()} of {count}")
    return numbers


def _read_offsets(rows: int, source: Source) -> Any:
    lengths = source.cells(rows, 4).view("<u4")  # first, for it says whether there are so many
    offsets: Any = np.zeros(rows + 1, np.int64)
    np.cumsum(lengths, out=offsets[1:])
    return offsets


def _read_bytes(kind: Any, rows: int, valid: Any, source: Source) -> Any:
    offsets = _read_offsets(rows, source)
    return _from_bytes(kind, rows, valid, pa.py_buffer(offsets), pa.py_buffer(source.take(int(offsets[-1]))))


def _from_bytes(kind: Any, rows: int, valid: Any, offsets: Any, data: Any) -> Any:
    """Return the array of this type whose values lie in `data` between these 64-bit offsets."""
    if kind in (pa.string(), pa.binary()):
        return pa.Array.from_buffers(kind, rows, [valid, _narrow(np.frombuffer(offsets, np.int64)), data])
    wide = pa.large_string() if is_text(kind) else pa.large_binary()
    array = pa.Array.from_buffers(wide, rows, [valid, offsets, data])
    if kind == wide:
        return array
    array.validate(full=True)  # before a cast follows the offsets
    return array.cast(kind)


def _narrow(offsets: Any) -> Any:
    if offsets[-1] > _NARROW_LIMIT:
        raise ValueError("more than 2 GiB in a chunk of 32-bit offsets")
    return pa.py_buffer(offsets.astype(np.int32))


def _is_list(kind: Any) -> bool:
    return isinstance(kind, pa.ListType | pa.LargeListType | pa.ListViewType | pa.LargeListViewType)


def _read_lists(kind: Any, rows: int, valid: Any, source: Source, words: Iterator[Any]) -> Any:
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


def _read_sized_lists(kind: Any, rows: int, valid: Any, source: Source, words: Iterator[Any]) -> Any:
    child = _read(kind.value_type, rows * kind.list_size, source, words)
    return pa.Array.from_buffers(kind, rows, [valid], children=[child])


_CELLS = {2: "<u2", 4: "<u4", 8: "<u8"}
