"""Cached bucket: a bucket whose objects are asked for once, packs in blocks, and whose records are asked for ahead.

An object of 64 KiB costs a bucket as much time as one of 4 MiB. Only what is named by its digest is kept: it cannot change.
"""

from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock

from mvlake.store.bucket import Bucket
from mvlake.store.cache import Cache
from mvlake.store.hint import hint_in
from mvlake.store.keys import HEAD_HINT, OBJECTS, PACK_SUFFIX, digest_in, record_key, seq_in

BLOCK = 4 << 20
_HELD = 8  # blocks in memory: many objects lie in each
_AHEAD = 32


class CachedBucket(Bucket):
    """A bucket with a cache, once `keep` has given it one."""

    _cache: Cache | None = None

    def keep(self, cache: Cache) -> None:
        """Keep what is read of objects."""
        self._cache = cache
        self._blocks: OrderedDict[tuple[str, int], bytes] = OrderedDict()
        self._locks: dict[tuple[str, int], Lock] = {}
        self._sizes: dict[str, int] = {}
        self._lock = Lock()
        self._pool = ThreadPoolExecutor(8, thread_name_prefix="mvlake-ahead")
        self._ahead: dict[int, Future[bytes | None]] = {}
        self._last, self._row = 0, 0
        self._head = 0  # the last record that the hint told of: none behind it is asked for ahead

    def get(self, key: str) -> bytes | None:
        """Return the bytes under the key: an object's from the cache, a record's that was asked for ahead."""
        if self._cache is None:
            return super().get(key)
        seq = seq_in(key)
        if seq is not None:
            return self._record(seq)
        if key == HEAD_HINT:
            data = super().get(key)
            told = hint_in(data or b"")
            self._head = told[0] if told else 0
            return data
        digest = digest_in(key) if key.startswith(OBJECTS) else None
        if digest is None:
            return super().get(key)
        name = digest.hex + (".pack" if key.endswith(PACK_SUFFIX) else "")
        data = self._cache.get(name)
        if data is None:
            data = super().get(key)
            if data is not None:
                self._cache.put(name, data)
        return data

    def get_range(self, key: str, start: int, length: int) -> bytes | None:
        """Return some of the bytes under the key: those of a pack from the blocks that they lie in."""
        digest = digest_in(key) if key.startswith(OBJECTS) and key.endswith(PACK_SUFFIX) else None
        if self._cache is None or digest is None or length <= 0:
            return super().get_range(key, start, length)
        if start < 0:
            size = self._sizes.get(key)
            if size is None:
                size = self.size(key)
            if size is None:
                return None
            start = max(0, size + start)
        numbers = range(start // BLOCK, (start + length - 1) // BLOCK + 1)
        found: list[bytes] = []
        for number in numbers:
            block = self._block(key, digest.hex, number)
            if block is None:
                return None
            found.append(block)
            if len(block) < BLOCK:  # the last one of the pack
                break
        first = start - numbers[0] * BLOCK
        return b"".join(found)[first : first + length]

    def size(self, key: str) -> int | None:
        """Return the size of the object, as the bucket says now."""
        size = super().size(key)
        if self._cache is not None and size is not None and key.endswith(PACK_SUFFIX):
            self._sizes[key] = size
        return size

    def _block(self, key: str, name: str, number: int) -> bytes | None:
        assert self._cache is not None, "asked only with a cache"
        place = (name, number)
        with self._lock:
            own = self._locks.setdefault(place, Lock())
        with own:  # of many threads that want the same block, one fetches it
            block = self._blocks.get(place)
            if block is None:
                block = self._cache.get(f"{name}.{number}")
            if block is None:
                block = super().get_range(key, number * BLOCK, BLOCK)
                if block:
                    self._cache.put(f"{name}.{number}", block)
        with self._lock:
            self._locks.pop(place, None)
            if block:
                self._blocks[place] = block
                self._blocks.move_to_end(place)
                while len(self._blocks) > _HELD:
                    self._blocks.popitem(last=False)
        return block

    def _record(self, seq: int) -> bytes | None:
        """Return a record. When it follows the one before, those behind it are asked for, as far as there are any."""
        with self._lock:
            self._row = self._row + 1 if seq == self._last + 1 else 0
            self._last = seq
            if not self._row:
                self._drop()
            asked = self._ahead.pop(seq, None)
            if self._row:
                for later in range(seq + 1, 1 + min(self._head, seq + _AHEAD)):
                    if later not in self._ahead:
                        self._ahead[later] = self._pool.submit(super().get, record_key(later))
        data = None if asked is None else asked.result()
        if data is None:  # it may have been written since it was asked for
            data = super().get(record_key(seq))
        if data is None:
            with self._lock:
                self._row = 0
                self._drop()
        return data

    def _drop(self) -> None:
        for asked in self._ahead.values():
            asked.cancel()
        self._ahead.clear()
