"""Relatives: the frames that this version and the one before keep. The next is often some of their rows, or one a little changed.

A frame of earlier versions becomes one again when a cell reads it: what is remembered has memory that the user cannot get back.
"""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mvlake.records.digest import Digest

MOST = 16
"""More frames than these are not remembered, however small."""


@dataclass(frozen=True, slots=True)
class KeptColumn:
    """A column that has been kept: its values, the digest of what it holds, its node and the node's size.

    Where the node says the column by another one, `base` is that one's node and `rows` the rows that were taken of it, or, of a
    patch (`is_patch`), changed in it. `depth` counts such steps.
    """

    values: Any
    content: Digest
    node: Digest
    size: int
    base: Digest | None = None
    rows: Any = None
    is_patch: bool = False
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Relative:
    """A frame that has been kept: how many rows it has, and its columns by their names."""

    rows: int
    columns: Mapping[str, KeptColumn]

    def size(self) -> int:
        """Return the bytes of memory that it takes: values, shared with the user's as long as they live, and row numbers."""
        rows: dict[int, int] = {id(column.rows): column.rows.nbytes for column in self.columns.values() if column.rows is not None}
        values: int = sum(column.values.nbytes for column in self.columns.values())
        return values + sum(rows.values())


class Relatives:
    """The latest frames within a limit of bytes. Their memory may be the user's: who uses one looks whether it is unchanged."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._frames: OrderedDict[tuple[Digest, ...], Relative] = OrderedDict()
        self._turn = 0
        self._turns: dict[tuple[Digest, ...], int] = {}  # in which each was added last
        self._lock = threading.Lock()

    def add(self, relative: Relative) -> None:
        """Remember a frame, and forget the oldest ones for it."""
        name = tuple(column.content for column in relative.columns.values())
        with self._lock:
            self._frames.pop(name, None)
            self._frames[name] = relative
            self._turns[name] = self._turn
            while self._frames and (len(self._frames) > MOST or sum(one.size() for one in self._frames.values()) > self._limit):
                self._frames.popitem(last=False)

    def latest(self) -> tuple[Relative, ...]:
        """Return the frames remembered, the latest first."""
        with self._lock:
            return tuple(reversed(self._frames.values()))

    def turn(self) -> None:
        """Forget the frames of the version before the one that has been committed now."""
        with self._lock:
            self._frames = OrderedDict((name, one) for name, one in self._frames.items() if self._turns[name] == self._turn)
            self._turn += 1
            self._turns = dict.fromkeys(self._frames, self._turn - 1)

    def clear(self) -> None:
        """Forget all of them."""
        with self._lock:
            self._frames.clear()
