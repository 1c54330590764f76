"""Reader: records by number, the last used ones at hand."""

import threading
from collections import OrderedDict
from typing import TypeVar

from mvlake.errors import DamagedRecord
from mvlake.records.digest import Digest
from mvlake.records.record import Record
from mvlake.registry.source import Source

Body = TypeVar("Body")
_KEPT = 64


class Reader:
    """Reads what a question needs, and keeps a few: a list of versions asks for its newest ones again and again."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._kept: OrderedDict[int, tuple[Record, Digest]] = OrderedDict()
        self._lock = threading.Lock()

    def keep(self, record: Record, digest: Digest) -> None:
        """Keep a record that has just been read or written."""
        with self._lock:
            self._kept[record.seq] = (record, digest)
            self._kept.move_to_end(record.seq)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)

    def read(self, seq: int) -> tuple[Record, Digest]:
        """Return a record and its digest. Raises Damaged."""
        with self._lock:
            found = self._kept.get(seq)
        if found is None:
            found = self._source.read(seq)
            self.keep(*found)
        return found

    def body(self, seq: int, kind: type[Body]) -> tuple[Record, Digest, Body]:
        """Return a record that has a body of this kind; DamagedRecord when what is derived from the log says so, and it has not."""
        record, digest = self.read(seq)
        if not isinstance(record.body, kind):
            raise DamagedRecord(seq, reason=f"index/ takes it for a {kind.__name__}; `mvlake rebuild` makes index/ anew")
        return record, digest, record.body
