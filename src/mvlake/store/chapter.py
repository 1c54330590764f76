"""Chapter: a stretch of the log in the tables that the ledger asks, in one derived file."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import TypeVar

from mvlake.records.canonical import Json
from mvlake.records.digest import Digest
from mvlake.registry.tables import NAME, WIDTHS, Table
from mvlake.store.table_file import DamagedTable, Directory, Fetch, PageCache, Rows, read_directory, table_file

REVISION = 1
"""Raised whenever rows of the same record become other rows: chapters of another revision are written anew."""

T = TypeVar("T")
_files = count()


@dataclass(frozen=True, slots=True)
class Place:
    """The stretch that a chapter covers: `prev` is the digest of the record before it, `digest` that of its last one."""

    first: int
    last: int
    prev: Digest
    digest: Digest


def chapter_bytes(place: Place, rows: Callable[[Table], Sequence[bytes]]) -> bytes:
    """Return the file of a chapter."""
    header: dict[str, Json] = {
        "revision": REVISION,
        "first": place.first,
        "last": place.last,
        "prev": place.prev,
        "digest": place.digest,
    }
    return table_file(header, ((table.value, WIDTHS[table], _kept(table, rows(table))) for table in Table))


def place_of(directory: Directory) -> Place | None:
    """Return what a file says that it covers; None when it is no chapter, or one of another revision."""
    header, tables = directory.header, directory.tables
    try:
        if header["revision"] != REVISION or {name: pages.width for name, pages in tables.items()} != WIDTHS:
            return None
        place = Place(header["first"], header["last"], Digest(header["prev"]), Digest(header["digest"]))
    except (KeyError, TypeError, ValueError):
        return None
    return place if tables[Table.RECORDS].rows == place.last - place.first + 1 else None


class Chapter:
    """The rows of a stretch of the log. Where its file turns out to be damaged, `renew` is asked for the file once more."""

    def __init__(self, place: Place, held: tuple[Directory, Fetch], cache: PageCache, renew: Callable[[Place], bytes]) -> None:
        self.place = place
        self._cache, self._renew = cache, renew
        self._tables = self._opened(*held)
        self._lock = threading.Lock()

    @property
    def first(self) -> int:
        """The number of its first record."""
        return self.place.first

    @property
    def last(self) -> int:
        """The number of its last record."""
        return self.place.last

    def between(self, table: Table, low: bytes, high: bytes) -> list[bytes]:
        """Return the rows from `low` on, before `high`."""
        return self._asked(lambda tables: tables[table].between(low, high))

    def count(self, table: Table, low: bytes, high: bytes) -> int:
        """Return how many rows there are between."""
        return self._asked(lambda tables: tables[table].count(low, high))

    def before(self, table: Table, high: bytes) -> bytes | None:
        """Return the last row before `high`."""
        return self._asked(lambda tables: tables[table].before(high))

    def records(self, first: int, last: int) -> list[bytes]:
        """Return the rows of these records."""
        return self._asked(lambda tables: tables[Table.RECORDS].slice(first - self.first, last - self.first + 1))

    def rows(self, table: Table) -> list[bytes]:
        """Return all rows of a table."""
        return self._asked(lambda tables: tables[table].all())

    def _asked(self, question: Callable[[dict[Table, Rows]], T]) -> T:
        try:
            return question(self._tables)
        except DamagedTable:
            with self._lock:
                data = self._renew(self.place)
                held = held_in(data)
                assert held is not None, "what was just made is whole"
                self._tables = self._opened(*held)
            return question(self._tables)

    def _opened(self, directory: Directory, fetch: Fetch) -> dict[Table, Rows]:
        file = next(_files)
        return {table: Rows((file, table.value), directory.tables[table], fetch, self._cache) for table in Table}


def merged(place: Place, chapters: Sequence[Chapter]) -> bytes:
    """Return the file of one chapter in the place of neighbouring ones."""

    def rows(table: Table) -> list[bytes]:
        found = [row for one in chapters for row in one.rows(table)]
        return found if table is Table.RECORDS else sorted(found)

    return chapter_bytes(place, rows)


def held_in(data: bytes) -> tuple[Directory, Fetch] | None:
    """Return a file that is held in memory as what a chapter reads; None when it is none."""

    def fetch(start: int, length: int) -> bytes:
        first = max(0, len(data) + start) if start < 0 else start
        return data[first : first + length]

    directory = read_directory(fetch)
    return None if directory is None else (directory, fetch)


def _kept(table: Table, rows: Sequence[bytes]) -> Sequence[bytes]:
    """Return the rows that a chapter keeps: of each name the last one."""
    return rows if table is not Table.NAMES else list(_last_of_each(rows))


def _last_of_each(rows: Sequence[bytes]) -> Iterator[bytes]:
    for place, row in enumerate(rows, 1):
        if place == len(rows) or row[:NAME] != rows[place][:NAME]:
            yield row
