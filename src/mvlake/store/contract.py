"""Store: the calls that a place must offer to keep a lake, and what each MUST do.

Keys are `/`-separated ASCII paths made by mvlake itself; no text of a user's is ever part of one.
`mvlake.testing.StoreContract` is the suite that every implementation inherits.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol


class Store(Protocol):
    """Immutable bytes by key."""

    @property
    def location(self) -> str:
        """Where this is, for people."""
        ...

    def put_new(self, key: str, data: bytes) -> bool:
        """Write all of the bytes durably under a key that is free, and return True; return False when it is taken.

        MUST be atomic and exclusive: of several callers one gets True; a reader sees all of the bytes or no key; after
        True they survive power loss. Raises ReadOnlyLake when nothing can be written.
        """
        ...

    def get(self, key: str) -> bytes | None:
        """Return the bytes under the key, None when there is no such key."""
        ...

    def get_range(self, key: str, start: int, length: int) -> bytes | None:
        """Return `length` bytes from `start` (from the end when negative), fewer where the object ends; None when absent."""
        ...

    def size(self, key: str) -> int | None:
        """Return how many bytes lie under the key, None when there is no such key."""
        ...

    def keys(self, prefix: str) -> Iterator[str]:
        """Yield the keys that begin with `prefix`. MAY miss keys written meanwhile: for verification only, never for reading."""
        ...

    def put_hint(self, key: str, data: bytes) -> None:
        """Write or replace derived bytes, atomically but not durably. Failing to is no error: a hint can be made again."""
        ...

    def remove_hint(self, key: str) -> None:
        """Remove derived bytes; nothing happens when there are none."""
        ...

    def modified(self, key: str) -> datetime | None:
        """Return when the bytes were written, by the place's clock; None when there is no such key, or the place keeps no time."""
        ...

    def remove(self, key: str) -> None:
        """Remove the bytes under a key for good; nothing happens when there are none. Only collecting and repairing may ask for it.

        Raises ReadOnlyLake when it cannot be done.
        """
        ...

    def move(self, source: str, target: str) -> bool:
        """Give bytes another key, and return True; False when there are none under the first.

        MUST leave the bytes under one of the keys, or both, whenever it is interrupted. What lay under the second key is replaced:
        both are named by the same digest. Raises ReadOnlyLake when it cannot be done.
        """
        ...
