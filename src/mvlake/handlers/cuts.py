"""Cuts: where a column is cut into chunks. Content decides, near the cut: whatever is inserted, deleted or appended moves few cuts.

A rolling hash goes over the words of the last 32 rows (`cut_profile`). A cut comes behind a row whose hash is small, the more
likely the larger the row is; but not before a chunk has its least size. A chunk that would outgrow the greatest size is cut behind
the row with the greatest hash of those that may be last; so long runs of one value are cut at the greatest size.
"""

from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa

from mvlake.handlers.chunk import MOST_ROWS, joined
from mvlake.handlers.cut_profile import profile

LEAST, LIKELY, GREATEST = (size << 13 for size in (32, 128, 512))
"""Sizes in bits of the rows in a chunk: the last chunk of a column may be smaller, and a row may be larger."""

_WINDOW = 32
_LOOKED_AT = 1 << 18  # rows: a call of numpy costs the same for few of them, and more while other threads work


def cuts(column: Any, most_rows: int = MOST_ROWS) -> Iterator[int]:
    """Yield the number of the row behind each chunk of an Arrow Array or ChunkedArray, the last being its length."""
    if 0 < len(column) <= most_rows and _is_one_chunk(column):
        yield len(column)
        return
    window = _Window(column)
    start = 0
    while start < len(column):
        start = window.end_of(start, most_rows)
        yield start


def hashes(words: Any, before: Any) -> Any:
    """Return the rolling hash behind each row, given the words of the rows and of up to 31 before them."""
    found: Any = np.zeros(len(words) + _WINDOW - 1, np.uint32)
    found[_WINDOW - 1 :] = words
    found[_WINDOW - 1 - len(before) : _WINDOW - 1] = before
    shifted = np.empty_like(found)
    for shift in (1, 2, 4, 8, 16):  # after each the hash covers twice as many rows
        np.left_shift(found[:-shift], np.uint32(shift), out=shifted[shift:])
        found[shift:] += shifted[shift:]
    return found[_WINDOW - 1 :]


def _is_one_chunk(column: Any) -> bool:
    """True when the rows are less than a chunk has at least, as far as can be seen without a look at them."""
    kind = column.type
    counts_all = pa.types.is_primitive(kind) or kind in (pa.string(), pa.large_string(), pa.binary(), pa.large_binary())
    return counts_all and bool(column.nbytes << 3 < LEAST)


class _Window:
    """The rows from the last cut on, as far as they have been looked at."""

    def __init__(self, column: Any) -> None:
        self._column = column
        self._first = self._known = 0
        self._hashes: Any = np.empty(0, np.uint32)
        self._size = 0  # of every row; 0 if they differ, and then
        self._ends: Any = np.empty(0, np.int64)  # bits up to and with each row, and
        self._bits = 0  # bits before the first
        self._marks: list[int] = []  # rows behind which a cut may come; searched as a list, for numpy would let go of the GIL
        self._words: Any = np.empty(0, np.uint32)

    def end_of(self, start: int, most_rows: int) -> int:
        """Return the row behind the chunk that begins with this row, which is the last cut."""
        self._forget(start)
        while True:
            least = self._reach(LEAST - 1) + 1  # the first row that may be the last one
            most = min(max(self._reach(GREATEST), start + 1), start + most_rows)
            place = bisect_left(self._marks, least)
            if place < len(self._marks) and self._marks[place] <= most:
                return self._marks[place]
            if most < self._known:
                return self._steepest(min(least, most), most)
            if self._known == len(self._column):
                return min(most, self._known)
            self._look()

    def _reach(self, bits: int) -> int:
        """Return the row up to which the rows from the first on take no more than so many bits, as far as they are known."""
        if self._size:
            return self._first + bits // self._size
        return self._first + int(self._ends.searchsorted(self._bits + bits, side="right"))

    def _steepest(self, least: int, most: int) -> int:
        among = self._hashes[least - 1 - self._first : most - self._first][::-1]
        return most - int(np.argmax(among))

    def _forget(self, start: int) -> None:
        gone = start - self._first
        if gone and not self._size:
            self._bits = int(self._ends[gone - 1])
            self._ends = self._ends[gone:]
        self._hashes, self._first = self._hashes[gone:], start

    def _add_ends(self, sizes: Any) -> None:
        last = int(self._ends[-1]) if len(self._ends) else self._bits
        ends: Any = np.empty(len(self._ends) + len(sizes), np.int64)
        ends[: len(self._ends)] = self._ends
        new = ends[len(self._ends) :]
        np.cumsum(sizes, out=new)
        new += last
        self._ends = ends

    def _look(self) -> None:
        block = joined(self._column.slice(self._known, _LOOKED_AT))
        words, sizes = profile(block)
        found = hashes(words, self._words)
        if np.ndim(sizes):
            self._add_ends(sizes)
            marks: Any = np.flatnonzero(found < _limit(int(sizes.max())))  # few, of which then each by its own size
            marks = marks[found[marks] < np.minimum(sizes[marks] * ((1 << 32) // LIKELY), _MOST)]
        else:
            self._size = int(sizes)
            marks = np.flatnonzero(found < _limit(self._size))
        marks += self._known + 1
        self._hashes = np.concatenate([self._hashes, found]) if len(self._hashes) else found
        self._marks = self._marks[bisect_left(self._marks, self._first) :] + marks.tolist()
        self._words = np.concatenate([self._words, words])[1 - _WINDOW :]
        self._known += len(block)


def _limit(size: int) -> Any:
    """Return what the hash behind a row of this size is to be less than for a cut there."""
    return np.uint32(min(size * ((1 << 32) // LIKELY), _MOST))


_MOST = (1 << 32) - 1
