"""Arrays: Python's values as one Arrow array, laid out by hand.

`pyarrow.array` looks whether it was given something of pandas, and imports it to know: a quarter of a second of a process that asks
one question, where pandas is installed.
"""

from array import array
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa

from mvlake.index.tables import Kind

_EPOCH = datetime(1970, 1, 1)  # every moment in a table is UTC, and says no zone
_MICROSECOND = timedelta(microseconds=1)


def empty(schema: Any) -> Any:
    """Return a table of no rows."""
    return pa.RecordBatchReader.from_batches(schema, []).read_all()


def array_of(values: Sequence[Any], kind: Kind) -> Any:
    """Return the values, None where there is none, as an array; ValueError, TypeError or OverflowError where one does not fit."""
    valid = [value is not None for value in values]
    match kind:
        case Kind.INTEGER:
            return _array(pa.int64(), valid, _numbers("q", values))
        case Kind.NUMBER:
            return _array(pa.float64(), valid, _numbers("d", values))
        case Kind.TRUTH:
            return _array(pa.bool_(), valid, _bits([bool(value) for value in values]))
        case Kind.MOMENT:
            ticks = [None if value is None else (value - _EPOCH) // _MICROSECOND for value in values]
            return _array(pa.timestamp("us"), valid, _numbers("q", ticks))
        case Kind.TEXT:
            return _array(pa.large_string(), valid, *_texts("q", values))
        case Kind.WORD:
            return _array(pa.string(), valid, *_texts("i", values)).dictionary_encode()


def _array(kind: Any, valid: Sequence[bool], *buffers: Any) -> Any:
    absent = valid.count(False)
    return pa.Array.from_buffers(kind, len(valid), [_bits(valid) if absent else None, *buffers], null_count=absent)


def _bits(truths: Sequence[bool]) -> Any:
    number = int("".join("1" if truth else "0" for truth in reversed(truths)) or "0", 2)
    return pa.py_buffer(number.to_bytes(len(truths) // 8 + 1, "little"))


def _numbers(code: str, values: Sequence[Any]) -> Any:
    return pa.py_buffer(array(code, [0 if value is None else value for value in values]).tobytes())


def _texts(code: str, values: Sequence[Any]) -> tuple[Any, Any]:
    offsets, parts, end = array(code, [0]), [], 0
    for value in values:
        if value is not None:
            part = str.encode(value)
            parts.append(part)
            end += len(part)
        offsets.append(end)
    return pa.py_buffer(offsets.tobytes()), pa.py_buffer(b"".join(parts))
