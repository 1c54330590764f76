"""Whole: a record is committed together with all that it names, or not at all, also while others collect what nobody named yet.

Collecting never deletes what the log reaches; but a commit relies on objects before the log names them: those that it has staged,
and those that the lake had already. So it looks again right before its record is written, and once more right after: whoever
collects reads the log after each file that is moved, and one of the two sees the other (docs/design/0017).
"""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace

from mvlake.errors import Damaged, MissingObject
from mvlake.lake.parts import Parts
from mvlake.lake.reach import named, node_of
from mvlake.records.digest import Digest
from mvlake.records.events import Forgotten
from mvlake.records.node import Node
from mvlake.records.record import Record
from mvlake.records.version import Version
from mvlake.store.pack import Place

Make = Callable[[int, Digest], Record]
COLLECTED = "it was collected while this was being committed"


def append_whole(parts: Parts, make: Make, contents: Mapping[Digest, bytes]) -> Record:
    """Commit a record and return it. `contents` are those of its objects that are at hand, to write again what was collected.

    Raises MissingObject when something is gone that only the caller could make again; the log then holds no version that misses it.
    """
    reached = _Reached(parts, contents)

    def checked(seq: int, prev: Digest) -> Record:
        record = make(seq, prev)
        lost = parts.objects.lost(reached.by(record), record.packs)
        if not lost:
            return record
        _check_at_hand(parts, lost, contents)
        again = parts.objects.write({digest: contents[digest] for digest in lost})
        packs = [pack for pack in record.packs if parts.objects.stands(pack)]
        return replace(record, packs=tuple(dict.fromkeys([*packs, *again])))

    record = parts.log.append(checked)[0]
    lost = parts.objects.lost(reached.by(record), record.packs)
    for digest in lost & contents.keys():
        parts.objects.write_alone(digest, contents[digest])  # the record is written, and can name no other pack
    if not lost <= contents.keys() and isinstance(record.body, Version):
        version = record.body
        parts.append(Forgotten(version.name, version.number, COLLECTED))
    _check_at_hand(parts, lost, contents)
    return record


def _check_at_hand(parts: Parts, lost: set[Digest], contents: Mapping[Digest, bytes]) -> None:
    gone = sorted(lost - contents.keys())
    if gone:
        # What this process remembers having written is not to be relied on once more.
        parts.encoded.clear()
        parts.nodes.clear()
        parts.relatives.clear()
        raise MissingObject(gone[0], why=COLLECTED, hint="run the cell again: it is then stored anew")


class _Reached:
    """What records reach, where nodes may lie in packs that no record names yet. Nodes are read once."""

    def __init__(self, parts: Parts, contents: Mapping[Digest, bytes]) -> None:
        self._parts, self._contents = parts, contents
        self._nodes: dict[Digest, Node] = {}
        self._places: dict[Digest, Place] = {}
        self._read_packs: set[Digest] = set()

    def by(self, record: Record) -> set[Digest]:
        """Return every object that a record reaches. What is below a node that is gone is left out: the node is lost itself."""
        found: set[Digest] = set()
        waiting: list[Digest] = []
        for one in named(record.body):
            found.add(one.digest)
            if one.is_node:
                waiting.append(one.digest)
        if waiting:
            self._look_into(record.packs)
        while waiting:
            node = self._node(waiting.pop())
            if node is not None:
                waiting += [inner for inner in node.nodes if inner not in found]
                found.update(node.nodes, node.leaves)
        return found

    def _node(self, digest: Digest) -> Node | None:
        node = self._nodes.get(digest)
        if node is None:
            try:
                node = self._nodes[digest] = node_of(digest, self._read)
            except Damaged:
                return None
        return node

    def _look_into(self, packs: Iterable[Digest]) -> None:
        """Learn what lies in packs that no record names yet."""
        for pack in packs:
            if pack not in self._read_packs:
                with suppress(Damaged):
                    self._places.update(self._parts.objects.contents(pack))
                    self._read_packs.add(pack)

    def _read(self, digest: Digest) -> bytes:
        data = self._contents.get(digest)
        return self._parts.objects.read(digest, first=self._places.get(digest)) if data is None else data
