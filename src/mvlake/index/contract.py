"""What the index asks of others: a place for derived files, and the log to derive them from."""

from collections.abc import Iterator
from typing import Any, Protocol

from mvlake.records.digest import Digest
from mvlake.records.record import Record


class Files(Protocol):
    """Derived bytes by key. A store is one."""

    def get(self, key: str) -> bytes | None:
        """Return the bytes under the key, None when there are none."""
        ...

    def put_hint(self, key: str, data: bytes) -> None:
        """Write or replace bytes, all of them or none; failing is no error."""
        ...

    def remove_hint(self, key: str) -> None:
        """Remove bytes; nothing happens when there are none."""
        ...

    def keys(self, prefix: str) -> Iterator[str]:
        """Yield the keys that begin with the prefix; may miss some that are written meanwhile."""
        ...


class Records(Protocol):
    """The log, by number."""

    @property
    def head(self) -> int:
        """The number of the last record, 0 in an empty lake."""
        ...

    def read(self, seq: int) -> tuple[Record, Digest]:
        """Return record `seq` (1 to head) and the digest of its bytes. Raises Damaged."""
        ...


class Frame(Protocol):
    """Rows that a query can read besides the log: a kept frame, as Arrow."""

    @property
    def schema(self) -> Any:
        """The Arrow schema of every block."""
        ...

    def blocks(self) -> Iterator[Any]:
        """Yield all rows as Arrow tables, one after another, read as they are asked for."""
        ...

    def narrowed(self, columns: frozenset[str]) -> "Frame":
        """Return the frame with these of its columns, and those that it cannot leave out; at least one."""
        ...
