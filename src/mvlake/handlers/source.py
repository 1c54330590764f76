"""Source: bytes of a chunk as they are read. Nothing is made that they do not account for."""

from typing import Any

import numpy as np

from mvlake.handlers.planes import MOST_LEFT_OUT, unbyted


class Source:
    """Bytes that are taken from the front, never more than there are."""

    def __init__(self, data: bytes) -> None:
        self._data = memoryview(data)
        self._at = self._left_out = 0
        self.is_valid = False  # what is made of these bytes has been looked at

    @property
    def left(self) -> int:
        """How many bytes have not been taken."""
        return len(self._data) - self._at

    def take(self, count: int) -> memoryview:
        """Return so many bytes; ValueError when there are fewer."""
        if count > self.left:
            raise ValueError(f"wanted {count} bytes of a chunk, found {self.left}")
        self._at += count
        return self._data[self._at - count : self._at]

    def grant(self, count: int) -> None:
        """Count bytes that are to be made, but are not there."""
        self._left_out += count
        if self._left_out > MOST_LEFT_OUT:
            raise ValueError(f"more than {MOST_LEFT_OUT} bytes left out of a chunk")

    def cells(self, count: int, width: int) -> Any:
        """Return the bytes of cells that are written by planes."""
        if not count:
            return np.empty(0, np.uint8)
        bits = np.unpackbits(np.frombuffer(self.take(-(-width // 8)), np.uint8), bitorder="little")
        if bits[width:].any():
            raise ValueError("more planes than a cell has bytes")
        differs = bits[:width].tolist()
        self.grant((count - 1) * differs.count(0))
        return unbyted([np.frombuffer(self.take(count if one else 1), np.uint8) for one in differs], count)
