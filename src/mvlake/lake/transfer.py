"""Transfer: bringing one copy of a lake up to another: files first, then the records that name them, in order.

Whatever interrupts it, the receiving copy is a shorter one of the same lake. Going on is asking for what is missing: a file that is
there is not sent again, and nothing that is there is ever replaced.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock

from mvlake.errors import Conflict, DamagedObject, DamagedRecord, MissingObject
from mvlake.lake.parts import Parts
from mvlake.lake.progress import Tell
from mvlake.lake.reach import named, node_of
from mvlake.records.digest import Digest
from mvlake.records.record import Record, read_record
from mvlake.records.version import Version
from mvlake.store.hashing import digest_of, genesis
from mvlake.store.hint import write_hint
from mvlake.store.keys import TRASH, object_key, pack_key, record_key
from mvlake.store.pack import Place
from mvlake.store.seal import check_seal

_BATCH = 32  # records whose files are brought together
_THREADS = 8
_LARGE = 32 << 20  # files of this size come one at a time, which bounds the memory that they take


@dataclass(frozen=True, slots=True)
class Written:
    """A record as its copy has it."""

    record: Record
    data: bytes
    digest: Digest


@dataclass(slots=True)
class Brought:
    """What has been brought so far, or would be. `gone` are the versions whose content has been collected."""

    records: int = 0
    files: int = 0
    size: int = 0
    gone: list[str] = field(default_factory=list)


def ahead(source: Parts, target: Parts) -> int:
    """Return how many records the source has beyond the target; Conflict when each has records that the other has not."""
    common = min(source.log.head, target.log.head)
    if common and not _is_same(source, target, common):
        low, high = 0, common  # the chain of digests: where two are equal, all before them are
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if _is_same(source, target, middle) else (low, middle)
        raise diverged(high, source, target)
    return source.log.head - common


def diverged(seq: int, source: Parts, target: Parts) -> Conflict:
    """Return the error of two copies that went on separately."""
    return Conflict(
        f"record {seq} of {source.store.location} is another one than record {seq} of {target.store.location}: both went on from "
        f"record {seq - 1}, and a log is one line; nothing was written",
        hint="keep both under names of their own, or commit again in one of them what only the other has",
    )


def _is_same(one: Parts, other: Parts, seq: int) -> bool:
    return one.log.read(seq)[1] == other.log.read(seq)[1]


class Transfer:
    """One transfer under way. `near` is the copy at hand, whose nodes are read; `is_dry` only counts."""

    def __init__(self, source: Parts, target: Parts, *, near: Parts, is_dry: bool, tell: Tell) -> None:
        self._source, self._target, self._near, self._tell = source, target, near, tell
        self._is_dry = is_dry
        self._known: dict[str, bool] = {}  # files asked for, and whether the target has them now
        self._found: dict[str, Digest] = {}  # those that were there already
        self._done: set[Digest] = set()  # objects that the target has, and all below them
        self._places: dict[Digest, Place] = {}  # in packs that the near copy's log may not name yet
        self._lock, self._large = Lock(), Lock()
        self._locks: dict[str, Lock] = {}
        self.brought = Brought()

    def run(self) -> Brought:
        """Bring everything; return what that was. Raises Damaged before a damaged file or record is written, and Conflict."""
        first, last = self._target.log.head + 1, self._source.log.head
        prev = self._source.log.read(first - 1)[1] if first > 1 else genesis(self._source.lake_id)
        said = f"records to {self._target.store.location}"
        pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="mvlake-transfer")
        try:
            for start in range(first, last + 1, _BATCH):
                seqs = range(start, min(start + _BATCH, last + 1))
                batch = list(self._read(seqs, prev, pool))
                prev = batch[-1].digest
                self._tell(said, start - first, last + 1 - first)
                self._bring_files([one.record for one in batch], pool)
                self._bring_records(batch)
                self._look_again(pool)
            self._tell(said, last + 1 - first, last + 1 - first)
        except Exception:
            pool.shutdown(cancel_futures=True)  # when this has failed, nothing goes on writing behind the caller's back
            raise
        finally:
            pool.shutdown(wait=False, cancel_futures=True)  # an interrupt does not wait for what is on its way
        return self.brought

    def _read(self, seqs: Sequence[int], prev: Digest, pool: ThreadPoolExecutor) -> Iterator[Written]:
        """Yield records of the source, verified against the ones before them."""
        for seq, data in zip(seqs, pool.map(self._source.store.get, map(record_key, seqs)), strict=True):
            if data is None:
                raise DamagedRecord(seq, reason=f"it is missing in {self._source.store.location}")
            check_seal(data, seq)
            record = read_record(data, seq)
            if record.prev != prev:
                raise DamagedRecord(seq, reason=f"it does not follow record {seq - 1} in {self._source.store.location}")
            prev = digest_of(data)
            yield Written(record, data, prev)

    def _bring_records(self, batch: Sequence[Written]) -> None:
        store = self._target.store
        for one in batch:
            if not self._is_dry:
                key = record_key(one.record.seq)
                if not store.put_new(key, one.data) and store.get(key) != one.data:
                    raise Conflict(
                        f"somebody committed to {store.location} meanwhile: its record {one.record.seq} is another one; the "
                        f"{self.brought.records} records before it were brought",
                        hint="the two copies went on separately: commit again in one of them what only the other has",
                    )
            self.brought.records += 1
        if not self._is_dry:
            write_hint(store, batch[-1].record.seq, batch[-1].digest)

    def _look_again(self, pool: ThreadPoolExecutor) -> None:
        """Bring what was there and has been collected since: nothing named it until now."""
        found, self._found = self._found, {}
        lost = [key for key, size in zip(found, pool.map(self._target.store.size, found), strict=True) if size is None]
        for key in lost:
            if not self._copy(key, found[key]):
                raise MissingObject(found[key], why="it was collected meanwhile", hint="try again")

    def _bring_files(self, records: Sequence[Record], pool: ThreadPoolExecutor) -> None:
        packs = list(dict.fromkeys(pack for record in records for pack in record.packs))
        here = [pack for pack, is_there in zip(packs, pool.map(self._bring_pack, packs), strict=True) if is_there]
        for places in pool.map(self._near.objects.contents, here):
            self._places.update(places)
        for record in records:
            wanted = self._reached(record)
            missing = [one for one, is_there in zip(wanted, pool.map(self._bring_object, wanted), strict=True) if not is_there]
            if missing:
                self._allow(record, missing[0])
            else:
                self._done.update(wanted)

    def _reached(self, record: Record) -> list[Digest]:
        """Return the objects that a record reaches and that are not known to be there."""
        found: dict[Digest, None] = {}
        waiting = [one.digest for one in named(record.body) if one.is_node and one.digest not in self._done]
        found.update(dict.fromkeys(one.digest for one in named(record.body) if one.digest not in self._done))
        while waiting:
            digest = waiting.pop()
            self._bring_object(digest)  # the near copy may be the one that receives
            try:
                node = node_of(digest, self._read_near)
            except MissingObject:
                continue  # it is among the missing
            below = [one for one in (*node.nodes, *node.leaves) if one not in self._done and one not in found]
            waiting += [inner for inner in dict.fromkeys(node.nodes) if inner in set(below)]
            found.update(dict.fromkeys(below))
        return list(found)

    def _read_near(self, digest: Digest) -> bytes:
        return self._near.objects.read(digest, first=self._places.get(digest))

    def _allow(self, record: Record, missing: Digest) -> None:
        """Let a version pass whose content was collected; MissingObject for any other that is not whole."""
        body = record.body
        if not isinstance(body, Version) or self._source.ledger.forgotten(body.name, body.number) is None:
            who = body.ref if isinstance(body, Version) else f"record {record.seq}"
            raise MissingObject(missing, why=f"{who} in {self._source.store.location} needs it; nothing after that was written")
        self.brought.gone.append(body.ref)

    def _bring_object(self, digest: Digest) -> bool:
        """True when the target has an object now."""
        if digest in self._places or digest in self._done:
            return True
        if self._near is self._target and self._target.objects.has(digest):
            return True
        if self._near is self._source and self._bring_pack_of(digest):
            return True
        if self._bring(object_key(digest), digest):
            return True
        return self._near is self._target and self._bring_pack_of(digest)

    def _bring_pack_of(self, digest: Digest) -> bool:
        """True when the target has a pack now that holds an object, be it one that only a later record names."""
        for pack in self._source.objects.packs_of(digest):
            if self._bring_pack(pack):
                self._places.update(self._near.objects.contents(pack))
                return True
        return False

    def _bring_pack(self, pack: Digest) -> bool:
        return self._bring(pack_key(pack), pack)

    def _bring(self, key: str, digest: Digest) -> bool:
        """True when the target has a file now."""
        with self._lock:
            own = self._locks.setdefault(key, Lock())
        with own:
            if key not in self._known:
                is_there = self._target.store.size(key) is not None
                if is_there:
                    self._found[key] = digest
                self._known[key] = is_there or self._copy(key, digest)
            return self._known[key]

    def _copy(self, key: str, digest: Digest) -> bool:
        store = self._source.store
        # It may lie in the trash: collected, and wanted again by a record that came since.
        found = ((place, size) for place in (key, f"{TRASH}{key}") if (size := store.size(place)) is not None)
        key_there, size = next(found, ("", 0))
        if not key_there:
            return False
        if not self._is_dry:
            if size >= _LARGE:
                with self._large:
                    self._send(key_there, key, digest)
            else:
                self._send(key_there, key, digest)
        with self._lock:
            self.brought.files += 1
            self.brought.size += size
            self._tell(f"bytes to {self._target.store.location}", self.brought.size, 0)
        return True

    def _send(self, key_there: str, key: str, digest: Digest) -> None:
        data = self._source.store.get(key_there)
        if data is None:
            raise MissingObject(digest, why="it was collected meanwhile", hint="try again")
        if digest_of(data) != digest:
            where = f"{self._source.store.location}: {key_there}"
            raise DamagedObject(digest, where=where, found="other bytes than its name says, which are not passed on")
        self._target.store.put_new(key, data)
