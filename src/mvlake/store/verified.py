"""Verified: which objects this process has checked against their names, and in which state of which file.

An object is checked whenever it is read, unless the very bytes were: at the same place of a file that is the same, and has not been
written since as far as its inode and its two times say. Bytes in a store that has no such files are checked every time.
"""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from time import time_ns
from typing import Protocol, runtime_checkable

from mvlake.records.digest import Digest
from mvlake.store.hashing import digest_of
from mvlake.store.open_files import Stamp

MOST = 1 << 15
"""Objects that are remembered: some gigabytes of chunks."""

_SETTLED = 2_000_000_000
"""Nanoseconds: a file that was written just now may be written once more within one tick of its clock."""


@runtime_checkable
class Nearby(Protocol):
    """A store of files that this machine reads itself."""

    def get_stamped(self, key: str, start: int, length: int | None) -> tuple[bytes, Stamp] | None:
        """Return bytes as `get_range` does, and what the file was when they were read."""
        ...

    def kept_open(self) -> AbstractContextManager[None]:
        """Keep files open between reads, as long as this lasts."""
        ...


class Verified:
    """The objects that were checked. Safe to share between threads."""

    def __init__(self, clock: Callable[[], int] = time_ns) -> None:
        self._clock = clock
        self._known: dict[Digest, tuple[str, int, Stamp]] = {}
        self._lock = threading.Lock()

    def is_whole(self, digest: Digest, data: bytes, key: str, start: int, stamp: Stamp | None) -> bool:
        """True when these bytes, read at this place, are those of the object."""
        if stamp is None:
            return digest_of(data) == digest
        if self._known.get(digest) == (key, start, stamp):
            return True
        if digest_of(data) != digest:
            return False
        if max(stamp[-2:]) < self._clock() - _SETTLED:
            with self._lock:
                self._known[digest] = (key, start, stamp)
                if len(self._known) > MOST:
                    del self._known[next(iter(self._known))]
        return True
