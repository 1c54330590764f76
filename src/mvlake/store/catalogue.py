"""Catalogue: the rows of the whole log: chapters, read from derived files a page at a time, and the tail, which is in memory.

Whoever follows the log past the end of a chapter writes it, and joins four of one span to one of the next. Two who do so at once
write the same bytes. Where nothing can be written, the chapters stay in memory. What was joined is removed one joining later:
others who are a few records behind still read it.
"""

from collections.abc import Callable

from mvlake.records.digest import Digest
from mvlake.records.record import Record
from mvlake.registry.source import Part
from mvlake.registry.tables import digest_at
from mvlake.registry.tail import Tail
from mvlake.store.chapter import Chapter, Place, chapter_bytes, held_in, merged, place_of
from mvlake.store.contract import Store
from mvlake.store.spans import MERGED, SHORTEST, are_due, covering_key, outlived, spans_from
from mvlake.store.table_file import Directory, Fetch, PageCache, read_directory

WHAT = "catalogue"


class Catalogue:
    """Follows one log. `gather` reads a stretch of it anew, for a chapter whose file is damaged."""

    def __init__(self, store: Store, start: Digest, *, gather: Callable[[Place], Tail]) -> None:
        self._store, self._start, self._gather = store, start, gather
        self._cache = PageCache()
        # All that is known, changed in one assignment: another thread may be asking, and an interrupt may come at any point.
        self._state: tuple[tuple[Chapter, ...], Tail, tuple[Part, ...]] = _state((), 1)

    @property
    def head(self) -> int:
        """The number of the last record."""
        return self._state[1].last

    @property
    def head_digest(self) -> Digest:
        """The digest of the last record, or what record 1 is to name as the one before."""
        chapters, tail, _ = self._state
        if tail.last >= tail.first:
            return digest_at(tail.records(tail.last, tail.last)[0])
        return chapters[-1].place.digest if chapters else self._start

    def parts(self) -> tuple[Part, ...]:
        """Return the chapters and the tail."""
        return self._state[2]

    def digest(self, seq: int) -> Digest:
        """Return the digest of a record, 1 to head."""
        part = next(part for part in self.parts() if part.first <= seq <= part.last)
        return digest_at(part.records(seq, seq)[0])

    def find(self) -> tuple[Chapter, ...]:
        """Return the chapters that fit one another, and the beginning of this log, as far as they go."""
        found: list[Chapter] = []
        first, prev = 1, self._start
        while chapter := self._found(first, prev):
            found = self._joined([*found, chapter])
            first, prev = chapter.last + 1, chapter.place.digest
        return tuple(found)

    def open(self, chapters: tuple[Chapter, ...]) -> None:
        """Begin at the end of these chapters."""
        self._set(chapters)

    def remove(self, chapters: tuple[Chapter, ...]) -> None:
        """Remove chapters: the log that they are of is not this one."""
        for chapter in chapters:
            self._store.remove_hint(covering_key(WHAT, chapter.first, chapter.last))

    def take(self, record: Record, digest: Digest) -> None:
        """Add the record that comes next, and write what is complete."""
        self._state[1].take(record, digest)
        if record.seq % SHORTEST == 0:
            self._close()

    def _close(self) -> None:
        """Make the tail a chapter."""
        before, tail, _ = self._state
        prev = before[-1].place.digest if before else self._start
        place = Place(tail.first, tail.last, prev, self.head_digest)
        chapters = [*before, self._written(place, lambda: chapter_bytes(place, lambda table: tail.rows()[table]))]
        self._set(tuple(self._joined(chapters)))

    def _joined(self, chapters: list[Chapter]) -> list[Chapter]:
        """Return the chapters with the last four as one, for as long as there are four of a span."""
        while are_due(chapters):
            old = chapters[-MERGED:]
            place = Place(old[0].first, old[-1].last, old[0].place.prev, old[-1].place.digest)
            chapters = [*chapters[:-MERGED], self._merged(place, old)]
            for first, last in outlived(place.first, place.last):
                self._store.remove_hint(covering_key(WHAT, first, last))
        return chapters

    def _merged(self, place: Place, old: list[Chapter]) -> Chapter:
        return self._written(place, lambda: merged(place, old))

    def _set(self, chapters: tuple[Chapter, ...]) -> None:
        self._state = _state(chapters, chapters[-1].last + 1 if chapters else 1)

    def _found(self, first: int, prev: Digest) -> Chapter | None:
        """Return the widest chapter from a record on that follows what was before."""
        for span in spans_from(first):
            stored = self._stored(first, first + span - 1)
            if stored is not None and stored[0].prev == prev:
                return self._chapter(*stored)
        return None

    def _stored(self, first: int, last: int) -> tuple[Place, tuple[Directory, Fetch]] | None:
        key = covering_key(WHAT, first, last)

        def fetch(start: int, length: int) -> bytes | None:
            return self._store.get_range(key, start, length)

        directory = read_directory(fetch)
        place = None if directory is None else place_of(directory)
        if directory is None or place is None or (place.first, place.last) != (first, last):
            return None
        return place, (directory, fetch)

    def _written(self, place: Place, make: Callable[[], bytes]) -> Chapter:
        """Return the chapter of a place, which others may have written already."""
        stored = self._stored(place.first, place.last)
        if stored is None or stored[0] != place:
            data = make()
            self._store.put_hint(covering_key(WHAT, place.first, place.last), data)
            stored = self._stored(place.first, place.last)
            if stored is None or stored[0] != place:
                held = held_in(data)
                assert held is not None, "what was just made is whole"
                stored = (place, held)
        return self._chapter(*stored)

    def _chapter(self, place: Place, held: tuple[Directory, Fetch]) -> Chapter:
        return Chapter(place, held, self._cache, self._renewed)

    def _renewed(self, place: Place) -> bytes:
        """Derive a chapter again and write it; the log decides what stands in it."""
        rows = self._gather(place).rows()
        data = chapter_bytes(place, lambda table: rows[table])
        self._store.put_hint(covering_key(WHAT, place.first, place.last), data)
        return data

    def rebuild(self) -> None:
        """Remove what is derived, and begin anew: the log is then to be followed from its first record."""
        for key in list(self._store.keys(f"index/{WHAT}-")):
            self._store.remove_hint(key)
        self._set(())


def _state(chapters: tuple[Chapter, ...], first: int) -> tuple[tuple[Chapter, ...], Tail, tuple[Part, ...]]:
    tail = Tail(first)
    return chapters, tail, (*chapters, tail)
