"""Beside: the parts of a lake, of which whatever is written stays in memory: both are read, and the lake is left as it is."""

from contextlib import AbstractContextManager
from dataclasses import replace

from mvlake.errors import MissingObject
from mvlake.handlers.relatives import Relatives
from mvlake.lake.parts import Parts
from mvlake.records.digest import Digest
from mvlake.store.contract import Store
from mvlake.store.memory import MemoryStore
from mvlake.store.objects import Objects
from mvlake.store.pack import Place


class StoreBeside(MemoryStore):
    """A store in memory, before one that is only read."""

    def __init__(self, below: Store) -> None:
        super().__init__()
        self._below = below

    def get(self, key: str) -> bytes | None:
        """Return the bytes that were put here, else those of the other store."""
        found = super().get(key)
        return self._below.get(key) if found is None else found


class ObjectsBeside(Objects):
    """Objects in memory, before those of a lake."""

    def __init__(self, store: StoreBeside, below: Objects) -> None:
        super().__init__(store)
        self._lake = below

    def has(self, digest: Digest) -> bool:
        """True when the object is in either place."""
        return super().has(digest) or self._lake.has(digest)

    def holds(self, digest: Digest, size: int) -> bool:
        """True when the object is in either place with its whole size: what the lake has takes no memory."""
        return super().holds(digest, size) or self._lake.holds(digest, size)

    def read(self, digest: Digest, *, first: Place | None = None) -> bytes:
        """Return the content from either place."""
        try:
            return super().read(digest, first=first)
        except MissingObject:
            return self._lake.read(digest)

    def kept_open(self) -> AbstractContextManager[None]:
        """Keep the lake's files open between reads."""
        return self._lake.kept_open()


def parts_beside(parts: Parts) -> Parts:
    """Return parts that read the lake and write into memory. What this process remembers of what it wrote is not shared."""
    store = StoreBeside(parts.store)
    return replace(
        parts,
        store=store,
        objects=ObjectsBeside(store, parts.objects),
        guard=parts.guard.beside(store),
        encoded={},
        nodes={},
        files={},
        portions={},
        relatives=Relatives(limit=0),
    )
