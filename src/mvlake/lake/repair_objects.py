"""The objects as `repair` mends them: damaged files go to `quarantine/`, and what is wanted comes from where it is whole."""

from collections.abc import Iterator, Mapping, Sequence

from mvlake.errors import Damaged, listed
from mvlake.lake.check import Check
from mvlake.lake.repair_log import Act
from mvlake.records.digest import Digest
from mvlake.store.contract import Store
from mvlake.store.hashing import digest_of
from mvlake.store.keys import OBJECTS, PACK_SUFFIX, QUARANTINE, TRASH, digest_in, object_key, pack_key
from mvlake.store.objects import Objects, content_at


class Mender:
    """Mends what a check in depth has found. `lost` are the objects of which nobody has a whole copy."""

    def __init__(self, check: Check, copy: Store | None, act: Act) -> None:
        self._check, self._store, self._copy, self._act = check, check.store, copy, act
        self._objects = _all_packs(check.store)
        self._copied = None if copy is None else _all_packs(copy)
        self.lost: set[Digest] = set()

    def mend(self) -> None:
        """Mend all that can be mended."""
        self._restore_trash()
        rescued = {digest: data for key in self._check.damaged for digest, data in self._readable(key)}
        whole_packs = self._copied_packs()
        held = {digest for digests in whole_packs.values() for digest in digests}
        for key in self._check.damaged:
            if self._store.size(key) is not None:
                self._act(key, f"damaged: moved to {QUARANTINE}", lambda key=key: self._store.move(key, f"{QUARANTINE}{key}"))  # type: ignore[misc]
        for pack in whole_packs:
            self._take_pack(pack)
        wanted = sorted((self._check.missing | rescued.keys()) - held)
        whole = [digest for digest in wanted if digest in rescued or self._whole(digest) is not None]
        self.lost.update(set(wanted) - set(whole))
        self._put_whole(whole, rescued)

    def _put_whole(self, digests: Sequence[Digest], rescued: Mapping[Digest, bytes]) -> None:
        """Give each of these objects a file of its own; say it once for all that somebody wants."""
        by_user: dict[str, list[Digest]] = {}
        for digest in digests:
            by_user.setdefault(self._check.wanted[digest].who, []).append(digest)
        for who, those in by_user.items():
            names = listed(sorted({self._check.wanted[one].what for one in those}))
            is_one = len(those) == 1
            subject = object_key(those[0]) if is_one else f"{len(those):,} objects of {who}"
            what = (
                f"{names} of {who}: a whole copy is put in its place"
                if is_one
                else f"{names}: whole copies are put in their places"
            )
            self._act(subject, what, lambda those=those: self._put(those, rescued))  # type: ignore[misc]

    def _put(self, digests: Sequence[Digest], rescued: Mapping[Digest, bytes]) -> None:
        for digest in digests:
            data = rescued[digest] if digest in rescued else self._whole(digest)
            if data is not None:
                self._store.put_new(object_key(digest), data)

    def _restore_trash(self) -> None:
        """Put back what is wanted and was collected: a version was made, or wanted again, at that very moment."""
        packs = (pack_key(pack) for pack in self._check.survey.wanted_packs())
        alone = (object_key(digest) for digest in self._check.wanted if digest not in self._check.packed)
        for key in (*packs, *alone):
            if self._store.size(key) is None and self._store.size(f"{TRASH}{key}") is not None:
                self._act(key, "put back from the trash", lambda key=key: self._store.move(f"{TRASH}{key}", key))  # type: ignore[misc]

    def _readable(self, key: str) -> Iterator[tuple[Digest, bytes]]:
        """Yield the wanted objects that are still whole in a damaged pack, and that lie nowhere else."""
        if not key.endswith(PACK_SUFFIX):
            return
        pack = self._check.damaged[key]
        try:
            contents = self._objects.contents(pack)
            data = self._store.get(key) or b""
        except Damaged:
            return
        for digest, place in contents:
            content = content_at(place, data[place.offset : place.offset + place.length])
            if digest in self._check.wanted and content is not None and digest_of(content) == digest:
                yield digest, content

    def _copied_packs(self) -> dict[Digest, list[Digest]]:
        """Return the packs that are missing or damaged here and whole in the copy, and what they hold."""
        found: dict[Digest, list[Digest]] = {}
        for pack in self._check.broken:
            if self._copy is not None and self._copied is not None and self._whole_pack(self._copy, pack) is not None:
                found[pack] = [digest for digest, _ in self._copied.contents(pack)]
        return found

    def _take_pack(self, pack: Digest) -> None:
        def take() -> None:
            data = None if self._copy is None else self._whole_pack(self._copy, pack)
            if data is not None:
                self._store.put_new(pack_key(pack), data)

        self._act(pack_key(pack), "taken from the copy", take)

    def _whole_pack(self, store: Store, pack: Digest) -> bytes | None:
        try:
            data = store.get(pack_key(pack))
        except Damaged:
            return None
        return data if data is not None and digest_of(data) == pack else None

    def _whole(self, digest: Digest) -> bytes | None:
        for objects in (self._objects, self._copied):
            try:
                if objects is not None:
                    return objects.read(digest)
            except Damaged:
                continue
        return None


def _all_packs(store: Store) -> Objects:
    """Return the objects of every pack there is, also of those that no record names."""
    objects = Objects(store)
    for prefix in ("", TRASH):
        for key in store.keys(f"{prefix}{OBJECTS}"):
            pack = digest_in(key.removeprefix(prefix)) if key.endswith(PACK_SUFFIX) else None
            if pack is not None:
                objects.learn(pack)
    return objects
