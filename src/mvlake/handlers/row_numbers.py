"""Row numbers: 64-bit integers kept as the steps from one to the next. Rows that follow one another are all the same step.

A chunk holds up to `ROWS` numbers: the steps, from 0 to the first of them and from each to the next, folded (0, -1, 1, -2, … become
0, 1, 2, 3, …) and written as 8 bytes little-endian, all first bytes before all second ones.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from mvlake.handlers.planes import by_bytes

ROWS = 1 << 16
_WIDTH = 8


def number_chunks(numbers: Any) -> Iterator[tuple[bytes, int]]:
    """Yield the chunks of an array of int64, each with how many numbers it has."""
    for start in range(0, len(numbers), ROWS):
        run = np.asarray(numbers[start : start + ROWS], np.int64)
        steps = np.diff(run, prepend=np.int64(0))  # those between far ends wrap, and wrap back
        folded = ((steps << 1) ^ (steps >> 63)).view(np.uint64)
        yield by_bytes(folded.astype("<u8", copy=False)).tobytes(), len(run)


def read_numbers(data: bytes, count: int) -> Any:
    """Return the `count` numbers of a chunk as an array of int64; ValueError when it does not hold that many."""
    if not 0 < count <= ROWS or len(data) != count * _WIDTH:
        raise ValueError(f"{count} row numbers in {len(data)} bytes")
    planes = np.frombuffer(data, np.uint8).reshape(_WIDTH, count)
    folded = np.ascontiguousarray(planes.T).view("<u8").reshape(-1)
    steps = (folded >> np.uint64(1)).view(np.int64) ^ -(folded & np.uint64(1)).view(np.int64)
    return np.cumsum(steps, dtype=np.int64)
