"""Staging: objects on their way into a lake. Packs of them are written as they come, and seen when a record names them."""

import threading
from collections.abc import Iterable, Mapping
from typing import Protocol

from mvlake.records.digest import Digest
from mvlake.store.compression import ALONE
from mvlake.store.hashing import digest_of
from mvlake.store.pack import Entry, entry_of

PACK_SIZE = 16 << 20
"""A pack is written when its objects take this much: what is held in memory stays bounded, however much is staged."""


class Home(Protocol):
    """What staged objects go to: the objects of a lake."""

    def holds(self, digest: Digest, size: int) -> bool:
        """True when the lake has an object, with its whole size."""
        ...

    def staged(self, digest: Digest) -> tuple[Digest, ...]:
        """Return the packs of the staging that this process has written and that holds an object; none when there is none."""
        ...

    def is_damaged(self, digest: Digest) -> bool:
        """True when no copy of an object that is here was found whole."""
        ...

    def write_alone(self, digest: Digest, data: bytes) -> bool:
        """True when the object has a file of its own now."""
        ...

    def write_pack(self, entries: Mapping[Digest, Entry]) -> Digest:
        """Write a pack durably and return its name."""
        ...

    def stage(self, objects: Iterable[Digest], packs: tuple[Digest, ...]) -> None:
        """Hear which objects lie in packs that no record names yet."""
        ...


class Staging:
    """Takes objects from any number of threads. What the lake has already is not kept again."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._entries: dict[Digest, Entry] = {}
        self._taken: set[Digest] = set()
        self._written: list[Digest] = []
        self._packs: dict[Digest, None] = {}  # in order, each once
        self._held = 0
        self._lock = threading.Lock()

    def put(self, data: bytes) -> Digest:
        """Keep an object and return its name."""
        digest = digest_of(data)
        self.add(digest, data)
        return digest

    def add(self, digest: Digest, data: bytes) -> None:
        """Keep an object whose name is known."""
        with self._lock:
            if digest in self._taken:
                return
            self._taken.add(digest)
        if self._home.holds(digest, len(data)) or self.reuse(digest):
            return
        # A file of that name that is damaged stays where it is, and a pack takes the whole copy; a pack of the same objects would
        # have the name of the damaged one, so a small object whose pack is damaged goes into a file of its own.
        if (len(data) >= ALONE or self._home.is_damaged(digest)) and self._home.write_alone(digest, data):
            return
        entry = entry_of(data)
        with self._lock:
            self._entries[digest] = entry
            self._held += len(entry.data)
            full = self._taken_out() if self._held >= PACK_SIZE else None
        if full:
            self._flush(full)

    def brings(self, digest: Digest) -> bool:
        """True when the object was put here, or can be reused."""
        return digest in self._taken or self.reuse(digest)

    def reuse(self, digest: Digest) -> bool:
        """True when an earlier staging of this process wrote the object and all below it; its packs then count as ours too."""
        packs = self._home.staged(digest)
        with self._lock:
            self._packs.update(dict.fromkeys(packs))
        return bool(packs)

    def finish(self) -> tuple[Digest, ...]:
        """Write what is left, and return the names of all packs, which a record is to name."""
        with self._lock:
            rest = self._taken_out()
        if rest:
            self._flush(rest)
        packs = tuple(self._packs)
        self._home.stage(self._written, packs)
        return packs

    def _taken_out(self) -> dict[Digest, Entry]:
        entries, self._entries, self._held = self._entries, {}, 0
        return entries

    def _flush(self, entries: dict[Digest, Entry]) -> None:
        pack = self._home.write_pack(entries)
        with self._lock:
            self._packs[pack] = None
            self._written.extend(entries)
