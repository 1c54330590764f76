"""Strided columns: those of a block of memory that lies row by row, taken out side by side.

Every cache line of such a block holds cells of several columns. Taking one column after another reads all of it again each time.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

_ROWS = 1 << 13  # a few megabytes of a block, which stay in the processor's cache until all columns have been there
_WORTH_IT = 1 << 15  # rows


def with_strided_copied(columns: Sequence[Any]) -> list[Any]:
    """Return these Series as arrays to be stored: where cells are numbers that do not lie one after another, as copies that do.

    A column that is not such a one is None.
    """
    found: list[Any] = [None] * len(columns)
    for place, column in enumerate(columns):
        dtype = column.dtype
        if isinstance(dtype, np.dtype) and dtype.kind in "biuf" and len(column) >= _WORTH_IT:
            cells = column.to_numpy()
            found[place] = None if cells.flags.c_contiguous else cells
    strided = [place for place, cells in enumerate(found) if cells is not None]
    copies = {place: np.empty(len(found[place]), found[place].dtype) for place in strided}
    for start in range(0, max((len(copy) for copy in copies.values()), default=0), _ROWS):
        for place, copy in copies.items():
            copy[start : start + _ROWS] = found[place][start : start + _ROWS]
    return [copies.get(place) for place in range(len(columns))]
