"""Thorough: reading a log from the store, record by record, believing nothing that was read before."""

from mvlake.errors import DamagedRecord
from mvlake.lake.survey import Survey
from mvlake.records.digest import Digest
from mvlake.records.record import Record, read_record
from mvlake.store.contract import Store
from mvlake.store.hashing import digest_of, genesis
from mvlake.store.hint import read_hint
from mvlake.store.keys import record_key
from mvlake.store.seal import check_seal


class ThoroughReader:
    """Reads a log to its end, as often as it is asked, into a survey."""

    def __init__(self, store: Store, lake_id: str) -> None:
        self._store = store
        self._prev: Digest = genesis(lake_id)
        self.seq = 0
        self.survey = Survey(self._read)

    def follow(self) -> bool:
        """Read what was written since, and return whether there was anything. Raises Damaged."""
        before = self.seq
        while (data := self._store.get(record_key(self.seq + 1))) is not None:
            seq = self.seq + 1
            check_seal(data, seq)
            record = read_record(data, seq)
            if record.prev != self._prev:
                raise DamagedRecord(seq, reason=f"it does not follow record {seq - 1}")
            self.survey.take(record)
            self.seq, self._prev = seq, digest_of(data)
        return self.seq > before

    def follow_all(self) -> None:
        """Read to the end; DamagedRecord also when there must be more."""
        self.follow()
        told = read_hint(self._store)
        if told is not None and told[0] > self.seq:
            self.follow()
            if told[0] > self.seq:
                raise DamagedRecord(self.seq + 1, reason=f"it is missing, although record {told[0]} was written")

    def _read(self, seq: int) -> Record:
        return read_again(self._store, seq)


def read_again(store: Store, seq: int) -> Record:
    """Return a record that was read and checked before; DamagedRecord when it is gone."""
    data = store.get(record_key(seq))
    if data is None:
        raise DamagedRecord(seq, reason="it is missing")
    check_seal(data, seq)
    return read_record(data, seq)
