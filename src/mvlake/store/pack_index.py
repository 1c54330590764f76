"""Pack index: where each object of the packs lies that a chapter's records name, in one derived file a chapter.

It is made of the packs' footers, so that who looks for one object of a large lake reads a page, not a hundred thousand footers. A
pack whose footer could not be read is noted, and asked again by who finds an object nowhere else: it may have been restored since.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import count

from mvlake.errors import Damaged
from mvlake.records.canonical import Json
from mvlake.records.digest import Digest
from mvlake.registry.source import Part
from mvlake.registry.tables import DIGEST, END, Table, digest_at, number_at, number_key
from mvlake.store.chapter import Chapter, held_in
from mvlake.store.contract import Store
from mvlake.store.pack import Place
from mvlake.store.spans import MERGED, SHORTEST, covering_key, outlived
from mvlake.store.table_file import DamagedTable, Directory, Fetch, PageCache, Rows, read_directory, table_file

WHAT = "objects"
REVISION = 1
_KEYS, _PLACES, _UNREAD = "keys", "places", "unread"
_KEY = 8
_WIDTHS = {_KEYS: _KEY, _PLACES: 2 * DIGEST + 3 * 8, _UNREAD: DIGEST}
_ANSWERS = 1000
_files = count()

Contents = Callable[[Digest], Iterable[tuple[Digest, Place]]]


@dataclass(frozen=True, slots=True)
class _Opened:
    keys: Rows  # the beginnings of the places: most objects that are looked for are new, and these pages stay at hand
    places: Rows
    unread: tuple[Digest, ...]

    def rows(self, key: bytes) -> list[bytes]:
        """Return where the object with these 32 bytes lies."""
        first, last = self.keys.places(key[:_KEY], key[:_KEY] + END)
        return [row for row in self.places.slice(first, last) if row.startswith(key)] if first < last else []


class PackIndex:
    """Objects by digest, of all packs that chapters know. `contents` reads a pack's footer, and raises Damaged where it cannot."""

    def __init__(self, store: Store, *, parts: Callable[[], Sequence[Part]], contents: Contents) -> None:
        self._store, self._parts, self._contents = store, parts, contents
        self._cache = PageCache()
        self._opened: dict[Digest, _Opened] = {}  # by the last record of the chapter
        self._answers: dict[Digest, list[Place]] = {}  # to what was asked last, of these parts
        self._asked: Sequence[Part] = ()
        self._lock = threading.RLock()

    def find(self, digest: Digest) -> list[Place]:
        """Return where an object lies, as far as the chapters' packs tell."""
        key = bytes.fromhex(digest.hex)
        with self._lock:
            parts = self._parts()
            if parts is not self._asked or len(self._answers) > _ANSWERS:
                self._asked, self._answers = parts, {}
                last = {part.place.digest for part in parts if isinstance(part, Chapter)}
                self._opened = {digest: opened for digest, opened in self._opened.items() if digest in last}
            answer = self._answers.get(digest)
            if answer is None:
                chapters = [part for part in reversed(parts) if isinstance(part, Chapter)]
                answer = [place for chapter in chapters for place in self._in_chapter(chapter, digest, key)]
                if not any(self._opened[chapter.place.digest].unread for chapter in chapters):  # these may be restored at any time
                    self._answers[digest] = answer
            return list(answer)

    def _in_chapter(self, chapter: Chapter, digest: Digest, key: bytes) -> list[Place]:
        opened = self._opened.get(chapter.place.digest) or self._open(chapter)
        try:
            rows = opened.rows(key)
        except DamagedTable:
            self._store.remove_hint(covering_key(WHAT, chapter.first, chapter.last))
            opened = self._open(chapter)
            rows = opened.rows(key)
        if not rows and opened.unread:
            return [place for pack in opened.unread for one, place in self._read(pack) or () if one == digest]
        return [_place(row) for row in rows]

    def _open(self, chapter: Chapter) -> _Opened:
        directory, fetch = self._stored(chapter, chapter.first, chapter.last) or self._made(chapter, chapter.first, chapter.last)
        file = next(_files)
        keys, places, unread = (Rows((file, table), directory.tables[table], fetch, self._cache) for table in _WIDTHS)
        opened = _Opened(keys, places, tuple(digest_at(row) for row in unread.all()))
        self._opened[chapter.place.digest] = opened
        return opened

    def _stored(self, chapter: Chapter, first: int, last: int) -> tuple[Directory, Fetch] | None:
        key = covering_key(WHAT, first, last)

        def fetch(start: int, length: int) -> bytes | None:
            return self._store.get_range(key, start, length)

        directory = read_directory(fetch)
        if directory is None or {name: pages.width for name, pages in directory.tables.items()} != _WIDTHS:
            return None
        return (directory, fetch) if directory.header.get("of") == _of(chapter, first, last) else None

    def _made(self, chapter: Chapter, first: int, last: int) -> tuple[Directory, Fetch]:
        """Make the file of a stretch, of those of its quarters where it is long, else of the packs' footers."""
        quarter = (last - first + 1) // MERGED
        if quarter >= SHORTEST:
            ends = [(start, start + quarter - 1) for start in range(first, last, quarter)]
            try:
                parts = [self._stored(chapter, *end) or self._made(chapter, *end) for end in ends]
                tables = {name: self._joined(name, parts) for name in (_PLACES, _UNREAD)}
            except DamagedTable:
                tables = self._gathered(chapter, first, last)
        else:
            tables = self._gathered(chapter, first, last)
        header: dict[str, Json] = {"revision": REVISION, "of": _of(chapter, first, last)}
        tables = {_KEYS: [row[:_KEY] for row in tables[_PLACES]], **tables}
        data = table_file(header, ((name, _WIDTHS[name], rows) for name, rows in tables.items()))
        self._store.put_hint(covering_key(WHAT, first, last), data)
        for end in outlived(first, last):
            self._store.remove_hint(covering_key(WHAT, *end))
        held = self._stored(chapter, first, last) or held_in(data)
        assert held is not None, "what was just made is whole"
        return held

    def _joined(self, name: str, parts: Sequence[tuple[Directory, Fetch]]) -> list[bytes]:
        cache = PageCache()
        return sorted(
            row
            for number, (there, fetch) in enumerate(parts)
            for row in Rows((number, name), there.tables[name], fetch, cache).all()
        )

    def _gathered(self, chapter: Chapter, first: int, last: int) -> dict[str, list[bytes]]:
        packs = [digest_at(row, 16) for row in chapter.between(Table.PACKS, number_key(first), number_key(last + 1))]
        places, unread = [], []
        for pack in dict.fromkeys(packs):
            contents = self._read(pack)
            if contents is None:
                unread.append(bytes.fromhex(pack.hex))
            places += [_row(digest, place) for digest, place in contents or ()]
        return {_PLACES: sorted(places), _UNREAD: sorted(unread)}

    def _read(self, pack: Digest) -> list[tuple[Digest, Place]] | None:
        try:
            return list(self._contents(pack))
        except Damaged:
            return None


def _of(chapter: Chapter, first: int, last: int) -> list[Json]:
    """Return what ties a file to its log: the digest of the last record that it covers."""
    return [REVISION, first, last, digest_at(chapter.records(last, last)[0])]


def _row(digest: Digest, place: Place) -> bytes:
    size = 0 if place.size is None else place.size + 1
    numbers = number_key(place.offset) + number_key(place.length) + number_key(size)
    return bytes.fromhex(digest.hex) + bytes.fromhex(place.pack.hex) + numbers


def _place(row: bytes) -> Place:
    offset, length, size = (number_at(row, 2 * DIGEST + 8 * place) for place in range(3))
    return Place(digest_at(row, DIGEST), offset, length, size - 1 if size else None)
