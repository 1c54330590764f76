"""Arrow memory: where the buffers of a column lie."""

from typing import Any

import pyarrow as pa


def places(values: Any) -> list[Any] | None:
    """Return offset, length and buffer addresses of every chunk of an Array or ChunkedArray; None when they do not say all.

    Two columns of one type in the same places hold the same values.
    """
    if _hides_memory(values.type):
        return None
    chunks = values.chunks if isinstance(values, pa.ChunkedArray) else [values]
    found: list[Any] = []
    for chunk in chunks:
        found.append((chunk.offset, len(chunk), *(buffer and buffer.address for buffer in chunk.buffers())))
        if pa.types.is_dictionary(chunk.type):
            inner = places(chunk.dictionary)
            if inner is None:
                return None
            found.append(inner)
    return found


def _hides_memory(kind: Any) -> bool:
    """True for types whose buffers are not all listed: a dictionary within a list or struct is not."""
    children = [kind.field(position).type for position in range(kind.num_fields)]
    return any(pa.types.is_dictionary(child) or _hides_memory(child) for child in children)
