"""MemoryStore: a lake that lives as long as its process, for tests and previews."""

import threading
from collections.abc import Iterator
from datetime import datetime


class MemoryStore:
    """A store in a dictionary."""

    def __init__(self) -> None:
        self._held: dict[str, bytes] = {}
        self._lock = threading.Lock()

    @property
    def location(self) -> str:
        """What to call it."""
        return "memory"

    def put_new(self, key: str, data: bytes) -> bool:
        """Keep the bytes under a free key."""
        with self._lock:
            if key in self._held:
                return False
            self._held[key] = bytes(data)
            return True

    def get(self, key: str) -> bytes | None:
        """Return the bytes under the key."""
        return self._held.get(key)

    def get_range(self, key: str, start: int, length: int) -> bytes | None:
        """Return some of the bytes under the key."""
        data = self._held.get(key)
        if data is None:
            return None
        first = max(0, len(data) + start) if start < 0 else start
        return data[first : first + length]

    def size(self, key: str) -> int | None:
        """Return how many bytes lie under the key."""
        data = self._held.get(key)
        return None if data is None else len(data)

    def keys(self, prefix: str) -> Iterator[str]:
        """Yield the keys that begin with the prefix, sorted."""
        yield from sorted(key for key in list(self._held) if key.startswith(prefix))

    def put_hint(self, key: str, data: bytes) -> None:
        """Keep or replace derived bytes."""
        self._held[key] = bytes(data)

    def remove_hint(self, key: str) -> None:
        """Forget derived bytes."""
        self._held.pop(key, None)

    def modified(self, key: str) -> datetime | None:  # noqa: ARG002 - the contract's own names
        """Return None: memory keeps no time."""
        return None

    def remove(self, key: str) -> None:
        """Forget the bytes."""
        self._held.pop(key, None)

    def move(self, source: str, target: str) -> bool:
        """Give bytes another key."""
        with self._lock:
            data = self._held.pop(source, None)
            if data is not None:
                self._held[target] = data
            return data is not None
