"""Tail: the rows of the newest records, in memory, sorted as they come."""

import threading
from bisect import bisect_left, insort
from collections.abc import Mapping, Sequence

from mvlake.records.digest import Digest
from mvlake.records.record import Record
from mvlake.registry.tables import Table, rows_of


class Tail:
    """The part of a log that grows. A thread may ask while another one adds."""

    def __init__(self, first: int) -> None:
        self._first = first
        self._rows: dict[Table, list[bytes]] = {table: [] for table in Table}
        self._lock = threading.Lock()

    @property
    def first(self) -> int:
        """The number of its first record."""
        return self._first

    @property
    def last(self) -> int:
        """The number of its last record."""
        return self._first + len(self._rows[Table.RECORDS]) - 1

    def take(self, record: Record, digest: Digest) -> None:
        """Add the record that comes next: all of it or, when an interrupt comes, nothing; then it is to be taken again."""
        rows = rows_of(record, digest)
        records = self._rows[Table.RECORDS]
        with self._lock:
            before = len(records)
            try:
                for table, row in rows[1:]:
                    insort(self._rows[table], row)
                records.append(rows[0][1])  # last: the record counts from here on
            finally:
                if len(records) == before:
                    for table, row in rows[1:]:
                        if row in self._rows[table]:
                            self._rows[table].remove(row)

    def between(self, table: Table, low: bytes, high: bytes) -> list[bytes]:
        """Return the rows from `low` on, before `high`."""
        rows = self._rows[table]
        with self._lock:
            return rows[bisect_left(rows, low) : bisect_left(rows, high)]

    def count(self, table: Table, low: bytes, high: bytes) -> int:
        """Return how many rows there are between."""
        rows = self._rows[table]
        with self._lock:
            return max(0, bisect_left(rows, high) - bisect_left(rows, low))

    def before(self, table: Table, high: bytes) -> bytes | None:
        """Return the last row before `high`."""
        rows = self._rows[table]
        with self._lock:
            place = bisect_left(rows, high)
            return rows[place - 1] if place else None

    def records(self, first: int, last: int) -> list[bytes]:
        """Return the rows of these records."""
        return self._rows[Table.RECORDS][first - self._first : last - self._first + 1]

    def rows(self) -> Mapping[Table, Sequence[bytes]]:
        """Return all rows."""
        return self._rows
