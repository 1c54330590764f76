"""Log: the numbered, hash-chained records. Numbers have no gaps, so reading is asking for the next one until there is none."""

import threading
from collections.abc import Callable

from mvlake.errors import CommitConflict, DamagedRecord
from mvlake.records.digest import Digest
from mvlake.records.record import Record, read_record, record_bytes
from mvlake.store.contract import Store
from mvlake.store.hashing import digest_of
from mvlake.store.hint import read_hint, write_hint
from mvlake.store.keys import record_key
from mvlake.store.seal import check_seal, seal

MAX_TRIES = 1000


class Log:
    """The records of one lake. `follow` is called once with each record, in order, as it becomes known.

    Threads may share a log: a commit in the background, and a reader in the kernel.
    """

    def __init__(self, store: Store, *, genesis: Digest, follow: Callable[[Record, Digest], None]) -> None:
        self._store = store
        self._follow = follow
        self._digests = [genesis]  # by number; what stands at 0 is what record 1 names as its predecessor
        self._lock = threading.RLock()  # `make` and `follow` may read the log

    @property
    def head(self) -> int:
        """The number of the last record known, 0 when there is none."""
        return len(self._digests) - 1

    @property
    def head_digest(self) -> Digest:
        """The digest of the last record known."""
        return self._digests[-1]

    def refresh(self) -> None:
        """Read what has been written since; DamagedRecord when it does not follow, or when the log ends before its last record.

        The hint is written after the record that it names: a log that ends below it has lost records. Going on from there would
        give their numbers to others.
        """
        with self._lock:
            self._follow_tail()
            told = read_hint(self._store)
            if told is not None and told[0] > self.head:
                self._follow_tail()  # others may have committed between our two looks
                if told[0] > self.head:
                    raise DamagedRecord(self.head + 1, reason=f"it is missing, although record {told[0]} was written")

    def _follow_tail(self) -> None:
        while (data := self._store.get(record_key(self.head + 1))) is not None:
            self._take(self._check(data), data)

    def read(self, seq: int) -> tuple[Record, Digest]:
        """Return a known record, read and verified anew, with its digest; DamagedRecord when it is not what it was."""
        data = self._store.get(record_key(seq)) if 0 < seq <= self.head else None
        if data is None:
            raise DamagedRecord(seq, reason="it is missing")
        if digest_of(data) != self._digests[seq]:
            raise DamagedRecord(seq, reason="its bytes are not what the chain names")
        return read_record(data, seq), self._digests[seq]

    def append(self, make: Callable[[int, Digest], Record]) -> tuple[Record, Digest]:
        """Commit one record and return it with its digest.

        `make(seq, prev)` is called again, after what others committed has been followed, whenever one of them took the number.
        """
        with self._lock:
            for _ in range(MAX_TRIES):
                self.refresh()
                data = seal(record_bytes(make(self.head + 1, self.head_digest)))
                record = self._check(data)  # what nobody could read back would end the log for everybody
                if self._store.put_new(record_key(record.seq), data):
                    digest = self._take(record, data)
                    write_hint(self._store, record.seq, digest)
                    return record, digest
            raise CommitConflict(MAX_TRIES)

    def _check(self, data: bytes) -> Record:
        """Return the record that comes next; DamagedRecord when these bytes are not it."""
        seq = self.head + 1
        check_seal(data, seq)
        record = read_record(data, seq)
        if record.prev != self.head_digest:
            raise DamagedRecord(
                seq, reason=f"it does not follow record {seq - 1}, which was edited, or replaced together with this one"
            )
        return record

    def _take(self, record: Record, data: bytes) -> Digest:
        digest = digest_of(data)
        self._follow(record, digest)
        self._digests.append(digest)
        return digest
