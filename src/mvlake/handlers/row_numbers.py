"""Row numbers: 64-bit integers kept as the steps from one to the next. Rows that follow one another are all the same step.

A chunk holds up to `ROWS` numbers: the steps, from 0 to the first of them and from each to the next, folded (0, -1, 1, -2, … become
0, 1, 2, 3, …) and written by planes as 8 bytes little-endian.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from mvlake.handlers.planes import Planes
from mvlake.handlers.source import Source

ROWS = 1 << 16
_WIDTH = 8


def number_chunks(numbers: Any) -> Iterator[tuple[bytes, int]]:
    """Yield the chunks of an array of int64, each with how many numbers it has."""
    for start in range(0, len(numbers), ROWS):
        run = np.asarray(numbers[start : start + ROWS], np.int64)
        steps = np.diff(run, prepend=np.int64(0))  # those between far ends wrap, and wrap back
        folded = ((steps << 1) ^ (steps >> 63)).view(np.uint64)
        yield b"".join(Planes().write(folded.astype("<u8", copy=False))), len(run)


def read_numbers(data: bytes, count: int) -> Any:
    """Return the `count` numbers of a chunk as an array of int64; ValueError when it does not hold that many."""
    if not 0 < count <= ROWS:
        raise ValueError(f"{count} row numbers in a chunk")
    source = Source(data)
    folded = source.cells(count, _WIDTH).view("<u8")
    if source.left:
        raise ValueError(f"{source.left} bytes behind {count} row numbers")
    steps = (folded >> np.uint64(1)).view(np.int64) ^ -(folded & np.uint64(1)).view(np.int64)
    return np.cumsum(steps, dtype=np.int64)
