"""Objects: immutable content, named by its BLAKE3, alone in a file or together in packs."""

import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import chain

from mvlake.errors import Damaged, DamagedObject, MissingObject
from mvlake.records.digest import Digest
from mvlake.registry.source import Part
from mvlake.store.compression import ALONE, decompressed
from mvlake.store.contract import Store
from mvlake.store.hashing import digest_of
from mvlake.store.keys import TRASH, object_key, pack_key
from mvlake.store.open_files import Stamp
from mvlake.store.pack import TRAILER, Entry, Place, footer_length, pack_bytes, places_in, read_footer
from mvlake.store.pack_index import PackIndex
from mvlake.store.staging import Staging
from mvlake.store.verified import Nearby, Verified

_WRITTEN = 64  # packs whose contents are remembered instead of read again, when they come back from the log


class Objects:
    """Content by digest. Every read is checked against the name.

    Which packs there are is known from the log: `learn` is told of each, and reads its footer when an object is first looked for.
    Those that `parts` of the log know are found by an index.
    """

    def __init__(self, store: Store, *, parts: Callable[[], Sequence[Part]] = tuple) -> None:
        self._store = store
        self._index = PackIndex(store, parts=parts, contents=self.contents)
        self._unread: list[Digest] = []
        self._known: set[Digest] = set()
        self._learned = object()  # another one, whenever what was learned has been let go of
        self._places: dict[Digest, list[Place]] = {}
        self._staged: dict[Digest, tuple[Digest, ...]] = {}  # by object: packs written here that no record names yet
        self._nearby = store if isinstance(store, Nearby) else None
        self._verified = Verified()
        self._written: dict[Digest, list[tuple[Digest, Place]]] = {}  # the latest packs of this process, by what it wrote
        self._standing: dict[Digest, bool] = {}  # packs that were looked for, and whether they were there
        self._damaged: set[Digest] = set()  # objects of which no copy was whole: they are to be written again
        self._lock = threading.RLock()  # a commit in the background and a reader in the kernel share the packs known

    def learn(self, pack: Digest) -> None:
        """Hear of a pack that a record names."""
        with self._lock:
            if pack not in self._known:
                self._unread.append(pack)
                self._known.add(pack)  # after that: an interrupt between the two must not leave it unread for ever
                if self._staged:
                    self._staged = {digest: packs for digest, packs in self._staged.items() if pack not in packs}

    def forget(self) -> None:
        """Let go of the packs that were learned: the parts of the log know them by now."""
        with self._lock:
            self._unread, self._known, self._places = [], set(), {}
            self._learned = object()

    def has(self, digest: Digest) -> bool:
        """True when the object is here, and was not found damaged."""
        if digest in self._damaged:
            return False
        return (
            any(self.stands(place.pack) for place in self._everywhere(digest)) or self._store.size(object_key(digest)) is not None
        )

    def stands(self, pack: Digest) -> bool:
        """True when the file of a pack was there when it was last looked for. It may be collected, so `lost` looks anew."""
        there = self._standing.get(pack)
        if there is None:
            there = self._standing[pack] = self._store.size(pack_key(pack)) is not None
        return there

    def look_anew(self) -> None:
        """Forget which packs were there: this process itself has collected."""
        self._standing = {}

    def lost(self, digests: Iterable[Digest], packs: Collection[Digest]) -> set[Digest]:
        """Return which of these objects nobody would find now, were a record to name these packs.

        It looks at the files: others may have collected what this process has seen. What lies in the trash is put back.
        """
        looked: dict[str, bool] = {}

        def is_there(key: str) -> bool:
            if key not in looked:
                looked[key] = self._store.size(key) is not None or self._store.move(f"{TRASH}{key}", key)
            return looked[key]

        there = {pack: is_there(pack_key(pack)) for pack in packs}
        brought = {digest for pack in packs if there[pack] for digest, _ in self.contents(pack)}
        missing = set()
        for digest in digests:
            if digest in brought or digest in missing:
                continue
            for place in self._everywhere(digest):
                there[place.pack] = is_there(pack_key(place.pack))
                if there[place.pack]:
                    break
            else:
                if not is_there(object_key(digest)):
                    missing.add(digest)
        self._standing.update(there)
        return missing

    def read(self, digest: Digest, *, first: Place | None = None) -> bytes:
        """Return the content; DamagedObject when no copy of it is whole, MissingObject when there is none.

        `first` is where to look first: in a pack that no record names yet.
        """
        found = ""
        for place in chain([first] if first else [], self._everywhere(digest)):
            key = pack_key(place.pack)
            kept, stamp = self._stamped(key, place.offset, place.length)
            if kept is None:
                continue
            data = content_at(place, kept)
            if data is not None and self._verified.is_whole(digest, data, key, place.offset, stamp):
                return data
            found = f"pack {place.pack.short}"
        for key in (object_key(digest), f"{TRASH}{object_key(digest)}"):
            data, stamp = self._whole(key)
            if data is not None:
                if self._verified.is_whole(digest, data, key, 0, stamp):
                    return data
                found = key
        if found:
            self._damaged.add(digest)
            raise DamagedObject(digest, where=found, found="other bytes than its name says")
        raise MissingObject(digest)

    def packs_of(self, digest: Digest) -> set[Digest]:
        """Return the packs that say that they hold an object."""
        return {place.pack for place in self._everywhere(digest)}

    def staging(self) -> Staging:
        """Return a new place for objects on their way into the lake."""
        return Staging(self)

    def write(self, objects: Mapping[Digest, bytes]) -> tuple[Digest, ...]:
        """Write durably what is not here yet; return the names of the packs that hold the small ones.

        Until a record names these packs, nobody else sees what is in them.
        """
        staging = self.staging()
        for digest, data in objects.items():
            staging.add(digest, data)
        return staging.finish()

    def write_alone(self, digest: Digest, data: bytes) -> bool:
        """True when the object has a file of its own now, of its whole size."""
        key = object_key(digest)
        if self._store.put_new(key, data):
            self._damaged.discard(digest)  # here is a whole copy now
            return True
        return digest not in self._damaged and self._store.size(key) == len(data)

    @property
    def is_hurt(self) -> bool:
        """True when some object was found damaged: whatever is known to be here may name it, and is to be written once more."""
        return bool(self._damaged)

    def is_damaged(self, digest: Digest) -> bool:
        """True when this process has found no whole copy of an object that is here."""
        return digest in self._damaged

    def staged(self, digest: Digest) -> tuple[Digest, ...]:
        """Return the packs of the staging that holds an object, while they are there and no record names them."""
        packs = self._staged.get(digest, ())
        return packs if all(self._store.size(pack_key(pack)) is not None for pack in packs) else ()

    def stage(self, objects: Iterable[Digest], packs: tuple[Digest, ...]) -> None:
        """Remember which objects lie in packs that are written and that no record names yet."""
        with self._lock:
            self._staged.update(dict.fromkeys(objects, packs))

    def write_pack(self, entries: Mapping[Digest, Entry]) -> Digest:
        """Write a pack durably and return its name."""
        data = pack_bytes(entries)
        pack = digest_of(data)
        if self._store.put_new(pack_key(pack), data):
            places = places_in(entries, pack)
            with self._lock:  # of two threads that let go of the oldest, the second would not find it
                self._written[pack] = places
                if len(self._written) > _WRITTEN:
                    del self._written[next(iter(self._written))]
        self._standing[pack] = True
        return pack

    def holds(self, digest: Digest, size: int) -> bool:
        """True when the object is here with its whole size, as far as a look without reading tells."""
        if digest in self._damaged:
            return False
        if any(place.content_size == size and self.stands(place.pack) for place in self._everywhere(digest)):
            return True
        return size >= ALONE and self._store.size(object_key(digest)) == size

    def _everywhere(self, digest: Digest) -> Iterator[Place]:
        """Yield every place in a pack where the object is said to lie, reading no more footers than are asked for."""
        tried: set[Place] = set()
        while places := [place for place in self._find(digest, beyond=tried) if place not in tried]:
            yield from places
            tried.update(places)

    def _range(self, key: str, start: int, length: int) -> bytes | None:
        """Return some bytes of a pack, from the trash when it was collected: a record may have come to name it meanwhile."""
        data = self._store.get_range(key, start, length)
        return self._store.get_range(f"{TRASH}{key}", start, length) if data is None else data

    def _stamped(self, key: str, start: int, length: int) -> tuple[bytes | None, Stamp | None]:
        """Return some bytes of a pack as `_range` does, and what the file was, where the store has files of ours."""
        if self._nearby is not None:
            return self._nearby.get_stamped(key, start, length) or (self._range(key, start, length), None)
        return self._range(key, start, length), None

    def _whole(self, key: str) -> tuple[bytes | None, Stamp | None]:
        if self._nearby is not None:
            return self._nearby.get_stamped(key, 0, None) or (None, None)
        return self._store.get(key), None

    def kept_open(self) -> AbstractContextManager[None]:
        """Keep files open between reads, as long as this lasts: for reading many objects one after another."""
        return nullcontext() if self._nearby is None else self._nearby.kept_open()

    def _find(self, digest: Digest, *, beyond: Collection[Place] = ()) -> list[Place]:
        """Return the places known, after reading packs until there is one beyond these, or no pack is left."""
        known = self._places.get(digest, ())
        if len(known) > len(beyond):
            return list(known)
        while True:
            learned = self._learned
            indexed = self._index.find(digest)
            with self._lock:
                if learned is self._learned:
                    return self._found(digest, indexed, beyond)
            # Another thread closed a chapter since the index was asked: what was to be read here is there now.

    def _found(self, digest: Digest, indexed: list[Place], beyond: Collection[Place]) -> list[Place]:
        while self._unread and len(indexed) + len(self._places.get(digest, ())) <= len(beyond):
            # Newest first: what is read was mostly written lately.
            self._read_pack(self._unread.pop())
        return indexed + self._places.get(digest, [])

    def _read_pack(self, pack: Digest) -> None:
        try:
            for digest, place in self.contents(pack):
                self._places.setdefault(digest, []).append(place)
        except Damaged:
            # Its objects are then missing, one by one, for those who need them; `verify` names the pack.
            return

    def contents(self, pack: Digest) -> list[tuple[Digest, Place]]:
        """Return what a pack says that it holds; MissingObject or DamagedObject when it cannot be told."""
        if pack in self._written:
            return self._written[pack]
        key = pack_key(pack)
        size = self._store.size(key)
        if size is None:
            size = self._store.size(f"{TRASH}{key}")
        trailer = self._range(key, -TRAILER, TRAILER)
        if size is None or trailer is None:
            raise MissingObject(pack)
        try:
            length = footer_length(trailer)
            footer = self._range(key, -(TRAILER + length), length) if length < size else None
            return list(read_footer(footer or b"", pack, size))
        except (ValueError, KeyError, TypeError) as error:
            raise DamagedObject(pack, where=key, found=f"no pack ({error})") from error


def content_at(place: Place, kept: bytes | None) -> bytes | None:
    """Return the content of an object from what its pack keeps of it, None when that is none."""
    return kept if kept is None or place.size is None else decompressed(kept, place.size)
