"""Objects: immutable content, named by its BLAKE3, alone in a file or together in packs."""

import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from mvlake.errors import Damaged, DamagedObject, MissingObject
from mvlake.records.digest import Digest
from mvlake.registry.source import Part
from mvlake.store.compression import ALONE, decompressed
from mvlake.store.contract import Store
from mvlake.store.hashing import digest_of
from mvlake.store.keys import object_key, pack_key
from mvlake.store.pack import TRAILER, Entry, Place, footer_length, pack_bytes, read_footer
from mvlake.store.pack_index import PackIndex
from mvlake.store.staging import Staging


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
        self._places: dict[Digest, list[Place]] = {}
        self._staged: dict[Digest, tuple[Digest, ...]] = {}  # by object: packs written here that no record names yet
        self._lock = threading.RLock()  # a commit in the background and a reader in the kernel share the packs known

    def learn(self, pack: Digest) -> None:
        """Hear of a pack that a record names."""
        with self._lock:
            if pack not in self._known:
                self._known.add(pack)
                self._unread.append(pack)
                if self._staged:
                    self._staged = {digest: packs for digest, packs in self._staged.items() if pack not in packs}

    def forget(self) -> None:
        """Let go of the packs that were learned: the parts of the log know them by now."""
        with self._lock:
            self._unread, self._known, self._places = [], set(), {}

    def has(self, digest: Digest) -> bool:
        """True when the object is here. It says nothing about its health."""
        return bool(self._find(digest)) or self._store.size(object_key(digest)) is not None

    def read(self, digest: Digest) -> bytes:
        """Return the content; DamagedObject when no copy of it is whole, MissingObject when there is none."""
        found = ""
        tried: set[Place] = set()
        while places := [place for place in self._find(digest, beyond=tried) if place not in tried]:
            for place in places:
                data = content_at(place, self._store.get_range(pack_key(place.pack), place.offset, place.length))
                if data is not None and digest_of(data) == digest:
                    return data
                found = f"pack {place.pack.short}"
            tried.update(places)
        data = self._store.get(object_key(digest))
        if data is not None:
            if digest_of(data) == digest:
                return data
            found = object_key(digest)
        if found:
            raise DamagedObject(digest, where=found, found="other bytes than its name says")
        raise MissingObject(digest)

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
        return self._store.put_new(object_key(digest), data) or self._store.size(object_key(digest)) == len(data)

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
        self._store.put_new(pack_key(pack), data)
        return pack

    def holds(self, digest: Digest, size: int) -> bool:
        """True when the object is here with its whole size, as far as a look without reading tells."""
        if any(place.content_size == size for place in self._find(digest)):
            return True
        return size >= ALONE and self._store.size(object_key(digest)) == size

    def _find(self, digest: Digest, *, beyond: Collection[Place] = ()) -> list[Place]:
        """Return the places known, after reading packs until there is one beyond these, or no pack is left."""
        with self._lock:
            while self._unread and len(self._places.get(digest, ())) <= len(beyond):
                # Newest first: what is read was mostly written lately.
                self._read_pack(self._unread.pop())
            places = list(self._places.get(digest, ()))
        return places if len(places) > len(beyond) else places + self._index.find(digest)

    def _read_pack(self, pack: Digest) -> None:
        try:
            for digest, place in self.contents(pack):
                self._places.setdefault(digest, []).append(place)
        except Damaged:
            # Its objects are then missing, one by one, for those who need them; `verify` names the pack.
            return

    def contents(self, pack: Digest) -> list[tuple[Digest, Place]]:
        """Return what a pack says that it holds; MissingObject or DamagedObject when it cannot be told."""
        key = pack_key(pack)
        size = self._store.size(key)
        trailer = self._store.get_range(key, -TRAILER, TRAILER)
        if size is None or trailer is None:
            raise MissingObject(pack)
        try:
            length = footer_length(trailer)
            footer = self._store.get_range(key, -(TRAILER + length), length) if length < size else None
            return list(read_footer(footer or b"", pack, size))
        except (ValueError, KeyError, TypeError) as error:
            raise DamagedObject(pack, where=key, found=f"no pack ({error})") from error


def content_at(place: Place, kept: bytes | None) -> bytes | None:
    """Return the content of an object from what its pack keeps of it, None when that is none."""
    return kept if kept is None or place.size is None else decompressed(kept, place.size)
