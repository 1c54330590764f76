"""Table file: sorted rows of fixed width in one derived file, read a page at a time, and no page before its digest is checked.

Layout: magic; each table's rows, cut into pages of whole rows; the directory: for each page its digest and its first row; the
header, canonical JSON; the lengths of directory and header as 8 bytes little-endian each; the digest of directory and header;
magic. Reading maps no file into memory: a mapped file that another machine replaces on NFS ends the process that looks at it.
"""

import threading
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from blake3 import blake3

from mvlake.records.canonical import Json, canonical, parse

MAGIC = b"MVTABLE\n"
PAGE = 16384
_HASH = 32
_TRAILER = 8 + 8 + _HASH + len(MAGIC)
_FIRST_LOOK = 65536  # most directories are shorter: one read gets it all
_PAGES_KEPT = 256  # 4 MB, whatever the size of the lake

Fetch = Callable[[int, int], bytes | None]  # a range of the file, from the end where the start is negative


class DamagedTable(Exception):
    """A page, or the directory, that is not what was written."""


@dataclass(frozen=True, slots=True)
class Directory:
    """Where the pages of a file lie: `header` is what its writer said of it, `tables` has its pages by table."""

    header: Mapping[str, Any]
    tables: Mapping[str, "Pages"]


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of one table: its rows, where it begins, the digest and the first row of each page."""

    width: int
    rows: int
    offset: int
    sums: tuple[bytes, ...]
    fences: tuple[bytes, ...]

    @property
    def rows_a_page(self) -> int:
        """How many rows a page has, but for the last."""
        return PAGE // self.width


def table_file(header: Mapping[str, Json], tables: Iterable[tuple[str, int, Sequence[bytes]]]) -> bytes:
    """Return the bytes of a file of these tables: name, width of a row, and rows, which are sorted. They are taken one by one."""
    parts: list[bytes] = [MAGIC]
    directory: list[bytes] = []
    placed: list[Json] = []
    offset = len(MAGIC)
    for name, width, rows in tables:
        step = PAGE // width
        for first in range(0, len(rows), step):
            page = b"".join(rows[first : first + step])
            directory += [blake3(page).digest(), rows[first]]
            parts.append(page)
        placed.append([name, width, len(rows), offset])
        offset += width * len(rows)
    said = canonical({**header, "tables": placed})
    listed = b"".join(directory)
    lengths = len(listed).to_bytes(8, "little") + len(said).to_bytes(8, "little")
    return b"".join([*parts, listed, said, lengths, blake3(listed + said).digest(), MAGIC])


def read_directory(fetch: Fetch) -> Directory | None:
    """Return the directory of a file, None when it is absent, cut off, damaged, or no such file."""
    end = fetch(-_FIRST_LOOK, _FIRST_LOOK)
    if end is None or len(end) < _TRAILER or not end.endswith(MAGIC):
        return None
    trailer = end[-_TRAILER:]
    listed, said = int.from_bytes(trailer[:8], "little"), int.from_bytes(trailer[8:16], "little")
    size = listed + said + _TRAILER
    if size > len(end):
        end = fetch(-size, size) or b""
        if len(end) != size:
            return None
    body = end[-size:-_TRAILER]
    if blake3(body).digest() != trailer[16 : 16 + _HASH]:
        return None
    try:
        header = parse(body[listed:])
        return Directory(header, _pages(body[:listed], header["tables"]))
    except (ValueError, TypeError, KeyError):
        return None


def _pages(listed: bytes, placed: Sequence[tuple[str, int, int, int]]) -> Mapping[str, Pages]:
    found, start = {}, 0
    for name, width, rows, offset in placed:
        if not (0 < width <= PAGE and rows >= 0 and offset >= 0):
            raise ValueError("a table of no rows' width")
        step = _HASH + width
        count = -(-rows // (PAGE // width))
        entries = [listed[start + step * page : start + step * (page + 1)] for page in range(count)]
        start += step * count
        found[name] = Pages(
            width, rows, offset, tuple(entry[:_HASH] for entry in entries), tuple(entry[_HASH:] for entry in entries)
        )
    if start != len(listed):
        raise ValueError("a directory of another length")
    return found


class PageCache:
    """The pages used last, of all files together, verified."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[tuple[int, str], int], bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: tuple[tuple[int, str], int]) -> bytes | None:
        """Return a page that is kept."""
        with self._lock:
            page = self._kept.get(key)
            if page is not None:
                self._kept.move_to_end(key)
        return page

    def keep(self, key: tuple[tuple[int, str], int], page: bytes) -> None:
        """Keep a page, and let go of the one that was not used for longest."""
        with self._lock:
            self._kept[key] = page
            while len(self._kept) > _PAGES_KEPT:
                self._kept.popitem(last=False)


class Rows:
    """The rows of one table of one file."""

    def __init__(self, name: tuple[int, str], pages: Pages, fetch: Fetch, cache: PageCache) -> None:
        self._name, self._pages, self._fetch, self._cache = name, pages, fetch, cache

    def all(self) -> list[bytes]:
        """Return all rows."""
        return self.slice(0, self._pages.rows)

    def between(self, low: bytes, high: bytes) -> list[bytes]:
        """Return the rows from `low` on, before `high`. Raises DamagedTable."""
        return self.slice(*self.places(low, high))

    def places(self, low: bytes, high: bytes) -> tuple[int, int]:
        """Return the place of the first row that is not before `low`, and of the first one that is not before `high`."""
        first = self.place(low)
        if first == self._pages.rows or self._row(first) >= high:
            return first, first  # what is asked for most: an identity or an object that is new
        return first, self.place(high)

    def count(self, low: bytes, high: bytes) -> int:
        """Return how many rows there are between."""
        return max(0, self.place(high) - self.place(low))

    def before(self, high: bytes) -> bytes | None:
        """Return the last row before `high`."""
        place = self.place(high)
        return self._row(place - 1) if place else None

    def slice(self, first: int, last: int) -> list[bytes]:
        """Return the rows from one place to before another."""
        width, step, found = self._pages.width, self._pages.rows_a_page, []
        while first < min(last, self._pages.rows):
            number, inside = divmod(first, step)
            page = self._page(number)
            end = min(len(page), (last - number * step) * width)
            found += [page[at : at + width] for at in range(inside * width, end, width)]
            first = (number + 1) * step
        return found

    def place(self, key: bytes) -> int:
        """Return how many rows sort before the key."""
        # The first rows of the pages tell which page to look into: of a large table one page is read, not a dozen.
        number = bisect_left(self._pages.fences, key) - 1
        if number < 0:
            return 0
        page, width = self._page(number), self._pages.width
        low, high = 0, len(page) // width
        while low < high:  # bisect with a key would call a function for each row that it looks at
            middle = (low + high) // 2
            if page[middle * width : (middle + 1) * width] < key:
                low = middle + 1
            else:
                high = middle
        return number * self._pages.rows_a_page + low

    def _row(self, place: int) -> bytes:
        number, inside = divmod(place, self._pages.rows_a_page)
        width = self._pages.width
        return self._page(number)[inside * width : (inside + 1) * width]

    def _page(self, number: int) -> bytes:
        key = (self._name, number)
        page = self._cache.get(key)
        if page is None:
            pages = self._pages
            first = number * pages.rows_a_page
            length = (min(pages.rows, first + pages.rows_a_page) - first) * pages.width
            page = self._fetch(pages.offset + first * pages.width, length)
            if page is None or len(page) != length or blake3(page).digest() != pages.sums[number]:
                raise DamagedTable(f"page {number} of {self._name[1]}")
            self._cache.keep(key, page)
        return page
