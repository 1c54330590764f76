"""Remembering: a shelf for whoever reads parts of the same columns again and again: it keeps what was made of objects lately."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from mvlake.handlers.relatives import Relatives
from mvlake.handlers.shelf import Shelf
from mvlake.records.digest import Digest

T = TypeVar("T")
LIMIT = 64 << 20
"""The bytes of chunks that are kept, and three times as many of short columns, for two frames of 50 000. Of nodes so many:"""

_NODES = 4096
_APIECE = 1 << 10  # bytes that a short column costs beside its values


class Memory:
    """Nodes and chunks that were read, the last ones, for several shelves; short columns as a whole, the first ones.

    Very many short columns are read one after another, again and again: were the first to go, none would be there when wanted.
    """

    def __init__(self, limit: int | None = None) -> None:
        self._limit = LIMIT if limit is None else limit
        self._size = 0
        self._chunks: OrderedDict[Hashable, Any] = OrderedDict()
        self._nodes: OrderedDict[Digest, Any] = OrderedDict()
        self._columns: dict[Digest, Any] = {}
        self._room = 3 * self._limit
        self._lock = threading.Lock()

    def chunk(self, name: Hashable, make: Callable[[], T]) -> T:
        """Return the array of this name."""
        with self._lock:
            if name in self._chunks:
                self._chunks.move_to_end(name)
                found: T = self._chunks[name]
                return found
        made: Any = make()
        with self._lock:
            if name not in self._chunks and made.nbytes <= self._limit:
                self._chunks[name] = made
                self._size += made.nbytes
                while self._size > self._limit:
                    self._size -= self._chunks.popitem(last=False)[1].nbytes
        kept: T = made
        return kept

    def column(self, digest: Digest) -> Any:
        """Return all of a short column that is kept, as a ChunkedArray; None when it is not."""
        return self._columns.get(digest)

    def keep_column(self, digest: Digest, values: Any) -> None:
        """Keep a short column as long as there is room."""
        size = values.nbytes + _APIECE
        with self._lock:
            if digest not in self._columns and size <= self._room:
                self._columns[digest] = values
                self._room -= size

    def node(self, digest: Digest, make: Callable[[], T]) -> T:
        """Return the node of this name."""
        with self._lock:
            if digest in self._nodes:
                found: T = self._nodes[digest]
                return found
        made = make()
        with self._lock:
            self._nodes[digest] = made
            if len(self._nodes) > _NODES:
                self._nodes.popitem(last=False)
        return made


class RememberingShelf:
    """The objects of a shelf, of which it knows the names of those that were asked for (`read`), and remembers some."""

    def __init__(self, shelf: Shelf, memory: Memory) -> None:
        self._shelf = shelf
        self.memory = memory
        self.read: set[Digest] = set()

    @property
    def relatives(self) -> Relatives:
        """Those of the shelf."""
        return self._shelf.relatives

    def put(self, data: bytes, *, weight: int | None = None) -> Digest:
        """Keep an object."""
        return self._shelf.put(data, weight=weight)

    def get(self, digest: Digest) -> bytes:
        """Return an object's content, verified."""
        self.read.add(digest)
        return self._shelf.get(digest)

    def recall(self, content: Digest) -> Digest | None:
        """Return the node that was made of some content."""
        return self._shelf.recall(content)

    def brings(self, node: Digest) -> bool:
        """True when what names this node may be kept."""
        return self._shelf.brings(node)

    def remember(self, content: Digest, node: Digest, size: int) -> None:
        """Say which node has been made of some content."""
        self._shelf.remember(content, node, size)
