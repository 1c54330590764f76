"""Log: the numbered, hash-chained records. Numbers have no gaps, so reading is asking for the next one until there is none."""

import random
import threading
import time
from collections.abc import Callable

from mvlake.errors import CommitConflict, DamagedRecord
from mvlake.records.digest import Digest
from mvlake.records.record import Record, read_record, record_bytes
from mvlake.registry.source import Part
from mvlake.registry.tables import digest_at
from mvlake.registry.tail import Tail
from mvlake.store.catalogue import Catalogue
from mvlake.store.chapter import Chapter, Place
from mvlake.store.contract import Store
from mvlake.store.hashing import digest_of
from mvlake.store.hint import read_hint, write_hint
from mvlake.store.keys import record_key
from mvlake.store.seal import check_seal, seal
from mvlake.store.spans import SHORTEST

MAX_TRIES = 1000
_MOMENT = 0.002  # seconds: a small write that is flushed


class Log:
    """The records of one lake. What the catalogue covers is not read again; `follow` is called once with each record behind it.

    Threads may share a log: a commit in the background, and a reader in the kernel. `tell` hears how many of how many records have
    been read, where there are many.
    """

    def __init__(
        self,
        store: Store,
        *,
        genesis: Digest,
        follow: Callable[[Record, Digest], None],
        tell: Callable[[int, int], object] | None = None,
    ) -> None:
        self._store = store
        self._follow, self._tell = follow, tell
        self._catalogue = Catalogue(store, genesis, gather=self._gather)
        self._is_open = False
        self._lock = threading.RLock()  # `make` and `follow` may read the log

    @property
    def head(self) -> int:
        """The number of the last record known, 0 when there is none."""
        return self._catalogue.head

    @property
    def head_digest(self) -> Digest:
        """The digest of the last record known."""
        return self._catalogue.head_digest

    def parts(self) -> tuple[Part, ...]:
        """Return what is kept of the records known, for the ledger's questions."""
        return self._catalogue.parts()

    def refresh(self) -> None:
        """Read what has been written since; DamagedRecord when it does not follow, or when the log ends before its last record.

        The hint is written after the record that it names: a log that ends below it has lost records. Going on from there would
        give their numbers to others.
        """
        with self._lock:
            told = read_hint(self._store)
            if not self._is_open or (told is not None and told[0] >= self.head + 2 * SHORTEST):
                self._leap()
            self._follow_tail(told[0] if told else 0)
            if told is not None and told[0] > self.head:
                self._follow_tail(told[0])  # others may have committed between our two looks
                if told[0] > self.head:
                    raise DamagedRecord(self.head + 1, reason=f"it is missing, although record {told[0]} was written")

    def rebuild(self) -> None:
        """Derive the catalogue anew from every record."""
        with self._lock:
            self._catalogue.rebuild()
            self._is_open = True
            self.refresh()

    def read(self, seq: int) -> tuple[Record, Digest]:
        """Return a known record, read and verified anew, with its digest; DamagedRecord when it is not what it was."""
        data = self._store.get(record_key(seq)) if 0 < seq <= self.head else None
        if data is None:
            raise DamagedRecord(seq, reason="it is missing")
        digest = self._catalogue.digest(seq)
        if digest_of(data) != digest:
            raise DamagedRecord(seq, reason="its bytes are not what the chain names")
        check_seal(data, seq)
        return read_record(data, seq), digest

    def append(self, make: Callable[[int, Digest], Record]) -> tuple[Record, Digest]:
        """Commit one record and return it with its digest.

        `make(seq, prev)` is called again, after what others committed has been followed, whenever one of them took the number.
        """
        with self._lock:
            for tried in range(MAX_TRIES):
                if tried > 1:
                    # Losing costs a flush of what nobody will read. Where many write at once, whoever waits a moment loses less.
                    time.sleep(random.uniform(0, min(tried, 16) * _MOMENT))  # noqa: S311 - chance, no secret
                self.refresh()
                data = seal(record_bytes(make(self.head + 1, self.head_digest)))
                record = _checked(
                    data, self.head + 1, self.head_digest
                )  # what nobody could read back would end the log for everybody
                if self._store.put_new(record_key(record.seq), data):
                    digest = digest_of(data)
                    write_hint(self._store, record.seq, digest)
                    self._take(record, digest)
                    return record, digest
            raise CommitConflict(MAX_TRIES)

    def _follow_tail(self, last: int) -> None:
        """Read on, to the end. There is a record `last`, as far as is known."""
        while (data := self._store.get(record_key(self.head + 1))) is not None:
            if self._tell is not None and self.head % SHORTEST == 0:
                self._tell(self.head, last)
            self._take(_checked(data, self.head + 1, self.head_digest), digest_of(data))

    def _leap(self) -> None:
        """Go on from where the catalogue ends. Its last record speaks for all before it: one of another history is noticed."""
        chapters = self._catalogue.find()
        if chapters and chapters[-1].last > self.head:
            last, digest = chapters[-1].last, chapters[-1].place.digest
            data = self._store.get(record_key(last))
            if data is None:
                raise DamagedRecord(last, reason="it is missing, although index/ tells of it")
            if digest_of(data) != digest:
                self._catalogue.remove(chapters)
            elif self.head == 0 or self._is_in(chapters):
                self._catalogue.open(chapters)
        self._is_open = True

    def _is_in(self, chapters: tuple[Chapter, ...]) -> bool:
        """True when the chapters tell of the last record known: they go on with the same history."""
        chapter = next(one for one in chapters if one.last >= self.head)
        return digest_at(chapter.records(self.head, self.head)[0]) == self.head_digest

    def _take(self, record: Record, digest: Digest) -> None:
        self._follow(record, digest)
        self._catalogue.take(record, digest)

    def _gather(self, place: Place) -> Tail:
        """Return what is to be kept of a stretch of the log, read from its records."""
        tail, prev = Tail(place.first), place.prev
        for seq in range(place.first, place.last + 1):
            data = self._store.get(record_key(seq))
            if data is None:
                raise DamagedRecord(seq, reason="it is missing")
            record = _checked(data, seq, prev)
            prev = digest_of(data)
            tail.take(record, prev)
        return tail


def _checked(data: bytes, seq: int, prev: Digest) -> Record:
    """Return the record that comes next; DamagedRecord when these bytes are not it."""
    check_seal(data, seq)
    record = read_record(data, seq)
    if record.prev != prev:
        raise DamagedRecord(
            seq, reason=f"it does not follow record {seq - 1}, which was edited, or replaced together with this one"
        )
    return record
