"""Inventory: which files of a lake something reaches, and which nothing does, as of the end of its log."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from mvlake.errors import Damaged
from mvlake.lake.reach import named, node_of
from mvlake.lake.survey import Survey
from mvlake.lake.thorough import ThoroughReader, read_again
from mvlake.records.digest import Digest
from mvlake.records.node import Node
from mvlake.records.record import Record
from mvlake.records.version import Version
from mvlake.store.contract import Store
from mvlake.store.keys import OBJECTS, PACK_SUFFIX, TRASH, digest_in, object_key, pack_key
from mvlake.store.objects import Objects
from mvlake.store.pack import Place


@dataclass(slots=True)
class _Owners:
    """Whose a file was: forgotten versions, and when the last of them was forgotten."""

    refs: list[str] = field(default_factory=list)
    at: str = ""


class Inventory:
    """Follows the log of a lake in a store, and answers for each file whether something reaches it. Reads everything anew."""

    def __init__(self, store: Store, lake_id: str) -> None:
        self._store = store
        self._reader = ThoroughReader(store, lake_id)
        self._objects = Objects(store)
        self._nodes: dict[Digest, Node] = {}
        self._learned = 0
        self._contents: dict[Digest, list[tuple[Digest, Place]]] = {}
        self._reached: set[Digest] = set()
        self._packs: set[Digest] = set()
        self._named: set[Digest] = set()  # packs that a record names, and that no others took the place of
        self._owners: dict[str, _Owners] = {}
        self._elsewhere: set[Digest] = set()
        self._reader.follow_all()
        self._count()

    @property
    def survey(self) -> Survey:
        """What the log says of objects."""
        return self._reader.survey

    def follow(self) -> None:
        """Read what was committed since. Raises Damaged."""
        if self._reader.follow():
            self._count()

    @property
    def reached(self) -> int:
        """How many objects something reaches."""
        return len(self._reached)

    def files(self, prefix: str = "") -> Iterator[tuple[str, Digest]]:
        """Yield the objects' files there are, with `trash/` as the prefix those in the trash: key within the lake, and name."""
        for found in list(self._store.keys(f"{prefix}{OBJECTS}")):
            key = found.removeprefix(prefix)
            digest = digest_in(key)
            if digest is not None and key in (object_key(digest), pack_key(digest)):
                yield key, digest

    def strangers(self) -> list[str]:
        """Return the keys in objects/ that are none of mvlake's: nobody touches them."""
        ours = {key for key, _ in self.files()}
        return [key for key in self._store.keys(OBJECTS) if key not in ours]

    def is_reached(self, key: str, digest: Digest) -> bool:
        """True when something reaches the file of an object or a pack, wherever it lies now."""
        if not key.endswith(PACK_SUFFIX):
            return digest in self._reached
        if digest in self._packs:
            return True
        inside = self._inside(digest) & self._reached
        # Readers do not see a pack that no record names, and a replaced one is to go: it counts only for what has no other place.
        return bool(inside) if digest in self._named else not inside <= self._elsewhere

    def contents(self, pack: Digest) -> list[tuple[Digest, Place]]:
        """Return what a pack holds, nothing when that cannot be told."""
        if pack not in self._contents:
            try:
                self._contents[pack] = self._objects.contents(pack)
            except Damaged:
                self._contents[pack] = []
        return self._contents[pack]

    def _inside(self, pack: Digest) -> set[Digest]:
        return {one for one, _ in self.contents(pack)}

    def owners(self, key: str) -> tuple[tuple[str, ...], str]:
        """Return the forgotten versions whose a file was, and when the last of them was forgotten."""
        found = [self._owners[key]] if key in self._owners else []
        pack = digest_in(key) if key.endswith(PACK_SUFFIX) else None
        if pack is not None and not found:  # it came with no version: of those then whose content it took over
            found = [self._owners[one] for one in map(object_key, self._inside(pack)) if one in self._owners]
        refs = dict.fromkeys(ref for owners in found for ref in owners.refs)
        return tuple(refs), max((owners.at for owners in found), default="")

    def is_wanted(self, digest: Digest) -> bool:
        """True when something reaches an object."""
        return digest in self._reached

    def mixed(self) -> dict[Digest, int]:
        """Return the packs that stay although they hold objects that nothing reaches, and how many bytes these take."""
        found = {}
        for key, digest in self.files():
            if key.endswith(PACK_SUFFIX) and self.is_reached(key, digest):
                unreached = sum(place.length for one, place in self.contents(digest) if one not in self._reached)
                found.update({digest: unreached} if unreached else {})
        return found

    def _count(self) -> None:
        survey = self.survey
        for pack in list(survey.packs)[self._learned :]:
            self._objects.learn(pack)
        self._learned = len(survey.packs)
        self._packs = set(survey.wanted_packs())
        self._named = survey.packs.keys() - survey.replaced
        self._reached = set(survey.wanted())
        self._walk(list(survey.nodes()))
        self._owners = {}
        for seq, at in survey.forgotten().values():
            self._own(read_again(self._store, seq), at)
        self._elsewhere = {one for pack in self._named if self._is_there(pack_key(pack)) for one, _ in self.contents(pack)}
        self._elsewhere |= {digest for digest in self._reached - self._elsewhere if self._is_there(object_key(digest))}

    def _is_there(self, key: str) -> bool:
        return self._store.size(key) is not None or self._store.size(f"{TRASH}{key}") is not None

    def _walk(self, waiting: list[Digest]) -> None:
        """Reach all that is below these nodes, each of which is read once, however often the log has grown."""
        seen = set(waiting)
        while waiting:
            digest = waiting.pop()
            node = self._nodes.get(digest) or self._nodes.setdefault(digest, node_of(digest, self._objects.read))
            self._reached.update(node.nodes, node.leaves)
            waiting += [inner for inner in node.nodes if inner not in seen]
            seen.update(node.nodes)

    def _own(self, record: Record, at: str) -> None:
        body = record.body
        assert isinstance(body, Version)
        keys = [pack_key(pack) for pack in record.packs] + [object_key(one.digest) for one in named(body)]
        for key in dict.fromkeys(keys):
            owners = self._owners.setdefault(key, _Owners())
            owners.refs.append(body.ref)
            owners.at = max(owners.at, at)
