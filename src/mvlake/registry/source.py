"""Source: what the ledger asks: rows by table, of one part of the log after another, and a record where the rows are not enough."""

from collections.abc import Sequence
from typing import Protocol

from mvlake.records.digest import Digest
from mvlake.records.record import Record
from mvlake.registry.tables import Table


class Part(Protocol):
    """The rows of the records `first` to `last`."""

    @property
    def first(self) -> int:
        """The number of its first record."""
        ...

    @property
    def last(self) -> int:
        """The number of its last record; one less than `first` when it has none."""
        ...

    def between(self, table: Table, low: bytes, high: bytes) -> list[bytes]:
        """Return the rows that sort behind `low`, or are it, and before `high`."""
        ...

    def count(self, table: Table, low: bytes, high: bytes) -> int:
        """Return how many rows `between` would return."""
        ...

    def before(self, table: Table, high: bytes) -> bytes | None:
        """Return the last row that sorts before `high`, None when there is none."""
        ...

    def records(self, first: int, last: int) -> list[bytes]:
        """Return the rows of table `records` of these records, all of which it has."""
        ...


class Source(Protocol):
    """A log."""

    @property
    def head(self) -> int:
        """The number of the last record known."""
        ...

    def parts(self) -> Sequence[Part]:
        """Return the parts of the log up to its head, in order, without a gap."""
        ...

    def read(self, seq: int) -> tuple[Record, Digest]:
        """Return record `seq` and the digest of its bytes. Raises Damaged."""
        ...
