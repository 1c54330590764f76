"""Patches: the few cells in which a column differs from another one of the same length."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mvlake.handlers.arrow_take import taken

MOST = 0.05
"""The share of changed cells up to which their list is shorter than the chunks that they lie in."""

_SAMPLE = 4096


def changed_rows(values: Any, base: Any) -> Any:
    """Return the rows (int64, ascending) at which a column is not its base; None when they are many, or cannot be compared.

    Nulls equal nulls here, and every NaN every NaN: they are one content.
    """
    if values.type != base.type or len(values) != len(base) or not len(base) or not _is_comparable(values.type):
        return None
    some = np.unique(np.linspace(0, len(base) - 1, _SAMPLE).astype(np.int64))
    if _differences(taken(values, some), taken(base, some)).sum() > 2 * MOST * len(some):
        return None
    rows = np.flatnonzero(_differences(values, base))
    return rows.astype(np.int64) if len(rows) <= MOST * len(base) else None


def patched(base: Any, rows: Any, cells: Any) -> Any:
    """Return the base with these cells at these rows."""
    places: Any = np.arange(len(base), dtype=np.int64)
    places[rows] = len(base) + np.arange(len(rows), dtype=np.int64)
    return taken(pa.chunked_array([*_chunks(base), *_chunks(cells)], type=base.type), places)


def _differences(values: Any, base: Any) -> Any:
    odd = pc.xor(pc.is_null(values), pc.is_null(base)).to_numpy(zero_copy_only=False)
    if pa.types.is_floating(values.type):
        return odd | _unlike(_numbers(values), _numbers(base))
    return odd | pc.fill_null(pc.not_equal(values, base), fill_value=False).to_numpy(zero_copy_only=False)


def _numbers(values: Any) -> Any:
    zero = pa.scalar(0.0).cast(values.type)
    return np.ascontiguousarray(pc.fill_null(values, zero).to_numpy(zero_copy_only=False))


def _unlike(one: Any, other: Any) -> Any:
    """Return where bits differ: zero and minus zero are two contents, and all NaN are one."""
    bits = f"<u{one.dtype.itemsize}"
    return (one.view(bits) != other.view(bits)) & ~(np.isnan(one) & np.isnan(other))


def _is_comparable(kind: Any) -> bool:
    return not (kind.num_fields or isinstance(kind, pa.BaseExtensionType) or pa.types.is_dictionary(kind) or pa.types.is_null(kind))


def _chunks(values: Any) -> list[Any]:
    return values.chunks if isinstance(values, pa.ChunkedArray) else [values]
