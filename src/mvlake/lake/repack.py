"""Repacking: what is still wanted of packs that hold other things too goes into new packs, and a record says that these took over.

The old packs stay where they are: nothing reaches them from then on, so that they go the way of all such files. Whoever knows the
log up to the record finds the objects, wherever it comes upon the old pack's absence (docs/design/0024).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from mvlake.errors import Damaged, DamagedObject, MissingObject
from mvlake.lake.inventory import Inventory
from mvlake.lake.parts import Parts
from mvlake.records.digest import Digest
from mvlake.records.events import Repacked
from mvlake.records.record import Record
from mvlake.store.hashing import digest_of
from mvlake.store.keys import pack_key
from mvlake.store.objects import content_at
from mvlake.store.pack import Entry, Place
from mvlake.store.staging import PACK_SIZE


@dataclass(slots=True)
class _Batch:
    """Packs whose wanted objects go into one new pack."""

    replaced: list[Digest] = field(default_factory=list)
    entries: dict[Digest, Entry] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return sum(len(entry.data) for entry in self.entries.values())


def repack(parts: Parts, inventory: Inventory, packs: Sequence[Digest]) -> list[str]:
    """Write what is wanted of these packs anew; return a remark on each pack that was left alone, because it is damaged."""
    remarks: list[str] = []
    for batch in _batches(parts, inventory, packs, remarks):
        _commit(parts, batch)
    inventory.follow()
    return remarks


def _batches(parts: Parts, inventory: Inventory, packs: Sequence[Digest], remarks: list[str]) -> Iterator[_Batch]:
    batch = _Batch()
    for pack in packs:
        try:
            entries = dict(_wanted_of(parts, inventory, pack))
        except Damaged as error:
            remarks.append(f"{pack_key(pack)} is left as it is: {error.message}")
            continue
        batch.replaced.append(pack)
        batch.entries.update(entries)
        if batch.size >= PACK_SIZE:
            yield batch
            batch = _Batch()
    if batch.replaced:
        yield batch


def _wanted_of(parts: Parts, inventory: Inventory, pack: Digest) -> Iterator[tuple[Digest, Entry]]:
    """Yield what a pack keeps of the objects that something reaches, each checked; Damaged when one is not whole."""
    data = parts.store.get(pack_key(pack))
    if data is None:
        raise MissingObject(pack, why="it was collected meanwhile")
    for digest, place in inventory.contents(pack):
        if inventory.is_wanted(digest):
            yield digest, Entry(_checked(digest, place, data), place.size)


def _checked(digest: Digest, place: Place, data: bytes) -> bytes:
    kept = data[place.offset : place.offset + place.length]
    content = content_at(place, kept)
    if content is None or digest_of(content) != digest:
        raise DamagedObject(digest, where=pack_key(place.pack), found="other bytes than its name says")
    return kept


def _commit(parts: Parts, batch: _Batch) -> None:
    """Write the new pack, then the record, and see after it that the pack is there: nothing named it, so others may collect it."""

    def make(seq: int, prev: Digest) -> Record:
        return parts.record(seq, prev, Repacked(tuple(batch.replaced)), packs=_written(parts, batch.entries))

    parts.log.append(make)
    _written(parts, batch.entries)


def _written(parts: Parts, entries: Mapping[Digest, Entry]) -> tuple[Digest, ...]:
    """Return the pack of these objects, which is there now: it was, or is written."""
    return (parts.objects.write_pack(entries),) if entries else ()
