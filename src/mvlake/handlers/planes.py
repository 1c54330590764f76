"""Planes: cells of one width byte by byte: all first bytes, then all second ones, …; so similar bytes come together.

Most cells are wider than what is in them. A byte that all cells have in one place is written once, and bits say for which places.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

MOST_LEFT_OUT = 1 << 24
"""The bytes of a chunk that may be left out in all: otherwise few bytes could ask for all memory."""


def by_bytes(cells: Any) -> Any:
    """Return the bytes of flat cells transposed, every one of them."""
    width = cells.dtype.itemsize
    raw = cells.view(np.uint8)
    return raw if width == 1 else np.ascontiguousarray(raw.reshape(-1, width).T).reshape(-1)


def varying(cells: Any) -> list[bool]:
    """Return for each byte of a cell whether it differs among these flat cells, of which there is one at least."""
    width = cells.dtype.itemsize
    if width not in (1, 2, 4) and width % 8:
        raw = cells.view(np.uint8).reshape(-1, width)
        found: Any = (raw != raw[0]).any(axis=0)
        return [bool(one) for one in found]
    lanes = cells.view(f"<u{min(width, 8)}").reshape(len(cells), -1)
    # One call for every lane: along the shorter axis numpy is slow.
    different = [int(np.bitwise_or.reduce(lane ^ lane[0])) for lane in lanes.T]
    step = min(width, 8)
    return [bool(different[place // step] >> place % step * 8 & 255) for place in range(width)]


class Planes:
    """Writes cells by planes, for one chunk."""

    def __init__(self) -> None:
        self._left_out = 0

    def write(self, cells: Any, differs: list[bool] | None = None) -> list[Any]:
        """Return the bytes of flat cells; `differs` is what `varying` says of them, where that is known."""
        if not len(cells):
            return []
        differs = varying(cells) if differs is None else differs
        left_out = (len(cells) - 1) * differs.count(False)
        if self._left_out + left_out > MOST_LEFT_OUT:
            left_out, differs = 0, [True] * len(differs)
        self._left_out += left_out
        width, raw = len(differs), cells.view(np.uint8)
        found: list[Any] = [np.packbits(differs, bitorder="little")]
        if all(differs):
            return [*found, by_bytes(cells)]
        return found + [raw[place::width].copy() if one else raw[place : place + 1] for place, one in enumerate(differs)]


class PlanesOfMany:
    """Cells of 1, 2, 4 or 8 bytes, between whose rows `ends` there are chunks of a row at least, to be written by planes each."""

    def __init__(self, cells: Any, ends: Sequence[int]) -> None:
        width = cells.dtype.itemsize
        words, starts = cells.view(f"<u{width}"), np.asarray(ends[:-1])
        bits = np.bitwise_or.reduceat(words, starts) & ~np.bitwise_and.reduceat(words, starts)
        self._raw, self._width = cells.view(np.uint8), width
        self._planes: dict[int, memoryview] = {}
        self.differs = [[bool(one >> 8 * place & 255) for place in range(width)] for one in bits.tolist()]

    def write(self, chunk: int, start: int, end: int) -> list[Any]:
        """Return the bytes of a chunk, which lies between these rows."""
        differs = self.differs[chunk]
        found: list[Any] = [bytes([sum(one << place for place, one in enumerate(differs))])]
        for place, one in enumerate(differs):
            if one:
                found.append(self._plane(place)[start:end])
            else:
                found.append(self._raw[start * self._width + place : start * self._width + place + 1])
        return found

    def _plane(self, place: int) -> memoryview:
        if place not in self._planes:
            self._planes[place] = memoryview(self._raw[place :: self._width].copy())
        return self._planes[place]


def unbyted(planes: Sequence[Any], count: int) -> Any:
    """Return cells of their own, as bytes, from planes: each of as many bytes as there are cells, or of one for all of them."""
    cells: Any = np.empty((count, len(planes)), np.uint8)
    for place, plane in enumerate(planes):  # numpy's own transposition takes up to four times as long
        cells[:, place] = plane
    return cells.reshape(-1)
