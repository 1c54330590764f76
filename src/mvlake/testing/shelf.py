"""MemoryShelf: a shelf without a lake, for tests of handlers. It counts what is put and what is read."""

import threading

from mvlake.errors import MissingObject
from mvlake.handlers.hashing import digest_of
from mvlake.handlers.relatives import Relatives
from mvlake.records.digest import Digest


class MemoryShelf:
    """Objects by their names, what was made of which content, and every name that was put or read, in order."""

    def __init__(self) -> None:
        self.objects: dict[Digest, bytes] = {}
        self.made: dict[Digest, Digest] = {}
        self.sizes: dict[Digest, int] = {}
        self.puts: list[Digest] = []
        self.gets: list[Digest] = []
        self.relatives = Relatives(limit=1 << 30)
        self._lock = threading.Lock()

    def put(self, data: bytes, *, weight: int | None = None) -> Digest:  # noqa: ARG002
        """Keep an object."""
        digest = digest_of(data)
        with self._lock:
            self.objects[digest] = bytes(data)
            self.puts.append(digest)
        return digest

    def get(self, digest: Digest) -> bytes:
        """Return an object's content; raises MissingObject."""
        with self._lock:
            self.gets.append(digest)
            if digest not in self.objects:
                raise MissingObject(digest)
            return self.objects[digest]

    def recall(self, content: Digest) -> Digest | None:
        """Return the node made of some content."""
        return self.made.get(content)

    def brings(self, node: Digest) -> bool:
        """Return whether a node is here."""
        return node in self.objects

    def remember(self, content: Digest, node: Digest, size: int) -> None:
        """Say which node has been made of some content."""
        self.made[content] = node
        self.sizes[content] = size
