"""Survey: what a log makes of its objects: which are wanted and by whom, and what only forgotten versions name.

It follows records one by one, trusts no index, and keeps no more of a record than the names of its objects. A version is wanted
unless it was forgotten and never held a label: what was ever promoted stays.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from mvlake.lake.reach import named
from mvlake.records.digest import Digest
from mvlake.records.events import Forgotten, LabelMove, Repacked
from mvlake.records.record import Record, Unknown
from mvlake.records.version import Version


@dataclass(frozen=True, slots=True)
class User:
    """Who first wanted an object: what it is to whom, in which record, and how large it is where the record says so."""

    what: str
    who: str
    seq: int
    size: int | None = None

    def __str__(self) -> str:
        return f"{self.what} of {self.who}"


@dataclass(slots=True)
class _Standing:
    """What later records say of a version."""

    seq: int
    forgotten_at: str = ""
    was_promoted: bool = False

    @property
    def is_wanted(self) -> bool:
        return not self.forgotten_at or self.was_promoted


class Survey:
    """Follows a log from its first record. `read` gives a record again by its number."""

    def __init__(self, read: Callable[[int], Record]) -> None:
        self._read = read
        self._versions: dict[tuple[str, int], _Standing] = {}
        self._wanted: Counter[Digest] = Counter()  # how many records want an object, a pack, a node
        self._packs: Counter[Digest] = Counter()
        self._nodes: Counter[Digest] = Counter()
        self._promoted: set[tuple[str, int]] = set()
        self._users: dict[Digest, User] = {}
        self.packs: dict[Digest, int] = {}  # every pack that any record names → the first that does
        self.replaced: set[Digest] = set()  # packs of which the last record that speaks of them says that others took their place
        self._sources: dict[Digest, set[int]] = {}  # of packs that took others' place: the records that these came with
        self.newest_at = ""
        self.unknown_kinds: set[str] = set()

    def take(self, record: Record) -> None:
        """Follow one more record."""
        body = record.body
        self.newest_at = max(self.newest_at, record.at)
        if isinstance(body, Repacked):
            self._replace(body, record.packs)
        for pack in record.packs:
            self.packs.setdefault(pack, record.seq)
            self.replaced.discard(pack)
        if isinstance(body, Version):
            key = (body.name, body.number)
            self._versions.setdefault(key, _Standing(record.seq, was_promoted=key in self._promoted))
        if isinstance(body, Unknown):
            self.unknown_kinds.add(body.kind)
        if isinstance(body, LabelMove) and body.to_number is not None:
            self._promoted.add((body.name, body.to_number))
            self._change(body.name, body.to_number, promoted=True)
        elif isinstance(body, Forgotten):
            self._change(body.name, body.number, forgotten_at="" if body.is_undone else record.at)
        else:
            self._count(record, 1)

    def wanted(self) -> dict[Digest, User]:
        """Return every object that a record wants and names itself."""
        return {digest: self._users[digest] for digest, count in self._wanted.items() if count}

    def nodes(self) -> dict[Digest, User]:
        """Return those of them that are nodes."""
        return {digest: self._users[digest] for digest, count in self._nodes.items() if count}

    def wanted_packs(self) -> dict[Digest, int]:
        """Return the packs that came with records that want anything at all, and the numbers of these."""
        return {pack: self.packs[pack] for pack, count in self._packs.items() if count and pack not in self.replaced}

    def sources(self, pack: Digest) -> set[int]:
        """Return the records whose objects a pack may hold: the one that names it, and those of the packs whose place it took."""
        return self._sources.get(pack, set()) | {self.packs[pack]}

    def forgotten(self) -> dict[tuple[str, int], tuple[int, str]]:
        """Return the versions whose content may be collected: their record, and when they were forgotten."""
        return {key: (one.seq, one.forgotten_at) for key, one in self._versions.items() if not one.is_wanted}

    def _replace(self, body: Repacked, packs: tuple[Digest, ...]) -> None:
        sources = {seq for pack in body.replaced if pack in self.packs for seq in self.sources(pack)}
        for pack in packs:
            self._sources[pack] = self._sources.get(pack, set()) | sources
        self.replaced.update(body.replaced)

    def _change(self, name: str, number: int, *, forgotten_at: str | None = None, promoted: bool = False) -> None:
        standing = self._versions.get((name, number))
        if standing is None:
            return
        before = standing.is_wanted
        standing.was_promoted = standing.was_promoted or promoted
        if forgotten_at is not None:
            standing.forgotten_at = forgotten_at
        if standing.is_wanted != before:
            self._count(self._read(standing.seq), 1 if standing.is_wanted else -1)

    def _count(self, record: Record, change: int) -> None:
        body = record.body
        who = body.ref if isinstance(body, Version) else f"record {record.seq}"
        for one in named(body):
            self._wanted[one.digest] += change
            if one.is_node:
                self._nodes[one.digest] += change
            if one.digest not in self._users:
                self._users[one.digest] = User(one.what, who, record.seq, one.size)
        for pack in record.packs:
            self._packs[pack] += change
