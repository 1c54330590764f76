"""Canonical arrays: the digest of an array's dtype, shape and cells, the same for every memory layout.

Cells count in C order, little endian, field by field (padding is no content), every NaN as the one quiet NaN; -0.0 stays apart
from 0.0, and a truth value is 0 or 1.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from mvlake.errors import CannotFingerprint
from mvlake.handlers.hashing import Parts
from mvlake.records.canonical import Json, canonical
from mvlake.records.digest import Digest
from mvlake.records.plain import to_plain

BLOCK = 1 << 20  # bytes that are made canonical and hashed at a time: they stay in the processor's cache
STRINGS = "T"  # dtype.char of numpy.dtypes.StringDType: strings of any length, stored outside the array
_WORD = 8  # bytes
_X87 = 10  # bytes of an 80-bit long double; the other six of its sixteen are padding


def array_digest(array: Any) -> Digest:
    """Return the digest of an ndarray's logical content; CannotFingerprint when it has cells that are not plain values."""
    parts = Parts("array").data(canonical(_form(array.dtype))).integer(array.ndim)
    for length in array.shape:
        parts.integer(length)
    _add_cells(parts, array)
    return parts.done()


def is_boxed(dtype: Any) -> bool:
    """True when the cells of this dtype are Python objects or strings that live outside the array."""
    return bool(dtype.hasobject) or dtype.char == STRINGS


def are_same_bytes(a: Any, b: Any) -> bool:
    """True when two arrays of one dtype, shape and order of memory hold the same bytes; False when it takes a closer look."""
    if a.dtype != b.dtype or a.shape != b.shape or not (a.flags.forc and b.flags.forc):
        return False
    if a.flags.c_contiguous != b.flags.c_contiguous or not a.nbytes:
        return False
    left, right = (one.reshape(-1, order="A").view(np.uint8) for one in (a, b))
    return all(np.array_equal(left[start : start + BLOCK], right[start : start + BLOCK]) for start in range(0, left.size, BLOCK))


def canonical_blocks(array: Any) -> Iterator[memoryview]:
    """Yield the canonical bytes of an array that has no fields and is not boxed, in C order."""
    little = array.dtype.newbyteorder("<")
    for slab in _slabs(array):
        block = np.ascontiguousarray(slab, dtype=little).reshape(-1)
        yield memoryview(canonical_cells(block).view(np.uint8)).cast("B")


def canonical_width(dtype: Any) -> int:
    """Return how many bytes a cell of this dtype has in canonical form."""
    if dtype.char in "gG" and _is_x87():
        return _X87 if dtype.char == "g" else 2 * _X87
    width: int = dtype.itemsize
    return width


def _add_cells(parts: Parts, array: Any) -> None:
    if array.dtype.names is not None:
        for name in array.dtype.names:
            _add_cells(parts, array[name])
    elif is_boxed(array.dtype):
        try:
            parts.data(canonical(to_plain(array.ravel().tolist())))
        except (TypeError, ValueError) as error:
            raise CannotFingerprint("numpy.ndarray", reason=f"a cell is {error}") from error
    else:
        width = canonical_width(array.dtype)
        parts.stream(array.size * width, canonical_blocks(array) if width else ())


def _slabs(array: Any) -> Iterator[Any]:
    """Yield pieces of the array in C order, small enough to be copied one at a time."""
    if array.nbytes <= BLOCK or not array.ndim:
        yield array
    elif array.flags.c_contiguous:
        flat = array.reshape(-1)
        step = max(1, BLOCK // array.itemsize)
        for start in range(0, flat.size, step):
            yield flat[start : start + step]
    else:
        step = BLOCK * len(array) // array.nbytes
        for start in range(0, len(array), max(1, step)):
            if step:
                yield array[start : start + step]
            else:
                yield from _slabs(array[start])


def canonical_cells(block: Any) -> Any:
    """Return the cells of a flat array with every truth value 0 or 1, and every NaN the same."""
    kind = block.dtype.kind
    if kind == "b":
        raw = block.view(np.uint8)
        return raw if not raw.size or raw.max() <= 1 else (raw != 0).view(np.uint8)
    if kind in "fc" and block.size:
        numbers = block.view(block.real.dtype) if kind == "c" else block
        # The minimum of numbers with a NaN among them is NaN: much faster than isnan, and it needs no memory.
        if np.isnan(numbers.min()):
            numbers = _with_one_nan(numbers)
        if numbers.dtype.char == "g" and _is_x87():
            return np.ascontiguousarray(numbers.view(np.uint8).reshape(len(numbers), -1)[:, :_X87]).reshape(-1)
        return numbers
    return block


def _with_one_nan(numbers: Any) -> Any:
    missing, one = np.isnan(numbers), numbers.dtype.type(np.nan)
    if numbers.dtype.itemsize <= _WORD:
        bits = f"u{numbers.dtype.itemsize}"
        if (numbers.view(bits)[missing] == one.view(bits)).all():
            return numbers  # nearly always: others come from other machines, or are made by hand
    return np.where(missing, one, numbers)


def _is_x87() -> bool:
    return int(np.finfo(np.longdouble).nmant) == 63


def _form(dtype: Any) -> Json:
    """Return what the dtype says of its cells: kind, width, unit and fields, but neither byte order nor offsets."""
    if dtype.subdtype is not None:
        base, shape = dtype.subdtype
        return {"of": _form(base), "shape": list(shape)}
    if dtype.names is not None:
        return {"fields": [[name, _form(dtype.fields[name][0]), *map(str, dtype.fields[name][2:])] for name in dtype.names]}
    if dtype.char == STRINGS:
        return str(dtype)
    if dtype.char in "gG":
        return f"{dtype.kind}{canonical_width(dtype)}"
    return str(dtype.newbyteorder("<").str)
