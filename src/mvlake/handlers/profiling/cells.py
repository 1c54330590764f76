"""Cells: what is profiled of an array: all cells as one column, and the columns of a table of numbers that is narrow."""

from collections.abc import Iterator
from typing import Any

from mvlake.handlers.hashing import Parts
from mvlake.handlers.profiling.values import ColumnValues, Profiled
from mvlake.records.digest import Digest

NARROW = 64
"""A table of no more columns has a profile for each of them."""

_TABLE = 2  # dimensions


def profiled_array(array: Any, digest: Digest) -> Profiled:
    """Return what is profiled of a numpy array of this digest."""
    is_table = array.ndim == _TABLE and 0 < array.shape[1] <= NARROW and array.dtype.kind in "biuf"
    rows = int(array.shape[0]) if array.ndim else 1

    def columns() -> Iterator[ColumnValues]:
        for place in range(array.shape[1] if is_table else 0):
            name = Parts("array.column").digest(digest).integer(place).done()
            yield ColumnValues(str(place), name, array[:, place])

    return Profiled(rows, columns(), array.shape[1] if is_table else 0, ColumnValues("", digest, array))
